import { isIPv6 } from 'node:net';
import type { HaproxySettings } from '../../../config/environment.ts';
import { DeployError } from '../../../errors.ts';
import { allOn, COLORS, type Color, type PerColor, type Weights } from '../../../release/color.ts';
import type { Problem } from '../../target.ts';
import type { DockerCli } from '../docker-cli.ts';
import { ContainerFiles } from './container-files.ts';
import { HaproxyChecks } from './haproxy-checks.ts';
import { HaproxySocket } from './haproxy-socket.ts';
import {
  parseMap,
  parseServerNames,
  parseStats,
  readEntry,
  type ServerName,
  type Stat,
  withEntry,
} from './haproxy-tables.ts';
import type { ProxyOptions } from './options.ts';
import type { Instance, Proxy as ProxyPort } from './proxy.ts';
import {
  findProxyContainer,
  isAnonymous,
  isProblem,
  mountOf,
  type ProxyContainer,
} from './proxy-container.ts';

/** `show stat <name> <types> <server>`: bits for backends and servers. */
const BACKEND_TYPE = '2';
const SERVER_TYPE = '4';

/**
 * HAProxy with one backend for each color and a map that says which one is live. `use_backend %[…,map(file)]` looks it
 * up for each request, so a switch touches no connection: requests in flight and WebSockets stay where they are, and
 * the next request on the same connection goes to the new color. The runtime API changes the map in memory only, and a
 * reload reads the file again: so the file is written first.
 */
export class Haproxy implements ProxyPort {
  readonly description: string;
  /** A request that comes after `set map` finds the new entry. */
  readonly propagationMs = 0;

  readonly #docker: DockerCli;
  readonly #settings: HaproxySettings;
  readonly #network: string;
  readonly #aliases: PerColor<string>;
  readonly #port: number;
  readonly #socket: HaproxySocket;
  readonly #files: ContainerFiles;
  readonly #checks: HaproxyChecks;

  constructor({ docker, host, settings, network, aliases, port }: ProxyOptions<HaproxySettings>) {
    this.#docker = docker;
    this.#settings = settings;
    this.#network = network;
    this.#aliases = aliases;
    this.#port = port;
    this.#socket = new HaproxySocket(host, settings.socket);
    this.#files = new ContainerFiles(docker, settings.container);
    this.#checks = new HaproxyChecks(docker, this.#socket);
    this.description = `HAProxy in ${settings.container}`;
  }

  async preflight(): Promise<readonly Problem[]> {
    const container = await findProxyContainer(this.#docker, this.#settings.container, this.#network);
    if (isProblem(container)) return [container];
    const level = await this.#socket.ask('show', 'cli', 'level');
    if (level !== 'admin') return [this.#notAdmin(level)];
    const problems: Problem[] = [...this.#mountProblems(container), ...(await this.#mapProblems())];
    for (const color of COLORS) problems.push(...(await this.#backendProblems(color)));
    return problems;
  }

  async weights(): Promise<Weights> {
    const backend = await this.#entry();
    const color = this.#colorOf(backend);
    if (color !== undefined) return allOn(color);
    const { key, map, backends } = this.#settings;
    throw new DeployError(
      `HAProxy sends ${key} to the backend ${backend}, which is neither ${backends.blue} nor ${backends.green}.`,
      {
        code: 'foreign-backend',
        hint: `Correct proxy.haproxy.backends or key, or set the entry right: \`set map ${map} ${key} ${backends.blue}\` on the admin socket.`,
      },
    );
  }

  async ready(
    color: Color,
    instances: readonly Instance[],
  ): Promise<{ readonly ready: number; readonly detail: string }> {
    return await this.#checks.ready({
      backend: this.#settings.backends[color],
      servers: await this.#servers(color),
      instances: instances.map((instance) => ({ ...instance, endpoint: endpointOf(instance) })),
      isLive: async () => this.#colorOf(await this.#entry()) === color,
      look: () => this.#servers(color),
    });
  }

  async shift(to: Color): Promise<void> {
    const { map, key } = this.#settings;
    const backend = this.#settings.backends[to];
    // HAProxy takes any text for a value, and answers 503 where there is no such backend.
    await this.#backend(to);
    await this.#writeFile(backend);
    const entry = await this.#entry();
    // `set` refuses a key that is missing, and `add` one that is there makes a second entry.
    if (entry !== backend)
      await this.#socket.ask(entry === undefined ? 'add' : 'set', 'map', map, key, backend);
    const now = await this.#entry();
    if (now !== backend)
      throw new DeployError(
        `HAProxy was told to send ${key} to ${backend}, and sends it to ${now ?? 'blue'}.`,
        {
          code: 'shift-not-taken',
          hint: 'Find out what else changes that map, then run again.',
        },
      );
    // Several apps may share the map, each with a lock of its own, and a run of another one that had read the file
    // before we wrote it has written over our entry. The users are there already: this costs them no time.
    await this.#writeFile(backend);
  }

  /** WebSockets count as well: they stay on the color that they began on, and are requests that never end. */
  async inFlight(color: Color): Promise<number> {
    const { current, queued } = await this.#backend(color);
    return current + queued;
  }

  /** The live backend in memory; nothing where the map has no entry, which means blue. */
  async #entry(): Promise<string | undefined> {
    const { map, key } = this.#settings;
    const entries = parseMap(await this.#socket.ask('show', 'map', map));
    return entries.find(([name]) => name === key)?.[1];
  }

  #colorOf(backend: string | undefined): Color | undefined {
    if (backend === undefined) return 'blue';
    return COLORS.find((color) => this.#settings.backends[color] === backend);
  }

  /** Has the file say it too; writes nothing where it does. */
  async #writeFile(backend: string): Promise<void> {
    const { map, key } = this.#settings;
    const file = await this.#files.read(map);
    if (file !== undefined && readEntry(file.text, bytes(key)) === bytes(backend)) return;
    await this.#files.write(map, {
      text: withEntry(file?.text ?? '', bytes(key), bytes(backend)),
      // Docker gives the file to root; HAProxy must be able to read it, whoever it runs as.
      mode: (file?.mode ?? 0) | 0o644,
      modified: Date.now(),
    });
  }

  async #backend(color: Color): Promise<Stat> {
    const name = this.#settings.backends[color];
    const stats = parseStats(await this.#socket.ask('show', 'stat', name, BACKEND_TYPE, '-1'));
    const backend = stats.find((stat) => stat.name === 'BACKEND');
    if (backend !== undefined) return backend;
    throw new DeployError(`${name} is no backend of HAProxy.`, {
      code: 'haproxy-backend-missing',
      hint: 'Set proxy.haproxy.backends to the names that haproxy.cfg has; `show backend` on the socket lists them.',
    });
  }

  async #servers(color: Color): Promise<readonly Stat[]> {
    return parseStats(
      await this.#socket.ask('show', 'stat', this.#settings.backends[color], SERVER_TYPE, '-1'),
    );
  }

  #notAdmin(level: string): Problem {
    return {
      message: `HAProxy’s socket ${this.#settings.socket} has the level ${level}.`,
      fix: 'Put `level admin` on its `stats socket` line in haproxy.cfg.',
      forceable: false,
    };
  }

  #mountProblems(container: ProxyContainer): Problem[] {
    const { map, container: name } = this.#settings;
    const mount = mountOf(container, map);
    if (mount === undefined) {
      if (container.HostConfig.ReadonlyRootfs)
        return [
          {
            message: `The map ${map} can’t be written: the file system of ${name} is read-only.`,
            fix: 'Mount a volume at its directory.',
            forceable: false,
          },
        ];
      return [mapIsLost(map, name, 'in the container’s own layer')];
    }
    if (!mount.RW)
      return [
        {
          message: `The map ${map} can’t be written: ${mount.Destination} of ${name} is mounted read-only.`,
          fix: `Mount ${mount.Destination} without \`ro\`.`,
          forceable: false,
        },
      ];
    if (mount.Destination === map)
      // A file that is mounted by itself can’t be replaced, and keeps showing what an editor has replaced on the host.
      return [
        {
          message: `The map ${map} of ${name} is mounted as a single file, which can’t be replaced.`,
          fix: 'Mount the directory that it is in.',
          forceable: false,
        },
      ];
    if (mount.Type === 'tmpfs') return [mapIsLost(map, name, 'in memory')];
    if (isAnonymous(mount)) return [mapIsLost(map, name, 'in a volume without a name')];
    return [];
  }

  async #mapProblems(): Promise<Problem[]> {
    const { map, key, container } = this.#settings;
    const [file, entry] = await Promise.all([this.#files.read(map), this.#entry()]);
    if (file === undefined)
      return [
        {
          message: `There is no file ${map} in ${container}.`,
          fix: 'Set proxy.haproxy.map to the path of the map inside the container.',
          forceable: false,
        },
      ];
    const kept = readEntry(file.text, bytes(key));
    if (this.#colorOf(kept) === this.#colorOf(entry)) return [];
    return [
      {
        message: `HAProxy sends ${key} to ${entry ?? 'blue'}, but its file ${map} says ${kept ?? 'blue'}: a restart or reload would move the users.`,
        fix: `Write \`${key} ${entry ?? this.#settings.backends.blue}\` into that file.`,
        // The switch writes both.
        forceable: true,
      },
    ];
  }

  async #backendProblems(color: Color): Promise<Problem[]> {
    const name = this.#settings.backends[color];
    const alias = this.#aliases[color];
    let names: readonly ServerName[];
    try {
      names = parseServerNames(await this.#socket.ask('show', 'servers', 'state', name));
    } catch (error) {
      if (!(error instanceof DeployError && error.code === 'haproxy-backend-missing')) throw error;
      return [
        {
          message: `HAProxy has no backend ${name}.`,
          fix: `Add it to haproxy.cfg, or correct proxy.haproxy.backends.${color}.`,
          forceable: false,
        },
      ];
    }
    if (names.length === 0)
      return [
        {
          message: `HAProxy’s backend ${name} has no servers.`,
          fix: `Add \`server-template ${color}- 20 ${alias}:${this.#port} check resolvers docker init-addr none\`.`,
          forceable: false,
        },
      ];
    const problems: Problem[] = [];
    if (!names.some(({ host, port }) => sameName(host, alias) && port === this.#port)) {
      const has = [...new Set(names.map(({ host, port }) => `${host || 'a fixed address'}:${port}`))].join(
        ', ',
      );
      problems.push({
        message: `HAProxy’s backend ${name} looks for its servers at ${has}, and not at ${alias}:${this.#port}.`,
        fix: `Let it resolve ${alias}:${this.#port}, or correct docker.port or the alias.`,
        // Names of containers, which Compose makes from the project’s, lead to the same.
        forceable: true,
      });
    }
    const servers = await this.#servers(color);
    if (servers.some(({ status }) => status === 'no check'))
      problems.push({
        message: `HAProxy does not check the servers of ${name}.`,
        fix: 'Add `check` to their line, and `option httpchk` to the backend: a switch needs proof that HAProxy reaches them.',
        forceable: false,
      });
    const plain = servers.find(
      ({ status, check }) => status === 'UP' && check !== '' && !check.startsWith('L7'),
    );
    if (plain !== undefined)
      problems.push({
        message: `HAProxy checks the servers of ${name} with ${plain.check}, which proves only a connection.`,
        fix: 'Add `option httpchk` to the backend.',
        forceable: false,
      });
    return problems;
  }
}

/** How HAProxy writes an address. */
const endpointOf = ({ address, port }: Instance): string =>
  isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;

const sameName = (one: string, other: string) => one.replace(/\.$/, '').toLowerCase() === other.toLowerCase();

const mapIsLost = (map: string, container: string, place: string): Problem => ({
  message: `The map ${map} of ${container} is ${place}: when the container is replaced, users go back to blue.`,
  fix: 'Mount a named volume, or a directory of the host, at its directory.',
  forceable: true,
});

/** Text as `ContainerFile` has it. */
const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
