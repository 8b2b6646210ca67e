import { DeployError } from '../../errors.ts';
import type { Dialed, DockerHost, HostAddress } from './host.ts';

/** The engine of this machine, or one that the Docker CLI reaches by itself (`tcp://`, a context). */
export class LocalHost implements DockerHost {
  readonly description: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #isRemote: boolean;
  /** The loopback of this machine is not that of the engine’s. */
  readonly #isElsewhere: boolean;

  constructor(host: string | undefined) {
    const effective = host ?? process.env['DOCKER_HOST'] ?? '';
    this.#isRemote = effective.startsWith('tcp://');
    this.#isElsewhere = this.#isRemote && URL.canParse(effective) && !isLoopback(new URL(effective).hostname);
    this.description = effective === '' || effective.startsWith('unix://') ? 'this machine' : effective;
    this.env = host === undefined ? {} : { DOCKER_HOST: host };
  }

  dial(address: HostAddress): Promise<Dialed> {
    if (this.#isRemote && 'path' in address)
      throw new DeployError(
        `${address.path} is a socket on ${this.description}, which can’t be reached from here.`,
        {
          code: 'host-unreachable',
          hint: 'Use an ssh:// host, which carries such sockets too.',
        },
      );
    if (this.#isElsewhere && 'host' in address && isLoopback(address.host))
      throw new DeployError(
        `${address.host}:${address.port} is an address of the host of ${this.description} itself, which can’t be reached from here.`,
        {
          code: 'host-unreachable',
          hint: 'Use an ssh:// host, which carries connections to such addresses too.',
        },
      );
    return Promise.resolve(address);
  }

  url({ host, port }: { host: string; port: number }): Promise<string> {
    return Promise.resolve(`http://${host}:${port}`);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const isLoopback = (host: string): boolean => host === 'localhost' || /^127\.|^\[?::1\]?$/.test(host);
