import { DeployError } from '../errors.ts';
import { TransientError } from '../target/target.ts';
import type { Color, PerColor } from './color.ts';
import { otherColor } from './color.ts';
import { type Journal, reached } from './journal.ts';
import { change, type LockedSession, patiently } from './session.ts';

/** How a platform scales the colors that it doesn't scale. */
export const NO_SCALING: PerColor<string> = { blue: '', green: '' };

/** How the platform scales both colors now, for the journal: read before anything is changed. */
export async function savedScaling(session: LockedSession): Promise<PerColor<string>> {
  const { scaling } = session.target;
  if (scaling === undefined) return NO_SCALING;
  const { colors, warning } = await patiently(session, () => scaling.save());
  if (warning !== undefined) session.emit({ type: 'warning', message: warning });
  return colors;
}

/** A staged release may wait for days: what the live color hands over is what it has now, not what it had then. */
export async function refreshed(session: LockedSession, journal: Journal): Promise<Journal> {
  const { scaling } = session.target;
  if (scaling === undefined || !scales(journal)) return journal;
  const { colors } = await patiently(session, () => scaling.save());
  return { ...journal, scaling: { ...journal.scaling, [journal.from]: colors[journal.from] } };
}

/** The platform leaves the count of the color that the release comes up on alone: it is ours until the hand-over. */
export const hold = (session: LockedSession, journal: Journal): Promise<void> =>
  scalingChange(session, journal, (scaling) => scaling.hold(otherColor(journal.from)));

/**
 * Some users are on the new color: it grows with its share, and the old one does not shrink with its own. Tried once, and
 * not worth a failure: nobody watches the release meanwhile, and the hand-over sets all of it.
 */
export async function shareScaling(session: LockedSession, journal: Journal): Promise<void> {
  const { scaling } = session.target;
  if (scaling === undefined || !scales(journal)) return;
  const to = otherColor(journal.from);
  try {
    await session.lease.fence();
    await scaling.share(to, journal.scaling);
  } catch (error) {
    session.signal.throwIfAborted();
    if (!(error instanceof DeployError || error instanceof TransientError)) throw error;
    if (error instanceof DeployError && error.code === 'lock-lost') throw error;
    session.emit({
      type: 'warning',
      message: `Until it has all of the traffic, ${to} may not scale with its share: ${error.message}`,
    });
  }
}

/** Users are on the new color: it scales out as the old one did, and nothing wakes or shrinks that one any more. */
export const handOver = (session: LockedSession, journal: Journal): Promise<void> =>
  scalingChange(session, journal, (scaling) =>
    scaling.handOver(otherColor(journal.from), journal.scaling, { scaleIn: false }),
  );

/** The release is accepted: what is left to hand over is scaling in. */
export const completeHandOver = (session: LockedSession, journal: Journal): Promise<void> =>
  scalingChange(session, journal, (scaling) =>
    scaling.handOver(otherColor(journal.from), journal.scaling, { scaleIn: true }),
  );

/**
 * The color scales again as it did before the run; without `scaleIn`, it only grows yet. The live color was not touched
 * before users left it.
 */
export async function restoreScaling(
  session: LockedSession,
  journal: Journal,
  color: Color,
  options: { scaleIn: boolean },
): Promise<void> {
  if (color === journal.from && !reached(journal, 'shifting')) return;
  await scalingChange(session, journal, (scaling) => scaling.restore(color, journal.scaling[color], options));
}

const scales = ({ scaling }: Journal) => scaling.blue !== '' || scaling.green !== '';

async function scalingChange(
  session: LockedSession,
  journal: Journal,
  body: (scaling: NonNullable<LockedSession['target']['scaling']>) => Promise<void>,
): Promise<void> {
  const { scaling } = session.target;
  if (scaling === undefined || !scales(journal)) return;
  await change(session, () => body(scaling));
}
