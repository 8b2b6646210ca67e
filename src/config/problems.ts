import type * as z from 'zod/mini';
import { DeployError } from '../errors.ts';
import { isMap } from './merge.ts';
import { environment as environmentSchema } from './schema/environment.ts';
import { file } from './schema/file.ts';
import { keyPaths, keysAt } from './schema/walk.ts';
import { enumerate, show, showPath } from './show.ts';
import { suggest } from './suggest.ts';
import type { Parsed } from './yaml.ts';

/** Something that the user must change. */
export interface Problem {
  /** Where, in the file as it is after `defaults` have been merged; empty where it is in no line. */
  readonly path: readonly PropertyKey[];
  /** What, and the fix: follows the path, as in `is 30: add a unit`. No full stop. */
  readonly says: string;
}

const MOST = 50;

/** All problems as one error, in the order of the file. */
export function configError(name: string, problems: readonly Problem[], parsed: Parsed): DeployError {
  const lines = problems
    .map(({ path, says }) => {
      const { shown, line, offset } = locate(parsed, path);
      return { line, offset, text: `${shown} ${says}`.replace(/[^?]$/, '$&.') };
    })
    .sort((a, b) => a.offset - b.offset);
  // What is wrong in the defaults is found again in each environment.
  const told = [...new Set(lines.map(({ line, text }) => `line ${line}: ${text}`))];
  const more = told.length - MOST;
  const shown = more > 0 ? [...told.slice(0, MOST), `and ${more} more.`] : told;
  return new DeployError(
    told.length === 1
      ? `${name}, ${told[0]}`
      : `${name} has ${told.length} problems:\n${shown.map((line) => `  ${line}`).join('\n')}`,
    { code: 'config-invalid', hint: 'README: Config explains every key.' },
  );
}

/** What the schema has against the data. */
export const fromIssues = (issues: readonly z.core.$ZodIssue[], parsed: Parsed): Problem[] =>
  issues.flatMap((issue) => fromIssue(issue, parsed));

function fromIssue(issue: z.core.$ZodIssue, parsed: Parsed): Problem[] {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      says: `is an unknown key: ${instead(path, key, targetAt(path, parsed))}`,
    }));
  if (issue.code === 'invalid_key') return [{ path, says: `has a wrong name: ${issue.issues[0]?.message}` }];
  if (issue.code === 'custom' && issue.params?.['says'])
    return [{ path, says: String(issue.params['says']) }];
  // One of the forms is a map, and a map was written: what is wrong in it says more than that no form fits.
  if (issue.code === 'invalid_union' && isMap(locate(parsed, path).value))
    return issue.errors
      .at(-1)!
      .flatMap((inner) => fromIssue({ ...inner, path: [...path, ...inner.path] }, parsed));
  // May be a secret.
  if (path.at(-2) === 'headers') return [{ path, says: `can’t be sent: ${message}` }];
  const { value, written } = locate(parsed, path);
  return [{ path, says: written ? `is ${show(value)}: ${message}` : `is missing: ${message}` }];
}

/** What somebody who wrote an unknown key may have meant, in an environment with this target. */
function instead(path: readonly PropertyKey[], key: string, target: Target | undefined): string {
  const known = keysAt(file, path);
  const near = suggest(key, known);
  const homes = keyPaths(environmentSchema).filter((one) => one === key || one.endsWith(`.${key}`));
  const other = target === undefined ? undefined : TARGETS.find((one) => one !== target);
  const isOthers = (home: string) => other !== undefined && home.startsWith(`${other}.`);
  const [home, another] = homes.filter((one) => !isOthers(one));
  // `services` is meant where it is written, and belongs to ECS; that `service` is near may be all the same.
  if (other !== undefined && home === undefined && homes.includes(`${other}.${key}`))
    return `it belongs to \`${other}\`, and this environment has \`${target}\`: ${near === undefined ? 'remove it' : `did you mean \`${near}\`?`}`;
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (home !== undefined && another === undefined)
    return path.length < 2
      ? `move it to ${showPath(['environments'])}.<name>.${home}`
      : `move it to ${showPath(path.slice(0, 2))}.${home}`;
  return known.length > 0 ? `there are ${enumerate(known)}` : 'remove it';
}

const TARGETS = ['ecs', 'docker'] as const;
type Target = (typeof TARGETS)[number];

/** Where the environment that the path leads through is deployed; nothing where that is not clear. */
function targetAt([top, name = '']: readonly PropertyKey[], parsed: Parsed): Target | undefined {
  if (top !== 'environments') return undefined;
  const [target, another] = TARGETS.filter((one) => locate(parsed, [top, name, one]).written);
  return another === undefined ? target : undefined;
}

/** Where the path was written: in the environment itself, or in the defaults. */
function locate(parsed: Parsed, path: readonly PropertyKey[]) {
  const here = parsed.find(path);
  const inherited =
    path[0] === 'environments' && path.length > 2 ? ['defaults', ...path.slice(2)] : undefined;
  const there = inherited && here.steps < path.length ? parsed.find(inherited) : undefined;
  const [where, { line, offset, steps }] =
    inherited && there?.steps === inherited.length ? [inherited, there] : [path, here];
  const value = where.reduce<unknown>(
    (at, step) => (isMap(at) || Array.isArray(at) ? Reflect.get(at, step) : undefined),
    parsed.data,
  );
  return { shown: showPath(where) || 'the top level', line, offset, value, written: steps === where.length };
}
