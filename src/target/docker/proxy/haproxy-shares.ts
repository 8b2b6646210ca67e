import type { HaproxySettings } from '../../../config/environment.ts';
import { DeployError } from '../../../errors.ts';
import {
  COLORS,
  type Color,
  formatWeights,
  otherColor,
  share,
  type Weights,
} from '../../../release/color.ts';
import type { Problem } from '../../target.ts';
import type { ContainerFiles } from './container-files.ts';
import type { HaproxyLive } from './haproxy-live.ts';
import { type HaproxyMap, unlessUnknown } from './haproxy-map.ts';
import { readEntry } from './haproxy-tables.ts';
import type { Shares } from './proxy.ts';

export interface HaproxySharesOptions {
  readonly settings: HaproxySettings;
  /** `shares` of the settings. */
  readonly map: HaproxyMap;
  readonly files: ContainerFiles;
  readonly live: HaproxyLive;
}

/**
 * A share of the requests for the color that is not live. haproxy.cfg throws dice for each request (`rand(100)`), and
 * looks up in a second map how many percent a backend gets though it is not the live one:
 *
 *     http-request set-var(txn.dice) rand(100)
 *     use_backend shop-green if { str(shop-green),map_str_int(/maps/shares.map,0),sub(txn.dice) gt 0 }
 *
 * An entry is there only while a release is tried out, and in memory only: the file stays as it is, so that a restart or
 * a reload in the middle leads back to the color that had all. And as an entry says to whom its share belongs, the live
 * color can change while it is there: `shift` makes the backend with the share the live one, which sends it the rest, and
 * then takes the entry away. No request goes back to the color that is given up, not even for a moment.
 */
export class HaproxyShares implements Shares {
  readonly #settings: HaproxySettings;
  readonly #map: HaproxyMap;
  readonly #files: ContainerFiles;
  readonly #live: HaproxyLive;

  constructor({ settings, map, files, live }: HaproxySharesOptions) {
    this.#settings = settings;
    this.#map = map;
    this.#files = files;
    this.#live = live;
  }

  async problems(): Promise<readonly Problem[]> {
    const { shares, backends } = this.#settings;
    if (!(await this.#map.isKnown()))
      return [
        {
          message: `HAProxy does not know a map ${shares}: it can’t give a color a share of the traffic.`,
          fix: `Make that file, empty; add to haproxy.cfg, before the \`use_backend\` that looks up the live color, ${this.#lines()}; then reload HAProxy. It is in examples/docker-haproxy.`,
          forceable: false,
        },
      ];
    const file = await this.#files.read(shares);
    return COLORS.flatMap((color) => {
      const kept = file && readEntry(file.text, backends[color]);
      if (kept === undefined || kept === '0') return [];
      return [
        {
          message: `The file ${shares} gives ${backends[color]} ${kept} % of the traffic whenever HAProxy starts.`,
          fix: 'Remove that line: shares belong in HAProxy’s memory only.',
          forceable: true,
        },
      ];
    });
  }

  async set(weights: Weights): Promise<void> {
    const live = await this.#live.color();
    const tried = otherColor(live);
    const { backends } = this.#settings;
    await this.#map.remove(backends[live]);
    await this.#map.write(backends[tried], String(weights[tried]));
    await this.#confirm(weights);
  }

  /** Leaves all to the live color. */
  async end(): Promise<void> {
    // A haproxy.cfg from before there were shares: all goes to the live color, always.
    if (!(await this.#map.isKnown())) return;
    for (const color of COLORS) await this.#map.remove(this.#settings.backends[color]);
    await this.#confirm(share(await this.#live.color(), 100));
  }

  /** What each color gets, by the two maps that HAProxy looks at. */
  async weights(): Promise<Weights> {
    const tried = otherColor(await this.#live.color());
    return share(tried, await this.#percentOf(tried));
  }

  async #confirm(weights: Weights): Promise<void> {
    const now = await this.weights();
    if (COLORS.every((color) => now[color] === weights[color])) return;
    throw new DeployError(
      `HAProxy was told to share out ${formatWeights(weights)}, and has ${formatWeights(now)}.`,
      { code: 'shift-not-taken', hint: 'Find out what else changes its maps, then run again.' },
    );
  }

  async #percentOf(color: Color): Promise<number> {
    const value = await this.#map.read(this.#settings.backends[color]).catch(unlessUnknown);
    return Math.min(100, Math.max(0, Number.parseInt(value ?? '', 10) || 0));
  }

  #lines(): string {
    const { backends, shares } = this.#settings;
    const forColor = (color: Color) =>
      `\`use_backend ${backends[color]} if { str(${backends[color]}),map_str_int(${shares},0),sub(txn.dice) gt 0 }\``;
    return `\`http-request set-var(txn.dice) rand(100)\`, ${forColor('blue')} and ${forColor('green')}`;
  }
}
