import { DeployError, toDeployError } from '../errors.ts';
import type { Answered, AnswerMeter } from '../target/signals.ts';
import { type Color, otherColor, type PerColor } from './color.ts';
import { type LockedSession, patiently, waitFor } from './session.ts';

/** How long the first counts may take to prove a switch, in ms: about what load balancers need to tell them. */
const PATIENCE_MS = 180_000;

/**
 * Without `identity`, what the load balancer itself counts is the best witness of a switch: requests on the color that
 * got the traffic, and none on the other one since the data plane had its time. Where nobody comes there is no proof;
 * then time, which has passed already, must do. Asked only where the user wants answers to be counted at all.
 */
export async function proveByCount(session: LockedSession, to: Color, since: number): Promise<void> {
  const { 'max-error-rate': rate, 'max-latency': latency } = session.job.policy.stabilize;
  const port = session.target.signals.answers;
  if (port === undefined || (rate === undefined && latency === undefined)) return;
  const from = otherColor(to);
  const tell = (message: string) => session.emit({ type: 'progress', message });
  const period = port.periodMs;
  let begin = period === undefined ? since : Math.ceil(since / period) * period;
  let seen: PerColor<Answered> | undefined;
  const counts = () =>
    seen === undefined
      ? 'nothing is counted yet'
      : `${to} ${seen[to].requests} requests, ${from} ${seen[from].requests}`;
  tell(`Waiting until what is counted shows the switch: requests on ${to}, and none on ${from}.`);
  try {
    let meter: AnswerMeter = await patiently(session, () => port.open(begin));
    await waitFor(session, {
      interval: 1_000,
      upTo: 10_000,
      timeout: begin + PATIENCE_MS - session.clock.now(),
      look: async () => {
        seen = await meter.read();
        if (seen[to].requests > 0 && seen[from].requests === 0) return true;
        if (seen[from].requests === 0) return undefined;
        // Long requests are counted when they end: what comes later may be free of them.
        begin = period === undefined ? session.clock.now() : begin + period;
        meter = await port.open(begin);
        return undefined;
      },
      expired: () => new DeployError(`It took longer than ${PATIENCE_MS / 1000} s`, { code: 'not-counted' }),
    });
    tell(`Proven by count: ${counts()}.`);
  } catch (error) {
    session.signal.throwIfAborted();
    const { message } = toDeployError(error);
    tell(`Not proven by count (${counts()}), going on by time: ${message}`);
  }
}
