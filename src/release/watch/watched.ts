import { DeployError } from '../../errors.ts';
import { COLORS, type Weights } from '../color.ts';
import { provenByCount, SETTLE_AT_LEAST_MS } from '../converge.ts';
import { movedByHand } from '../foreign-weights.ts';
import { type LockedSession, waitFor } from '../session.ts';
import type { Watcher } from './watcher.ts';

/**
 * Watches a release for `duration` ms, under these weights; `last` where no other watch follows.
 * @throws DeployError when the release must be taken back, or somebody moved the traffic
 */
export async function watched(
  session: LockedSession,
  watch: Watcher,
  { weights, duration, last }: { weights: Weights; duration: number; last: boolean },
): Promise<void> {
  const { interval } = session.job.policy.stabilize;
  const end = session.clock.now() + duration;
  const pause = Math.min(interval, Math.max(duration, 1));
  let isConfirming = false;
  await waitFor(session, {
    interval: pause,
    // A platform that answers nothing must not keep the run for ever; it is no verdict either.
    timeout: duration + SETTLE_AT_LEAST_MS,
    onlySilence: true,
    look: async () => {
      const { weights: now } = await session.target.inspect();
      if (COLORS.some((color) => now[color] !== weights[color])) throw movedByHand(now);
      const isOver = session.clock.now() >= end;
      await watch.look({ last: last && isOver });
      // A doubt of the last look needs one more: what is accepted now loses the color that users could go back to.
      if (isOver && last && !isConfirming && watch.isDoubtful()) {
        isConfirming = true;
        await session.clock.sleep(interval - pause, session.signal);
        return undefined;
      }
      return isOver ? true : undefined;
    },
    expired: () =>
      new DeployError('The platform did not answer while the release was watched.', {
        code: 'platform-unreachable',
        hint: 'A release that can not be watched is not left to users.',
      }),
  });
  await provenByCount(session, { strict: true });
}
