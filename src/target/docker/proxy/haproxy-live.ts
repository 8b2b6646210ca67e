import type { HaproxySettings } from '../../../config/environment.ts';
import { DeployError } from '../../../errors.ts';
import { COLORS, type Color } from '../../../release/color.ts';
import type { ContainerFile, ContainerFiles } from './container-files.ts';
import type { HaproxyMap } from './haproxy-map.ts';
import { readEntry, withEntry } from './haproxy-tables.ts';

/** A reload, or a run of another app, may come between two of the steps; hardly ever twice. */
const TRIES = 5;

export interface HaproxyLiveOptions {
  readonly settings: HaproxySettings;
  readonly map: HaproxyMap;
  readonly files: ContainerFiles;
}

/** What is done with a switch. */
export interface Around {
  /** Before it. */
  readonly before: () => Promise<void>;
  /** As soon as the users are there. */
  readonly moved: () => Promise<void>;
}

/** Which backend is live: an entry of a map, in HAProxy's memory and in its file. */
export class HaproxyLive {
  readonly #settings: HaproxySettings;
  readonly #map: HaproxyMap;
  readonly #files: ContainerFiles;

  constructor({ settings, map, files }: HaproxyLiveOptions) {
    this.#settings = settings;
    this.#map = map;
    this.#files = files;
  }

  /** The live backend in memory; nothing where the map has no entry, which means blue. */
  entry(): Promise<string | undefined> {
    return this.#map.read(this.#settings.key);
  }

  /** What the file says, which is what a restart or a reload leads to. */
  async file(): Promise<{ readonly entry: string | undefined } | undefined> {
    const { map, key } = this.#settings;
    const file = await this.#files.read(map);
    return file && { entry: readEntry(file.text, bytes(key)) };
  }

  colorOf(backend: string | undefined): Color | undefined {
    if (backend === undefined) return 'blue';
    return COLORS.find((color) => this.#settings.backends[color] === backend);
  }

  async color(): Promise<Color> {
    const backend = await this.entry();
    const color = this.colorOf(backend);
    if (color !== undefined) return color;
    const { key, map, backends } = this.#settings;
    throw new DeployError(
      `HAProxy sends ${key} to the backend ${backend}, which is neither ${backends.blue} nor ${backends.green}.`,
      {
        code: 'foreign-backend',
        hint: `Correct proxy.haproxy.backends or key, or set the entry right: \`set map ${map} ${key} ${backends.blue}\` on the admin socket.`,
      },
    );
  }

  /**
   * In memory first, which is what the users get, and then in the file, which is what a restart leads to: to write a file
   * in a container takes the engine a tenth of a second. Both colors run until both say the same, and whoever goes on
   * from a run that ended in between does this again: so nothing that comes in between (a restart, the end of this
   * process, a full disk) sends anybody where nothing answers; and a release that is taken back does not keep its users
   * for a file's sake.
   */
  async give(to: Color, { before, moved }: Around): Promise<void> {
    const backend = this.#settings.backends[to];
    await before();
    for (let left = TRIES; ; left -= 1) {
      if ((await this.entry()) !== backend) await this.#map.write(this.#settings.key, backend);
      if (left === TRIES) await moved();
      // Read right before it is written, and again after that. It may have entries of other apps, each with a lock of its
      // own: a run of another one that had read the file before we wrote it writes over our entry.
      const file = await this.#files.read(this.#settings.map);
      const isSaid = this.#says(file, backend);
      const now = await this.entry();
      if (isSaid && now === backend) return;
      if (left <= 1) throw this.#notTaken(backend, now);
      if (!isSaid) await this.#writeFile(file, backend);
    }
  }

  #notTaken(backend: string, now: string | undefined): DeployError {
    const { key, map } = this.#settings;
    return new DeployError(
      now === backend
        ? `HAProxy sends ${key} to ${backend}, but something else keeps changing the file ${map}.`
        : `HAProxy was told to send ${key} to ${backend}, and sends it to ${now ?? 'blue'}.`,
      { code: 'shift-not-taken', hint: 'Find out what else changes that map, then run again.' },
    );
  }

  #says(file: ContainerFile | undefined, backend: string): boolean {
    return file !== undefined && readEntry(file.text, bytes(this.#settings.key)) === bytes(backend);
  }

  async #writeFile(file: ContainerFile | undefined, backend: string): Promise<void> {
    const { map, key } = this.#settings;
    await this.#files.write(map, {
      text: withEntry(file?.text ?? '', bytes(key), bytes(backend)),
      // Docker gives the file to root; HAProxy must be able to read it, whoever it runs as.
      mode: (file?.mode ?? 0) | 0o644,
      modified: Date.now(),
    });
  }
}

/** Text as `ContainerFile` has it. */
const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
