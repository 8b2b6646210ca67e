import { toDeployError } from '../errors.ts';
import type { Attempt, Ended } from './attempt.ts';
import { isAllOn, otherColor } from './color.ts';
import type { Broken } from './guarded.ts';
import type { Journal } from './journal.ts';
import { change, type LockedSession, patiently } from './session.ts';
import { finishBroken, remedy, undo } from './undo.ts';
import { write } from './write.ts';

/** Everything goes back or, once the release was accepted, forward, as `remedy` says. */
export async function putRight(
  session: LockedSession,
  { journal, shifted = false }: Attempt,
  broken: Broken,
): Promise<Ended> {
  const { error, cancelled } = broken;
  const situation = await patiently(session, () => session.target.inspect());
  // Users have never left, and whoever is about to be stopped is who they have: a rollback goes back as well.
  const decision = error.code === 'not-followed' ? 'undo' : remedy(journal, situation);
  if (decision === 'finish') return carryThrough(session, journal, broken);
  if (decision === 'forget') {
    await change(session, () => session.target.journal.clear());
    return { result: 'failed', summary: error.message, error, end: 'release' };
  }
  // A shift that stopped half-way leaves both colors with traffic, each in another place.
  const usersHadIt = shifted || !isAllOn(situation.weights, journal.from);
  const complete = await undo(session, journal, { usersHadIt, urgent: cancelled });
  // Back from a rollback is where people fled from.
  const result = usersHadIt && journal.operation !== 'rollback' ? 'rolled-back' : 'failed';
  return { result, summary: error.message, error, end: complete ? 'release' : 'keep' };
}

/** Users have the release, and it is the one they should have: what failed afterwards is said, and made good later. */
async function carryThrough(
  session: LockedSession,
  journal: Journal,
  { error, cancelled }: Broken,
): Promise<Ended> {
  const result = journal.operation === 'rollback' ? 'rolled-back' : 'deployed';
  const summary = `${journal.imageTag} is live on ${otherColor(journal.from)}.`;
  // Before it is told: the post step and the next run go by what is written down, and would take back what is not.
  await write(session, journal);
  if (cancelled) return { result, summary, end: 'keep' };
  session.emit({
    type: 'warning',
    message: `${error.message} The release is live; the clean-up is tried again.`,
  });
  try {
    await finishBroken(session, journal, { park: true });
  } catch (thrown) {
    const { message } = toDeployError(thrown);
    session.emit({ type: 'warning', message: `${message} The next run finishes what is left.` });
  }
  return { result, summary, end: 'release' };
}
