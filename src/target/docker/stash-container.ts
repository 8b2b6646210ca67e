import { TransientError } from '../target.ts';
import type { DockerCli } from './docker-cli.ts';
import { Scrap } from './scrap.ts';

const FOLDER = 'stash';
const FILE = 'parked.json';

/**
 * Where what is about to be replaced is kept while a run is unfinished: a file in a container that never runs, as it
 * has the environment of containers in it, secrets as well.
 */
export class StashContainer {
  readonly #scrap: Scrap;

  constructor(options: { readonly docker: DockerCli; readonly app: string; readonly environment: string }) {
    this.#scrap = new Scrap({ ...options, purpose: 'stash' });
  }

  /** For people who must look into it, or remove it by hand. */
  get name(): string {
    return this.#scrap.name;
  }

  /** The JSON text that was kept in this run, or in the one that it goes on from; nothing where it was cut off. */
  async read(): Promise<string | undefined> {
    const found = await this.#scrap.find();
    if (found === undefined) return undefined;
    const text = (await this.#scrap.read(found.id, FOLDER)).get(FILE);
    return text !== undefined && isJson(text) ? text : undefined;
  }

  async write(json: string): Promise<void> {
    const id =
      (await this.#scrap.find())?.id ?? (await this.#scrap.create({})) ?? (await this.#scrap.find())?.id;
    if (id !== undefined && (await this.#scrap.write(id, { [`${FOLDER}/${FILE}`]: json }))) return;
    throw new TransientError(`the container ${this.name} was removed while it was written to`);
  }

  async remove(): Promise<void> {
    const found = await this.#scrap.find();
    if (found !== undefined) await this.#scrap.remove(found.id);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
