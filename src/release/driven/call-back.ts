import { toDeployError } from '../../errors.ts';
import type { DrivenTarget, Rollout } from '../../target/driven.ts';
import type { Ended } from '../attempt.ts';
import { otherColor } from '../color.ts';
import { isImage, tagOf } from '../image.ts';
import type { Journal } from '../journal.ts';
import { withLock } from '../lock.ts';
import { look } from '../recover.ts';
import { NO_SCALING } from '../scaling.ts';
import { change, patiently, repeatable, type Session, step } from '../session.ts';
import type { Situation } from '../situation.ts';
import { attemptOf, type DrivenSession } from './attempt.ts';
import { canBeCalledBack, ended, recover } from './undo.ts';

/**
 * A release that users have while the platform still keeps the former one is called back at once, whoever deployed it:
 * without the lock, which the run that watches it holds. The call touches exactly that rollout, and its run tells the
 * same end.
 * @param otherwise what is done where there is nothing to call back, or not any more
 */
export async function callBackAtOnce(
  session: DrivenSession,
  otherwise: (session: DrivenSession) => Promise<Ended>,
): Promise<Ended> {
  const situation = await look(session);
  const newest = await patiently(session, () => session.target.newest());
  if (!canBeCalledBack(newest) || situation.journal?.operation === 'rollback') return otherwise(session);
  const former = situation.colors[otherColor(newest.color)].release;
  const { imageTag } = session.job;
  if (imageTag !== '' && !(former !== undefined && isImage(former.image, imageTag)))
    return otherwise(session);
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
    await patiently(session, () => repeatable(() => session.target.callBack(newest.id)));
    return ended(session, attempt);
  });
  // It ended, or another one took its place, in this very moment.
  if (end.state !== 'gone-back') return otherwise(withoutIntent(session));
  await tidyUp(session, newest);
  return {
    result: 'rolled-back',
    summary: `${newest.release.image || newest.release.id} is taken back from users.`,
    end: 'release',
  };
}

/** What the run does was told: where it is told twice, some listeners keep the first and others the second. */
const withoutIntent = (session: DrivenSession): DrivenSession => ({
  ...session,
  emit: (event) => {
    if (event.type !== 'intent') session.emit(event);
  },
});

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
