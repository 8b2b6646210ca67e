import type { Environment, Identity, TargetSettings } from './environment.ts';
import type { ParsedEnvironment } from './schema/file.ts';

const INTERVAL = 5000;

/** Gives the checked data the form that the rest of the code knows, with the defaults that depend on other keys. */
export function build(app: string, name: string, parsed: ParsedEnvironment): Environment {
  const { url, ecs, health, smoke, shift, identity, stabilize, retire, lock, slack } = parsed;
  return {
    app,
    name,
    url,
    // load.ts has refused environments without it.
    target: ecsTarget(ecs!),
    health,
    smoke,
    shift,
    identity: identity && { ...identity, path: identity.path ?? defaultPath(parsed) },
    stabilize: {
      ...stabilize,
      interval: stabilize.interval ?? Math.min(INTERVAL, stabilize.for || INTERVAL),
      probe: stabilize.probe && withDefaults(stabilize.probe),
    },
    retire,
    lock,
    slack,
  };
}

/** The schema has seen to it that there is either one service of each color, with listeners, or a single one. */
function ecsTarget(ecs: NonNullable<ParsedEnvironment['ecs']>): TargetSettings {
  const {
    services,
    listeners = [],
    autoscaling,
    'desired-count': count,
    'target-groups': groups,
    ...any
  } = ecs;
  const { blue = '', green = '', native } = services;
  if (native !== undefined) return { kind: 'ecs-native', ecs: { ...any, services: { native } } };
  return {
    kind: 'ecs',
    ecs: {
      ...any,
      services: { blue, green },
      listeners,
      autoscaling,
      ...(count !== undefined && { 'desired-count': count }),
      ...(groups !== undefined && { 'target-groups': groups }),
    },
  };
}

const withDefaults = <T extends { status?: number; headers?: Record<string, string> }>(probe: T) => ({
  ...probe,
  status: probe.status ?? 200,
  headers: probe.headers ?? {},
});

function defaultPath({ smoke, stabilize }: ParsedEnvironment): Identity['path'] {
  const test = smoke.find(({ kind }) => kind === 'path');
  return test?.kind === 'path' ? test.path : (stabilize.probe?.path ?? '/');
}
