import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';
import { DeployError, toDeployError } from '../../../errors.ts';
import { duration } from '../../../text.ts';
import { TransientError } from '../../target.ts';
import type { Dialed, DockerHost, HostAddress } from '../host.ts';
import { farEnd, parseSshUrl, type SshAddress } from './address.ts';
import { type Forward, NoConnection, type Patience, SshConnection } from './connection.ts';
import {
  engineFailure,
  engineQuestion,
  isForbidden,
  readAnswer,
  socketForbidden,
  socketQuestion,
  tcpForbidden,
} from './diagnosis.ts';
import { engineAnswers } from './engine.ts';
import { type ConnectionFailure, connectionFailure } from './failures.ts';
import { TempFolder } from './folder.ts';
import { trustByFingerprint } from './host-key.ts';
import { fromHome, namesIn, readKnownHosts } from './known-hosts.ts';
import { keyText, readableKey } from './private-key.ts';
import { Relay } from './relay.ts';
import { sshConfig } from './ssh-config.ts';

export interface SshHostOptions {
  /** `ssh://[user@]host[:port][/path of the engine's socket]` */
  readonly url: string;
  /** Lines of a known_hosts file, the path of one, or fingerprints (`SHA256:…`). */
  readonly knownHosts: string | undefined;
  /** A private key's path, absolute, in the workspace or below `~/`. */
  readonly identityFile?: string;
  /** A private key. Without any, the agent's and those of the ssh config are tried. */
  readonly key?: string;
  /** What relative paths are relative to. */
  readonly workspace: string;
  /** What becomes of the connection, one line each. */
  readonly progress: (message: string) => void;
  /** Ends the opening, which then throws the signal's reason; later on, `close` does. */
  readonly signal?: AbortSignal;
  /** For tests. */
  readonly patience?: Partial<SshPatience>;
}

interface SshPatience extends Patience {
  /** How long to wait before each further try when the host is too busy to let us in, about, in ms. */
  readonly busy: readonly number[];
  /** How long to wait before each try to get a lost connection again, about, in ms. */
  readonly lost: readonly number[];
}

const PATIENCE: SshPatience = {
  connect: 10,
  // A dead network is noticed after 30 s.
  alive: 10,
  aliveCount: 2,
  busy: [500, 1000, 2000],
  // About a minute, the time in which a host restarts; with a dead network, each try takes `connect` besides.
  lost: [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000],
};

/**
 * Opens the one SSH connection on which a run reaches its Docker host: for the engine at once, and for whatever else
 * is dialed. When this returns, the engine has answered.
 * @throws DeployError when anything is wrong that a person must put right: within a second or so, and at a host that
 *   does not answer at all after 10 s
 */
export async function openSshHost(options: SshHostOptions): Promise<DockerHost> {
  const address = parseSshUrl(options.url);
  const trusted = await readKnownHosts(options.knownHosts, address, options.workspace);
  const identityFile =
    options.identityFile === undefined
      ? undefined
      : await readableKey(resolve(options.workspace, fromHome(options.identityFile)));
  const key = options.key === undefined || options.key.trim() === '' ? undefined : keyText(options.key);
  const host = new SshHost(
    address,
    await TempFolder.create(),
    { identityFile, key },
    { ...PATIENCE, ...options.patience },
    options.progress,
  );
  const cancel = () => host.stop(options.signal?.reason);
  options.signal?.addEventListener('abort', cancel);
  try {
    options.signal?.throwIfAborted();
    await host.open(trusted);
    return host;
  } catch (error) {
    await host.close();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', cancel);
  }
}

class SshHost implements DockerHost {
  readonly description: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #address: SshAddress;
  readonly #folder: TempFolder;
  readonly #key: string | undefined;
  readonly #keyFiles: readonly string[];
  readonly #patience: SshPatience;
  readonly #progress: (message: string) => void;
  /** By their far ends; they keep their local ends for as long as the host is open. */
  readonly #forwards = new Map<string, Forward>();
  readonly #relays = new Map<string, Promise<Relay>>();
  readonly #stop = new AbortController();
  #trustedNames: readonly string[] = [];
  #connection: SshConnection | undefined;
  #reconnecting: Promise<void> | undefined;
  /** Why there will be no connection any more. */
  #lost: DeployError | undefined;

  constructor(
    address: SshAddress,
    folder: TempFolder,
    { identityFile, key }: { identityFile: string | undefined; key: string | undefined },
    patience: SshPatience,
    progress: (message: string) => void,
  ) {
    this.#address = address;
    this.#folder = folder;
    this.#key = key;
    this.#keyFiles = [identityFile, key === undefined ? undefined : folder.key].filter(
      (path) => path !== undefined,
    );
    this.#patience = patience;
    this.#progress = progress;
    this.description = address.description;
    // An empty value turns TLS off, which a runner may have set for another engine.
    this.env = { DOCKER_HOST: `unix://${folder.engine}`, DOCKER_TLS_VERIFY: '', DOCKER_TLS: '' };
    this.#forwards.set(address.socket, { local: folder.engine, far: address.socket });
  }

  async open(trusted: Awaited<ReturnType<typeof readKnownHosts>>): Promise<void> {
    const config = sshConfig(this.#folder, this.#keyFiles, this.#patience.connect);
    await writeFile(this.#folder.config, config, { mode: 0o600 });
    if (trusted.kind === 'lines') {
      this.#trustedNames = namesIn(trusted.text);
      await writeFile(this.#folder.knownHosts, trusted.text, { mode: 0o600 });
    } else {
      const [address, folder, patience, signal] = [
        this.#address,
        this.#folder,
        this.#patience,
        this.#stop.signal,
      ];
      await this.#withKey(() =>
        this.#persist(() => trustByFingerprint(trusted.fingerprints, { address, folder, patience, signal })),
      );
    }
    const connection = await this.#persist(() => this.#connect());
    this.#use(connection);
    if (await engineAnswers(this.#folder.engine, this.#stop.signal)) return;
    this.#stop.signal.throwIfAborted();
    const answer = readAnswer(await connection.run(engineQuestion(this.#address.socket)));
    this.#stop.signal.throwIfAborted();
    throw engineFailure(this.#address, answer, connection.keyOptions);
  }

  async dial(address: HostAddress): Promise<Dialed> {
    const far = farEnd(address);
    const connection = this.#current();
    // ssh tells of a refusal before it closes the way, but not on the same way: whoever has just seen it closed may be
    // ahead of what ssh said by one turn of the event loop.
    await immediate();
    const reason = connection.refusal(far);
    if (reason !== undefined) await this.#explain(connection, address, far, reason);
    let forward = this.#forwards.get(far);
    if (forward === undefined) {
      forward = { local: this.#folder.socket(this.#forwards.size), far };
      this.#forwards.set(far, forward);
    }
    await connection.forward(forward);
    return { path: forward.local };
  }

  async url(address: { readonly host: string; readonly port: number }): Promise<string> {
    const far = farEnd(address);
    // Tells now, and not with each request, when there is no way.
    await this.dial(address);
    let relay = this.#relays.get(far);
    if (relay === undefined) {
      relay = Relay.open(() => this.dial(address));
      this.#relays.set(far, relay);
    }
    return (await relay).url;
  }

  /** From now on, nothing is waited for. */
  stop(reason?: unknown): void {
    this.#stop.abort(reason);
  }

  async close(): Promise<void> {
    this.stop();
    for (const relay of await Promise.allSettled(this.#relays.values()))
      if (relay.status === 'fulfilled') relay.value.close();
    await this.#reconnecting;
    await this.#connection?.end();
    await this.#folder.remove();
  }

  /** @throws TransientError, DeployError `host-unreachable` */
  #current(): SshConnection {
    if (this.#stop.signal.aborted)
      throw new TransientError(`The connection to ${this.description} is closed.`);
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#connection === undefined || this.#connection.isOver)
      throw new TransientError(`There is no connection to ${this.description} at the moment.`);
    return this.#connection;
  }

  /** @throws DeployError when a way that was refused is never going to be opened */
  async #explain(
    connection: SshConnection,
    address: HostAddress,
    far: string,
    reason: string,
  ): Promise<void> {
    if (!('path' in address)) {
      if (isForbidden(reason)) throw tcpForbidden(this.#address, far);
      return;
    }
    const answer = readAnswer(await connection.run(socketQuestion(address.path)));
    if (answer.exists && !answer.writable) throw socketForbidden(this.#address, address.path, answer);
  }

  async #connect(): Promise<SshConnection> {
    return this.#withKey(() =>
      SshConnection.open({
        address: this.#address,
        folder: this.#folder,
        keys: this.#keyFiles,
        forwards: [...this.#forwards.values()],
        patience: this.#patience,
        signal: this.#stop.signal,
      }),
    );
  }

  /** The key is a file only while somebody logs in with it. */
  async #withKey<T>(work: () => Promise<T>): Promise<T> {
    if (this.#key === undefined) return work();
    await writeFile(this.#folder.key, this.#key, { mode: 0o600 });
    try {
      return await work();
    } finally {
      await this.#folder.removeKey();
    }
  }

  /** Tries again where the host was only too busy. @throws DeployError */
  async #persist<T>(work: () => Promise<T>): Promise<T> {
    for (const pause of this.#patience.busy) {
      try {
        return await work();
      } catch (error) {
        const { error: failure, lasting } = this.#failure(error);
        if (lasting !== 'busy') throw failure;
        this.#progress(`${failure.message} Trying again.`);
        await this.#pause(pause);
      }
    }
    return work().catch((error) => {
      throw this.#failure(error).error;
    });
  }

  #failure(error: unknown): ConnectionFailure {
    if (this.#stop.signal.aborted) throw this.#stop.signal.reason;
    if (!(error instanceof NoConnection)) return { error: toDeployError(error), lasting: 'final' };
    return connectionFailure(error.lines, {
      address: this.#address,
      trustedNames: this.#trustedNames,
      keyFile: this.#folder.key,
    });
  }

  /** Half as long up to one and a half times: many jobs that were refused together shall not come back together. */
  #pause(ms: number): Promise<void> {
    return delay(ms * (0.5 + Math.random()), undefined, { signal: this.#stop.signal });
  }

  #use(connection: SshConnection): void {
    this.#connection = connection;
    void connection.ended.then((reason) => {
      if (this.#stop.signal.aborted) return;
      this.#connection = undefined;
      this.#reconnecting = this.#reconnect(reason);
    });
  }

  /** Never throws: nobody waits for it. */
  async #reconnect(reason: string): Promise<void> {
    this.#progress(`The connection to ${this.description} broke (${reason}). Connecting again.`);
    const since = Date.now();
    let last: DeployError | undefined;
    try {
      for (const pause of this.#patience.lost) {
        await this.#pause(pause);
        try {
          this.#use(await this.#connect());
          this.#progress(`Connected to ${this.description} again.`);
          return;
        } catch (error) {
          const failure = this.#failure(error);
          last = failure.error;
          if (failure.lasting === 'final') break;
        }
      }
    } catch {
      return; // Closed meanwhile.
    }
    this.#lost = new DeployError(
      `The connection to ${this.description} broke and could not be made again within ${duration(Date.now() - since)}: ${last?.message ?? reason}`,
      { code: 'host-unreachable', hint: last?.hint, details: last?.details, cause: last },
    );
    this.#progress(this.#lost.message);
  }
}
