import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { toDeployError } from '../../../errors.ts';
import type { SshAddress } from './address.ts';
import { type Forward, NoConnection, type Patience, SshConnection } from './connection.ts';
import { type ConnectionFailure, connectionFailure } from './failures.ts';
import type { TempFolder } from './folder.ts';
import { trustByFingerprint } from './host-key.ts';
import { namesIn, type readKnownHosts } from './known-hosts.ts';
import { sshConfig } from './ssh-config.ts';

export interface SshPatience extends Patience {
  /** How long to wait before each further try when the host is too busy to let us in, about, in ms. */
  readonly busy: readonly number[];
  /** How long to wait before each try to get a lost connection again, about, in ms. */
  readonly lost: readonly number[];
}

export const PATIENCE: SshPatience = {
  connect: 10,
  // A dead network is noticed after 30 s.
  alive: 10,
  aliveCount: 2,
  busy: [500, 1000, 2000],
  // About a minute, the time in which a host restarts; with a dead network, each try takes `connect` besides.
  lost: [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000],
};

export interface LoginOptions {
  readonly address: SshAddress;
  readonly folder: TempFolder;
  readonly identityFile: string | undefined;
  /** A private key's text. */
  readonly key: string | undefined;
  readonly patience: SshPatience;
  readonly progress: (message: string) => void;
  /** From then on, nothing is waited for. */
  readonly signal: AbortSignal;
}

/** The way in: to a host that is known, with whatever key there is, and again where the host was only too busy. */
export class Login {
  readonly #options: LoginOptions;
  readonly #keyFiles: readonly string[];
  #trustedNames: readonly string[] = [];

  constructor(options: LoginOptions) {
    this.#options = options;
    const { identityFile, key, folder } = options;
    this.#keyFiles = [identityFile, key === undefined ? undefined : folder.key].filter(
      (path) => path !== undefined,
    );
  }

  /** The first one. @throws DeployError */
  async first(
    trusted: Awaited<ReturnType<typeof readKnownHosts>>,
    forwards: readonly Forward[],
  ): Promise<SshConnection> {
    const { address, folder, patience, signal } = this.#options;
    const config = sshConfig(folder, this.#keyFiles, patience.connect);
    await writeFile(folder.config, config, { mode: 0o600 });
    if (trusted.kind === 'lines') {
      this.#trustedNames = namesIn(trusted.text);
      await writeFile(folder.knownHosts, trusted.text, { mode: 0o600 });
    } else {
      await this.#withKey(() =>
        this.#persist(() => trustByFingerprint(trusted.fingerprints, { address, folder, patience, signal })),
      );
    }
    return this.#persist(() => this.connect(forwards));
  }

  /** One try. What it throws is for `failure`. */
  connect(forwards: readonly Forward[]): Promise<SshConnection> {
    const { address, folder, patience, signal } = this.#options;
    return this.#withKey(() =>
      SshConnection.open({ address, folder, keys: this.#keyFiles, forwards, patience, signal }),
    );
  }

  /** Why a try came to nothing, and whether another one might. Throws the signal's reason where it was ended. */
  failure(error: unknown): ConnectionFailure {
    const { address, folder, signal } = this.#options;
    if (signal.aborted) throw signal.reason;
    if (!(error instanceof NoConnection)) return { error: toDeployError(error), lasting: 'final' };
    return connectionFailure(error.lines, {
      address,
      trustedNames: this.#trustedNames,
      keyFile: folder.key,
    });
  }

  /** Half as long up to one and a half times: many jobs that were refused together shall not come back together. */
  pause(ms: number): Promise<void> {
    return delay(ms * (0.5 + Math.random()), undefined, { signal: this.#options.signal });
  }

  /** The key is a file only while somebody logs in with it. */
  async #withKey<T>(work: () => Promise<T>): Promise<T> {
    const { key, folder } = this.#options;
    if (key === undefined) return work();
    await writeFile(folder.key, key, { mode: 0o600 });
    try {
      return await work();
    } finally {
      await folder.removeKey();
    }
  }

  /** Tries again where the host was only too busy. @throws DeployError */
  async #persist<T>(work: () => Promise<T>): Promise<T> {
    for (const pause of this.#options.patience.busy) {
      try {
        return await work();
      } catch (error) {
        const { error: failure, lasting } = this.failure(error);
        if (lasting !== 'busy') throw failure;
        this.#options.progress(`${failure.message} Trying again.`);
        await this.pause(pause);
      }
    }
    return work().catch((error) => {
      throw this.failure(error).error;
    });
  }
}
