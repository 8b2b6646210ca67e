import {
  COLORS,
  type Color,
  formatWeights,
  isAllOn,
  otherColor,
  type PerColor,
  type Weights,
} from '../../release/color.ts';
import type { Following } from '../target.ts';

/** So many requests fewer than expected are chance once in a million times: e^-14. */
const BEYOND_CHANCE = 14;

/**
 * Whether requests go where a proxy was told to send them, by how many it has given each color since it was told. A map
 * that nobody looks up takes an entry as well as any other and reads it back.
 */
export class RequestsFollow {
  readonly #counts: () => Promise<PerColor<number>>;
  #weights: Weights | undefined;
  /** When it was told, and at the last look. */
  #first: PerColor<number> = { blue: 0, green: 0 };
  #last: PerColor<number> = { blue: 0, green: 0 };

  /** @param counts requests that each color has been given since the proxy started, those under way with them */
  constructor(counts: () => Promise<PerColor<number>>) {
    this.#counts = counts;
  }

  /** Called once the proxy has been told. The same again goes on from what was seen since the first time. */
  async told(weights: Weights): Promise<void> {
    const told = this.#weights;
    if (told !== undefined && COLORS.every((color) => told[color] === weights[color])) return;
    const counts = await this.#counts();
    [this.#weights, this.#first, this.#last] = [weights, counts, counts];
  }

  async look(): Promise<Following> {
    if (this.#weights === undefined) return { follows: 'unknown' };
    const now = await this.#counts();
    // It has begun anew, and with what its file says.
    if (COLORS.some((color) => now[color] < this.#last[color]))
      [this.#first, this.#last] = [
        { blue: 0, green: 0 },
        { blue: 0, green: 0 },
      ];
    const ofLate = since(this.#last, now);
    this.#last = now;
    return verdict(this.#weights, since(this.#first, now), ofLate);
  }
}

/** @param ofLate what has come since the look before: a request that was on its way is no evidence for ever */
function verdict(weights: Weights, all: PerColor<number>, ofLate: PerColor<number>): Following {
  const has = COLORS.find((color) => isAllOn(weights, color));
  if (has === undefined) return verdictOnShare(weights, all);
  const other = otherColor(has);
  if (all[has] > 0 && ofLate[other] === 0) return { follows: true };
  if (all[other] === 0) return { follows: 'unknown' };
  return {
    follows: all[has] > 0 ? 'partly' : false,
    elsewhere: all[other],
    detail: toldBut(weights, all),
  };
}

/** Where clients stay with their color, a few of them may all be on the other one: that is worth a word, no verdict. */
function verdictOnShare(weights: Weights, all: PerColor<number>): Following {
  if (COLORS.every((color) => all[color] > 0)) return { follows: true };
  const expected = (color: Color) => ((all.blue + all.green) * weights[color]) / 100;
  const isOdd = COLORS.some((color) => all[color] === 0 && expected(color) >= BEYOND_CHANCE);
  return { follows: 'unknown', ...(isOdd && { detail: toldBut(weights, all) }) };
}

const toldBut = (weights: Weights, { blue, green }: PerColor<number>): string =>
  `it was told ${formatWeights(weights)}, and has given blue ${blue} and green ${green} requests since`;

const since = (then: PerColor<number>, now: PerColor<number>): PerColor<number> => ({
  blue: now.blue - then.blue,
  green: now.green - then.green,
});
