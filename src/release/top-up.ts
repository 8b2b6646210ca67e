import { otherColor } from './color.ts';
import { healthy } from './health.ts';
import type { Journal } from './journal.ts';
import { type LockedSession, patiently } from './session.ts';
import { stage } from './stage.ts';

/**
 * The live color may have grown while the release was started and tested (or since it was staged): the traffic that
 * made it grow is about to come over, so the new color gets as many first, and proves them. A count that the user
 * fixed stays what it is, but for a rollback, which takes what is there.
 */
export async function topUp(session: LockedSession, journal: Journal): Promise<void> {
  const { policy } = session.job;
  const isFixed = policy.count !== undefined && journal.operation !== 'rollback';
  const [from, to] = [journal.from, otherColor(journal.from)];
  let asked = 0;
  let askedWorkers: readonly number[] = [];
  for (;;) {
    const { colors } = await patiently(session, () => session.target.inspect());
    const [old, own] = [colors[from], colors[to]];
    const has = Math.max(asked, own.desired);
    const grown = !isFixed && old.desired > has;
    // What stands in for traffic there, a queue, goes on growing just the same.
    const workers = old.workers ?? [];
    const grownWorkers = workers.some(
      (count, i) => count > Math.max(askedWorkers[i] ?? 0, own.workers?.[i] ?? 0),
    );
    if (!grown && !grownWorkers) return;
    const count = grown ? old.desired : has;
    session.emit({
      type: 'progress',
      message: grown
        ? `${from} has grown to ${count} meanwhile: ${to} gets as many before it gets the traffic.`
        : `The workers of ${from} have grown meanwhile: those of ${to} get as many before it gets the traffic.`,
    });
    await stage(session, to, { id: journal.release, image: journal.image }, count, { warm: true });
    await healthy(session, to);
    asked = count;
    askedWorkers = workers;
  }
}
