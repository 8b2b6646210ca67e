import { COLORS } from '../../release/color.ts';
import { decodeJournal, JOURNAL_KEYS, type Journal, type JournalRecord } from '../../release/journal.ts';
import type { JournalStore } from '../target.ts';
import type { ServicePair, Services } from './services.ts';
import { journalOf, journalTag, tagMap } from './tags.ts';
import type { Workers } from './workers.ts';

/** What must outlive a run, in tags of the service that it concerns; the workers remember their own part. */
export const journalOn = (pair: ServicePair, workers: Workers): JournalStore => ({
  async write(color, record) {
    await workers.note(color, record);
    const services = await pair.known();
    const tags = Object.entries(record).map(([key, value]) => [journalTag(key), value]);
    await pair.tag(services[color], Object.fromEntries(tags));
  },
  async clear() {
    const services = await pair.known();
    for (const color of COLORS) await pair.untag(services[color], JOURNAL_KEYS.map(journalTag));
    await workers.forget();
  },
});

/** What a run that has not ended wrote down. */
export function readJournal(services: Services): Journal | undefined {
  const record = COLORS.map((color) => journalOf(tagMap(services[color].tags))).find(
    (one) => one !== undefined,
  );
  return record === undefined ? undefined : decodeJournal(record as JournalRecord);
}
