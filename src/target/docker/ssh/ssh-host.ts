import { resolve } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { DeployError } from '../../../errors.ts';
import { duration } from '../../../text.ts';
import { TransientError } from '../../target.ts';
import type { Dialed, DockerHost, HostAddress } from '../host.ts';
import { farEnd, parseSshUrl, type SshAddress } from './address.ts';
import type { Forward, SshConnection } from './connection.ts';
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
import { TempFolder } from './folder.ts';
import { fromHome, readKnownHosts } from './known-hosts.ts';
import { Login, type LoginOptions, PATIENCE, type SshPatience } from './login.ts';
import { keyText, readableKey } from './private-key.ts';
import { Relay } from './relay.ts';

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
  const host = new SshHost({
    address,
    folder: await TempFolder.create(),
    identityFile,
    key,
    patience: { ...PATIENCE, ...options.patience },
    progress: options.progress,
  });
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
  readonly #login: Login;
  readonly #patience: SshPatience;
  readonly #progress: (message: string) => void;
  /** By their far ends; they keep their local ends for as long as the host is open. */
  readonly #forwards = new Map<string, Forward>();
  readonly #relays = new Map<string, Promise<Relay>>();
  readonly #stop = new AbortController();
  #connection: SshConnection | undefined;
  #reconnecting: Promise<void> | undefined;
  /** Why there will be no connection any more. */
  #lost: DeployError | undefined;

  constructor({ address, folder, patience, progress, ...keys }: Omit<LoginOptions, 'signal'>) {
    this.#address = address;
    this.#folder = folder;
    this.#patience = patience;
    this.#progress = progress;
    this.#login = new Login({ address, folder, patience, progress, ...keys, signal: this.#stop.signal });
    this.description = address.description;
    // An empty value turns TLS off, which a runner may have set for another engine.
    this.env = { DOCKER_HOST: `unix://${folder.engine}`, DOCKER_TLS_VERIFY: '', DOCKER_TLS: '' };
    this.#forwards.set(address.socket, { local: folder.engine, far: address.socket });
  }

  async open(trusted: Awaited<ReturnType<typeof readKnownHosts>>): Promise<void> {
    const connection = await this.#login.first(trusted, [...this.#forwards.values()]);
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
    // ahead of what ssh said by one turn of the event loop, of which the first immediate only ends the present one.
    await immediate();
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

  tunnel(): () => Promise<void> {
    const connection = this.#connection;
    return async () => {
      const answers = await engineAnswers(this.#folder.engine, this.#stop.signal);
      if (answers && connection !== undefined && connection === this.#connection) return;
      throw new TransientError(`The connection to ${this.description} broke under a question.`);
    };
  }

  lost(): DeployError | undefined {
    return this.#lost;
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
        await this.#login.pause(pause);
        try {
          this.#use(await this.#login.connect([...this.#forwards.values()]));
          this.#progress(`Connected to ${this.description} again.`);
          return;
        } catch (error) {
          const failure = this.#login.failure(error);
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
