import type { DockerSettings } from '../../config/environment.ts';
import { COLORS, type Color, type PerColor } from '../../release/color.ts';
import type { Release } from '../../release/situation.ts';
import type { DockerCli } from './docker-cli.ts';
import { COMPOSE_NUMBER, COMPOSE_PROJECT, COMPOSE_SERVICE, LABELS, projectName } from './names.ts';
import type { Instance } from './proxy/proxy.ts';

/** Set by Compose on what `compose run` made: not a part of the running application. */
const COMPOSE_ONE_OFF = 'com.docker.compose.oneoff';
/** Set by Compose on every container: a hash of the service's configuration, in hex. */
const COMPOSE_CONFIG_HASH = 'com.docker.compose.config-hash';

/** As much of `docker inspect` as this target reads; there is more in it. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  /** The image's id. */
  readonly Image: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
    readonly Running: boolean;
    readonly OOMKilled: boolean;
    /** Of its first process, on the Docker host; 0 when it does not run. */
    readonly Pid?: number;
    readonly ExitCode: number;
    readonly Error: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?: {
      readonly Status: 'none' | 'starting' | 'healthy' | 'unhealthy';
      readonly Log?: readonly { readonly ExitCode: number; readonly Output: string }[] | null;
    } | null;
  };
  readonly Config: {
    /** The image as it was asked for. */
    readonly Image: string;
    /** `NAME=value`, those of the image as well. */
    readonly Env?: readonly string[] | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
    readonly StopTimeout?: number | null;
  };
  readonly HostConfig: {
    readonly RestartPolicy?: { readonly Name: string; readonly MaximumRetryCount?: number } | null;
    /** Bytes; 0 for no limit. */
    readonly Memory?: number;
  };
  readonly NetworkSettings: {
    readonly Networks?: Readonly<
      Record<string, { readonly IPAddress?: string; readonly GlobalIPv6Address?: string } | null>
    > | null;
  };
}

/** One container of a color. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** Compose counts the containers of a service from 1. */
  readonly number: number;
  readonly release: Release;
  /** It runs, or is between two runs: not stopped. */
  readonly isUp: boolean;
  /** The restart policy that it is to have with the traffic: the one it was given a label for, else the one it has. */
  readonly restart: string;
  readonly inspected: Inspected;
}

/** All containers of a color, but for one-off ones; those of a service by their numbers. */
export interface ColorContainers {
  readonly all: readonly Container[];
  /** Those of the service that takes the traffic. */
  readonly traffic: readonly Container[];
  readonly others: readonly Container[];
}

export interface ContainersOptions {
  readonly docker: DockerCli;
  readonly app: string;
  readonly environment: string;
  readonly settings: Pick<DockerSettings, 'service' | 'network' | 'port'>;
}

/** Reads what both colors consist of. */
export async function readColors(options: ContainersOptions): Promise<PerColor<ColorContainers>> {
  const { docker, app, environment, settings } = options;
  const projects = new Map(COLORS.map((color) => [projectName(app, environment, color), color]));
  // Filters on one label can't be alternatives, so this lists every project and picks ours.
  const listed = await docker.containers({ label: [COMPOSE_PROJECT] });
  const ids = listed.filter((one) => projects.has(one.Labels?.[COMPOSE_PROJECT] ?? '')).map(({ Id }) => Id);
  const containers = (await docker.inspect<Inspected>('container', ids))
    .filter((one) => labelOf(one, COMPOSE_ONE_OFF).toLowerCase() !== 'true')
    .map((one) => ({ color: projects.get(labelOf(one, COMPOSE_PROJECT)), container: containerOf(one) }));
  const of = (color: Color) =>
    grouped(
      containers.filter((one) => one.color === color).map(({ container }) => container),
      settings.service,
    );
  return { blue: of('blue'), green: of('green') };
}

/** A container of a Compose project, from its inspect. */
export const containerOf = (inspected: Inspected): Container => ({
  id: inspected.Id,
  name: inspected.Name.replace(/^\//, ''),
  service: labelOf(inspected, COMPOSE_SERVICE),
  number: Number(labelOf(inspected, COMPOSE_NUMBER)) || 0,
  release: releaseOf(inspected),
  isUp: inspected.State.Running || inspected.State.Status === 'restarting',
  restart: labelOf(inspected, LABELS.restart) || policyOf({ inspected }),
  inspected,
});

export const labelOf = ({ Config }: Pick<Inspected, 'Config'>, name: string): string =>
  Config.Labels?.[name] ?? '';

/** Orders containers by service and number, and parts those that take the traffic from the others. */
export function grouped(containers: readonly Container[], service: string): ColorContainers {
  const all = containers.toSorted((a, b) => a.service.localeCompare(b.service) || a.number - b.number);
  return {
    all,
    traffic: all.filter((one) => one.service === service),
    others: all.filter((one) => one.service !== service),
  };
}

/** What the color is, but for its standing. */
export function stateOf({ traffic }: ColorContainers): {
  readonly release?: Release;
  readonly desired: number;
  readonly running: number;
} {
  // While one release is being replaced by another, both are there: the newer one is what the color is becoming.
  const newest = traffic.toSorted((a, b) => timeOf(b.inspected.Created) - timeOf(a.inspected.Created))[0];
  return {
    ...(newest === undefined ? {} : { release: newest.release }),
    desired: traffic.filter((one) => one.isUp || policyOf(one) !== 'no').length,
    running: traffic.filter(({ inspected }) => inspected.State.Status === 'running').length,
  };
}

/** The containers that take the traffic now, as a proxy reaches them. */
export const instancesOf = (
  containers: ColorContainers,
  settings: Pick<DockerSettings, 'network' | 'port'>,
): readonly Instance[] => runningOf(containers, settings).filter(({ address }) => address !== '');

/** The same with those that run without being on the network, as a switch that died can leave them. */
export const runningOf = (
  { traffic }: ColorContainers,
  { network, port }: Pick<DockerSettings, 'network' | 'port'>,
): readonly Instance[] =>
  traffic
    .filter(({ inspected }) => inspected.State.Status === 'running')
    .map((container) => {
      const { id, name, inspected } = container;
      const startedAt = timeOf(inspected.State.StartedAt);
      return { id, name, address: addressOf(container, network), port, startedAt };
    });

/** Its address on the network; empty where it has none. */
export function addressOf({ inspected }: Container, network: string): string {
  const { IPAddress = '', GlobalIPv6Address = '' } = inspected.NetworkSettings.Networks?.[network] ?? {};
  return IPAddress === '' ? GlobalIPv6Address : IPAddress;
}

/** The restart policy that it has now, as `docker update --restart` takes it. */
export function policyOf({ inspected }: Pick<Container, 'inspected'>): string {
  const { Name = '', MaximumRetryCount = 0 } = inspected.HostConfig.RestartPolicy ?? {};
  if (Name === '') return 'no';
  return MaximumRetryCount > 0 ? `${Name}:${MaximumRetryCount}` : Name;
}

/** Docker's times have nanoseconds, and the year 1 stands for never. */
export const timeOf = (text: string): number => Math.max(Date.parse(text) || 0, 0);

/**
 * What was brought up by hand (before this action was used) has no label of ours. It is a release all the same, to be
 * kept and gone back to, so it gets an id from what Compose itself, or Docker, tells it from others by.
 */
function releaseOf(inspected: Inspected): Release {
  const own = labelOf(inspected, COMPOSE_CONFIG_HASH) || inspected.Image.replace(/^sha256:/, '');
  return {
    id: labelOf(inspected, LABELS.release) || own.slice(0, 12),
    image: labelOf(inspected, LABELS.image) || inspected.Config.Image,
  };
}
