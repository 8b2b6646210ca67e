import { otherColor } from './color.ts';
import type { Journal } from './journal.ts';
import { type LockedSession, patiently } from './session.ts';
import { healthy, stage } from './steps.ts';

/**
 * The live color may have grown while the release was started and tested (or since it was staged): the traffic that
 * made it grow is about to come over, so the new color gets as many first, and proves them. A count that the user
 * fixed stays what it is, but for a rollback, which takes what is there.
 */
export async function topUp(session: LockedSession, journal: Journal): Promise<void> {
  const { policy } = session.job;
  if (policy.count !== undefined && journal.operation !== 'rollback') return;
  const to = otherColor(journal.from);
  let asked = 0;
  for (;;) {
    const { colors } = await patiently(session, () => session.target.inspect());
    const count = colors[journal.from].desired;
    if (count <= Math.max(asked, colors[to].desired)) return;
    session.emit({
      type: 'progress',
      message: `${journal.from} has grown to ${count} meanwhile: ${to} gets as many before it gets the traffic.`,
    });
    await stage(session, to, { id: journal.release, image: journal.image }, count, { warm: true });
    await healthy(session, to);
    asked = count;
  }
}
