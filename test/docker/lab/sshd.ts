import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { requirement } from '../../requirements.ts';
import { until } from './until.ts';

/** sshd wants to be called by its whole path, since it starts itself anew for each connection. */
const SSHD = '/usr/sbin/sshd';

export const sshd = requirement('sshd', () => {
  execFileSync('ssh', ['-V'], { stdio: 'ignore' });
  return existsSync(SSHD) ? SSHD : undefined;
});

export interface SshServerOptions {
  /** Further lines of its sshd_config. */
  readonly config?: readonly string[];
  /** Options of the key in authorized_keys: `restrict`, ... */
  readonly keyOptions?: string;
  /** Who logs in, instead of the account that runs the tests: somebody who may not use what is root's. Needs root. */
  readonly account?: string;
}

/**
 * A real sshd on a loopback port: with its own host keys, configuration and authorized_keys, so that nothing of the
 * machine's own SSH is used or changed. As root, it also has an own /etc/passwd (in a mount namespace), by which whoever
 * logs in is at home in its folder: what the user's own .bashrc does is none of the tests' business.
 */
export class SshServer implements AsyncDisposable {
  readonly folder: string;
  readonly port: number;
  readonly user: string;
  /** The private key that it lets in. */
  readonly keyFile: string;
  readonly #options: SshServerOptions;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number, options: SshServerOptions) {
    this.folder = folder;
    this.port = port;
    this.#options = options;
    this.user = options.account ?? userInfo().username;
    this.keyFile = join(folder, 'key');
  }

  static async start(options: SshServerOptions = {}): Promise<SshServer> {
    const folder = mkdtempSync(join(tmpdir(), 'sshd-'));
    // sshd reads authorized_keys as the user who logs in.
    chmodSync(folder, 0o755);
    const server = new SshServer(folder, await freePort(), options);
    for (const [name, type] of [
      ['key', 'ed25519'],
      ['host_ed25519', 'ed25519'],
      ['host_ecdsa', 'ecdsa'],
    ] as const)
      server.newKey(name, type);
    await server.allow(server.publicKey);
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    await server.start();
    return server;
  }

  /** `ssh://user@127.0.0.1:port` */
  url(socket = ''): string {
    return `ssh://${this.user}@127.0.0.1:${this.port}${socket}`;
  }

  get publicKey(): string {
    return readFileSync(`${this.keyFile}.pub`, 'utf8').trim();
  }

  get key(): string {
    return readFileSync(this.keyFile, 'utf8');
  }

  /** Its line of a known_hosts file. */
  get knownHosts(): string {
    return `[127.0.0.1]:${this.port} ${this.hostKey('ed25519')}`;
  }

  hostKey(type: 'ed25519' | 'ecdsa'): string {
    return readFileSync(join(this.folder, `host_${type}.pub`), 'utf8').trim();
  }

  fingerprint(type: 'ed25519' | 'ecdsa'): string {
    const text = execFileSync('ssh-keygen', ['-lf', join(this.folder, `host_${type}.pub`)], {
      encoding: 'utf8',
    });
    return /SHA256:\S+/.exec(text)![0];
  }

  /** Makes a key pair in the folder, in the place of one that may be there. */
  newKey(name: string, type: 'ed25519' | 'ecdsa'): string {
    const path = join(this.folder, name);
    rmSync(path, { force: true });
    rmSync(`${path}.pub`, { force: true });
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', name, '-f', path]);
    return path;
  }

  /** Makes these public keys the ones that are let in. */
  async allow(...publicKeys: readonly string[]): Promise<void> {
    const { keyOptions = '' } = this.#options;
    const lines = publicKeys.map((key) => `${keyOptions} ${key}`.trim());
    await writeFile(join(this.folder, 'authorized_keys'), `${lines.join('\n')}\n`);
  }

  get log(): string {
    return existsSync(join(this.folder, 'log')) ? readFileSync(join(this.folder, 'log'), 'utf8') : '';
  }

  /** How many connections came in since it was first started. */
  get connections(): number {
    return this.log.match(/^Connection from /gm)?.length ?? 0;
  }

  get logins(): number {
    return this.log.match(/^Accepted publickey for /gm)?.length ?? 0;
  }

  /** Resolves when the log matches. */
  async logged(pattern: RegExp): Promise<void> {
    await until(`${pattern} in sshd’s log`, () => pattern.test(this.log));
  }

  async start(config: readonly string[] = this.#options.config ?? []): Promise<void> {
    const path = (name: string) => join(this.folder, name);
    await writeFile(
      path('sshd_config'),
      [
        // sshd takes the first of several.
        ...config,
        'ListenAddress 127.0.0.1',
        `Port ${this.port}`,
        `HostKey ${path('host_ed25519')}`,
        `HostKey ${path('host_ecdsa')}`,
        `AuthorizedKeysFile ${path('authorized_keys')}`,
        'PidFile none',
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        'PermitRootLogin prohibit-password',
        'LogLevel VERBOSE',
        '',
      ].join('\n'),
    );
    const command = [SSHD, '-D', '-f', path('sshd_config'), '-E', path('log')];
    if (userInfo().uid === 0) {
      const id = this.user === 'root' ? 0 : 54_321;
      const others = readFileSync('/etc/passwd', 'utf8').replace(new RegExp(`^${this.user}:.*\\n`, 'm'), '');
      await writeFile(path('passwd'), `${this.user}:x:${id}:${id}::${this.folder}:/bin/sh\n${others}`);
      const script = 'mount --bind "$1" /etc/passwd && shift && exec "$@"';
      command.unshift(
        'unshare',
        '--mount',
        '--propagation',
        'private',
        'sh',
        '-c',
        script,
        'sh',
        path('passwd'),
      );
    }
    // It ends with this process, too, however that ends.
    command.unshift('setpriv', '--pdeathsig', 'TERM', '--');
    await writeFile(path('log'), '', { flag: 'a' });
    const starts = this.log.match(/^Server listening on /gm)?.length ?? 0;
    const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#process = child;
    await until('sshd listens', () => {
      if (hasEnded(child)) throw new Error(`sshd ended: ${this.log}`);
      return (this.log.match(/^Server listening on /gm)?.length ?? 0) > starts;
    });
  }

  /** Kills the servers of all connections, as a host that loses its power does it to them. */
  cut(): void {
    this.#signal('SIGKILL');
  }

  /** The servers of all connections say nothing any more, as in a network that has gone dead. */
  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  /** Ends it with all connections; `start` starts it again. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    this.#process = undefined;
    if (hasEnded(child)) return;
    const exit = once(child, 'exit', { signal: AbortSignal.timeout(10_000) });
    // First nobody new, then those who are there.
    const servers = descendants(child.pid!);
    child.kill('SIGKILL');
    await exit;
    for (const pid of servers) kill(pid, 'SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #signal(signal: NodeJS.Signals): void {
    for (const pid of descendants(this.#process!.pid!)) kill(pid, signal);
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

/** All processes below one, the deepest last. */
export function descendants(parent: number): readonly number[] {
  const children = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((entry) => {
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? address!.port : 0;
}
