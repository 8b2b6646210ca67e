import type { HaproxySettings } from '../../../config/environment.ts';
import { DeployError } from '../../../errors.ts';
import { COLORS, type Color } from '../../../release/color.ts';
import type { Problem } from '../../target.ts';
import type { HaproxyLive } from './haproxy-live.ts';
import type { HaproxySocket } from './haproxy-socket.ts';
import { serversOf } from './haproxy-stats.ts';
import { parseServerNames, type ServerName } from './haproxy-tables.ts';
import type { ProxyOptions } from './options.ts';
import {
  findProxyContainer,
  isAnonymous,
  isProblem,
  mountOf,
  type ProxyContainer,
} from './proxy-container.ts';

export interface HaproxyProblemsOptions extends Omit<ProxyOptions<HaproxySettings>, 'host'> {
  readonly socket: HaproxySocket;
  readonly live: HaproxyLive;
}

/** What would make the next switch fail, or be lost. */
export class HaproxyProblems {
  readonly #options: HaproxyProblemsOptions;
  readonly #settings: HaproxySettings;

  constructor(options: HaproxyProblemsOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  async find(): Promise<readonly Problem[]> {
    const { docker, network, socket } = this.#options;
    const container = await findProxyContainer(docker, this.#settings.container, network);
    if (isProblem(container)) return [container];
    const level = await socket.ask('show', 'cli', 'level');
    if (level !== 'admin') return [this.#notAdmin(level)];
    const problems: Problem[] = [...this.#mountProblems(container), ...(await this.#mapProblems())];
    for (const color of COLORS) problems.push(...(await this.#backendProblems(color)));
    return problems;
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
    const { live } = this.#options;
    const [file, entry] = await Promise.all([live.file(), live.entry()]);
    if (file === undefined)
      return [
        {
          message: `There is no file ${map} in ${container}.`,
          fix: 'Set proxy.haproxy.map to the path of the map inside the container.',
          forceable: false,
        },
      ];
    const kept = file.entry;
    if (live.colorOf(kept) === live.colorOf(entry)) return [];
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
    const { socket, port } = this.#options;
    const alias = this.#options.aliases[color];
    let names: readonly ServerName[];
    try {
      names = parseServerNames(await socket.ask('show', 'servers', 'state', name));
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
          fix: `Add \`server-template ${color}- 20 ${alias}:${port} check resolvers docker init-addr none\`.`,
          forceable: false,
        },
      ];
    const problems: Problem[] = [];
    if (!names.some((one) => sameName(one.host, alias) && one.port === port)) {
      const has = [...new Set(names.map((one) => `${one.host || 'a fixed address'}:${one.port}`))].join(', ');
      problems.push({
        message: `HAProxy’s backend ${name} looks for its servers at ${has}, and not at ${alias}:${port}.`,
        fix: `Let it resolve ${alias}:${port}, or correct docker.port or the alias.`,
        // Names of containers, which Compose makes from the project’s, lead to the same.
        forceable: true,
      });
    }
    const servers = await serversOf(socket, name);
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

const sameName = (one: string, other: string) => one.replace(/\.$/, '').toLowerCase() === other.toLowerCase();

const mapIsLost = (map: string, container: string, place: string): Problem => ({
  message: `The map ${map} of ${container} is ${place}: when the container is replaced, users go back to blue.`,
  fix: 'Mount a named volume, or a directory of the host, at its directory.',
  forceable: true,
});
