import { basename, dirname, join } from 'node:path/posix';
import type { DockerCli } from '../docker-cli.ts';
import { DockerError } from '../docker-error.ts';
import { entriesOf, type TarEntry } from '../scrap-tar.ts';
import { tarOf } from './tar.ts';

export interface ContainerFile {
  /** Byte for byte: one character for each byte, as whoever wrote it need not have used UTF-8. */
  readonly text: string;
  readonly mode: number;
  /** ms since the epoch, in whole seconds: Docker cuts off the rest. */
  readonly modified: number;
}

/** More than anybody puts one after the other. */
const MOST_LINKS = 8;

/**
 * Files in a container, running or not, that has neither a shell nor `cat`: as `docker cp` reads and writes them, which
 * goes through mounts as the container does.
 */
export class ContainerFiles {
  readonly #docker: DockerCli;
  readonly #container: string;

  constructor(docker: DockerCli, container: string) {
    this.#docker = docker;
    this.#container = container;
  }

  /** The file; nothing when it isn't there. */
  async read(path: string): Promise<ContainerFile | undefined> {
    let place = path;
    for (let links = 0; links < MOST_LINKS; links += 1) {
      const entry = (await this.#entries(place))?.find(({ type }) => type !== 'other');
      if (entry === undefined) return undefined;
      if (entry.type === 'file') return fileOf(entry);
      // Followed, as the proxy does.
      place = entry.target.startsWith('/') ? entry.target : join(dirname(place), entry.target);
    }
    return undefined;
  }

  /** The files directly in a directory, by name; nothing when it isn't there. */
  async list(path: string): Promise<ReadonlyMap<string, ContainerFile> | undefined> {
    // So, it may be a link as well.
    const entries = await this.#entries(`${path}/.`);
    if (entries === undefined) return undefined;
    // The directory itself comes first.
    const [self] = entries;
    const inside = entries.filter(
      ({ name, type }) => type === 'file' && join(dirname(name), '/') === join(self?.name ?? '', '/'),
    );
    return new Map(inside.map((entry) => [basename(entry.name), fileOf(entry)]));
  }

  /** Replaces the file, in a directory that must be there. */
  async write(path: string, { text, mode, modified }: ContainerFile): Promise<void> {
    const archive = tarOf(basename(path), { content: Buffer.from(text, 'latin1'), mode, modified });
    await this.#docker.api.putArchive(this.#container, dirname(path), archive);
  }

  async #entries(path: string): Promise<readonly TarEntry[] | undefined> {
    try {
      return entriesOf(await this.#docker.api.getArchive(this.#container, path));
    } catch (error) {
      // Engines before 23 say `No such container:path`, also for a file in a container that is there.
      if (
        error instanceof DockerError &&
        /no such container:path|could not find the file/i.test(error.message)
      )
        return undefined;
      throw error;
    }
  }
}

const fileOf = ({ content, mode, modified }: TarEntry): ContainerFile => ({
  text: content.toString('latin1'),
  mode: mode & 0o777,
  modified,
});
