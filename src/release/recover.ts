import type { Platform } from '../target/target.ts';
import { otherColor } from './color.ts';
import { notAlike, splitByHand } from './foreign-weights.ts';
import { isImage, readable } from './image.ts';
import { type Journal, reached } from './journal.ts';
import type { Job, Operation } from './policy.ts';
import { change, type LockedSession, patiently, type Session, step } from './session.ts';
import type { Situation } from './situation.ts';
import { finishBroken, remedy, undo } from './undo.ts';

/** What a run finds when it begins, once what an earlier run left behind is dealt with. */
export interface Start {
  readonly situation: Situation;
  /** Set when that already took users back to their former release: for a `rollback` there is nothing left to do. */
  readonly rolledBack?: string;
}

type Remedy = ReturnType<typeof remedy>;

/** Looks at the target, and finishes or undoes what a dead run, or a staged release, left there. */
export async function recover(session: LockedSession, { resuming = false } = {}): Promise<Start> {
  const situation = await look(session);
  const { journal } = situation;
  if (journal === undefined) {
    refuseSplit(situation);
    return { situation };
  }
  const decision = remedy(journal, situation);
  await step(
    session,
    'recover',
    describe(journal, decision, session.job.operation),
    () => Promise.resolve(), // the work is told in steps of its own
  );
  if (decision === 'forget') {
    await change(session, () => session.target.journal.clear());
  } else if (decision === 'finish') {
    const hurried =
      !resuming && journal.operation !== 'rollback' && isWanted(session.job, situation, journal);
    await finishBroken(session, journal, { park: !hurried });
  } else {
    await undo(session, journal, { usersHadIt: reached(journal, 'shifting') });
  }
  return { situation: await look(session), rolledBack: rolledBack(journal, decision) };
}

/**
 * Whoever rolls back from a deployment wants the old color's instances, and now: they are not parked first. Only where
 * that is certain: else nobody would park them.
 */
function isWanted({ operation, imageTag }: Job, { colors }: Situation, { from }: Journal): boolean {
  const { release } = colors[from];
  if (operation !== 'rollback' || release === undefined) return false;
  return imageTag === '' || isImage(release.image, imageTag);
}

function rolledBack({ operation, phase, imageTag }: Journal, decision: Remedy): string | undefined {
  if (operation === 'rollback')
    return decision === 'finish' ? `The rollback to ${imageTag} that was under way is finished.` : undefined;
  return decision === 'undo' && phase === 'shifting'
    ? `${imageTag} was half-way to users and is taken back.`
    : undefined;
}

export const look = (session: Session<Platform>): Promise<Situation> =>
  step(
    session,
    'inspect',
    'Look at the target',
    async () => {
      const situation = await patiently(session, () => session.target.inspect());
      session.emit({ type: 'situation', situation });
      return situation;
    },
    ({ live, colors }) => `${live} is live with ${readable(colors[live].release?.image ?? 'nothing')}`,
  );

/** Only what a run of ours has left half-way is ours to put right. */
export function refuseSplit({ weights, live }: Situation): void {
  if (weights[live] > 0 && weights[otherColor(live)] === 0) return;
  throw weights.blue + weights.green > 100 ? notAlike() : splitByHand(weights);
}

/** What is done about what another run left behind, as a title. */
export function describe(journal: Journal, decision: Remedy, operation: Operation): string {
  const to = otherColor(journal.from);
  if (decision === 'forget')
    return `${journal.imageTag} was staged on ${to}, and somebody gave it the traffic: leave it there`;
  if (journal.phase === 'staged')
    return `${journal.imageTag} is staged on ${to}: ${operation === 'abort' ? 'drop it' : 'drop it first'}`;
  return decision === 'finish'
    ? `An earlier ${journal.operation} of ${journal.imageTag} ended half-way: finish it`
    : `An earlier ${journal.operation} of ${journal.imageTag} ended half-way: undo it`;
}
