import { randomBytes } from 'node:crypto';
import { DeployError } from '../../errors.ts';
import type { DockerCli } from './docker-cli.ts';
import { DockerError, isMissing } from './docker-error.ts';
import { packTar, unpackTar } from './scrap-tar.ts';

/** Labels of a scrap container: whose it is. */
const APP = 'blue-green.scrap.app';
const ENVIRONMENT = 'blue-green.scrap.environment';

/** How often a create is tried whose image another run removes at the same time. */
const TRIES = 3;

export interface ScrapOptions {
  readonly docker: DockerCli;
  readonly app: string;
  readonly environment: string;
  /** What it is for: the last part of its name. */
  readonly purpose: 'lock' | 'stash';
}

export interface FoundScrap {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A container that is created and never started: a name that only one can have, labels that can't change, and a place
 * for files which `docker cp` reads and writes. It needs no shell, no image of the user's and no folder on the host,
 * and what is in it is as safe from other users as a container's environment is.
 *
 * Its image is an empty one of our own: any other would lend it its labels (Compose's among them, by which it would
 * count as one of the color's containers) and its VOLUMEs, which Docker makes and fills when a container is created.
 */
export class Scrap {
  readonly name: string;
  readonly #repository: string;
  readonly #options: ScrapOptions;

  constructor(options: ScrapOptions) {
    const { app, environment, purpose } = options;
    this.#options = options;
    this.name = `${app}-${environment}-${purpose}`;
    this.#repository = `${app}-${environment}-scrap`;
  }

  /**
   * @throws DeployError `name-taken` when a container of somebody else has the name
   */
  async find(): Promise<FoundScrap | undefined> {
    const { docker, app, environment, purpose } = this.#options;
    const [found] = await docker.inspect<Inspected>('container', [this.name]);
    // `docker inspect` takes the beginning of an id for a name, too.
    if (found === undefined || found.Name !== `/${this.name}`) return undefined;
    const labels = found.Config.Labels ?? {};
    if (labels[APP] === app && labels[ENVIRONMENT] === environment) return { id: found.Id, labels };
    throw new DeployError(
      labels[APP] === undefined
        ? `The name of the ${purpose} container, ${this.name}, belongs to a container of your own.`
        : `The name of the ${purpose} container, ${this.name}, is used by ${labels[APP]} ${labels[ENVIRONMENT] ?? ''}.`,
      { code: 'name-taken', hint: 'Rename that container, or give the app or the environment another name.' },
    );
  }

  /** Atomic: creates the container and returns its id, or nothing when there is one of that name already. */
  async create(labels: Readonly<Record<string, string>>): Promise<string | undefined> {
    const { docker, app, environment } = this.#options;
    const all = { ...labels, [APP]: app, [ENVIRONMENT]: environment };
    const flags = Object.entries(all).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
    for (let left = TRIES; ; left -= 1) {
      const image = await this.#provideImage();
      try {
        const id = await docker.run([
          ...['container', 'create', '--name', this.name, '--network', 'none', '--pull', 'never'],
          ...flags,
          image,
          // It never runs, but Docker wants to be told what would.
          'none',
        ]);
        return id.trim();
      } catch (error) {
        if (isNameTaken(error)) return undefined;
        // Another run has just let go of its lock, and of the image with it.
        if (!isMissing(error) || left <= 1) throw error;
      }
    }
  }

  /**
   * Writes files into the container, whose id or name is given, whole or not at all but for the last one.
   * @returns false when there is no such container (any more)
   */
  async write(container: string, files: Readonly<Record<string, string>>): Promise<boolean> {
    const { docker } = this.#options;
    try {
      await docker.api.putArchive(container, '/', packTar(files));
      return true;
    } catch (error) {
      if (!isMissing(error)) throw error;
      return false;
    }
  }

  /** The files of a folder in the container, by their names in it; none when the folder, or the container, is missing. */
  async read(container: string, folder: string): Promise<ReadonlyMap<string, string>> {
    try {
      const files = unpackTar(await this.#options.docker.api.getArchive(container, `/${folder}`));
      return new Map([...files].map(([path, text]) => [path.slice(path.indexOf('/') + 1), text]));
    } catch (error) {
      if (
        isMissing(error) ||
        (error instanceof DockerError && /could not find the file/i.test(error.message))
      )
        return new Map();
      throw error;
    }
  }

  /** Removes exactly this container; quietly does nothing when it is gone. */
  async remove(container: string): Promise<void> {
    try {
      await this.#options.docker.run(['container', 'rm', '--volumes', container]);
    } catch (error) {
      const isGoing = error instanceof DockerError && /removal .* already in progress/i.test(error.message);
      if (!isMissing(error) && !isGoing) throw error;
    }
  }

  /** Removes what was imported, unless a container of its kind still needs it. */
  async removeImages(): Promise<void> {
    const images = await this.#images();
    if (images.length === 0) return;
    try {
      await this.#options.docker.run(['image', 'rm', ...images]);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
    }
  }

  /** One that is there already, or a new one. Its tag is its own: if two runs import at once, no tag moves. */
  async #provideImage(): Promise<string> {
    const [present] = await this.#images();
    if (present !== undefined) return present;
    const image = `${this.#repository}:${randomBytes(6).toString('hex')}`;
    await this.#options.docker.run(['image', 'import', '-', image], { input: packTar({}) });
    return image;
  }

  #images(): Promise<readonly string[]> {
    return this.#options.docker.tagsOf([this.#repository]);
  }
}

/** Whose a container is, by its labels; nothing where it is no scrap container. */
export function scopeOf(
  labels: Readonly<Record<string, string>>,
): { readonly app: string; readonly environment: string } | undefined {
  const { [APP]: app, [ENVIRONMENT]: environment } = labels;
  return app === undefined || environment === undefined ? undefined : { app, environment };
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Labels?: Readonly<Record<string, string>> | null };
}

const isNameTaken = (error: unknown): boolean =>
  error instanceof DockerError && /name .* is already in use/i.test(error.message);
