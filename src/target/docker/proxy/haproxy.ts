import { isIPv6 } from 'node:net';
import type { HaproxySettings } from '../../../config/environment.ts';
import { DeployError } from '../../../errors.ts';
import type { Color, PerColor, Weights } from '../../../release/color.ts';
import type { Problem } from '../../target.ts';
import type { DockerCli } from '../docker-cli.ts';
import { ContainerFiles } from './container-files.ts';
import { HaproxyAnswers } from './haproxy-answers.ts';
import { HaproxyChecks } from './haproxy-checks.ts';
import { HaproxyLive } from './haproxy-live.ts';
import { HaproxyMap } from './haproxy-map.ts';
import { HaproxyProblems } from './haproxy-problems.ts';
import { HaproxyShares } from './haproxy-shares.ts';
import { HaproxySocket } from './haproxy-socket.ts';
import { backendOf, serversOf } from './haproxy-stats.ts';
import { HaproxyWorkers } from './haproxy-workers.ts';
import type { ProxyOptions } from './options.ts';
import type { Instance, Proxy as ProxyPort } from './proxy.ts';
import { unanswered } from './proxy-container.ts';

/**
 * HAProxy with one backend for each color and a map that says which one is live. `use_backend %[…,map(file)]` looks it
 * up for each request, so a switch touches no connection: requests in flight and WebSockets stay where they are, and
 * the next request on the same connection goes to the new color. The runtime API changes the map in memory only, and a
 * reload reads the file again: a switch is done when both say the same. A second map gives the other color a share
 * meanwhile.
 */
export class Haproxy implements ProxyPort {
  readonly description: string;
  /** A request that comes after `set map` finds the new entry. */
  readonly propagationMs = 0;
  readonly shares: HaproxyShares;
  readonly answers: HaproxyAnswers;

  readonly #docker: DockerCli;
  readonly #container: string;
  readonly #backends: PerColor<string>;
  readonly #socket: HaproxySocket;
  readonly #live: HaproxyLive;
  readonly #checks: HaproxyChecks;
  readonly #problems: HaproxyProblems;
  readonly #workers: HaproxyWorkers;

  constructor(options: ProxyOptions<HaproxySettings>) {
    const { docker, host, settings } = options;
    const socket = new HaproxySocket(host, settings.socket);
    const files = new ContainerFiles(docker, settings.container);
    const live = new HaproxyLive({ settings, files, map: new HaproxyMap(socket, settings.map) });
    this.description = `HAProxy in ${settings.container}`;
    this.shares = new HaproxyShares({ settings, files, live, map: new HaproxyMap(socket, settings.shares) });
    this.answers = new HaproxyAnswers(socket, settings.backends);
    this.#docker = docker;
    this.#container = settings.container;
    this.#backends = settings.backends;
    this.#socket = socket;
    this.#live = live;
    this.#checks = new HaproxyChecks(docker, socket);
    this.#problems = new HaproxyProblems({ ...options, socket, live });
    this.#workers = new HaproxyWorkers(docker, settings.container);
  }

  preflight(): Promise<readonly Problem[]> {
    return this.#problems.find();
  }

  async weights(): Promise<Weights> {
    try {
      return await this.shares.weights();
    } catch (error) {
      if (!(error instanceof DeployError && error.code === 'haproxy-unreachable')) throw error;
      throw await unanswered(error, this.#docker, this.#container);
    }
  }

  async ready(
    color: Color,
    instances: readonly Instance[],
  ): Promise<{ readonly ready: number; readonly detail: string }> {
    const backend = this.#backends[color];
    return await this.#checks.ready({
      backend,
      servers: await serversOf(this.#socket, backend),
      instances: instances.map((instance) => ({ ...instance, endpoint: endpointOf(instance) })),
      isLive: async () => (await this.weights())[color] > 0,
      look: () => serversOf(this.#socket, backend),
    });
  }

  async shift(
    to: Color,
    _instances?: PerColor<readonly Instance[]>,
    before?: () => Promise<void>,
  ): Promise<void> {
    // HAProxy takes any text for a value, and answers 503 where there is no such backend.
    await backendOf(this.#socket, this.#backends[to]);
    // Given back: users who have the other color must not wait for files.
    if (this.#live.colorOf(await this.#live.entry()) === to) await this.shares.end();
    await this.#live.give(to, { before: async () => before?.(), moved: () => this.shares.end() });
  }

  /**
   * WebSockets count as well: they stay on the color that they began on, and are requests that never end. So does a worker
   * from before a reload, whose requests nobody can count any more.
   */
  async inFlight(color: Color): Promise<number> {
    const [{ current, queued }, former] = await Promise.all([
      backendOf(this.#socket, this.#backends[color]),
      this.#workers.former(),
    ]);
    return current + queued + former;
  }
}

/** How HAProxy writes an address. */
const endpointOf = ({ address, port }: Instance): string =>
  isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
