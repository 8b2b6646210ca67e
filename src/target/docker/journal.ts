import type { Color } from '../../release/color.ts';
import type { JournalRecord } from '../../release/journal.ts';
import { type JournalStore, TransientError } from '../target.ts';
import type { DockerCli } from './docker-cli.ts';
import { Scrap } from './scrap.ts';

const FOLDER = 'journal';
const STASH = 'parked.json';
const RECORD = /^record-(\d+)\.json$/;

/**
 * What must outlive a run: files in a container that is created and never started, which exists only while a run is
 * unfinished or a release is staged. Each record is a file of its own and the newest that is whole counts, so that a
 * write which was cut off loses nothing. Only who holds the lock writes.
 */
export class JournalContainer implements JournalStore {
  readonly #scrap: Scrap;
  /** The number of the newest record that this process knows of. */
  #newest: number | undefined;
  /** What this process wrote last, and into which container: to read a container's files takes the engine 0.1 s. */
  #written: { readonly container: string; readonly record: JournalRecord } | undefined;

  constructor(options: { readonly docker: DockerCli; readonly app: string; readonly environment: string }) {
    this.#scrap = new Scrap({ ...options, purpose: 'journal' });
  }

  /** For people who must look into it, or remove it by hand. */
  get container(): string {
    return this.#scrap.name;
  }

  /** Somebody else may have written since: what this process wrote is no longer known to be the newest. */
  forget(): void {
    this.#newest = undefined;
    this.#written = undefined;
  }

  /** The newest record; nothing when no run is unfinished. */
  async read(): Promise<JournalRecord | undefined> {
    const found = await this.#scrap.find();
    if (found === undefined) {
      this.#newest = undefined;
      return undefined;
    }
    if (this.#written?.container === found.id) return this.#written.record;
    const files = await this.#scrap.read(found.id, FOLDER);
    const numbers = recordNumbers(files);
    this.#newest = numbers[0];
    for (const number of numbers) {
      const record = parse<JournalRecord>(files.get(`record-${number}.json`));
      if (record !== undefined) return record;
    }
    return undefined;
  }

  async write(_color: Color, record: JournalRecord): Promise<void> {
    if (this.#newest === undefined) this.#newest = recordNumbers(await this.#files())[0] ?? 0;
    // Never the same file twice, even when the answer to the first try was lost.
    this.#newest += 1;
    this.#written = undefined;
    const container = await this.#write({ [`record-${this.#newest}.json`]: JSON.stringify(record) });
    this.#written = { container, record };
  }

  async clear(): Promise<void> {
    const found = await this.#scrap.find();
    this.forget();
    if (found !== undefined) await this.#scrap.remove(found.id);
  }

  /** What was stashed in this run, or the one that it goes on from. */
  async stashed(): Promise<string | undefined> {
    const text = (await this.#files()).get(STASH);
    return parse(text) === undefined ? undefined : text;
  }

  /** Keeps the JSON text of what is about to be replaced, for as long as the run is unfinished. */
  async stash(json: string): Promise<void> {
    await this.#write({ [STASH]: json });
  }

  async #files(): Promise<ReadonlyMap<string, string>> {
    const found = await this.#scrap.find();
    return found === undefined ? new Map() : this.#scrap.read(found.id, FOLDER);
  }

  /** Returns the id of the container that it wrote into. */
  async #write(files: Readonly<Record<string, string>>): Promise<string> {
    const paths = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text]),
    );
    const found = await this.#scrap.find();
    if (found !== undefined && (await this.#scrap.write(found.id, paths))) return found.id;
    const id = (await this.#scrap.create({})) ?? (await this.#scrap.find())?.id;
    if (id !== undefined && (await this.#scrap.write(id, paths))) return id;
    throw new TransientError(`the container ${this.#scrap.name} was removed while it was written to`);
  }
}

/** The newest first. */
const recordNumbers = (files: ReadonlyMap<string, string>): number[] =>
  [...files.keys()]
    .flatMap((name) => RECORD.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);

function parse<T>(text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
