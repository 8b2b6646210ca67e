import type { Color } from './color.ts';
import { readable } from './image.ts';
import { change, type LockedSession, step } from './session.ts';
import type { Release } from './situation.ts';

/** Brings the release up on the idle color, without a user noticing. */
export const stage = (
  session: LockedSession,
  color: Color,
  release: Release,
  count: number,
  options: { warm: boolean },
): Promise<void> =>
  step(
    session,
    'stage',
    `Start ${count} of ${readable(release.image)} on ${color}`,
    () => change(session, () => session.target.start(color, release, count, options)),
    () => `${release.id} on ${color}`,
  );
