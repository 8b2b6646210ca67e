import { allOn, type Color } from './color.ts';
import { type LockedSession, step } from './session.ts';
import { watched } from './watch/watched.ts';
import type { Watcher } from './watch/watcher.ts';

/** Watches the new color while all users have it. Throws when it must be taken back. */
export const stabilize = (session: LockedSession, color: Color, watch: Watcher): Promise<void> =>
  step(
    session,
    'stabilize',
    `Watch ${color}`,
    async () => {
      const { for: duration } = session.job.policy.stabilize;
      await watched(session, watch, { weights: allOn(color), duration, last: true });
    },
    watch.detail,
  );
