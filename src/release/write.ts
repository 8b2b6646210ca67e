import type { Platform } from '../target/target.ts';
import { otherColor } from './color.ts';
import { encodeJournal, type Journal } from './journal.ts';
import { change, type LockedSession } from './session.ts';

/** Writes down how far the run has got, before it goes there. */
export async function write(session: LockedSession<Platform>, journal: Journal): Promise<Journal> {
  await change(session, () => session.target.journal.write(otherColor(journal.from), encodeJournal(journal)));
  return journal;
}
