import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path/posix';
import { type DockerCli, DockerError } from '../docker-cli.ts';
import { tarOf } from './tar.ts';

export interface ContainerFile {
  /** Byte for byte: one character for each byte, as whoever wrote it need not have used UTF-8. */
  readonly text: string;
  readonly mode: number;
  /** ms since the epoch, in whole seconds: Docker cuts off the rest. */
  readonly modified: number;
}

/**
 * Files in a container, running or not, that has neither a shell nor `cat`: through `docker cp`, which goes through
 * mounts as the container does.
 */
export class ContainerFiles {
  readonly #docker: DockerCli;
  readonly #container: string;

  constructor(docker: DockerCli, container: string) {
    this.#docker = docker;
    this.#container = container;
  }

  /** The file; nothing when it isn't there. */
  read(path: string): Promise<ContainerFile | undefined> {
    // Followed, as the proxy does; Docker then gives the copy the name of what the link led to.
    return this.#copy(path, async (folder) => {
      const [name] = await readdir(folder);
      return name === undefined ? undefined : load(join(folder, name));
    });
  }

  /** The files directly in a directory, by name; nothing when it isn't there. */
  list(path: string): Promise<ReadonlyMap<string, ContainerFile> | undefined> {
    return this.#copy(`${path}/.`, async (folder) => {
      const entries = await readdir(folder, { withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return new Map(
        await Promise.all(files.map(async ({ name }) => [name, await load(join(folder, name))] as const)),
      );
    });
  }

  /** Replaces the file, in a directory that must be there. */
  async write(path: string, { text, mode, modified }: ContainerFile): Promise<void> {
    const archive = tarOf(basename(path), { content: Buffer.from(text, 'latin1'), mode, modified });
    await this.#docker.run(['cp', '-', `${this.#container}:${dirname(path)}`], { input: archive });
  }

  async #copy<T>(path: string, use: (folder: string) => Promise<T>): Promise<T | undefined> {
    const folder = await mkdtemp(join(tmpdir(), 'blue-green-'));
    try {
      await this.#docker.run(['cp', '--follow-link', `${this.#container}:${path}`, folder]);
      return await use(folder);
    } catch (error) {
      // Engines before 23 say `No such container:path`, also for a file in a container that is there.
      if (
        error instanceof DockerError &&
        /no such container:path|could not find the file/i.test(error.message)
      )
        return undefined;
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function load(path: string): Promise<ContainerFile> {
  const [text, { mode, mtimeMs }] = await Promise.all([readFile(path, 'latin1'), stat(path)]);
  return { text, mode: mode & 0o777, modified: Math.floor(mtimeMs) };
}
