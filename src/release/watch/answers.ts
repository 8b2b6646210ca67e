import { DeployError } from '../../errors.ts';
import type { Answered } from '../../target/signals.ts';
import { type Color, otherColor, type PerColor } from '../color.ts';
import { patiently } from '../session.ts';
import type { Sensor, Watching } from './sensor.ts';

/**
 * What the load balancer or proxy counted: errors and latency of the new color, against the limit, and against the old
 * color at the same time. Where both do badly, it is something behind them, and going back would help nobody.
 * @param since from when on answers count, ms since the epoch, where the platform keeps them; absent: from now on
 */
export async function answers(session: Watching, color: Color, since?: number): Promise<Sensor | undefined> {
  const {
    'max-error-rate': maxRate,
    'max-latency': maxLatency,
    'min-requests': least,
  } = session.job.policy.stabilize;
  const port = session.target.signals.answers;
  if (port === undefined || (maxRate === undefined && maxLatency === undefined)) return undefined;
  const meter = await patiently(session, () => port.open(since));
  let seen: PerColor<Answered> = { blue: NOTHING, green: NOTHING };
  let atMove = seen;
  return {
    async look() {
      const now = await meter.read();
      if (JSON.stringify(now) !== JSON.stringify(seen))
        session.emit({ type: 'answers', colors: now, latency: port.latency });
      seen = now;
      const [own, old] = [now[color], now[otherColor(color)]];
      // What begins to fail only under more traffic must not be hidden by what went well under little.
      const recent = { own: difference(own, atMove[color]), old: difference(old, atMove[otherColor(color)]) };
      for (const one of [{ own, old }, recent]) refuseErrors(color, one, { maxRate, least });
      refuseLatency(color, { own, old }, { maxLatency, least, kind: port.latency });
    },
    moved: () => {
      atMove = seen;
    },
    detail: () => (seen[color].requests === 0 ? 'no answers counted yet' : describe(color, seen[color])),
  };
}

const NOTHING: Answered = { requests: 0, errors: 0 };

const difference = (now: Answered, then: Answered): Answered => ({
  requests: now.requests - then.requests,
  errors: now.errors - then.errors,
});

interface Compared {
  readonly own: Answered;
  readonly old: Answered;
}

function refuseErrors(
  color: Color,
  { own, old }: Compared,
  { maxRate, least }: { maxRate: number | undefined; least: number },
): void {
  if (maxRate === undefined || own.requests < least) return;
  const rate = errorRate(own);
  const others = old.requests < least ? 0 : errorRate(old);
  if (rate <= maxRate || rate <= others) return;
  const compared =
    old.requests < least ? '' : `, ${percent(others)} on ${otherColor(color)} at the same time`;
  throw new DeployError(
    `${percent(rate)} of the answers of ${color} are errors (${own.errors} of ${own.requests}${compared}).`,
    {
      code: 'error-rate',
      hint: `stabilize.max-error-rate is ${percent(maxRate)}. Look at the release’s log, mend it, then deploy again.`,
    },
  );
}

function refuseLatency(
  color: Color,
  { own, old }: Compared,
  { maxLatency, least, kind }: { maxLatency: number | undefined; least: number; kind: 'p95' | 'mean' },
): void {
  const { latencyMs } = own;
  if (maxLatency === undefined || latencyMs === undefined || own.requests < least) return;
  const others = old.requests < least ? undefined : old.latencyMs;
  if (latencyMs <= maxLatency || latencyMs <= (others ?? 0)) return;
  const compared =
    others === undefined ? '' : `, ${Math.round(others)} ms on ${otherColor(color)} at the same time`;
  throw new DeployError(
    `Answers of ${color} take ${Math.round(latencyMs)} ms (${kind} of ${own.requests}${compared}).`,
    {
      code: 'latency',
      hint: `stabilize.max-latency is ${maxLatency} ms. Look at what has become slower, then deploy again.`,
    },
  );
}

/** In percent. */
export const errorRate = ({ requests, errors }: Answered): number =>
  requests === 0 ? 0 : (100 * errors) / requests;

export const percent = (value: number): string => `${Number(value.toFixed(2))} %`;

const describe = (color: Color, { requests, errors, latencyMs }: Answered): string =>
  `${color} answered ${requests}, ${errors} with errors${latencyMs === undefined ? '' : `, in ${Math.round(latencyMs)} ms`}`;
