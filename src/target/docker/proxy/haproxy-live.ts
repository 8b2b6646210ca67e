import type { HaproxySettings } from '../../../config/environment.ts';
import { DeployError } from '../../../errors.ts';
import { COLORS, type Color } from '../../../release/color.ts';
import type { ContainerFile, ContainerFiles } from './container-files.ts';
import type { HaproxyMap } from './haproxy-map.ts';
import { readEntry, withEntry } from './haproxy-tables.ts';

export interface HaproxyLiveOptions {
  readonly settings: HaproxySettings;
  readonly map: HaproxyMap;
  readonly files: ContainerFiles;
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
   * In the file first, so that it outlives a restart; then for users; then read back.
   * @param before what must have been done by then
   */
  async give(to: Color, before?: () => Promise<void>): Promise<void> {
    const { key, map } = this.#settings;
    const backend = this.#settings.backends[to];
    await before?.();
    // Read right before it is written: it may have entries of other apps.
    await this.#writeFile(await this.#files.read(map), backend);
    if ((await this.entry()) !== backend) await this.#map.write(key, backend);
    const now = await this.entry();
    if (now !== backend)
      throw new DeployError(
        `HAProxy was told to send ${key} to ${backend}, and sends it to ${now ?? 'blue'}.`,
        {
          code: 'shift-not-taken',
          hint: 'Find out what else changes that map, then run again.',
        },
      );
    // Several apps may share the map, each with a lock of its own, and a run of another one that had read the file
    // before we wrote it has written over our entry. The users are there already: this costs them no time.
    await this.#writeFile(await this.#files.read(map), backend);
  }

  /** Writes nothing where the file, as it is, says so already. */
  async #writeFile(file: ContainerFile | undefined, backend: string): Promise<void> {
    const { map, key } = this.#settings;
    if (file !== undefined && readEntry(file.text, bytes(key)) === bytes(backend)) return;
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
