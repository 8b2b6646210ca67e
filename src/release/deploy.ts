import { DeployError } from '../errors.ts';
import type { Problem } from '../target/target.ts';
import { type Attempt, accept, announce, begin, bringUp, type Ended, type Planned } from './attempt.ts';
import { type Color, otherColor } from './color.ts';
import { guarded } from './guarded.ts';
import { healthy } from './health.ts';
import { reached } from './journal.ts';
import { preflight, refusalOf, refused } from './preflight.ts';
import { putRight } from './put-right.ts';
import { look, recover } from './recover.ts';
import { change, type LockedSession, patiently, type Session } from './session.ts';
import { isLive, type Situation } from './situation.ts';
import { smoke } from './smoke.ts';
import { endRefused, refuseAbort, refusePromote, staged } from './staged.ts';
import { remedy } from './undo.ts';
import { watchProblems } from './watch/problems.ts';
import { write } from './write.ts';

export const deploy = (session: LockedSession): Promise<Ended> =>
  bringNew(session, 'deploy', (attempt) => accept(session, attempt));

/** Like deploy, up to the moment before users could notice: the rest is `promote`, or `abort`. */
export const stageOnly = (session: LockedSession): Promise<Ended> =>
  bringNew(session, 'stage', async (attempt) => {
    attempt.journal = await write(session, { ...attempt.journal, phase: 'staged' });
    return {
      result: 'staged',
      summary: `${session.job.image} waits on ${attempt.subject.color} for promote or abort.`,
      end: 'release-keep-preview',
    };
  });

/** Brings the job's image up on the idle color and proves it there; what becomes of it then, `proven` says. */
async function bringNew(
  session: LockedSession,
  operation: 'deploy' | 'stage',
  proven: (attempt: Attempt) => Promise<Ended>,
): Promise<Ended> {
  const { situation } = await recover(session);
  const planned = await planDeploy(session, situation);
  if ('result' in planned) return planned;
  const attempt = await begin(session, situation, planned, operation);
  return guarded(session, attempt, putRight, async () => {
    await bringUp(session, attempt, planned.release, planned.count);
    await smoke(session, attempt.subject);
    return proven(attempt);
  });
}

export async function promote(session: LockedSession): Promise<Ended> {
  const situation = await look(session);
  const refusal = refusePromote(session.job, situation);
  if (refusal !== undefined) return endRefused(refusal, situation);
  const journal = staged(situation)!;
  const to = otherColor(journal.from);
  const attempt: Attempt = {
    journal,
    subject: { color: to, image: journal.image, imageTag: journal.imageTag },
    isFirst: situation.colors[journal.from].desired === 0,
  };
  // The config may be another one than when it was staged.
  const problems = refused(session, await patiently(session, () => ownProblems(session, to)));
  const error = refusalOf(problems);
  if (error !== undefined) return endRefused(error, situation);
  announce(session, situation, { ...journal, count: situation.colors[to].desired });
  return guarded(session, attempt, putRight, async () => {
    await healthy(session, to);
    return accept(session, attempt);
  });
}

/** Drops what is staged, or half done. */
export async function abort(session: LockedSession): Promise<Ended> {
  const situation = await look(session);
  const { journal } = situation;
  if (journal === undefined)
    return { result: 'unchanged', summary: 'Nothing is staged here.', end: 'release' };
  const refusal = refuseAbort(session.job, journal);
  if (refusal !== undefined) return endRefused(refusal, situation);
  const decision = remedy(journal, situation);
  const to = otherColor(journal.from);
  await recover(session);
  if (decision === 'forget')
    return {
      result: 'unchanged',
      summary: `Somebody gave ${to} the traffic by hand: it stays there, and nothing is staged any more.`,
      end: 'release',
    };
  if (decision === 'finish' && journal.operation === 'rollback')
    return {
      result: 'rolled-back',
      summary: `The rollback to ${journal.imageTag} that was under way is finished.`,
      end: 'release',
    };
  if (decision === 'finish') {
    const error = new DeployError(`${journal.imageTag} is live on ${to}: it was too late to abort.`, {
      code: 'already-live',
      hint: 'Run operation: rollback to go back to the release before.',
    });
    return { result: 'failed', summary: error.message, error, end: 'release' };
  }
  return reached(journal, 'shifting')
    ? { result: 'rolled-back', summary: `${journal.imageTag} is taken back from users.`, end: 'release' }
    : { result: 'aborted', summary: `${journal.imageTag} was dropped before users saw it.`, end: 'release' };
}

/** What a deploy or stage would do; an end where there is nothing to do. */
async function planDeploy(session: LockedSession, situation: Situation): Promise<Planned | Ended> {
  const { job, target } = session;
  const request = { color: otherColor(situation.live), image: job.image, imageTag: job.imageTag };
  const live = situation.colors[situation.live];
  await preflight(session, request, () => ownProblems(session, request.color));
  const release = await change(session, () => target.createRelease(request));
  for (const message of release.remarks ?? []) session.emit({ type: 'progress', message });
  if (isLive(release, live) && !job.force)
    return {
      result: 'unchanged',
      summary: `${job.image} is live already, on ${situation.live}; force: true deploys it again.`,
      end: 'release',
    };
  // As the target names it: with the digest where the registry told one.
  const count = job.policy.count ?? Math.max(1, live.desired);
  return { ...request, image: release.image, release, count };
}

/** What the procedure itself needs of the target to bring a release to the color and watch it there. */
export const ownProblems = async (session: Session, color: Color): Promise<readonly Problem[]> => [
  ...(session.job.policy.shift.steps.length === 0 ? [] : await session.target.splitting()),
  ...(await watchProblems(session, color)),
];
