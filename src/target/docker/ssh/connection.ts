import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { excerpt } from '../../../text.ts';
import { TransientError } from '../../target.ts';
import type { SshAddress } from './address.ts';
import { control } from './control.ts';
import type { TempFolder } from './folder.ts';
import { type GuardedSsh, startGuarded } from './guard.ts';
import { sshMissing } from './ssh-env.ts';
import { Refusals, readTranscript } from './transcript.ts';

/** One way through the tunnel: a socket here, an address there. */
export interface Forward {
  readonly local: string;
  /** As `ssh -L` takes it. */
  readonly far: string;
}

export interface Patience {
  /** How long TCP and SSH's greeting may take, in s. */
  readonly connect: number;
  /** After so many s of silence the host is asked for a sign of life, and after as many again twice … */
  readonly alive: number;
  /** … the connection is given up when so many questions stayed unanswered. */
  readonly aliveCount: number;
}

export interface ConnectionOptions {
  readonly address: SshAddress;
  readonly folder: TempFolder;
  /** Private keys' files; none: the agent's and the ssh config's. */
  readonly keys: readonly string[];
  readonly forwards: readonly Forward[];
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** ssh ended before there was a connection; it said this. */
export class NoConnection extends Error {
  override readonly name = 'NoConnection';
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super('ssh gave no connection');
    this.lines = lines;
  }
}

/** The agreed keys, the login: what follows after the greeting, in ms. */
const LOGIN_MS = 20_000;
const KEPT_LINES = 1000;

/**
 * One OpenSSH connection: a master process, which holds the forwardings. Others are added to it as they are needed,
 * over its control socket and so without a further connection.
 */
export class SshConnection {
  /** Resolves with the reason when the connection is gone. */
  readonly ended: Promise<string>;
  readonly #ssh: GuardedSsh;
  readonly #options: ConnectionOptions;
  readonly #refusals = new Refusals();
  readonly #forwards = new Map<string, Promise<void>>();
  #said: string[] = [];
  #keyOptions: string | undefined;
  #isOver = false;

  private constructor(ssh: GuardedSsh, options: ConnectionOptions) {
    this.#ssh = ssh;
    this.#options = options;
    for (const { far } of options.forwards) this.#forwards.set(far, Promise.resolve());
    this.ended = new Promise((resolve) =>
      ssh.child.on('close', (code) => {
        this.#isOver = true;
        resolve(excerpt(this.#said.at(-1) ?? `ssh ended with ${code}`));
      }),
    );
  }

  /** @throws NoConnection with what ssh said; DeployError `ssh-missing`; the signal's reason */
  static async open(options: ConnectionOptions): Promise<SshConnection> {
    const { folder, patience, signal } = options;
    signal.throwIfAborted();
    // A master that was killed leaves its socket, and ssh takes an existing one for another master's.
    await rm(folder.control, { force: true });
    const ssh = startGuarded(masterArgs(options), folder.path);
    const connection = new SshConnection(ssh, options);
    const lines: string[] = [];
    const late = () => {
      lines.push('The login timed out');
      ssh.end();
    };
    const timer = setTimeout(late, patience.connect * 1000 + LOGIN_MS);
    signal.addEventListener('abort', ssh.end);
    try {
      await new Promise<void>((resolve, reject) => {
        let rest = '';
        let isReady = false;
        ssh.child.stderr.setEncoding('utf8').on('data', (text: string) => {
          const all = (rest + text).split(/\r?\n/);
          rest = all.pop() ?? '';
          for (const line of all) connection.#read(line, isReady ? undefined : lines);
          // The control socket is the last thing that ssh opens, after all forwardings, and it says so.
          if (isReady || !existsSync(folder.control)) return;
          isReady = true;
          resolve();
        });
        ssh.child.on('error', reject);
        ssh.child.on('close', () => {
          if (rest !== '') lines.push(rest);
          reject(ssh.isMissing() ? sshMissing() : new NoConnection(lines));
        });
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', ssh.end);
    }
    // sshd turns Nagle's algorithm off with the first session only (packet.c: ssh_packet_set_interactive); without one,
    // one of ten new connections through the tunnel waits 40 ms for a delayed acknowledgement. Needn't succeed.
    void connection.run('true').catch(() => {});
    return connection;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** What the host's authorized_keys allows our key. */
  get keyOptions(): string | undefined {
    return this.#keyOptions;
  }

  /** Opens a way, unless there is one. @throws TransientError when the connection broke */
  forward({ local, far }: Forward): Promise<void> {
    const known = this.#forwards.get(far);
    if (known !== undefined) return known;
    const { folder, address, signal } = this.#options;
    const options = ['-O', 'forward', '-L', `${local}:${far}`];
    const added = control(folder.control, { options, host: address.host }, signal).then(
      ({ code, stderr }) => {
        if (code !== 0) throw new TransientError(`ssh opened no way to ${far}: ${excerpt(stderr)}`);
      },
    );
    this.#forwards.set(far, added);
    added.catch(() => this.#forwards.delete(far));
    return added;
  }

  /** Why the host did not open a way when it was last used; tells each refusal once. */
  refusal(far: string): string | undefined {
    return this.#refusals.take(far);
  }

  /** Runs a command on the host, through the user's shell there; what it wrote, whether or not it succeeded. */
  async run(command: string): Promise<string> {
    const { folder, address, signal } = this.#options;
    const { stdout } = await control(folder.control, { host: address.host, command }, signal);
    return stdout;
  }

  /** Ends it, and waits until all its processes are gone. */
  async end(): Promise<void> {
    this.#ssh.end();
    await this.ended;
  }

  #read(line: string, beginning: string[] | undefined): void {
    if (beginning !== undefined && beginning.length < KEPT_LINES) beginning.push(line);
    this.#refusals.read(line);
    const { said, keyOptions } = readTranscript([line]);
    this.#keyOptions = keyOptions ?? this.#keyOptions;
    if (beginning !== undefined) return;
    // Refused ways are no reason for an end.
    this.#said = [...this.#said, ...said.filter((text) => !/^channel \d+: /.test(text))].slice(-5);
  }
}

const masterArgs = ({ address, folder, keys, forwards, patience }: ConnectionOptions): readonly string[] => [
  ...['-N', '-M', '-S', folder.control, '-v', '-T', '-a', '-x'],
  ...hostArgs(address, folder, keys, folder.knownHosts, patience),
  ...setting('StrictHostKeyChecking', 'yes'),
  ...setting('ControlPersist', 'no'),
  ...setting('ExitOnForwardFailure', 'yes'),
  // After a drop, the sockets of the connection before are still there.
  ...setting('StreamLocalBindUnlink', 'yes'),
  ...setting('ServerAliveInterval', String(patience.alive)),
  ...setting('ServerAliveCountMax', String(patience.aliveCount)),
  ...forwards.flatMap(({ local, far }) => ['-L', `${local}:${far}`]),
  '--',
  address.host,
];

/** What any connection to the host is made with, whatever the user's config says. */
export const hostArgs = (
  { user, port }: SshAddress,
  folder: TempFolder,
  keys: readonly string[],
  knownHosts: string,
  patience: Patience,
): readonly string[] => [
  ...['-F', folder.config],
  ...(port === undefined ? [] : ['-p', port]),
  ...(user === undefined ? [] : ['-l', user]),
  ...keys.flatMap((path) => ['-i', path]),
  // Else an agent's other keys come first, and sshd ends the connection after six.
  ...(keys.length === 0 ? [] : setting('IdentitiesOnly', 'yes')),
  ...setting('BatchMode', 'yes'),
  ...setting('UserKnownHostsFile', knownHosts),
  ...setting('GlobalKnownHostsFile', '/dev/null'),
  ...setting('VerifyHostKeyDNS', 'no'),
  ...setting('UpdateHostKeys', 'no'),
  ...setting('AddKeysToAgent', 'no'),
  ...setting('PermitLocalCommand', 'no'),
  ...setting('RemoteCommand', 'none'),
  ...setting('ConnectTimeout', String(patience.connect)),
];

const setting = (name: string, value: string): readonly string[] => ['-o', `${name}=${value}`];
