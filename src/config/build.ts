import { parseDuration } from './duration.ts';
import type {
  DockerSettings,
  Environment,
  HealthSettings,
  Identity,
  Probe,
  ProxySettings,
  TargetSettings,
} from './environment.ts';
import type { Plain } from './merge.ts';
import { isNetworkListener } from './network.ts';
import { HEALTH_DEFAULTS } from './schema/environment.ts';
import type { ParsedEnvironment } from './schema/file.ts';
import { probe } from './schema/stabilize.ts';

const INTERVAL = 5000;
/** How long an application load balancer's nodes may lag; and a network one's, for which ECS itself waits as long. */
const QUICK_MS = 20_000;
const SLOW_MS = 600_000;

/** Gives the checked data the form that the rest of the code knows, with the defaults that depend on other keys. */
export function build(
  app: string,
  name: string,
  parsed: ParsedEnvironment,
  written: Plain = {},
): Environment {
  const { url, smoke, shift, identity, stabilize, watch, retire, lock, slack } = parsed;
  const target = targetOf(parsed);
  return {
    app,
    name,
    url,
    target,
    health: healthOf(parsed, target.kind === 'docker' ? 'docker' : 'ecs'),
    smoke,
    shift,
    identity: identity && { ...identity, path: identity.path ?? defaultPath(parsed) },
    stabilize: {
      ...stabilize,
      interval: stabilize.interval ?? Math.min(INTERVAL, stabilize.for || INTERVAL),
      'max-failed-probes': stabilize['max-failed-probes'] ?? 1,
      probe: probeOf(parsed),
    },
    watch,
    retire,
    lock,
    slack: { ...slack, ...('slack' in written && { isWritten: true }) },
  };
}

function targetOf({ ecs, docker }: ParsedEnvironment): TargetSettings {
  // load.ts has refused environments with none of the two, or with both.
  return docker === undefined ? ecsTarget(ecs!) : { kind: 'docker', docker: dockerOf(docker) };
}

/** The schema has seen to it that there is either one service of each color, with listeners, or a single one. */
function ecsTarget(ecs: NonNullable<ParsedEnvironment['ecs']>): TargetSettings {
  const {
    services,
    listeners = [],
    alarms,
    autoscaling,
    'desired-count': count,
    'target-groups': groups,
    workers,
    ...any
  } = ecs;
  const { blue = '', green = '', native } = services;
  const propagation = any.propagation ?? (listeners.some(isNetworkListener) ? SLOW_MS : QUICK_MS);
  if (native !== undefined) return { kind: 'ecs-native', ecs: { ...any, propagation, services: { native } } };
  return {
    kind: 'ecs',
    ecs: {
      ...any,
      propagation,
      services: { blue, green },
      listeners,
      workers,
      autoscaling,
      ...(count !== undefined && { 'desired-count': count }),
      ...(groups !== undefined && { 'target-groups': groups }),
      ...(alarms !== undefined && { alarms }),
    },
  };
}

function dockerOf({ engine: _, proxy, ...docker }: NonNullable<ParsedEnvironment['docker']>): DockerSettings {
  return { ...docker, proxy: proxyOf(proxy) };
}

/** The schema lets exactly one pass. */
function proxyOf({
  haproxy,
  caddy,
  alias,
}: NonNullable<ParsedEnvironment['docker']>['proxy']): ProxySettings {
  if (haproxy !== undefined) return { kind: 'haproxy', ...haproxy };
  if (caddy !== undefined) return { kind: 'caddy', ...caddy };
  return { kind: 'alias', ...alias! };
}

function healthOf({ health }: ParsedEnvironment, kind: keyof typeof HEALTH_DEFAULTS): HealthSettings {
  const { timeout, interval } = HEALTH_DEFAULTS[kind];
  return {
    ...health,
    timeout: health.timeout ?? parseDuration(timeout)!,
    interval: health.interval ?? parseDuration(interval)!,
  };
}

const withDefaults = <T extends { status?: number; headers?: Record<string, string> }>(probe: T) => ({
  ...probe,
  status: probe.status ?? 200,
  headers: probe.headers ?? {},
});

/** Whoever says how many probes may fail wants some. */
function probeOf({ smoke, stabilize }: ParsedEnvironment): Probe | undefined {
  if (stabilize.probe !== undefined) return withDefaults(stabilize.probe);
  if (stabilize['max-failed-probes'] === undefined) return undefined;
  const test = firstPath(smoke);
  // Of what it expects, the body is the new release's alone.
  return test === undefined
    ? withDefaults(probe.parse({ path: '/' }))
    : { ...withDefaults(probe.parse({ path: test.path })), status: test.status, headers: test.headers };
}

function defaultPath({ smoke, stabilize }: ParsedEnvironment): Identity['path'] {
  return firstPath(smoke)?.path ?? stabilize.probe?.path ?? '/';
}

const firstPath = (smoke: ParsedEnvironment['smoke']) => smoke.find((test) => test.kind === 'path');
