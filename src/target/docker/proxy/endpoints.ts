import { DeployError } from '../../../errors.ts';
import type { DockerCli } from '../docker-cli.ts';
import { DockerError } from '../docker-error.ts';
import type { Instance } from './proxy.ts';

/** A container's place on the network, running or not. */
export interface Endpoint {
  readonly id: string;
  readonly name: string;
  readonly isRunning: boolean;
  /** Empty while it does not run. */
  readonly address: string;
  /** The address that it asks for at each start; empty where Docker chooses. */
  readonly fixedAddress: string;
  /** The names that Docker's name server knows it by, besides its own: what was asked for at `--alias`. */
  readonly aliases: readonly string[];
  readonly driverOptions: Readonly<Record<string, string>>;
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Running: boolean };
  readonly NetworkSettings: {
    readonly Networks: Readonly<
      Record<
        string,
        {
          readonly IPAMConfig?: { readonly IPv4Address?: string } | null;
          readonly Aliases?: readonly string[] | null;
          readonly DriverOpts?: Readonly<Record<string, string>> | null;
          readonly IPAddress: string;
        }
      >
    >;
  };
}

/**
 * A Docker network, as its name server sees it: an alias leads to every *running* container that has it, in no order,
 * whatever their health is, from just before they start until just after they ended.
 */
export class Endpoints {
  readonly #docker: DockerCli;
  readonly network: string;

  constructor(docker: DockerCli, network: string) {
    this.#docker = docker;
    this.network = network;
  }

  /** Of all containers that belong to the network. */
  async all(): Promise<readonly Endpoint[]> {
    const containers = await this.#docker.containers({ network: [this.network] });
    return await this.of(containers.map(({ Id }) => Id));
  }

  /** Of those containers that there are and that belong to the network. */
  async of(ids: readonly string[]): Promise<readonly Endpoint[]> {
    const containers = await this.#docker.inspect<Inspected>('container', ids);
    return containers.flatMap(({ Id, Name, State, NetworkSettings }) => {
      const place = NetworkSettings.Networks[this.network];
      if (place === undefined) return [];
      return [
        {
          id: Id,
          name: Name.replace(/^\//, ''),
          isRunning: State.Running,
          address: place.IPAddress,
          fixedAddress: place.IPAMConfig?.IPv4Address ?? '',
          // Engines before 25 list the beginning of the id here, which every container has by itself.
          aliases: [...new Set(place.Aliases ?? [])].filter((alias) => alias !== Id.slice(0, 12)),
          driverOptions: place.DriverOpts ?? {},
        },
      ];
    });
  }

  /**
   * Gives the container other aliases, which Docker can do only by taking it off the network and back on. On the same
   * address its connections live on: they stand still for some milliseconds, and TCP sends again what was lost.
   * @param address the one to keep; empty for one that Docker chooses, at each of its starts anew
   */
  async realias(
    { id, name, driverOptions }: Pick<Endpoint, 'id' | 'name' | 'driverOptions'>,
    aliases: readonly string[],
    address: string,
  ): Promise<void> {
    await this.#docker.run(['network', 'disconnect', this.network, id]).catch((error: unknown) => {
      // A run that died here did it already.
      if (!(error instanceof DockerError && /is not connected/i.test(error.message))) throw error;
    });
    const options = [
      ...aliases.flatMap((alias) => ['--alias', alias]),
      ...Object.entries(driverOptions).flatMap(([key, value]) => ['--driver-opt', `${key}=${value}`]),
    ];
    const connect = (...more: readonly string[]) =>
      this.#docker.run(['network', 'connect', ...options, ...more, this.network, id]);
    if (address === '') return void (await connect());
    try {
      await connect('--ip', address);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      // Somebody else has the address by now. Better another one than none, which would be no way back.
      await connect();
      throw new DeployError(
        `${name} could not keep its address ${address} on ${this.network}: ${error.message}`,
        {
          code: 'address-taken',
          hint: 'Connections that it had were cut. Find out what else starts on that network at the same time.',
          cause: error,
        },
      );
    }
  }

  /**
   * Whether containers may ask for an address: only where somebody chose the network's subnet. `network inspect` shows
   * a chosen one and one of Docker's own alike, so Docker is asked for what it must refuse in any case, to connect a
   * container where it is connected, and says in its refusal which of the two was the reason.
   */
  async hasOwnSubnet(): Promise<boolean | 'unknown'> {
    const one = (await this.all()).find(({ isRunning, address }) => isRunning && address !== '');
    if (one === undefined) return 'unknown';
    try {
      await this.#docker.run(['network', 'connect', '--ip', one.address, this.network, one.id]);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      if (/user configured subnets?/i.test(error.message)) return false;
      return /already (?:exists|attached|connected)/i.test(error.message) ? true : 'unknown';
    }
    return 'unknown';
  }
}

/**
 * Which of the instances an alias leads to, as the proxy will find them; none at all while it leads to anything else,
 * which would get a part of the users' requests.
 */
export function ledTo(
  alias: string,
  endpoints: readonly Endpoint[],
  instances: readonly Instance[],
): { readonly ready: number; readonly detail: string } {
  const found = endpoints.filter(({ isRunning, aliases }) => isRunning && aliases.includes(alias));
  const strangers = found.filter(({ id }) => !instances.some((instance) => instance.id === id));
  if (strangers.length > 0) {
    const names = strangers.map(({ name }) => name).join(', ');
    return { ready: 0, detail: `the alias ${alias} leads to ${names} as well` };
  }
  const missing = instances.filter(
    ({ id, address }) => !found.some((one) => one.id === id && one.address === address),
  );
  return {
    ready: instances.length - missing.length,
    detail:
      missing.length === 0
        ? ''
        : `the alias ${alias} does not lead to ${missing.map(({ name, address }) => `${name} (${address || 'no address'})`).join(', ')}`,
  };
}
