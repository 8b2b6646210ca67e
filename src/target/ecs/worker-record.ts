import type { Service } from '@aws-sdk/client-ecs';
import { COLORS, type Color } from '../../release/color.ts';
import type { ServicePair } from './services.ts';
import { journalTag, journalTags, tagMap } from './tags.ts';

/** What of a run concerns one worker; kept as tags on its own services, as one tag takes 256 characters only. */
const KEYS = ['release', 'parked-release', 'parked-count', 'scaling'] as const;
export type WorkerRecord = Partial<Record<(typeof KEYS)[number], string>>;

export class WorkerRecords {
  readonly #pair: ServicePair;
  /** What this run has written; else what the tags say. */
  readonly #records = new Map<Color, WorkerRecord>();

  constructor(pair: ServicePair) {
    this.#pair = pair;
  }

  /** As far as the services were seen. */
  read(color: Color): WorkerRecord {
    const own = this.#records.get(color);
    if (own !== undefined) return own;
    const tags = tagMap(this.#pair.seen[color]?.tags);
    return Object.fromEntries(
      KEYS.flatMap((key) => {
        const value = tags.get(journalTag(key));
        return value === undefined ? [] : [[key, value]];
      }),
    );
  }

  async write(color: Color, service: Service, record: WorkerRecord): Promise<void> {
    this.#records.set(color, { ...this.read(color), ...record });
    await this.#pair.tag(service, journalTags(record));
  }

  async forget(): Promise<void> {
    const services = await this.#pair.known();
    for (const color of COLORS) {
      if (Object.keys(this.read(color)).length > 0)
        await this.#pair.untag(services[color], KEYS.map(journalTag));
      this.#records.set(color, {});
    }
  }
}
