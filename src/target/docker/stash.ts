import { DeployError } from '../../errors.ts';
import type { Color } from '../../release/color.ts';
import { type ColorContainers, type Container, containerOf, type Inspected } from './containers.ts';
import type { Creator } from './creator.ts';
import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-error.ts';
import { parseExact } from './docker-json.ts';
import { readInjected, writeInjected } from './injected-files.ts';
import { finishedJobs, inOrder } from './project-order.ts';
import type { RawContainer } from './recreate.ts';
import type { StashContainer } from './stash-container.ts';

export interface StashOptions {
  readonly docker: DockerCli;
  readonly stash: StashContainer;
  readonly creator: Creator;
  /** The service that takes the traffic. */
  readonly service: string;
}

interface Mounted {
  readonly Mounts?: readonly { readonly Type: string; readonly Name?: string }[] | null;
}

/** A container of the stash, ready to be compared and to be created again. */
interface Stashed {
  readonly container: Container;
  readonly raw: RawContainer;
  readonly files: readonly Buffer[];
}

/** Secrets among them, as in the environment of the containers. */
type Files = Readonly<Record<string, readonly string[]>>;

/** The parked containers of a color as they were before a release replaced them, until that is accepted or refused. */
export class Stash {
  readonly #options: StashOptions;

  constructor(options: StashOptions) {
    this.#options = options;
  }

  /**
   * Writes down what the color holds, be it nothing. Only the first time in a run: by the second, the new release's own
   * containers may be there. Jobs that have done their work are left out, as there is nothing to go back to in them.
   */
  async keep(color: Color, { all }: ColorContainers): Promise<void> {
    const { docker, stash, service } = this.#options;
    const finished = finishedJobs(all, service);
    const ids = all.filter((one) => !finished.has(one)).map(({ id }) => id);
    if ((await stash.read()) !== undefined) return;
    const inspected = ids.length === 0 ? '[]' : await docker.run(['container', 'inspect', ...ids]);
    const files: Record<string, readonly string[]> = {};
    for (const raw of parseExact<RawContainer[]>(inspected, 'docker container inspect'))
      files[raw.Id] = (await readInjected(docker, raw)).map((archive) => archive.toString('base64'));
    await stash.write(`{"color":"${color}","containers":${inspected},"files":${JSON.stringify(files)}}`);
  }

  /** What was stashed of this color; nothing when nothing was started there. */
  async read(color: Color): Promise<readonly Stashed[] | undefined> {
    const text = await this.#options.stash.read();
    if (text === undefined) return undefined;
    const stash = parseExact<{
      color: Color;
      containers: (RawContainer & Inspected)[];
      // A run of an older version may have died.
      files?: Files;
    }>(text);
    if (stash.color !== color) return undefined;
    return stash.containers.map((raw) => ({
      container: containerOf(raw),
      raw,
      files: (stash.files?.[raw.Id] ?? []).map((archive) => Buffer.from(archive, 'base64')),
    }));
  }

  /** The anonymous volumes of what was stashed: Docker names them by 64 hex digits. */
  async anonymousVolumes(): Promise<readonly string[]> {
    const text = await this.#options.stash.read();
    if (text === undefined) return [];
    const { containers } = parseExact<{ containers: readonly Mounted[] }>(text);
    const names = containers.flatMap(({ Mounts }) =>
      (Mounts ?? []).filter(({ Type }) => Type === 'volume').map(({ Name = '' }) => Name),
    );
    return [...new Set(names)].filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  /** Whether the container is this one, or was created from it, completely. */
  static isSame(container: Container, { container: before }: Stashed): boolean {
    if (container.id === before.id) return true;
    const networks = Object.keys(before.inspected.NetworkSettings.Networks ?? {});
    return (
      container.name === before.name &&
      container.release.id === before.release.id &&
      container.inspected.Image === before.inspected.Image &&
      // Whoever created it may have been killed before it was connected everywhere.
      networks.every((network) => network in (container.inspected.NetworkSettings.Networks ?? {}))
    );
  }

  /** Creates again those that are not `present`, in the order in which they need each other. */
  async putBack(stashed: readonly Stashed[], present: readonly Container[]): Promise<void> {
    const ids = new Map<string, string>();
    for (const { container } of inOrder(stashed.map((one) => one.container))
      .flat()
      .map((one) => of(stashed, one))) {
      const before = of(stashed, container);
      const here = present.find((one) => Stash.isSame(one, before));
      // Whoever created it may have been killed before it had its files.
      if (here !== undefined && here.id !== container.id && here.inspected.State.Status === 'created')
        await writeInjected(this.#options.docker, here.id, before.files);
      ids.set(container.id, here?.id ?? (await this.#create(before, ids)));
    }
  }

  async #create({ container, raw, files }: Stashed, ids: ReadonlyMap<string, string>): Promise<string> {
    try {
      return await this.#options.creator.recreate(raw, ids, files);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      throw new DeployError(`${container.name}, which was parked, can't be created again: ${error.message}`, {
        code: 'parked-release-lost',
        hint: `Mend that and run again; or give that release up with \`docker rm -v ${this.#options.stash.name}\`.`,
        cause: error,
      });
    }
  }
}

const of = (stashed: readonly Stashed[], container: Container): Stashed =>
  stashed.find((one) => one.container === container)!;
