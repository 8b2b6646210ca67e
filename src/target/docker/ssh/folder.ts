import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeployError } from '../../../errors.ts';

/**
 * The kernel takes 107 characters as a socket's path (103 on macOS), and ssh first creates its control socket beside
 * its place, with 17 characters more.
 */
const LONGEST_FOLDER = 103 - '/c.0123456789abcdef'.length;

/**
 * The folder of one host: sockets, known hosts, and the key while it is needed. Only this user can enter it, which
 * matters: whoever reaches the engine's socket owns the Docker host.
 */
export class TempFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<TempFolder> {
    const tried: string[] = [];
    for (const base of [process.env['RUNNER_TEMP'], tmpdir(), '/tmp']) {
      if (base === undefined || base === '') continue;
      // Paths go into ssh's config and options, where spaces, colons and percent signs have meanings.
      const real = await realpath(base).catch(() => base);
      tried.push(real);
      if (!/^\/[\w.,@+/-]*$/.test(real) || real.length + '/bg-XXXXXX'.length > LONGEST_FOLDER) continue;
      // 0700, as mkdtemp(3) has it.
      const path = await mkdtemp(join(real, 'bg-')).catch(() => undefined);
      if (path !== undefined) return new TempFolder(path);
    }
    throw new DeployError('There is no temporary folder that could hold the sockets of an SSH tunnel.', {
      code: 'temp-unusable',
      hint: `Set RUNNER_TEMP to a writable folder with a short path without spaces (sockets’ paths end at ${LONGEST_FOLDER} characters).`,
      details: tried,
    });
  }

  /** The control socket of the ssh process that holds the connection. */
  get control(): string {
    return join(this.path, 'c');
  }
  get config(): string {
    return join(this.path, 'config');
  }
  get knownHosts(): string {
    return join(this.path, 'known_hosts');
  }
  /** The host's keys as they came, before one of them is found to be the right one. */
  get offered(): string {
    return join(this.path, 'offered');
  }
  get key(): string {
    return join(this.path, 'key');
  }
  /** The local end of the engine. */
  get engine(): string {
    return join(this.path, 'docker.sock');
  }
  /** The local end of another forwarding. */
  socket(number: number): string {
    return join(this.path, `${number}.sock`);
  }

  async removeKey(): Promise<void> {
    await rm(this.key, { force: true });
  }

  /** Never throws: the runner empties RUNNER_TEMP, too. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true }).catch(() => {});
  }
}
