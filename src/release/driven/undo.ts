import { DeployError } from '../../errors.ts';
import { hasCome, type Rollout } from '../../target/driven.ts';
import { isAllOn, otherColor } from '../color.ts';
import { type Journal, reached } from '../journal.ts';
import { look, refuseSplit, type Start } from '../recover.ts';
import { change, patiently, step, waitFor } from '../session.ts';
import {
  attemptOf,
  busy,
  type DrivenAttempt,
  type DrivenSession,
  follow,
  type LockedDriven,
  observe,
  tell,
} from './attempt.ts';

/**
 * No deadline of ours: the platform ends each of its stages, and the whole, by itself (ECS: a day, 30 days), and the
 * job's own time-out cancels the run, which calls the rollout back.
 */
export const ITS_OWN_TIME_MS = 30 * 24 * 3_600_000;

/** Waits until the rollout, which was called back or goes back by itself, has ended: `gone-back`, if all went well. */
export const ended = (session: DrivenSession, attempt: DrivenAttempt): Promise<Rollout> =>
  waitFor(session, {
    interval: session.job.policy.health.interval,
    timeout: ITS_OWN_TIME_MS,
    look: async () => {
      const seen = await observe(session, attempt);
      return seen.state === 'under-way' || seen.state === 'going-back' ? undefined : seen;
    },
    expired: outOfTime,
  });

export const outOfTime = () =>
  new DeployError('The platform did not come to an end.', {
    code: 'platform-stalled',
    hint: 'Look at the service’s deployments and events.',
  });

/**
 * What became of a rollout that was to be undone; `stalled`: the platform gave up on it, with the traffic anywhere;
 * `replaced`: another rollout took its place, and what users have is that one's matter.
 */
export type Undone = 'nothing-begun' | 'gone-back' | 'too-late' | 'under-way' | 'stalled' | 'replaced';

/**
 * Calls the rollout back, waits until users have the former release, and records it. With `urgent` it does not wait
 * (the process is about to be killed): the platform goes back by itself, and the next run records it.
 */
export async function undo(
  session: LockedDriven,
  attempt: DrivenAttempt,
  { urgent = false }: { urgent?: boolean } = {},
): Promise<Undone> {
  const { journal } = attempt;
  const rollout = await rolloutOf(session, journal);
  if (rollout === undefined) {
    // There is one, and a platform shows it late: whoever comes next finds it by the journal.
    if (attempt.asked && urgent) return 'under-way';
    await change(session, () => session.target.journal.clear());
    return 'nothing-begun';
  }
  attempt.journal = { ...journal, rollout: rollout.id };
  tell(session, attempt, rollout);
  // Its former tasks are leaving already: traffic would go back to nothing.
  if (isThrough(rollout)) return 'too-late';
  const end = await step(session, 'undo', `Go back to ${journal.from}`, async () => {
    if (rollout.state === 'under-way') await change(session, () => session.target.callBack(rollout.id));
    return urgent ? undefined : ended(session, attempt);
  });
  if (end === undefined) return 'under-way';
  if (end.state === 'done') return 'too-late';
  const became = end.state !== 'stopped' ? 'gone-back' : isReplaced(end) ? 'replaced' : 'stalled';
  await settle(session, attempt, became);
  return became;
}

const isReplaced = ({ failure }: Rollout): boolean => failure?.code === 'superseded';

/** Records that a rollout has come to nothing. */
async function settle(
  session: LockedDriven,
  { journal, shifted }: DrivenAttempt,
  became: Undone,
): Promise<void> {
  const hadIt = (shifted || reached(journal, 'shifting')) && became !== 'replaced';
  // Whatever it was that took it from the users: no rollback leads there again by itself.
  if (hadIt && journal.operation !== 'rollback')
    await change(session, () => session.target.rejected(journal.release));
  await change(session, () => session.target.journal.clear());
}

/** Records that users have the release: where a rollback leads from now on, and that nothing is under way. */
export async function accept(session: LockedDriven, { journal, shiftedAt }: DrivenAttempt): Promise<void> {
  const { target } = session;
  // The same release deployed anew takes nobody's place.
  const former = journal.parkedRelease === journal.release ? '' : journal.parkedRelease;
  const liveSince = shiftedAt ?? session.clock.now();
  await change(session, () => target.accepted(journal.release, former, liveSince));
  if (journal.operation === 'rollback' && former !== '') await change(session, () => target.rejected(former));
  await change(session, () => target.journal.clear());
}

/**
 * The rollout that a journal tells of; nothing when none was begun. A run that died while it began one could not write
 * its name down: then it is the newest, if that is of the journal's release and not the one from before.
 */
async function rolloutOf(session: DrivenSession, journal: Journal): Promise<Rollout | undefined> {
  const { target } = session;
  if (journal.rollout !== undefined) {
    const { rollout } = journal;
    try {
      return await patiently(session, () => target.observe(rollout));
    } catch (error) {
      if (error instanceof DeployError && error.code === 'rollout-gone') return undefined;
      throw error;
    }
  }
  const newest = await patiently(session, () => target.newest());
  if (newest?.release.id !== journal.release) return undefined;
  // Deployed anew: one of the same release that is over was there before.
  return newest.state !== 'under-way' && journal.release === journal.parkedRelease ? undefined : newest;
}

/** What becomes of what the journal tells of, and of its rollout where it has begun one. */
export async function outlook(
  session: DrivenSession,
  journal: Journal,
): Promise<{ readonly rollout: Rollout | undefined; readonly goesOn: boolean; readonly title: string }> {
  const rollout = await rolloutOf(session, journal);
  const goesOn = rollout !== undefined && isWanted(journal, rollout);
  const title = describe(journal, rollout, goesOn, session.job.operation === 'abort');
  return { rollout, goesOn, title };
}

/** Looks at the target, and finishes or undoes what a dead run, or a staged release, left there. */
export async function recover(session: LockedDriven): Promise<Start> {
  const situation = await look(session);
  const { journal } = situation;
  if (journal === undefined) {
    const newest = await patiently(session, () => session.target.newest());
    if (newest?.state === 'under-way' || newest?.state === 'going-back') throw busy(newest);
    refuseSplit(situation);
    return { situation };
  }
  const attempt = attemptOf(journal);
  const { rollout, goesOn, title } = await outlook(session, journal);
  await step(
    session,
    'recover',
    title,
    () => Promise.resolve(), // the work is told in steps of its own
  );
  let rolledBack: string | undefined;
  if (goesOn && rollout !== undefined) {
    attempt.journal = { ...journal, rollout: rollout.id };
    await step(session, 'retire', 'Wait until the platform is through', () => throughWith(session, attempt));
    await accept(session, attempt);
    if (journal.operation === 'rollback')
      rolledBack = `The rollback to ${journal.imageTag} that was under way is finished.`;
  } else {
    const end = await undo(session, attempt);
    if (end === 'too-late') await accept(session, attempt);
    const hadIt = attempt.shifted || journal.phase === 'shifting';
    if (end === 'gone-back' && hadIt && journal.operation !== 'rollback')
      rolledBack = `${journal.imageTag} was on its way to users and is taken back.`;
  }
  const now = await recover(session);
  return { ...now, ...(rolledBack === undefined ? {} : { rolledBack }) };
}

/** Ended well, accepted by its run, or a rollback that users have already: going "back" would be the wrong way. */
const isWanted = (journal: Journal, rollout: Rollout): boolean => {
  const { state, weights } = rollout;
  if (isThrough(rollout)) return true;
  if (state !== 'under-way') return false;
  return (
    journal.phase === 'retiring' ||
    (journal.operation === 'rollback' && isAllOn(weights, otherColor(journal.from)))
  );
};

async function throughWith(session: LockedDriven, attempt: DrivenAttempt): Promise<void> {
  const { interval } = session.job.policy.health;
  await waitFor(session, {
    interval,
    timeout: ITS_OWN_TIME_MS,
    look: async () => {
      const rollout = await follow(session, attempt);
      if (rollout.pause !== undefined) {
        const { pause } = rollout;
        await change(session, () => session.target.goOn(rollout.id, pause));
      }
      return rollout.state === 'done' ? true : undefined;
    },
    expired: outOfTime,
  });
}

function describe(journal: Journal, rollout: Rollout | undefined, goesOn: boolean, isAbort: boolean): string {
  const what = `${journal.operation} of ${journal.imageTag}`;
  if (rollout === undefined) return `An earlier ${what} ended before it began anything: forget it`;
  if (isThrough(rollout)) return `An earlier ${what} was left alone and went through: keep it`;
  if (rollout.state !== 'under-way') return `An earlier ${what} went back by itself: record it`;
  if (journal.phase === 'staged')
    return `${journal.imageTag} is staged: ${isAbort ? 'drop it' : 'drop it first'}`;
  return `An earlier ${what} ended half-way: ${goesOn ? 'finish it' : 'undo it'}`;
}

/** Users have it for good: the platform has taken the former release away, or is doing so. */
const isThrough = (rollout: Rollout): boolean =>
  rollout.state === 'done' || (rollout.state === 'under-way' && hasCome(rollout, 'clearing'));

/** Users have it, at least partly, and the platform still keeps what they had before. */
export const canBeCalledBack = (rollout: Rollout | undefined): rollout is Rollout =>
  rollout !== undefined &&
  !isThrough(rollout) &&
  (rollout.state === 'under-way' || rollout.state === 'going-back') &&
  rollout.weights[rollout.color] > 0;
