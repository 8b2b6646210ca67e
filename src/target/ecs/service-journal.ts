import type { Service } from '@aws-sdk/client-ecs';
import { COLORS } from '../../release/color.ts';
import { decodeJournal, JOURNAL_KEYS, type Journal, type JournalRecord } from '../../release/journal.ts';
import type { JournalStore } from '../target.ts';
import type { NativeService } from './native-service.ts';
import type { ServicePair } from './services.ts';
import { journalOf, journalTag, journalTags, tagMap } from './tags.ts';
import type { Workers } from './workers.ts';

/** What must outlive a run, in tags of the service that it concerns; the workers remember their own part. */
export const journalOn = (pair: ServicePair, workers: Workers): JournalStore => ({
  async write(color, record) {
    await workers.note(color, record);
    const services = await pair.known();
    await pair.tag(services[color], journalTags(record));
  },
  async clear() {
    const services = await pair.known();
    for (const color of COLORS) await pair.untag(services[color], JOURNAL_KEYS.map(journalTag));
    await workers.forget();
  },
});

/** The same where one service holds both colors, and one journal. */
export const journalOnOne = (service: NativeService): JournalStore => ({
  write: (_, record) => service.tag(journalTags(record)),
  clear: () => service.untag(JOURNAL_KEYS.map(journalTag)),
});

/** What a run that has not ended wrote down on one of the services. */
export function readJournal(services: readonly Service[]): Journal | undefined {
  const record = services.map(({ tags }) => journalOf(tagMap(tags))).find((one) => one !== undefined);
  return record === undefined ? undefined : decodeJournal(record as JournalRecord);
}
