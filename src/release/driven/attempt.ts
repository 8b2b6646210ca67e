import type { CheckSubject } from '../../check/check.ts';
import { DeployError } from '../../errors.ts';
import type { DrivenTarget, Rollout } from '../../target/driven.ts';
import { announce } from '../attempt.ts';
import { allOn, isAllOn, otherColor, type Weights } from '../color.ts';
import { diagnosis, unhealthy } from '../health.ts';
import type { Journal } from '../journal.ts';
import { NO_SCALING } from '../scaling.ts';
import { change, type LockedSession, type Session } from '../session.ts';
import type { Release, Situation } from '../situation.ts';
import { write } from '../write.ts';

export type DrivenSession = Session<DrivenTarget>;
export type LockedDriven = LockedSession<DrivenTarget>;

/** A rollout of ours that is under way, and how it stands. */
export interface DrivenAttempt {
  journal: Journal;
  readonly release: Release;
  readonly subject: CheckSubject;
  /** The platform has taken our word for a rollout, which it may not show yet. */
  asked?: boolean;
  /** Whether users may have had the new release at any moment. */
  shifted: boolean;
  /** When all users had it, as far as this run saw that happen; ms since the epoch. */
  shiftedAt?: number;
  /** What was told last, so that nothing is told twice. */
  told: { text: string; weights: Weights };
}

export const attemptOf = (journal: Journal): DrivenAttempt => ({
  journal,
  release: { id: journal.release, image: journal.image },
  subject: { color: otherColor(journal.from), image: journal.image, imageTag: journal.imageTag },
  shifted: false,
  told: { text: '', weights: allOn(journal.from) },
});

/** Writes the journal's first page: from here on, everything can be undone by whoever reads it. */
export async function begin(
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

/**
 * One look at our rollout, telling what has changed.
 * @throws DeployError when the platform goes back, has gone back or has stopped: that is never taken for success
 */
export async function follow(session: LockedDriven, attempt: DrivenAttempt): Promise<Rollout> {
  const rollout = await observe(session, attempt);
  if (rollout.state === 'under-way' || rollout.state === 'done') return rollout;
  const { failure = { reason: rollout.told, details: [] } } = rollout;
  // Why its tasks were no good, where that is known: the platform tells what it did about it.
  const known = failure.code === 'superseded' ? undefined : await evidence(session, rollout);
  throw unhealthy(rollout.color, {
    ...failure,
    reason: known === undefined ? failure.reason : `${failure.reason}; ${known.reason}`,
    hint: known?.hint ?? failure.hint,
    details: [...failure.details, ...(known?.details ?? [])],
  });
}

/** Like `follow`, whatever state the rollout is in. */
export async function observe(session: Session<DrivenTarget>, attempt: DrivenAttempt): Promise<Rollout> {
  const rollout = await session.target.observe(attempt.journal.rollout ?? '');
  tell(session, attempt, rollout);
  return rollout;
}

export function tell(
  session: Pick<DrivenSession, 'clock' | 'emit'>,
  attempt: DrivenAttempt,
  rollout: Rollout,
): void {
  const { told } = attempt;
  if (rollout.weights[rollout.color] > 0) attempt.shifted = true;
  if (isAllOn(rollout.weights, rollout.color)) attempt.shiftedAt ??= session.clock.now();
  if (rollout.told !== told.text) session.emit({ type: 'progress', message: rollout.told });
  const { blue, green } = rollout.weights;
  if (blue !== told.weights.blue || green !== told.weights.green)
    session.emit({ type: 'weights', weights: rollout.weights });
  attempt.told = { text: rollout.told, weights: rollout.weights };
}

async function evidence(session: LockedDriven, { color }: Rollout) {
  try {
    await session.target.health(color);
  } catch {
    session.signal.throwIfAborted();
  }
  const known = await diagnosis(session, color);
  // Without an end of a task or a failed check to show, it would only repeat a count.
  return known !== undefined && known.details.length > 0 ? known : undefined;
}

/** Tells the rollout to go on where it pauses. */
export async function goOn(session: LockedDriven, attempt: DrivenAttempt, rollout: Rollout): Promise<void> {
  const { pause } = rollout;
  if (pause === undefined) return;
  await change(session, () => session.target.goOn(rollout.id, pause));
  // Until the platform shows that it has gone on, the same pause may be seen again: telling it twice does no harm.
  attempt.told = { ...attempt.told, text: '' };
}

/** What of the rollout that is not ours stands in the way. */
export const busy = ({ told, release }: Rollout): DeployError =>
  new DeployError(
    `The platform is deploying ${release.image || release.id}, and not for this action: ${told}.`,
    {
      code: 'platform-busy',
      hint: 'Wait until it has ended, or stop it; operation: status shows how far it is, and rollback takes it back once users have it.',
    },
  );
