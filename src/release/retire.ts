import { DeployError } from '../errors.ts';
import { type Color, otherColor } from './color.ts';
import { provenByCount } from './converge.ts';
import { proveByCount } from './count-proof.ts';
import { change, type LockedSession, patiently, shown, step, waitFor } from './session.ts';
import type { Situation } from './situation.ts';

/** How many looks in a row must find nothing in flight: a request may just be on its way to be counted. */
const EMPTY_LOOKS = 2;

/**
 * Waits until nothing can reach the old color any more: first the data plane must have followed (proven by identity,
 * by the platform, or by time since `shiftedAt`), then its requests in flight get their time.
 * `byCount`: where it is by time, what the load balancer counts is to confirm it.
 */
export const drain = (
  session: LockedSession,
  {
    color,
    shiftedAt,
    proven,
    byCount = false,
  }: { color: Color; shiftedAt: number; proven: boolean; byCount?: boolean },
): Promise<void> => {
  const { clock, target } = session;
  const { drain: patience } = session.job.policy.retire;
  return step(session, 'drain', `Let ${color} finish its requests`, async () => {
    const told = proven || (await followed(session, shiftedAt));
    if (!told && byCount) await proveByCount(session, otherColor(color), shiftedAt + target.propagationMs);
    await lingering(session, shiftedAt);
    const end = clock.now() + patience;
    let left: number | 'unknown' = 'unknown';
    let emptyLooks = 0;
    await waitFor(session, {
      interval: 250,
      upTo: 1_000,
      timeout: patience,
      look: async () => {
        left = await target.inFlight(color);
        emptyLooks = left === 0 ? emptyLooks + 1 : 0;
        return emptyLooks >= EMPTY_LOOKS ? true : undefined;
      },
      expired: () => new DeployError('drained by time', { code: 'drained-by-time' }),
    }).catch((error: unknown) => {
      // Time is up, or nobody counts: `retire.drain` is the user's word for long enough.
      if (!(error instanceof DeployError && error.code === 'drained-by-time') || clock.now() < end)
        throw error;
      if (typeof left === 'number' && left > 0)
        session.emit({
          type: 'progress',
          message: `${left} requests (or WebSockets) are still under way on ${color} after retire.drain; they end with it.`,
        });
    });
  });
};

/** Sticky sessions: probes carry no cookie, so nothing but time tells that nobody is held to the old color any more. */
async function lingering(session: LockedSession, shiftedAt: number): Promise<void> {
  const { clock, target, signal } = session;
  const linger = await patiently(session, () => target.lingerMs());
  if (linger === 0) return;
  // A node may have handed out its last cookie at the end of the time that a change takes to reach it.
  const left = shiftedAt + target.propagationMs + linger - clock.now();
  if (left <= 0) return;
  session.emit({
    type: 'progress',
    message: `Waiting ${Math.ceil(left / 1000)} s until sticky sessions from before the switch have run out.`,
  });
  await clock.sleep(left, signal);
}

/** @returns whether the platform itself told; else the time has passed that it takes */
async function followed(session: LockedSession, shiftedAt: number): Promise<boolean> {
  const { clock, target, signal } = session;
  // What was accepted, or taken back, is not judged once more by those who have a way of their own.
  if (await provenByCount(session, { strict: false })) return true;
  await clock.sleep(Math.max(0, shiftedAt + target.propagationMs - clock.now()), signal);
  // What decides at each request has been read back: with nobody on the way, its word is all there is.
  return target.propagationMs === 0;
}

/** Parks the old color, ready for a rollback. */
export const retire = (session: LockedSession, color: Color, keep: number): Promise<void> =>
  step(
    session,
    'retire',
    `Park ${color}`,
    async () => {
      await change(session, () => session.target.park(color, keep));
      await shown(session, color, { desired: keep });
    },
    () => (keep === 0 ? `${color} is parked` : `${color} is parked, ${keep} kept warm`),
  );

/** How many instances of `color` stay warm, of those that it runs. */
export function warmCount(session: LockedSession, situation: Situation, color: Color): number {
  const { keep } = session.job.policy.retire;
  const { desired } = situation.colors[color];
  return keep === 'all' ? desired : Math.min(keep, desired);
}
