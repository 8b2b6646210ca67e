import { fillNames } from './template.ts';

export type Plain = Record<string, unknown>;

export const isMap = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What an environment inherits: maps are merged, lists and scalars replaced. Who chooses one kind of target wants
 * nothing of the other kind that stands in the defaults.
 */
export function inherit(defaults: unknown, environment: unknown): unknown {
  if (!isMap(defaults) || !isMap(environment)) return environment;
  const base = { ...defaults };
  if ('docker' in environment && !('ecs' in environment)) delete base['ecs'];
  if ('ecs' in environment && !('docker' in environment)) delete base['docker'];
  return merge(base, environment);
}

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
