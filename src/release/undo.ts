import { toDeployError } from '../errors.ts';
import { allOn, formatWeights, isAllOn, otherColor } from './color.ts';
import { converge } from './converge.ts';
import { type Journal, reached } from './journal.ts';
import { drain, retire, warmCount } from './retire.ts';
import { completeHandOver, handOver, restoreScaling } from './scaling.ts';
import { change, type LockedSession, patiently, shown, step } from './session.ts';
import type { Situation } from './situation.ts';
import { write } from './write.ts';

/**
 * What becomes of a run that did not come to its end by itself, be it this run after a failure, the post step after a
 * cancel, or the next run after a crash: all read the journal and the weights, and do the same.
 *
 * - `finish`: the new release was accepted (`retiring`), or it is a rollback whose release, proven, has the traffic
 *   already: going "back" would mean going to the release that people fled from.
 * - `forget`: users have what was only staged, so somebody gave it to them by hand. That is theirs to decide.
 * - `undo`: everything else. Traffic first, then the idle color.
 */
export function remedy(journal: Journal, { weights }: Situation): 'finish' | 'undo' | 'forget' {
  const to = otherColor(journal.from);
  if (!reached(journal, 'shifting')) return weights[to] > 0 ? 'forget' : 'undo';
  const accepted = journal.phase === 'retiring' || journal.operation === 'rollback';
  return accepted && isAllOn(weights, to) ? 'finish' : 'undo';
}

/**
 * Puts everything back as the journal's run found it. Traffic goes back first, in one call.
 * `usersHadIt` must be true unless it is certain that no traffic was moved. With `urgent` it stops where it would have to wait (the process is about to be killed) and returns false: the post
 * step, or the next run, does the rest.
 */
export async function undo(
  session: LockedSession,
  journal: Journal,
  { usersHadIt, urgent = false }: { usersHadIt: boolean; urgent?: boolean },
): Promise<boolean> {
  const to = otherColor(journal.from);
  // A switch that was cut off before it moved anybody may have made some of its changes.
  if (usersHadIt || reached(journal, 'shifting')) await giveTrafficBack(session, journal);
  if (usersHadIt && urgent) return false;
  // Its alarms still tell of the time when it had fewer users than now, and may go off as soon as they are let.
  await restoreScaling(session, journal, journal.from, { scaleIn: false });
  if (usersHadIt) {
    await leave(session, journal);
    if (journal.operation !== 'rollback') await markTaken(session, journal);
  }
  await step(session, 'undo', `Put ${to} back as it was`, async () => {
    const { parkedRelease, parkedCount } = journal;
    // Before the count, while the color is within its bounds: a parked one would be pulled back into them.
    await restoreScaling(session, journal, to, { scaleIn: true });
    await change(session, () => session.target.restore(to, parkedRelease, parkedCount));
    await shown(session, to, { releaseId: parkedRelease, desired: parkedCount });
    await restoreScaling(session, journal, journal.from, { scaleIn: true });
    await change(session, () => session.target.journal.clear());
  });
  return true;
}

/**
 * Whatever it was that took it from the users: no rollback leads there again by itself. Where an undo was cut off, the
 * color may hold its former release already, which nobody was taken from.
 */
async function markTaken(session: LockedSession, { from, release }: Journal): Promise<void> {
  const to = otherColor(from);
  const { colors } = await patiently(session, () => session.target.inspect());
  if (colors[to].release?.id !== release) return;
  await change(session, () => session.target.mark(to, 'rolled-back'));
}

const giveTrafficBack = (session: LockedSession, { from }: Journal): Promise<void> =>
  step(
    session,
    'undo',
    `Give traffic back to ${from}`,
    async () => {
      const { weights } = await patiently(session, () => session.target.inspect());
      // Also where nobody was moved: a switch may consist of several changes, and one that was cut off before it moved
      // anybody may have made some of them.
      await change(session, () => session.target.shift(allOn(from)));
      if (!isAllOn(weights, from)) session.emit({ type: 'weights', weights: allOn(from) });
    },
    () => formatWeights(allOn(from)),
  );

/**
 * The way back must have reached every node too, before the color that users just left may be stopped. Answers alone
 * prove nothing here: a node that has not even heard of the way there gives the same ones as a node that is back. So
 * the data plane gets its full time as well.
 */
async function leave(session: LockedSession, { from, image, imageTag }: Journal): Promise<void> {
  const left = otherColor(from);
  const shiftedAt = session.clock.now();
  try {
    // Where the platform itself tells, nothing must be asked of the answers; and with nothing to go back to there are none.
    if (
      (await session.target.following()).follows !== true &&
      (await session.target.inspect()).colors[from].running > 0
    )
      await converge(session, { color: left, image, imageTag }, 'is-not');
  } catch (error) {
    session.signal.throwIfAborted();
    // Traffic is back as far as the platform says, and a probe that can't see it must not stop the clean-up.
    session.emit({ type: 'warning', message: toDeployError(error).message });
  }
  await drain(session, { color: left, shiftedAt, proven: false });
}

/**
 * The same for a run that was cut off, or failed on its way: the switch as well, which may consist of several changes
 * (HAProxy's memory, and the file that its next start goes by), so that users may be there before all are made.
 */
export async function finishBroken(
  session: LockedSession,
  journal: Journal,
  { park }: { park: boolean },
): Promise<void> {
  await change(session, () => session.target.shift(allOn(otherColor(journal.from))));
  await finish(session, journal, { shiftedAt: session.clock.now(), proven: false, park });
}

/** Carries an accepted release through: the old color is drained and parked, the standing of both is recorded. */
export async function finish(
  session: LockedSession,
  journal: Journal,
  { shiftedAt, proven, park }: { shiftedAt: number; proven: boolean; park: boolean },
): Promise<void> {
  const to = otherColor(journal.from);
  if (!reached(journal, 'retiring')) await handOver(session, journal);
  await write(session, { ...journal, phase: 'retiring' });
  const situation = await patiently(session, () => session.target.inspect());
  const isRollback = journal.operation === 'rollback';
  await change(session, () => session.target.mark(to, 'was-live', shiftedAt));
  // A color that ran nothing held no release that users ever had: it must not become the goal of a rollback.
  if (situation.colors[journal.from].desired > 0)
    await change(session, () => session.target.mark(journal.from, isRollback ? 'rolled-back' : 'was-live'));
  if (park) {
    // A rollback ends without them: people wait for it.
    const byCount = !isRollback && !session.checks.canIdentify;
    await drain(session, { color: journal.from, shiftedAt, proven, byCount });
    await retire(session, journal.from, isRollback ? 0 : warmCount(session, situation, journal.from));
  }
  // Last of all: its alarms still tell of the time when it had fewer users, and may go off as soon as they are let.
  await completeHandOver(session, journal);
  await change(session, () => session.target.journal.clear());
}
