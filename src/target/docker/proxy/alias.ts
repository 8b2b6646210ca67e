import type { AliasSettings } from '../../../config/environment.ts';
import { DeployError } from '../../../errors.ts';
import { type Clock, systemClock } from '../../../release/clock.ts';
import {
  allOn,
  COLORS,
  type Color,
  otherColor,
  type PerColor,
  type Weights,
} from '../../../release/color.ts';
import type { Problem } from '../../target.ts';
import type { DockerCli } from '../docker-cli.ts';
import { COMPOSE_SERVICE } from '../names.ts';
import { type Endpoint, Endpoints, ledTo } from './endpoints.ts';
import type { ProxyOptions } from './options.ts';
import type { Instance, Proxy as ProxyPort } from './proxy.ts';

interface Labelled {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Labels?: Readonly<Record<string, string>> | null };
}

interface Network {
  readonly IPAM: { readonly Config?: readonly { readonly Subnet?: string }[] | null };
}

/**
 * Any proxy that asks Docker's name server for one alias, again and again. The color that holds the alias is live. A
 * switch gives it to the new color, waits until the proxy has asked again, and takes it from the old one: in between
 * both take requests. Containers are taken off the network and put back for it, as Docker can't change their aliases;
 * those with users at once and on the same address, which their connections survive.
 */
export class AliasSwitch implements ProxyPort {
  readonly description: string;
  /** The proxy may go on with what it was told before. */
  readonly propagationMs: number;

  readonly #docker: DockerCli;
  readonly #name: string;
  readonly #aliases: PerColor<string>;
  readonly #endpoints: Endpoints;
  readonly #clock: Clock;

  constructor(
    { docker, settings, network, aliases }: ProxyOptions<AliasSettings>,
    clock: Clock = systemClock,
  ) {
    this.#docker = docker;
    this.#name = settings.name;
    this.#aliases = aliases;
    this.#endpoints = new Endpoints(docker, network);
    this.#clock = clock;
    this.propagationMs = settings['dns-ttl'];
    this.description = `the alias ${settings.name} on ${network}`;
  }

  async preflight(): Promise<readonly Problem[]> {
    const { network } = this.#endpoints;
    const [found] = await this.#docker.inspect<Network>('network', [network]);
    const create = (subnet: string) => `docker network create --subnet ${subnet} ${network}`;
    if (found === undefined)
      return [
        {
          message: `There is no network ${network}.`,
          fix: `Run \`${create('172.30.0.0/24')}\`, or with another subnet that is free.`,
          forceable: false,
        },
      ];
    const problems: Problem[] = [];
    if ((await this.#endpoints.hasOwnSubnet()) === false) {
      // Docker never gives away by itself what somebody chose, so the same addresses can be chosen once it is removed.
      const subnet = found.IPAM.Config?.[0]?.Subnet ?? '172.30.0.0/24';
      problems.push({
        message: `Nobody chose the subnet of the network ${network}, so that a container can’t keep its address while its alias is taken away: users’ connections would break.`,
        fix: `Stop what is on it, run \`docker network rm ${network} && ${create(subnet)}\`, and start it again.`,
        forceable: false,
      });
    }
    const endpoints = await this.#endpoints.all();
    const holders = endpoints.filter((one) => this.#holds(one));
    for (const { name } of holders.filter((one) => this.#colorOf(one) === undefined))
      problems.push({
        message: `${name} answers to the alias ${this.#name} too, and belongs to neither color.`,
        fix: 'Take the alias from it, or stop it: it gets a part of the users’ requests.',
        forceable: true,
      });
    for (const { name, address } of holders) {
      const rival = endpoints.find(
        (other) => other.name !== name && address !== '' && other.fixedAddress === address,
      );
      if (rival === undefined) continue;
      problems.push({
        message: `${name} has the address ${address}, which ${rival.name} asks for when it starts.`,
        fix: `Give ${rival.name} another address: while ${name} changes its aliases, it could take this one.`,
        forceable: true,
      });
    }
    return problems;
  }

  /** Stopped containers count: one that died is live all the same, until another takes its place. */
  async weights(): Promise<Weights> {
    const holders = (await this.#endpoints.all()).filter((one) => this.#holds(one));
    const [first, second] = COLORS.filter((color) => holders.some((one) => this.#colorOf(one) === color));
    if (first !== undefined && second !== undefined) return { blue: 50, green: 50 };
    return allOn(first ?? 'blue');
  }

  /**
   * There is no proxy to ask. What can be proven is that its name server leads to exactly these containers: they are on
   * the network at the address where they were found healthy, under the color's own alias, as nothing else is.
   */
  async ready(
    color: Color,
    instances: readonly Instance[],
  ): Promise<{ readonly ready: number; readonly detail: string }> {
    return ledTo(this.#aliases[color], await this.#endpoints.all(), instances);
  }

  async shift(
    to: Color,
    instances: PerColor<readonly Instance[]>,
    before?: () => Promise<void>,
  ): Promise<void> {
    await before?.();
    for (const color of COLORS)
      await this.#bringBack(
        color,
        instances[color].map(({ id }) => id),
      );
    const endpoints = await this.#endpoints.all();
    const from = otherColor(to);
    const old = endpoints.filter((one) => this.#holds(one) && this.#colorOf(one) === from);
    // Before the first deployment there was nothing: back to that, only the other color's alias is taken away.
    if (old.length > 0 && instances[to].length === 0 && endpoints.some((one) => this.#colorOf(one) === to))
      throw new DeployError(`Nothing runs on ${to} that could take the alias ${this.#name}.`, {
        code: 'nothing-to-switch-to',
        hint: 'Run again: it starts the release first.',
      });
    for (const { id } of instances[to]) {
      const one = endpoints.find((endpoint) => endpoint.id === id);
      if (one === undefined || this.#holds(one)) continue;
      // One that never had users need not keep its address: what was asked for once is asked for at every start, and a
      // container that comes back after a crash could find it taken. But one that lost the alias a moment ago, and gets
      // it back as the new release is no good, still has requests in flight, and they live on its address.
      await this.#endpoints.realias(one, [...one.aliases, this.#name], one.fixedAddress);
    }
    if (old.length === 0) return;
    // Also when only this was left to do: who knows how long ago the run that died gave the alias to the new color.
    await this.#clock.sleep(this.propagationMs, new AbortController().signal);
    for (const one of old)
      await this.#endpoints.realias(
        one,
        one.aliases.filter((alias) => alias !== this.#name),
        one.address,
      );
  }

  /** Stopped containers ask for the address that they kept when they lost the alias: by now it may be another's. */
  async beforeStart(color: Color, ids: readonly string[]): Promise<void> {
    await this.#bringBack(color, ids);
    for (const one of await this.#endpoints.of(ids))
      if (!one.isRunning && one.fixedAddress !== '') await this.#endpoints.realias(one, one.aliases, '');
  }

  inFlight(): Promise<'unknown'> {
    return Promise.resolve('unknown');
  }

  /** A run that died in the middle of a change of aliases left a container off the network. */
  async #bringBack(color: Color, ids: readonly string[]): Promise<void> {
    const connected = await this.#endpoints.of(ids);
    const missing = ids.filter((id) => !connected.some((endpoint) => endpoint.id === id));
    for (const { Id, Name, Config } of await this.#docker.inspect<Labelled>('container', missing)) {
      // Its service's name is an alias that Compose gave.
      const aliases = [this.#aliases[color], Config.Labels?.[COMPOSE_SERVICE] ?? ''];
      await this.#endpoints.realias(
        { id: Id, name: Name.replace(/^\//, ''), driverOptions: {} },
        aliases.filter((alias) => alias !== ''),
        '',
      );
    }
  }

  #holds({ aliases }: Endpoint): boolean {
    return aliases.includes(this.#name);
  }

  #colorOf({ aliases }: Endpoint): Color | undefined {
    return COLORS.find((color) => aliases.includes(this.#aliases[color]));
  }
}
