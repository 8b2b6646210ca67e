import { fillNames } from './template.ts';

export type Plain = Record<string, unknown>;

export const isMap = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What an environment inherits: maps are merged, lists and scalars replaced. Who chooses one kind of target, or of
 * proxy, wants nothing of another kind that stands in the defaults.
 */
export function inherit(defaults: unknown, environment: unknown): unknown {
  if (!isMap(defaults) || !isMap(environment)) return environment;
  const base = { ...defaults };
  for (const [target, other] of [
    ['ecs', 'docker'],
    ['docker', 'ecs'],
  ] as const) {
    if (!(target in environment) || other in environment) continue;
    delete base[other];
    for (const [section, key] of ONLY[other]) {
      const { [key]: _, ...others } = isMap(base[section]) ? base[section] : {};
      if (isMap(base[section])) base[section] = others;
    }
  }
  const { docker } = environment;
  if (isMap(docker) && isMap(docker['proxy']))
    base['docker'] = withProxiesOf(docker['proxy'], base['docker']);
  return merge(base, environment);
}

/** The defaults' `docker`, of its proxies only those that the environment has too. */
function withProxiesOf(chosen: Plain, docker: unknown): unknown {
  if (!isMap(docker) || !isMap(docker['proxy']) || Object.keys(chosen).length === 0) return docker;
  const others = Object.entries(docker['proxy']).filter(([kind]) => Object.hasOwn(chosen, kind));
  return { ...docker, proxy: Object.fromEntries(others) };
}

/** Keys outside of a target's own section that only environments with that target can have. */
const ONLY = {
  ecs: [['stabilize', 'alarms']],
  docker: [
    ['health', 'path'],
    ['retire', 'prune'],
  ],
} as const;

function merge(beneath: unknown, above: unknown): unknown {
  if (!isMap(beneath) || !isMap(above)) return above;
  const merged: Plain = { ...beneath };
  for (const [key, value] of Object.entries(above))
    merged[key] = Object.hasOwn(beneath, key) ? merge(beneath[key], value) : value;
  return merged;
}

/** A copy with `{app}` and `{environment}` filled in, in every string value. Keys stay as they are. */
export function fillAll(value: unknown, names: { app: string; environment: string }): unknown {
  if (typeof value === 'string') return fillNames(value, names);
  if (Array.isArray(value)) return value.map((item) => fillAll(item, names));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillAll(item, names)]));
}
