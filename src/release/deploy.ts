import { DeployError } from '../errors.ts';
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
import { otherColor } from './color.ts';
import type { Journal } from './journal.ts';
import type { Job } from './policy.ts';
import { look, recover } from './recover.ts';
import { change, type LockedSession } from './session.ts';
import type { Situation } from './situation.ts';
import { healthy, preflight, smoke, write } from './steps.ts';

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
  if (journal === undefined)
    throw new DeployError('Nothing is staged here.', {
      code: 'nothing-staged',
      hint: 'Run operation: stage first; a deploy, rollback or abort since then has dropped what was staged.',
    });
  const refusal = refusePromote(session.job, situation, journal);
  if (refusal !== undefined)
    return { result: 'failed', summary: refusal.message, error: refusal, end: 'release-keep-preview' };
  const to = otherColor(journal.from);
  const attempt: Attempt = {
    journal,
    subject: { color: to, image: journal.image, imageTag: journal.imageTag },
  };
  announce(session, situation, journal.image, situation.colors[to].desired);
  return guarded(session, attempt, async () => {
    await healthy(session, to);
    return accept(session, attempt);
  });
}

/** Why what is staged can't be promoted. What is staged stays so, with its preview. */
function refusePromote(job: Job, situation: Situation, journal: Journal): DeployError | undefined {
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

/** Drops what is staged, or half done. */
export async function abort(session: LockedSession): Promise<Ended> {
  const situation = await look(session);
  const journal = staged(situation);
  if (journal === undefined && situation.journal === undefined)
    return { result: 'unchanged', summary: 'Nothing is staged here.', end: 'release' };
  await recover(session);
  return {
    result: 'aborted',
    summary: `${situation.journal?.imageTag ?? 'The release'} was dropped before users saw it.`,
    end: 'release',
  };
}

/** What a deploy or stage would do; an end where there is nothing to do. */
async function planDeploy(session: LockedSession, situation: Situation): Promise<Planned | Ended> {
  const { job, target } = session;
  const request = { color: otherColor(situation.live), image: job.image, imageTag: job.imageTag };
  const live = situation.colors[situation.live];
  await preflight(session, request);
  const release = await change(session, () => target.createRelease(request));
  if (release.id === live.release?.id && live.desired > 0 && !job.force)
    return {
      result: 'unchanged',
      summary: `${job.image} is live already, on ${situation.live}.`,
      end: 'release',
    };
  return { ...request, release, count: job.policy.count ?? Math.max(1, live.desired) };
}

const staged = ({ journal }: Situation): Journal | undefined =>
  journal?.phase === 'staged' ? journal : undefined;
