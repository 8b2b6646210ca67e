import type { Service, Task } from '@aws-sdk/client-ecs';
import { type Failure, type Health, TransientError } from '../target.ts';
import type { Anchor, Sight } from './anchor.ts';
import type { Aws } from './aws.ts';
import { diagnose, withoutVerdict } from './diagnosis.ts';
import type { LogTail } from './log-tail.ts';
import { mixedDigests, mixedFailure } from './mixed-digests.ts';
import type { Place, Places } from './places.ts';
import { deploymentById } from './services.ts';
import { headline } from './stopped-tasks.ts';
import { ownState, stateOf, type TargetState, targetHealth } from './target-health.ts';
import { type Tasks, taskId } from './tasks.ts';
import { judge } from './verdict.ts';

export interface LookOptions {
  /** How many tasks must be proven. */
  readonly wanted: number;
  readonly aws: Aws;
  readonly tasks: Tasks;
  readonly places: Places;
  readonly logs: LogTail;
  readonly service: Service;
  readonly anchor: Anchor;
  /** Absent where nothing but ECS checks their health. */
  readonly targetGroup?: string;
  /** Without a target group: whether the task definition has a container health check. */
  readonly isChecked?: boolean;
  /** Whether users have the release by now. */
  readonly hasUsers: boolean;
  /** How many looks in a row must find a task healthy; one when absent. */
  readonly looks?: number;
  /** The containers that take the deployed image. */
  readonly images: readonly string[];
  /** The container whose log matters most: the one behind the load balancer. */
  readonly container: string;
}

/** One look at the tasks that `anchor` started: proven are those which run and whose own target is healthy. */
export async function look(options: LookOptions): Promise<Health> {
  const { service, anchor, logs, container } = options;
  if (!anchor.sees(service)) {
    if (anchor.last !== undefined)
      throw new TransientError('ECS shows a picture of the service from before its deployment');
    return { ready: 0, wanted: anchor.wanted, detail: 'ECS does not show the deployment yet' };
  }
  const sight = await see(options);
  const wanted = anchor.isLive ? notUnderway(options.wanted, sight) : options.wanted;
  const news = anchor.events.note(service, anchor.createdAt);
  anchor.last = sight;
  anchor.tally.note(sight.running, sight.states);
  const { length: tasks } = sight.running;
  anchor.tally.noteRoom(tasks, tasks < wanted && anchor.events.noRoom !== undefined);
  const verdict = judge(anchor, sight);
  if (verdict !== undefined) {
    const failure = await diagnose(verdict, { anchor, sight, logs, container });
    return { ready: 0, wanted, detail: failure.reason, news, failure };
  }
  // Users have it, and a task that came later may have found the tag moved: no reason to take it from them.
  const mixed = anchor.isLive ? undefined : mixedDigests(sight.running, options.images);
  if (mixed !== undefined) {
    const failure = mixedFailure(mixed);
    return { ready: 0, wanted, detail: failure.reason, news, failure };
  }
  const { looks = 1 } = options;
  const ready = sight.running.filter(
    (task) =>
      sight.states.get(task.taskArn ?? '')?.kind === 'healthy' && anchor.tally.healthyFor(task, looks),
  ).length;
  const rolling = sight.deployment?.rolloutState === 'IN_PROGRESS';
  // While ECS still rolls, its circuit breaker may yet replace the tasks, with users on them.
  const most = sight.others > 0 || rolling ? Math.max(wanted - 1, 0) : ready;
  return { ready: Math.min(ready, most), wanted, detail: describe(anchor, sight), news };
}

/** How many must be healthy of a release that users have: where one ends badly, its end is what counts. */
function notUnderway(wanted: number, { states }: Sight): number {
  const underway = [...states.values()].filter(({ kind }) => kind === 'underway').length;
  return wanted === 0 ? 0 : Math.max(1, wanted - underway);
}

/** What `look` saw last, put together for when patience is over. */
export async function explain(
  anchor: Anchor,
  logs: LogTail,
  container: string,
): Promise<Failure | undefined> {
  const sight = anchor.last;
  if (sight === undefined) return undefined;
  const verdict = judge(anchor, sight) ?? withoutVerdict(sight, describe(anchor, sight));
  return diagnose(verdict, { anchor, sight, logs, container });
}

async function see(options: LookOptions): Promise<Sight> {
  const { aws, tasks, service, anchor, targetGroup } = options;
  const name = service.serviceName ?? '';
  const ours = (task: Task) => anchor.owns(task);
  const stopped = anchor.stoppedSince(await tasks.stopped(name));
  const all = await tasks.running(name);
  const running = all.filter(ours);
  // Most of the wait goes by before a task runs, when no target can be healthy: ELBv2's budget is spared (4g).
  const started = running.some(({ lastStatus }) => lastStatus === 'RUNNING');
  const found =
    started && targetGroup !== undefined
      ? await options.places.of(running, service, targetGroup)
      : new Map<string, Place>();
  const targets = started && targetGroup !== undefined ? await targetHealth(aws, targetGroup) : [];
  return {
    service,
    deployment: deploymentById(service, anchor.deploymentId),
    stopped,
    running,
    hasUsers: options.hasUsers,
    // Beside each other, each release has a target group of its own: users get only one of them.
    others: anchor.standsBeside
      ? 0
      : all.filter((task) => !ours(task) && task.lastStatus === 'RUNNING').length,
    states: new Map(
      running.map((task) => [
        task.taskArn ?? '',
        targetGroup === undefined
          ? ownState(task, options.isChecked ?? false)
          : stateOf(task, found.get(task.taskArn ?? ''), targets),
      ]),
    ),
  };
}

/** `1 of 3 healthy; 2 initial (Elb.InitialHealthChecking)`, and whatever else stands in the way. */
function describe({ wanted, events }: Anchor, { deployment, stopped, others, states }: Sight): string {
  const all = [...states.values()];
  const ready = all.filter(({ kind }) => kind === 'healthy').length;
  const last = stopped.at(-1);
  return [
    `${ready} of ${wanted} healthy`,
    ...summarize(all.filter(({ kind }) => kind !== 'healthy')),
    // The former release's tasks are in the same target group: users would get both.
    ...(others > 0 ? [`${others} of another release still run`] : []),
    ...(deployment?.rolloutState === 'IN_PROGRESS' && others === 0 && ready >= wanted
      ? ['ECS is finishing its deployment']
      : []),
    ...(last === undefined ? [] : [`task ${taskId(last)} stopped: ${headline(last)}`]),
    ...(events.placement === undefined ? [] : [events.placement]),
  ].join('; ');
}

/** `2 pending`, `1 initial (Elb.InitialHealthChecking)` */
function summarize(states: readonly TargetState[]): string[] {
  const counts = new Map<string, number>();
  for (const { text } of states) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${count} ${text}`);
}
