import { COLORS, type Color, type PerColor } from '../../../release/color.ts';
import type { Answered, AnswerMeter, Answers } from '../../signals.ts';
import type { HaproxySocket } from './haproxy-socket.ts';
import { tallyOf } from './haproxy-stats.ts';
import type { Tally } from './haproxy-tables.ts';

/**
 * How many requests HAProxy's means are about, which it calls the last 1024: each request after that many changes the
 * mean by 1/512 of its difference. Measured on 2.6.12 and 3.0.11.
 */
const WINDOW = 512;
/** HAProxy tells means in whole ms; no more than this, in ms, may that be wrong by in what is made of them. */
const ROUGHEST_MS = 20;

/** What HAProxy counts of each color's backend. It keeps nothing of the time before, so a meter counts from now. */
export class HaproxyAnswers implements Answers {
  readonly latency = 'mean';
  /** Requests count as soon as they have ended. */
  readonly delayMs = 0;
  readonly #socket: HaproxySocket;
  readonly #backends: PerColor<string>;

  constructor(socket: HaproxySocket, backends: PerColor<string>) {
    this.#socket = socket;
    this.#backends = backends;
  }

  async open(): Promise<AnswerMeter> {
    const tally = (color: Color) => tallyOf(this.#socket, this.#backends[color]);
    const [blue, green] = await Promise.all(COLORS.map(tally));
    const counts = { blue: new Count(blue!), green: new Count(green!) };
    return {
      async read() {
        const [ofBlue, ofGreen] = await Promise.all(COLORS.map(tally));
        return { blue: counts.blue.at(ofBlue!), green: counts.green.at(ofGreen!) };
      },
    };
  }
}

const NOTHING: Tally = { requests: 0, errors: 0, meanMs: 0 };

/** What has come since the first tally, though HAProxy may have begun anew in between. */
export class Count {
  #first: Tally;
  #last: Tally;
  /** What came before HAProxy began anew. */
  #kept = { requests: 0, errors: 0 };

  constructor(first: Tally) {
    this.#first = first;
    this.#last = first;
  }

  at(now: Tally): Answered {
    if (now.requests < this.#last.requests || now.errors < this.#last.errors) {
      this.#kept = this.#sum(this.#last);
      this.#first = NOTHING;
    }
    this.#last = now;
    const latencyMs = meanSince(this.#first, now);
    return { ...this.#sum(now), ...(latencyMs !== undefined && { latencyMs }) };
  }

  #sum({ requests, errors }: Tally): { requests: number; errors: number } {
    return {
      requests: this.#kept.requests + requests - this.#first.requests,
      errors: this.#kept.errors + errors - this.#first.errors,
    };
  }
}

/**
 * The mean without what was in it before. A release that follows a slow one on its color would else have that one's
 * latency for hundreds of requests, and a slow one would seem fast for as long.
 * @returns nothing while there is too little in it that is new
 */
export function meanSince(first: Tally, now: Tally): number | undefined {
  const old = weightOfOld(first.requests, now.requests);
  if (1 - old < 1 / ROUGHEST_MS) return undefined;
  return Math.max(0, Math.round((now.meanMs - old * first.meanMs) / (1 - old)));
}

/** How much of the mean is still from the first requests: it is a plain mean until the window is full. */
function weightOfOld(first: number, now: number): number {
  if (now === 0) return 1;
  const filling = first < WINDOW ? first / Math.min(now, WINDOW) : 1;
  return filling * (1 - 1 / WINDOW) ** (now - Math.max(Math.min(now, WINDOW), first));
}
