import { DeployError } from '../errors.ts';
import type { Problem } from '../target/target.ts';
import {
  type Attempt,
  accept,
  announce,
  begin,
  bringUp,
  type Ended,
  guarded,
  type Planned,
} from './attempt.ts';
import { type Color, otherColor } from './color.ts';
import { healthy } from './health.ts';
import { type Journal, reached } from './journal.ts';
import type { Job } from './policy.ts';
import { preflight, refusalOf, refused } from './preflight.ts';
import { look, recover } from './recover.ts';
import { change, type LockedSession, patiently, type Session } from './session.ts';
import { isLive, type Situation } from './situation.ts';
import { smoke } from './smoke.ts';
import { remedy } from './undo.ts';
import { watchProblems } from './watch/problems.ts';
import { write } from './write.ts';

export async function deploy(session: LockedSession): Promise<Ended> {
  const { situation } = await recover(session);
  const planned = await planDeploy(session, situation);
  if ('result' in planned) return planned;
  const attempt = await begin(session, situation, planned, 'deploy');
  return guarded(session, attempt, async () => {
    await bringUp(session, attempt, planned.release, planned.count);
    await smoke(session, attempt.subject);
    return accept(session, attempt);
  });
}

/** Like deploy, up to the moment before users could notice: the rest is `promote`, or `abort`. */
export async function stageOnly(session: LockedSession): Promise<Ended> {
  const { situation } = await recover(session);
  const planned = await planDeploy(session, situation);
  if ('result' in planned) return planned;
  const attempt = await begin(session, situation, planned, 'stage');
  return guarded(session, attempt, async () => {
    await bringUp(session, attempt, planned.release, planned.count);
    await smoke(session, attempt.subject);
    attempt.journal = await write(session, { ...attempt.journal, phase: 'staged' });
    return {
      result: 'staged',
      summary: `${session.job.image} waits on ${attempt.subject.color} for promote or abort.`,
      end: 'release-keep-preview',
    };
  });
}

export async function promote(session: LockedSession): Promise<Ended> {
  const situation = await look(session);
  const journal = staged(situation);
  const refusal = refusePromote(session.job, situation);
  if (journal === undefined || refusal !== undefined)
    return {
      result: 'failed',
      summary: refusal?.message ?? '',
      error: refusal,
      end: journal === undefined ? 'release' : 'release-keep-preview',
    };
  const to = otherColor(journal.from);
  const attempt: Attempt = {
    journal,
    subject: { color: to, image: journal.image, imageTag: journal.imageTag },
    isFirst: situation.colors[journal.from].desired === 0,
  };
  // The config may be another one than when it was staged.
  const problems = refused(session, await patiently(session, () => ownProblems(session, to)));
  const error = refusalOf(problems);
  if (error !== undefined)
    return { result: 'failed', summary: error.message, error, end: 'release-keep-preview' };
  announce(session, situation, { ...journal, count: situation.colors[to].desired });
  return guarded(session, attempt, async () => {
    await healthy(session, to);
    return accept(session, attempt);
  });
}

/** Why nothing can be promoted. What is staged stays so, with its preview. */
export function refusePromote(job: Job, situation: Situation): DeployError | undefined {
  const journal = staged(situation);
  if (journal === undefined)
    return new DeployError('Nothing is staged here.', {
      code: 'nothing-staged',
      hint: 'Run operation: stage first; a deploy, rollback or abort since then has dropped what was staged.',
    });
  if (job.imageTag !== '' && job.imageTag !== journal.imageTag)
    return new DeployError(`${journal.imageTag} is staged, not ${job.imageTag}.`, {
      code: 'other-release-staged',
      hint: 'Stage that release first, or leave out image-tag to promote what is staged.',
    });
  if (situation.live !== journal.from)
    return new DeployError(
      `${situation.live} is live now; it was ${journal.from} when ${journal.imageTag} was staged.`,
      {
        code: 'live-color-changed',
        hint: 'Somebody moved the traffic since. Run operation: abort, then stage again.',
      },
    );
  const { release } = situation.colors[otherColor(journal.from)];
  if (release?.id !== journal.release)
    return new DeployError(
      `${otherColor(journal.from)} holds ${release?.id}, not ${journal.release} that was staged.`,
      {
        code: 'other-release-staged',
        hint: 'Somebody, or the circuit breaker of ECS, replaced it. Run operation: abort, then stage again.',
      },
    );
  return undefined;
}

/** Why an abort that names a release leaves alone what is there: somebody may have staged another one since. */
export function refuseAbort(
  { imageTag }: Job,
  journal: Pick<Journal, 'imageTag'> | undefined,
): DeployError | undefined {
  if (journal === undefined || imageTag === '' || imageTag === journal.imageTag) return undefined;
  return new DeployError(`${journal.imageTag} is staged, not ${imageTag}.`, {
    code: 'other-release-staged',
    hint: 'Of that release nothing is left to abort; leave out image-tag to drop what is staged.',
  });
}

/** Drops what is staged, or half done. */
export async function abort(session: LockedSession): Promise<Ended> {
  const situation = await look(session);
  const { journal } = situation;
  if (journal === undefined)
    return { result: 'unchanged', summary: 'Nothing is staged here.', end: 'release' };
  const refusal = refuseAbort(session.job, journal);
  if (refusal !== undefined)
    return {
      result: 'failed',
      summary: refusal.message,
      error: refusal,
      end: staged(situation) === undefined ? 'release' : 'release-keep-preview',
    };
  const todo = remedy(journal, situation);
  const to = otherColor(journal.from);
  await recover(session);
  if (todo === 'forget')
    return {
      result: 'unchanged',
      summary: `Somebody gave ${to} the traffic by hand: it stays there, and nothing is staged any more.`,
      end: 'release',
    };
  if (todo === 'finish' && journal.operation === 'rollback')
    return {
      result: 'rolled-back',
      summary: `The rollback to ${journal.imageTag} that was under way is finished.`,
      end: 'release',
    };
  if (todo === 'finish') {
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

const staged = ({ journal }: Situation): Journal | undefined =>
  journal?.phase === 'staged' ? journal : undefined;
