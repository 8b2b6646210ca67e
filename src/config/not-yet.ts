import { isMap, type Plain } from './merge.ts';
import type { Problem } from './problems.ts';
import { show } from './show.ts';

/** A part of the contract (DESIGN 3.2) that this release does not build: refused, never ignored. */
interface NotYet {
  /** Below an environment. */
  readonly path: string;
  /** Only such values; absent: whatever stands there. */
  readonly when?: (value: unknown) => boolean;
  /** Only in environments with this target; absent: in all. */
  readonly on?: 'ecs' | 'docker';
  /** What to do about it; absent: remove it. */
  readonly fix?: string;
}

export const NOT_YET: readonly NotYet[] = [
  { path: 'docker.engine', when: (value) => value === 'swarm', fix: 'write `compose`' },
  { path: 'docker.host', when: Array.isArray, fix: 'write one host' },
  { path: 'stabilize.alarms', on: 'docker', fix: 'remove it; a Docker host has none, CloudWatch does' },
  { path: 'health.path', on: 'ecs', fix: 'remove it; on ECS the health check of the target group counts' },
  { path: 'retire.prune', on: 'ecs', fix: 'remove it; it is for the images on a Docker host' },
];

/** Takes what is not built yet out of the environment, which is the caller's own copy, and says what it took. */
export function takeNotYet(environment: Plain): Problem[] {
  const problems: Problem[] = [];
  for (const { path, when, on, fix = 'remove it' } of NOT_YET) {
    if (on !== undefined && !Object.hasOwn(environment, on)) continue;
    const steps = path.split('.');
    const key = steps.at(-1)!;
    const holder = steps
      .slice(0, -1)
      .reduce<unknown>((at, step) => (isMap(at) ? at[step] : undefined), environment);
    if (!isMap(holder) || !Object.hasOwn(holder, key) || when?.(holder[key]) === false) continue;
    // Where other values are fine, name this one.
    const what = when === undefined || isMap(holder[key]) ? '' : `${show(holder[key])}, which is `;
    problems.push({ path: steps, says: `is ${what}not supported yet: ${fix}` });
    delete holder[key];
  }
  return problems;
}
