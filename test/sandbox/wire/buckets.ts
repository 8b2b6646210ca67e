import type { ServiceName } from './services.ts';

/** How the emulated account's buckets run. */
export interface BucketOptions {
  /** How many times quicker than on AWS they refill; 1 by default: the limits count real seconds, as AWS's do. */
  readonly pace?: number;
}

interface Group {
  readonly service: ServiceName;
  readonly name: string;
  readonly operations: RegExp;
  /** So many calls at once ... */
  readonly capacity: number;
  /** ... and so many a second after that. */
  readonly refill: number;
}

/**
 * The token buckets of an account in one region (facts/ecs.md 4g: the throttling pages of the ECS and ELB
 * documentation). A call takes a token of each group that it belongs to. Services that are not named have none here.
 */
const GROUPS: readonly Group[] = [
  ...group('ecs', [
    ['service read', /^(DescribeServices|ListServices|ListServicesByNamespace)$/, 100, 20],
    ['service modify', /^(Create|Update|Delete)Service$/, 50, 5],
    ['service deployment', /^(DescribeServiceDeployments|ListServiceDeployments)$/, 50, 20],
    ['service revision', /^DescribeServiceRevisions$/, 50, 20],
    ['cluster resource read', /^(Describe|List)(Tasks|ContainerInstances)$/, 100, 20],
    [
      'task definition read',
      /^(DescribeTaskDefinition|ListTaskDefinitions|ListTaskDefinitionFamilies)$/,
      50,
      20,
    ],
    ['task definition modify', /^(Register|Deregister)TaskDefinition$/, 20, 1],
    ['task definition delete', /^DeleteTaskDefinitions$/, 5, 1],
    ['tag modify', /^(Tag|Untag)Resource$/, 20, 10],
    ['task', /^(RunTask|StartTask|StopTask)$/, 100, 40],
  ]),
  ...group('elasticloadbalancing', [
    // One bucket for whatever one asks of ELBv2, besides those of its kinds.
    ['account', /./, 40, 10],
    ['mutating', /^(?!Describe|Get|RegisterTargets|DeregisterTargets|CreateLoadBalancer$)/, 20, 3],
    ['targets', /^(Register|Deregister)Targets$/, 20, 4],
    ['load balancers', /^CreateLoadBalancer$/, 10, 0.2],
  ]),
];

function group(service: ServiceName, rows: [string, RegExp, number, number][]): Group[] {
  return rows.map(([name, operations, capacity, refill]) => ({
    service,
    name,
    operations,
    capacity,
    refill,
  }));
}

/** The buckets of one account and region. */
export class AccountBuckets {
  readonly #pace: number;
  readonly #levels = new Map<Group, { tokens: number; at: number }>();

  constructor({ pace = 1 }: BucketOptions = {}) {
    this.#pace = pace;
  }

  /**
   * Takes what a call costs.
   * @param now ms, on any scale that only grows
   * @returns the group that has nothing left, and then nothing is taken from any
   */
  take(service: ServiceName, operation: string, now: number): string | undefined {
    const groups = GROUPS.filter((one) => one.service === service && one.operations.test(operation));
    const levels = groups.map((one) => ({ one, level: this.#fill(one, now) }));
    const empty = levels.find(({ level }) => level.tokens < 1);
    if (empty !== undefined) return empty.one.name;
    for (const { level } of levels) level.tokens -= 1;
    return undefined;
  }

  #fill(one: Group, now: number): { tokens: number } {
    const level = this.#levels.get(one) ?? { tokens: one.capacity, at: now };
    const grown = ((now - level.at) / 1000) * one.refill * this.#pace;
    level.tokens = Math.min(one.capacity, level.tokens + grown);
    level.at = now;
    this.#levels.set(one, level);
    return level;
  }
}
