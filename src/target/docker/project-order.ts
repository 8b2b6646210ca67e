import { type Container, labelOf, timeOf } from './containers.ts';

/** Set by Compose: `db:service_healthy:false,migrate:service_completed_successfully:false`. */
const DEPENDS_ON = 'com.docker.compose.depends_on';
const COMPLETED = 'service_completed_successfully';
const HEALTHY = 'service_healthy';

interface Dependency {
  readonly service: string;
  readonly condition: string;
}

/** What the service of a container waits for, by the user's Compose file. */
const dependencies = ({ inspected }: Container): Dependency[] =>
  labelOf(inspected, DEPENDS_ON)
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [service = '', condition = ''] = part.split(':');
      return { service, condition };
    });

/**
 * Containers in groups that can be started at once, one after the other: those that depend on nothing first. To stop
 * them, take the groups from the end.
 */
export function inOrder(containers: readonly Container[]): readonly (readonly Container[])[] {
  const groups: Container[][] = [];
  const here = new Set(containers.map(({ service }) => service));
  const placed = new Set<string>();
  let left = [...containers];
  while (left.length > 0) {
    const next = left.filter((one) =>
      dependencies(one).every(({ service }) => placed.has(service) || !here.has(service)),
    );
    // A circle, which Compose refuses: nobody's order is better than another.
    const group = next.length > 0 ? next : left;
    groups.push(group);
    for (const { service } of group) placed.add(service);
    left = left.filter((one) => !group.includes(one));
  }
  return groups;
}

/** A container that must be `healthy`, or have `completed` its work, before others are started. */
export interface Awaited {
  readonly container: Container;
  readonly until: 'healthy' | 'completed';
}

/** What the `waiting` ones need more of than that it was started, `among` those that are to run with them. */
export function awaitedBy(waiting: readonly Container[], among: readonly Container[]): readonly Awaited[] {
  const needed = new Map<Container, Awaited>();
  for (const { service, condition } of waiting.flatMap(dependencies))
    for (const container of among.filter((one) => one.service === service))
      if (condition === COMPLETED) needed.set(container, { container, until: 'completed' });
      else if (condition === HEALTHY && !needed.has(container))
        needed.set(container, { container, until: 'healthy' });
  return [...needed.values()];
}

/**
 * Those that Docker starts anew whenever they end: they have no end that would be their last, only pauses which the
 * policy `no` makes longer. But where another service waits for one's success, its end is what it is for.
 */
export function keptRunning(containers: readonly Container[]): ReadonlySet<Container> {
  const awaited = awaitedServices(containers);
  return new Set(
    containers.filter(
      ({ restart, service }) =>
        (restart === 'always' || restart === 'unless-stopped') && !awaited.has(service),
    ),
  );
}

/**
 * Those that had ended well by themselves while the rest of their release ran: a migration, a seed. They are no part of what
 * is started again. Either another service waits for their success, or they ended before the containers that take the
 * traffic were stopped: those are stopped first. Both times are the engine's.
 */
export function finishedJobs(
  containers: readonly Container[],
  trafficService: string,
): ReadonlySet<Container> {
  const awaited = awaitedServices(containers);
  const kept = keptRunning(containers);
  const stoppedAt = Math.max(
    0,
    ...containers
      .filter(({ service }) => service === trafficService)
      .map((one) => (one.isUp ? Number.POSITIVE_INFINITY : timeOf(one.inspected.State.FinishedAt))),
  );
  return new Set(
    containers.filter((one) => {
      const { Status, ExitCode, FinishedAt } = one.inspected.State;
      if (one.service === trafficService || Status !== 'exited' || ExitCode !== 0) return false;
      return awaited.has(one.service) || (!kept.has(one) && timeOf(FinishedAt) < stoppedAt);
    }),
  );
}

/** Services whose success another one waits for. */
const awaitedServices = (containers: readonly Container[]): ReadonlySet<string> =>
  new Set(
    containers
      .flatMap(dependencies)
      .filter(({ condition }) => condition === COMPLETED)
      .map(({ service }) => service),
  );
