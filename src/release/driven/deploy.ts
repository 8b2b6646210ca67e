import { DeployError } from '../../errors.ts';
import type { PausePoint } from '../../target/driven.ts';
import { announce, type Ended } from '../attempt.ts';
import { otherColor } from '../color.ts';
import { guarded } from '../guarded.ts';
import { preflight } from '../preflight.ts';
import { look } from '../recover.ts';
import { change, patiently } from '../session.ts';
import { isLive } from '../situation.ts';
import { endRefused, refuseAbort, refusePromote, staged } from '../staged.ts';
import { write } from '../write.ts';
import { attemptOf, begin, type DrivenAttempt, type LockedDriven } from './attempt.ts';
import { bringUp, carryThrough, gateOf, prove } from './drive.ts';
import { gateProblems } from './plan.ts';
import { putRight } from './put-right.ts';
import { recover } from './undo.ts';

/** `stage` is a deploy up to the gate: the rest is `promote`, or `abort`. */
export async function deploy(session: LockedDriven): Promise<Ended> {
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
  for (const message of release.remarks ?? []) session.emit({ type: 'progress', message });
  if (isLive(release, situation.colors[live]) && !job.force)
    return {
      result: 'unchanged',
      summary: `${job.image} is live already, on ${live}; force: true deploys it again.`,
      end: 'release',
    };
  const attempt = await begin(session, situation, { release, imageTag: job.imageTag });
  return guarded(session, attempt, putRight, async () => {
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

export async function promote(session: LockedDriven): Promise<Ended> {
  const situation = await look(session);
  const refusal = refusePromote(session.job, situation);
  if (refusal !== undefined) return endRefused(refusal, situation);
  const attempt = attemptOf(staged(situation)!);
  announce(session, situation, {
    ...attempt.journal,
    count: situation.colors[attempt.subject.color].desired,
  });
  return guarded(session, attempt, putRight, () => carryThrough(session, attempt));
}

/** Drops what is staged, or half done. */
export async function abort(session: LockedDriven): Promise<Ended> {
  const found = await look(session);
  const { journal } = found;
  if (journal === undefined)
    return { result: 'unchanged', summary: 'Nothing is staged here.', end: 'release' };
  const refusal = refuseAbort(session.job, journal);
  if (refusal !== undefined) return endRefused(refusal, found);
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
