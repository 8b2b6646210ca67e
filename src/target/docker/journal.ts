import { DeployError } from '../../errors.ts';
import type { Color } from '../../release/color.ts';
import type { JournalRecord } from '../../release/journal.ts';
import type { JournalStore } from '../target.ts';
import type { DockerCli } from './docker-cli.ts';
import { isMissing } from './docker-error.ts';
import type { StashContainer } from './stash-container.ts';

/** Labels of a journal's volumes: whose they are, which is the newest, and what it says. */
const APP = 'blue-green.journal.app';
const ENVIRONMENT = 'blue-green.journal.environment';
const NUMBER = 'blue-green.journal.number';
const RECORD = 'blue-green.journal.record.';

export interface VolumeJournalOptions {
  readonly docker: DockerCli;
  readonly app: string;
  readonly environment: string;
  /** What goes with the journal. */
  readonly stash: Pick<StashContainer, 'remove'>;
}

/**
 * What must outlive a run: labels of volumes that nothing mounts, which are there only while a run is unfinished or a
 * release is staged. A volume's labels can't change, so each record is a volume of its own, and the newest counts; it is
 * written whole or not at all. Measured on Docker 20.10: that takes the engine 2 ms, and a file in a container 70 ms,
 * during which the users wait for the release. Only who holds the lock writes.
 */
export class VolumeJournal implements JournalStore {
  readonly #options: VolumeJournalOptions;
  readonly #prefix: string;

  constructor(options: VolumeJournalOptions) {
    this.#options = options;
    this.#prefix = `${options.app}-${options.environment}-journal-`;
  }

  /** The newest record; nothing when no run is unfinished. */
  async read(): Promise<JournalRecord | undefined> {
    const newest = (await this.#volumes()).at(-1);
    if (newest === undefined) return undefined;
    const ours = Object.entries(newest.Labels ?? {}).filter(([name]) => name.startsWith(RECORD));
    return Object.fromEntries(ours.map(([name, value]) => [name.slice(RECORD.length), value]));
  }

  /** @throws DeployError `name-taken` when a volume of somebody else has the name */
  async write(_color: Color, record: JournalRecord): Promise<void> {
    const { docker, app, environment, stash } = this.#options;
    const newest = (await this.#volumes()).at(-1);
    // Whoever removed the volumes of an earlier run by hand has left what went with them: it is not this run's.
    if (newest === undefined && record['phase'] === 'staging') await stash.remove();
    const number = (newest === undefined ? 0 : numberOf(newest)) + 1;
    const name = `${this.#prefix}${number}`;
    const entries = Object.entries(record).map(([key, value]) => [`${RECORD}${key}`, value]);
    const labels = {
      ...Object.fromEntries(entries),
      [APP]: app,
      [ENVIRONMENT]: environment,
      [NUMBER]: String(number),
    };
    // Where there is one of that name already, the engine answers with that, and changes nothing.
    const made = await docker.api.post<Volume>('/volumes/create', { Name: name, Labels: labels });
    if (made.Labels?.[APP] !== app || made.Labels[ENVIRONMENT] !== environment)
      throw new DeployError(`The name of the journal’s volume, ${name}, belongs to another volume.`, {
        code: 'name-taken',
        hint: 'Remove that volume, or give the app or the environment another name.',
      });
  }

  /** What goes with the journal first, then the records, the newest last: whatever is cut off here, it tells the truth. */
  async clear(): Promise<void> {
    const volumes = await this.#volumes();
    await this.#options.stash.remove();
    for (const { Name } of volumes)
      try {
        await this.#options.docker.api.delete(`/volumes/${encodeURIComponent(Name)}`);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
  }

  /** The oldest first. */
  async #volumes(): Promise<readonly Volume[]> {
    const { docker, app, environment } = this.#options;
    const label = [`${APP}=${app}`, `${ENVIRONMENT}=${environment}`];
    const filters = encodeURIComponent(JSON.stringify({ label }));
    const { Volumes } = await docker.api.get<{ readonly Volumes?: readonly Volume[] | null }>(
      `/volumes?filters=${filters}`,
    );
    return (Volumes ?? []).toSorted((a, b) => numberOf(a) - numberOf(b));
  }
}

interface Volume {
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

const numberOf = ({ Labels }: Volume): number => Number(Labels?.[NUMBER] ?? 0);
