import { isMap, type Plain } from './merge.ts';
import type { Problem } from './problems.ts';

/** Why a key means nothing where ECS itself moves the traffic, and what to do instead. */
const MEANINGLESS: Readonly<Record<string, string>> = {
  'ecs.listeners': 'ECS knows them from the service',
  'ecs.target-groups': 'ECS knows them from the service',
  'ecs.desired-count': 'ECS starts as many tasks of a release as the service has; change its desired count',
  'ecs.autoscaling': 'there is one service, which scales as it always did',
  'ecs.alarms': 'make them yourself, and give them to the service (`deploymentConfiguration.alarms` in ECS)',
  'ecs.workers': 'they move with a color, and here ECS moves it; deploy them as an environment of their own',
  shift: 'the strategy of the service decides (`deploymentConfiguration` in ECS)',
  'health.stable-for': 'ECS decides when tasks are steady',
  'stabilize.for': 'the bake time of the service decides (`bakeTimeInMinutes` in ECS)',
  'stabilize.alarms': 'give them to the service (`deploymentConfiguration.alarms` in ECS)',
  'stabilize.insufficient-data': 'it belongs to `stabilize.alarms`',
  'stabilize.max-error-rate':
    'give the service an alarm on it (`deploymentConfiguration.alarms` in ECS), or set `stabilize.probe`',
  'stabilize.max-latency':
    'give the service an alarm on it (`deploymentConfiguration.alarms` in ECS), or set `stabilize.probe`',
  retire: 'ECS keeps the former tasks for the bake time of the service, and none after it',
};

/**
 * Takes keys out of the environment (the caller's own copy) that mean nothing with `ecs.services.native`. They are
 * refused where the environment itself writes them; what stands in the defaults is meant for the other environments.
 */
export function takeMeaningless(environment: Plain, written: unknown): Problem[] {
  const { ecs } = environment;
  if (!isMap(ecs) || !isMap(ecs['services']) || ecs['services']['native'] === undefined) return [];
  const problems: Problem[] = [];
  for (const [path, why] of Object.entries(MEANINGLESS)) {
    const steps = path.split('.');
    if (remove(environment, steps) && has(written, steps))
      problems.push({ path: steps, says: `means nothing with \`services.native\`: ${why}` });
  }
  return problems;
}

const holderOf = (value: unknown, steps: readonly string[]): unknown =>
  steps.slice(0, -1).reduce((at, step) => (isMap(at) ? at[step] : undefined), value);

function has(value: unknown, steps: readonly string[]): boolean {
  const holder = holderOf(value, steps);
  return isMap(holder) && Object.hasOwn(holder, steps.at(-1)!);
}

function remove(value: Plain, steps: readonly string[]): boolean {
  if (!has(value, steps)) return false;
  delete (holderOf(value, steps) as Plain)[steps.at(-1)!];
  return true;
}
