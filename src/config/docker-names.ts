import { dirname, join } from 'node:path/posix';
import { isMap, type Plain } from './merge.ts';
import type { Problem } from './problems.ts';
import { show } from './show.ts';

/** What Compose takes as (part of) a project's name. */
const PROJECT = /^[a-z0-9][a-z0-9_-]*$/;
const RULE =
  'with `docker` it is part of Compose project names: use lowercase letters, digits, `-` and `_`, beginning with a letter or digit';

/** With `docker`, the names of app and environment become those of Compose projects. */
export function namesOfProjects(app: unknown, environment: string): Problem[] {
  const problems: Problem[] = [];
  if (typeof app === 'string' && !PROJECT.test(app))
    problems.push({ path: ['app'], says: `is ${show(app)}: ${RULE}` });
  if (!PROJECT.test(environment))
    problems.push({ path: ['environments', environment], says: `has a wrong name: ${RULE}` });
  return problems;
}

/** Gives what is called after app and environment its name where the user wrote none. `docker` is the caller's own copy. */
export function nameDefaults(docker: Plain, app: unknown, environment: string): void {
  // Where they are wrong, that is told; what would be wrong in consequence is not.
  const part = (name: unknown, instead: string) =>
    typeof name === 'string' && PROJECT.test(name) ? name : instead;
  const stem = `${part(app, 'app')}-${part(environment, 'environment')}`;
  const colors = { blue: `${stem}-blue`, green: `${stem}-green` };
  const fill = (holder: unknown, key: string, value: unknown) => {
    if (isMap(holder) && !Object.hasOwn(holder, key)) holder[key] = value;
  };
  fill(docker, 'aliases', colors);
  const { haproxy, caddy } = isMap(docker['proxy']) ? docker['proxy'] : {};
  fill(haproxy, 'key', stem);
  const map = isMap(haproxy) && typeof haproxy['map'] === 'string' ? haproxy['map'] : '';
  fill(haproxy, 'shares', join(/^\/[^\s\p{Cc};\\"']+$/u.test(map) ? dirname(map) : '/maps', 'shares.map'));
  fill(haproxy, 'backends', colors);
  fill(caddy, 'flag', stem);
}
