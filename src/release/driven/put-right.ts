import { DeployError } from '../../errors.ts';
import type { Ended } from '../attempt.ts';
import { otherColor } from '../color.ts';
import type { Broken } from '../guarded.ts';
import type { Journal } from '../journal.ts';
import { patiently } from '../session.ts';
import { runningImage } from '../situation.ts';
import type { DrivenAttempt, LockedDriven } from './attempt.ts';
import { outlook, undo } from './undo.ts';

/** The rollout is called back, unless users have the release for good. */
export async function putRight(
  session: LockedDriven,
  attempt: DrivenAttempt,
  broken: Broken,
): Promise<Ended> {
  const { error, cancelled } = broken;
  const { journal } = attempt;
  // What users were given may have been taken from them since: only the rollout tells.
  if (journal.phase === 'retiring' && (await outlook(session, journal)).goesOn)
    return accepted(session, journal, broken);
  const end = await undo(session, attempt, { urgent: cancelled });
  if (end === 'too-late') {
    const situation = await patiently(session, () => session.target.inspect());
    return { ...tooLate(journal, runningImage(situation, situation.live), error), end: 'keep' };
  }
  const stuck = end === 'stalled' && error.code !== 'platform-stalled' ? stalled(attempt, error) : error;
  // Back from a rollback is where people fled from.
  const wentBack = end !== 'stalled' && end !== 'replaced';
  const isTakenBack = attempt.shifted && wentBack && journal.operation !== 'rollback';
  return {
    result: isTakenBack ? 'rolled-back' : 'failed',
    summary: error.message,
    error: stuck,
    end: end === 'under-way' ? 'keep' : 'release',
  };
}

/** Users have the release, and it was watched to the end: what failed afterwards is said, and recorded later. */
function accepted(session: LockedDriven, journal: Journal, { error, cancelled }: Broken): Ended {
  const result = journal.operation === 'rollback' ? 'rolled-back' : 'deployed';
  const summary = `${journal.imageTag} is live on ${otherColor(journal.from)}.`;
  if (!cancelled)
    session.emit({
      type: 'warning',
      message: `${error.message} The release is live; what is left is done by the post step, or the next run.`,
    });
  return { result, summary, end: 'keep' };
}

const stalled = ({ told }: DrivenAttempt, error: DeployError) =>
  new DeployError(`${error.message} The platform did not get back to the former release: ${told.text}.`, {
    code: 'undo-failed',
    hint: 'Look at the service’s events and the weights of its listener rule, then deploy the release that users should have.',
    details: error.details,
    cause: error,
  });

const tooLate = (journal: Journal, live: string, error: DeployError) => ({
  result: 'failed' as const,
  summary: error.message,
  error: new DeployError(
    `${error.message} By then the platform was through: ${live || journal.image} is live.`,
    {
      code: error.code,
      hint: 'Run operation: rollback to go back to the release before.',
      details: error.details,
      cause: error,
    },
  ),
});
