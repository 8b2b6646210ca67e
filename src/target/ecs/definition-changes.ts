import type { Change } from '../plan.ts';
import type { Definition } from './task-definitions.ts';

/** What a task definition has otherwise than another, by JSON path. Pure. */
export function definitionChanges(from: Definition, to: Definition): readonly Change[] {
  const [before, after] = [leaves(plainOf(from)), leaves(plainOf(to))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .map((what) => ({ what, from: shown(what, before.get(what)), to: shown(what, after.get(what)) }));
}

const plainOf = ({ content, tags }: Definition) => ({ ...content, tags });

/** Members of lists that have a name are known by it, wherever in the list they stand. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, JSON.stringify(value)]]);
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((member: unknown, index) => [`${path}[${nameOf(member) ?? index}]`, member])
    : Object.entries(value).map(([key, member]) => [path === '' ? key : `${path}.${key}`, member]);
  return new Map(entries.flatMap(([at, member]) => [...leaves(member, at)]));
}

const nameOf = (member: unknown): string | undefined => {
  const { name, key } = (member ?? {}) as { name?: unknown; key?: unknown };
  return [name, key].find((one) => typeof one === 'string') as string | undefined;
};

/**
 * Only what is known to be no secret is shown: environment variables, commands, labels and the options of log drivers
 * (tokens) may hold any.
 */
const SHOWN = /(?:^|\.)(?:image|cpu|memory|memoryReservation|networkMode)$|^tags\[[^\]]*\]\.value$/;

function shown(path: string, json: string | undefined): string {
  if (json === undefined) return '';
  return SHOWN.test(path) ? String(JSON.parse(json)) : '(not shown)';
}
