import type { CaddySettings } from '../../../config/environment.ts';
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
import { isMissing } from '../docker-error.ts';
import { CaddyAdmin } from './caddy-admin.ts';
import { ContainerFiles } from './container-files.ts';
import { Endpoints, ledTo } from './endpoints.ts';
import type { ProxyOptions } from './options.ts';
import type { Instance, Proxy as ProxyPort } from './proxy.ts';
import {
  findProxyContainer,
  isProblem,
  mountOf,
  type ProxyContainer,
  unanswered,
} from './proxy-container.ts';

/** `docker cp` tells times in whole seconds; two apart stays later after both are cut off. */
const STEP_MS = 2_000;

interface Upstream {
  readonly address: string;
  readonly num_requests: number;
}

/**
 * Caddy with a `file` matcher that looks, on each request, which of two flag files is the newer. A switch writes one
 * file and touches no configuration: every change of Caddy's configuration closes idle connections of users.
 */
export class Caddy implements ProxyPort {
  readonly description: string;
  readonly propagationMs = 0;

  readonly #docker: DockerCli;
  readonly #settings: CaddySettings;
  readonly #aliases: PerColor<string>;
  readonly #port: number;
  readonly #files: ContainerFiles;
  readonly #admin: CaddyAdmin | undefined;
  readonly #endpoints: Endpoints;
  readonly #clock: Clock;

  constructor(
    { docker, host, settings, network, aliases, port }: ProxyOptions<CaddySettings>,
    clock: Clock = systemClock,
  ) {
    this.#docker = docker;
    this.#settings = settings;
    this.#aliases = aliases;
    this.#port = port;
    this.#files = new ContainerFiles(docker, settings.container);
    this.#admin = settings.admin === undefined ? undefined : new CaddyAdmin(host, settings.admin);
    this.#endpoints = new Endpoints(docker, network);
    this.#clock = clock;
    this.description = `Caddy in ${settings.container}`;
  }

  async preflight(): Promise<readonly Problem[]> {
    const { container: name, flags } = this.#settings;
    const container = await findProxyContainer(this.#docker, name, this.#endpoints.network);
    if (isProblem(container)) return [container];
    if ((await this.#files.list(flags)) === undefined)
      return [
        {
          message: `There is no directory ${flags} in ${name}.`,
          fix: 'Mount a volume there, and let the `file` matcher of the Caddyfile look into it.',
          forceable: false,
        },
      ];
    return [...this.#mountProblems(container), ...(await this.#configurationProblems())];
  }

  async weights(): Promise<Weights> {
    return allOn(newer(await this.#times()));
  }

  /**
   * Caddy's own checks, where there are any, can't be asked for: `/reverse_proxy/upstreams` doesn't have them. It finds
   * the containers by their alias at each new connection. So what is proven is that the alias leads to exactly those
   * containers that were found healthy, at the very addresses at which they were.
   */
  async ready(
    color: Color,
    instances: readonly Instance[],
  ): Promise<{ readonly ready: number; readonly detail: string }> {
    return ledTo(this.#aliases[color], await this.#endpoints.all(), instances);
  }

  async shift(
    to: Color,
    _instances?: PerColor<readonly Instance[]>,
    before?: () => Promise<void>,
  ): Promise<void> {
    await before?.();
    const times = await this.#times();
    if (times[to] !== undefined && newer(times) === to) return;
    const other = times[otherColor(to)];
    // The newer file wins, and its time is the runner's, whose clock may be behind that of the run before.
    const modified = Math.max(this.#clock.now(), (other ?? 0) + STEP_MS);
    await this.#files.write(this.#path(to), { text: `${to}\n`, mode: 0o644, modified });
    const after = await this.#times();
    if (after[to] !== undefined && newer(after) === to) return;
    throw new DeployError(`Caddy’s flag ${this.#path(to)} was written, and is not the newer one.`, {
      code: 'shift-not-taken',
      hint: 'Find out what else writes these files, then run again.',
    });
  }

  async inFlight(color: Color): Promise<number | 'unknown'> {
    if (this.#admin === undefined) return 'unknown';
    const upstreams = await this.#upstreams(this.#admin);
    const address = this.#address(color);
    // One address may be in several handlers; Caddy counts it once for all of them.
    const upstream = upstreams.find((one) => one.address === address);
    return upstream?.num_requests ?? 'unknown';
  }

  #path(color: Color): string {
    return `${this.#settings.flags}/${this.#settings.flag}.${color}`;
  }

  #address(color: Color): string {
    return `${this.#aliases[color]}:${this.#port}`;
  }

  async #times(): Promise<PerColor<number | undefined>> {
    const { flags, flag, container } = this.#settings;
    const files = await this.#files.list(flags).catch(async (error: unknown) => {
      throw isMissing(error) ? await unanswered(error, this.#docker, container) : error;
    });
    if (files === undefined)
      throw new DeployError(`There is no directory ${flags} in the container ${container}.`, {
        code: 'caddy-no-flags',
        hint: 'Start Caddy with a volume mounted there, or correct proxy.caddy.flags and container.',
      });
    return {
      blue: files.get(`${flag}.blue`)?.modified,
      green: files.get(`${flag}.green`)?.modified,
    };
  }

  #mountProblems(container: ProxyContainer): Problem[] {
    const { flags, container: name } = this.#settings;
    const mount = mountOf(container, `${flags}/flag`);
    if (mount === undefined ? !container.HostConfig.ReadonlyRootfs : mount.RW) return [];
    return [
      {
        message: `The flags can’t be written: ${flags} in ${name} is read-only.`,
        fix:
          mount === undefined ? `Mount a volume at ${flags}.` : `Mount ${mount.Destination} without \`ro\`.`,
        forceable: false,
      },
    ];
  }

  /** A flag that Caddy never looks at would be a switch that moves nobody; only its admin endpoint can tell. */
  async #configurationProblems(): Promise<Problem[]> {
    if (this.#admin === undefined) return [];
    const { flag } = this.#settings;
    const [upstreams, configuration] = [
      await this.#upstreams(this.#admin),
      JSON.stringify(await this.#admin.get('/config/')),
    ];
    const problems: Problem[] = [];
    for (const color of COLORS) {
      if (!upstreams.some(({ address }) => address === this.#address(color)))
        problems.push({
          message: `Caddy has no upstream ${this.#address(color)}.`,
          fix: `Add \`reverse_proxy ${this.#address(color)}\` to the Caddyfile, or correct docker.port or the alias.`,
          // Upstreams can be found dynamically as well, and are listed by address then.
          forceable: true,
        });
      if (!configuration.includes(`${flag}.${color}`))
        problems.push({
          message: `Caddy’s configuration never looks for the flag ${flag}.${color}.`,
          fix: 'Let a `file` matcher look for it (examples/docker-caddy has one), or correct proxy.caddy.flag.',
          forceable: true,
        });
    }
    return problems;
  }

  async #upstreams(admin: CaddyAdmin): Promise<readonly Upstream[]> {
    return ((await admin.get('/reverse_proxy/upstreams')) ?? []) as readonly Upstream[];
  }
}

/** No flag means blue, and so do two of the same second: then Caddy takes the first that it looks for. */
const newer = ({ blue, green }: PerColor<number | undefined>): Color =>
  green !== undefined && (blue === undefined || green > blue) ? 'green' : 'blue';
