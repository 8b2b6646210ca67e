import { DeployError } from '../../../errors.ts';
import type { HaproxySocket } from './haproxy-socket.ts';
import { parseMap } from './haproxy-tables.ts';

/** A map in HAProxy's memory: what `haproxy.cfg` looks up for each request. */
export class HaproxyMap {
  readonly #socket: HaproxySocket;
  readonly #path: string;

  /** @param path as haproxy.cfg has it */
  constructor(socket: HaproxySocket, path: string) {
    this.#socket = socket;
    this.#path = path;
  }

  /** @throws DeployError `haproxy-map-unknown` where haproxy.cfg has no such map; so do the others */
  async read(key: string): Promise<string | undefined> {
    const entries = parseMap(await this.#socket.ask('show', 'map', this.#path));
    return entries.find(([name]) => name === key)?.[1];
  }

  async isKnown(): Promise<boolean> {
    return (await this.#socket.ask('show', 'map', this.#path).catch(unlessUnknown)) !== undefined;
  }

  async write(key: string, value: string): Promise<void> {
    // `set` refuses a key that is missing, and `add` one that is there makes a second entry.
    const verb = (await this.read(key)) === undefined ? 'add' : 'set';
    await this.#socket.ask(verb, 'map', this.#path, key, value);
  }

  async remove(key: string): Promise<void> {
    if ((await this.read(key)) !== undefined) await this.#socket.ask('del', 'map', this.#path, key);
  }
}

/** For a map that haproxy.cfg may do without. */
export function unlessUnknown(error: unknown): undefined {
  if (error instanceof DeployError && error.code === 'haproxy-map-unknown') return undefined;
  throw error;
}
