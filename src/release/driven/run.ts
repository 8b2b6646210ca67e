import { DeployError, toDeployError } from '../../errors.ts';
import type { DrivenTarget, PausePoint, Rollout } from '../../target/driven.ts';
import { announce, type Ended, regain } from '../attempt.ts';
import { otherColor } from '../color.ts';
import { refuseAbort, refusePromote } from '../deploy.ts';
import { isImage, tagOf } from '../image.ts';
import type { Journal } from '../journal.ts';
import { holding, withLock } from '../lock.ts';
import { preflight } from '../preflight.ts';
import { look } from '../recover.ts';
import { rollbackRelease } from '../rollback.ts';
import { NO_SCALING } from '../scaling.ts';
import { change, patiently, type Session, step } from '../session.ts';
import { isLive, type Release, runningImage, type Situation } from '../situation.ts';
import { status as describeStatus } from '../status.ts';
import { watch } from '../watch-operation.ts';
import { write } from '../write.ts';
import { attemptOf, type DrivenAttempt, type DrivenSession, type LockedDriven } from './attempt.ts';
import { bringUp, carryThrough, gateOf, prove } from './drive.ts';
import { gateProblems, plan } from './plan.ts';
import { canBeCalledBack, ended, recover, undo } from './undo.ts';

/**
 * The operations on a platform that brings releases up and moves the traffic by itself. The order and the promises are
 * those of the procedure (deploy.ts); the platform's own deployment takes the place of our steps.
 */
export async function operateDriven(session: DrivenSession): Promise<Ended> {
  switch (session.job.operation) {
    case 'status':
      return status(session);
    case 'plan':
      return plan(session);
    case 'watch':
      return watch(session, { rollback, platformIsAtWork: () => platformIsAtWork(session) });
    case 'setup':
      throw new DeployError(
        'There is nothing that setup could make for a service which ECS itself deploys.',
        {
          code: 'not-supported',
          hint: 'docs/ecs.md says what must be there.',
        },
      );
    case 'promote': {
      // Before the lock, which would close the preview that people are looking at.
      const refusal = refusePromote(session.job, await look(session));
      if (refusal !== undefined) throw refusal;
      return locked(session, promote);
    }
    case 'rollback':
      return (await callBackAtOnce(session)) ?? locked(session, rollback);
    case 'deploy':
    case 'stage':
      return locked(session, deploy);
    case 'abort': {
      const refusal = refuseAbort(session.job, (await look(session)).journal);
      if (refusal !== undefined) throw refusal;
      return locked(session, abort);
    }
  }
}

/** Takes up a run whose process was cancelled or killed. The post step's whole work. */
export async function resumeDriven(
  session: DrivenSession,
  handle: string,
): Promise<'nothing-to-do' | 'recovered'> {
  const lease = await session.target.lock.resume(handle, session.job.policy.lock.ttl);
  if (lease === undefined) return 'nothing-to-do';
  return holding(session, lease, async (locked) => {
    const { journal } = await patiently(locked, () => locked.target.inspect());
    if (journal === undefined) return { value: 'nothing-to-do' as const, end: 'release' };
    if (journal.phase === 'staged') return { value: 'nothing-to-do' as const, end: 'release-keep-preview' };
    await recover(locked);
    return { value: 'recovered' as const, end: 'release' };
  });
}

const locked = (session: DrivenSession, body: (session: LockedDriven) => Promise<Ended>): Promise<Ended> =>
  withLock(session, async (own) => {
    const value = await body(own);
    return { value, end: value.end };
  });

async function status(session: DrivenSession): Promise<Ended> {
  const ended = await describeStatus(session);
  const newest = await patiently(session, () => session.target.newest());
  // One that went through says nothing that the situation does not.
  const own = newest === undefined || newest.state === 'done' ? '' : ` ${newest.told}.`;
  const why = newest?.failure === undefined ? '' : ` ${newest.failure.reason}.`;
  return { ...ended, summary: `${ended.summary}${own}${why}` };
}

/** Whoever began it: while the platform deploys, it is not told which release to judge. */
async function platformIsAtWork(session: DrivenSession): Promise<string | undefined> {
  const newest = await patiently(session, () => session.target.newest());
  const isAtWork = newest?.state === 'under-way' || newest?.state === 'going-back';
  return isAtWork ? `The platform is at work: ${newest.told}.` : undefined;
}

/** `stage` is a deploy up to the gate: the rest is `promote`, or `abort`. */
async function deploy(session: LockedDriven): Promise<Ended> {
  const { job, target } = session;
  const isStage = job.operation === 'stage';
  const { situation } = await recover(session);
  const { live } = situation;
  const request = { color: otherColor(live), image: job.image, imageTag: job.imageTag };
  let gate: PausePoint | undefined;
  await preflight(session, request, async () => {
    const points = await target.pausePoints();
    gate = gateOf(points);
    return gateProblems(gate, { isStage, smokeTests: session.checks.smokeTests });
  });
  const release = await change(session, () => target.createRelease(request));
  if (isLive(release, situation.colors[live]) && !job.force)
    return {
      result: 'unchanged',
      summary: `${job.image} is live already, on ${live}; force: true deploys it again.`,
      end: 'release',
    };
  const attempt = await begin(session, situation, { release, imageTag: job.imageTag });
  return guarded(session, attempt, async () => {
    await bringUp(session, attempt, gate);
    await prove(session, attempt);
    if (!isStage) return carryThrough(session, attempt);
    attempt.journal = await write(session, { ...attempt.journal, phase: 'staged' });
    await tellDeadline(session, attempt);
    return {
      result: 'staged',
      summary: `${job.image} waits on ${attempt.subject.color} for promote or abort.`,
      end: 'release-keep-preview',
    };
  });
}

/** Nobody may know that what waits for them does not wait for ever. */
async function tellDeadline(session: LockedDriven, { journal }: DrivenAttempt): Promise<void> {
  const { pause } = await patiently(session, () => session.target.observe(journal.rollout ?? ''));
  if (pause?.until === undefined) return;
  session.emit({
    type: 'progress',
    message: `The platform ${pause.otherwise} by itself at ${new Date(pause.until).toISOString()}.`,
  });
}

/** Writes the journal's first page: from here on, everything can be undone by whoever reads it. */
async function begin(
  session: LockedDriven,
  situation: Situation,
  { release, imageTag }: { release: Release; imageTag: string },
): Promise<DrivenAttempt> {
  const { live, colors } = situation;
  const { operation } = session.job;
  announce(session, situation, { image: release.image, release: release.id, count: colors[live].desired });
  const journal: Journal = {
    operation: operation === 'rollback' || operation === 'stage' ? operation : 'deploy',
    phase: 'staging',
    from: live,
    image: release.image,
    imageTag,
    release: release.id,
    // The platform itself keeps what it goes back to; this is what a later rollback leads to.
    parkedRelease: colors[live].release?.id ?? '',
    parkedCount: 0,
    scaling: NO_SCALING,
  };
  return attemptOf(await write(session, journal));
}

async function promote(session: LockedDriven): Promise<Ended> {
  const situation = await look(session);
  const refusal = refusePromote(session.job, situation);
  const { journal } = situation;
  if (journal === undefined || refusal !== undefined)
    return {
      result: 'failed',
      summary: refusal?.message ?? '',
      error: refusal,
      end: journal === undefined ? 'release' : 'release-keep-preview',
    };
  const attempt = attemptOf(journal);
  announce(session, situation, { ...journal, count: situation.colors[attempt.subject.color].desired });
  return guarded(session, attempt, () => carryThrough(session, attempt));
}

/** Drops what is staged, or half done. */
async function abort(session: LockedDriven): Promise<Ended> {
  const { journal } = await look(session);
  if (journal === undefined)
    return { result: 'unchanged', summary: 'Nothing is staged here.', end: 'release' };
  const refusal = refuseAbort(session.job, journal);
  if (refusal !== undefined)
    return {
      result: 'failed',
      summary: refusal.message,
      error: refusal,
      end: journal.phase === 'staged' ? 'release-keep-preview' : 'release',
    };
  const { rolledBack, situation } = await recover(session);
  if (rolledBack !== undefined) return { result: 'rolled-back', summary: rolledBack, end: 'release' };
  if (situation.live === journal.from && situation.colors[journal.from].release?.id !== journal.release)
    return {
      result: 'aborted',
      summary: `${journal.imageTag} was dropped before users saw it.`,
      end: 'release',
    };
  const error = new DeployError(
    `${journal.imageTag} is live on ${situation.live}: it was too late to abort.`,
    {
      code: 'already-live',
      hint: 'Run operation: rollback to go back to the release before.',
    },
  );
  return { result: 'failed', summary: error.message, error, end: 'release' };
}

/**
 * A release that users have while the platform still keeps the former one is called back at once, whoever deployed it:
 * without the lock, which the run that watches it holds. The call touches exactly that rollout, and its run tells the
 * same end.
 */
async function callBackAtOnce(session: DrivenSession): Promise<Ended | undefined> {
  const situation = await look(session);
  const newest = await patiently(session, () => session.target.newest());
  if (!canBeCalledBack(newest) || situation.journal?.operation === 'rollback') return undefined;
  const former = situation.colors[otherColor(newest.color)].release;
  const { imageTag } = session.job;
  if (imageTag !== '' && !(former !== undefined && isImage(former.image, imageTag))) return undefined;
  const attempt = attemptOf(situation.journal ?? foreignJournal(situation, newest));
  attempt.journal = { ...attempt.journal, rollout: newest.id };
  session.emit({
    type: 'intent',
    from: newest.color,
    to: otherColor(newest.color),
    image: former?.image ?? '',
    release: former?.id ?? '',
    previousImage: newest.release.image,
    count: situation.colors[otherColor(newest.color)].desired,
  });
  const end = await step(session, 'undo', `Go back to ${otherColor(newest.color)}`, async () => {
    await patiently(session, () => session.target.callBack(newest.id));
    return ended(session, attempt);
  });
  if (end.state !== 'gone-back') return undefined; // It ended, or another one took its place, in this very moment.
  await tidyUp(session, newest);
  return {
    result: 'rolled-back',
    summary: `${newest.release.image || newest.release.id} is taken back from users.`,
    end: 'release',
  };
}

const foreignJournal = ({ live, colors }: Situation, { color, release }: Rollout): Journal => ({
  operation: 'deploy',
  phase: 'shifting',
  from: otherColor(color),
  image: release.image,
  imageTag: tagOf(release.image),
  release: release.id,
  parkedRelease: colors[live].release?.id ?? '',
  parkedCount: 0,
  scaling: NO_SCALING,
});

/** What a dead run left is recorded; a living one, which has the lock, does so itself. */
async function tidyUp(session: DrivenSession, { release }: Rollout): Promise<void> {
  const { policy } = session.job;
  const impatient: Session<DrivenTarget> = {
    ...session,
    job: { ...session.job, policy: { ...policy, lock: { ...policy.lock, wait: 0 } } },
  };
  try {
    await withLock(impatient, async (own) => {
      await recover(own);
      await change(own, () => own.target.rejected(release.id));
      return { value: undefined, end: 'release' };
    });
  } catch (thrown) {
    session.signal.throwIfAborted();
    const { code, message } = toDeployError(thrown);
    if (code !== 'lock-held') throw thrown;
    session.emit({ type: 'progress', message: `${message} It records what became of the release.` });
  }
}

async function rollback(session: LockedDriven): Promise<Ended> {
  const start = await recover(session);
  if (start.rolledBack !== undefined)
    return { result: 'rolled-back', summary: start.rolledBack, end: 'release' };
  const release = await rollbackRelease(session, start);
  if (release === undefined)
    return { result: 'unchanged', summary: `${session.job.imageTag} is live already.`, end: 'release' };
  const { situation } = start;
  const gate = gateOf(await patiently(session, () => session.target.pausePoints()));
  const attempt = await begin(session, situation, { release, imageTag: tagOf(release.image) });
  return guarded(session, attempt, async () => {
    await bringUp(session, attempt, gate);
    return carryThrough(session, attempt);
  });
}

/** Runs the attempt; when it fails or is cancelled, the rollout is called back before the error is told. */
async function guarded(
  session: LockedDriven,
  attempt: DrivenAttempt,
  body: () => Promise<Ended>,
): Promise<Ended> {
  try {
    return await body();
  } catch (thrown) {
    const error = toDeployError(session.signal.aborted ? session.signal.reason : thrown);
    if (session.lost.aborted || error.code === 'lock-lost')
      return regain(session, attempt.journal.release, error, (own) => putRight(own, attempt, error, false));
    const cancelled = session.signal.aborted;
    return putRight({ ...session, signal: session.lost }, attempt, error, cancelled);
  }
}

async function putRight(
  session: LockedDriven,
  attempt: DrivenAttempt,
  error: DeployError,
  cancelled: boolean,
): Promise<Ended> {
  const { journal } = attempt;
  try {
    if (journal.phase === 'retiring') return accepted(session, journal, error, cancelled);
    const end = await undo(session, attempt, { urgent: cancelled });
    if (end === 'too-late') {
      const situation = await patiently(session, () => session.target.inspect());
      return { ...tooLate(journal, runningImage(situation, situation.live), error), end: 'keep' };
    }
    const stuck = end === 'stalled' && error.code !== 'platform-stalled' ? stalled(attempt, error) : error;
    return {
      result: attempt.shifted && end !== 'stalled' ? 'rolled-back' : 'failed',
      summary: error.message,
      error: stuck,
      end: end === 'under-way' ? 'keep' : 'release',
    };
  } catch (thrown) {
    const second = toDeployError(thrown);
    if (second.code === 'lock-lost') throw second;
    if (second.message === error.message)
      return { result: 'failed', summary: error.message, error, end: 'release' };
    return {
      result: 'failed',
      summary: error.message,
      error: new DeployError(`${error.message} Putting things back failed too: ${second.message}`, {
        code: 'undo-failed',
        hint: 'Run rollback (or deploy) again: what was under way is recorded on the target, and the next run goes on from there.',
        details: [...error.details, ...second.details],
        cause: thrown,
      }),
      // The post step tries once more.
      end: 'keep',
    };
  }
}

/** Users have the release, and it was watched to the end: what failed afterwards is said, and recorded later. */
function accepted(session: LockedDriven, journal: Journal, error: DeployError, cancelled: boolean): Ended {
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
