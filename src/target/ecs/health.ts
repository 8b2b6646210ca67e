import type { Deployment, Service, Task } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Failure, Health } from '../target.ts';
import { releaseId } from './arn.ts';
import { type Aws, read } from './aws.ts';
import { condemn, evidence } from './diagnosis.ts';
import { deploymentById, primaryDeployment } from './services.ts';
import { addressOf, type Tasks, taskId } from './tasks.ts';

/** The deployment whose tasks count; everything else in the service is not our release. */
export interface Anchor {
  readonly deploymentId: string;
  /** How many tasks were asked for. */
  readonly wanted: number;
  /** ECS's API is eventually consistent: until it has shown what was asked for once, what it shows means nothing. */
  seen: boolean;
}

export interface LookOptions {
  readonly aws: Aws;
  readonly tasks: Tasks;
  readonly service: Service;
  readonly anchor: Anchor;
  readonly targetGroup: string;
}

/** One look at the tasks that `anchor` started: proven are those which run and whose own target is healthy. */
export async function look({ aws, tasks, service, anchor, targetGroup }: LookOptions): Promise<Health> {
  // Once ECS has shown what was asked for, a change of the count is somebody's decision: autoscaling, a person.
  const wanted = anchor.seen ? (service.desiredCount ?? 0) : anchor.wanted;
  const deployment = deploymentById(service, anchor.deploymentId);
  if (!anchor.seen && (deployment === undefined || service.desiredCount !== wanted))
    return { ready: 0, wanted, detail: 'ECS does not show the deployment yet' };
  anchor.seen = true;
  const name = service.serviceName ?? '';
  const ours = ({ startedBy }: Task) => startedBy === anchor.deploymentId;
  const stopped = (await tasks.stopped(name))
    .filter(ours)
    .sort((a, b) => (a.stoppedAt?.getTime() ?? 0) - (b.stoppedAt?.getTime() ?? 0));
  const failure = verdict(service, deployment, stopped) ?? condemn(stopped);
  if (failure !== undefined) return { ready: 0, wanted, detail: failure.reason, failure };

  const running = await tasks.running(name);
  // Most of the wait goes by before a task runs, when no target can be healthy: ELBv2's budget is spared (4g).
  const started = running.some((task) => ours(task) && task.lastStatus === 'RUNNING');
  const targets = started ? await targetHealth(aws, targetGroup) : [];
  const states = running.filter(ours).map((task) => stateOf(task, service, targets));
  const ready = states.filter((state) => state === 'healthy').length;
  const others = running.filter((task) => !ours(task) && task.lastStatus === 'RUNNING').length;
  const rolling = deployment?.rolloutState === 'IN_PROGRESS';
  const detail = [
    `${ready} of ${wanted} healthy`,
    ...summarize(states.filter((state) => state !== 'healthy')),
    // The former release's tasks are in the same target group: users would get both.
    ...(others > 0 ? [`${others} of another release still run`] : []),
    ...(rolling && others === 0 && ready >= wanted ? ['ECS is finishing its deployment'] : []),
    ...(stopped.length > 0 ? [evidence(stopped).at(-1)!] : []),
    ...placementTrouble(service, deployment),
  ].join('; ');
  // While ECS still rolls, its circuit breaker may yet replace the tasks, with users on them.
  return { ready: others > 0 || rolling ? Math.min(ready, Math.max(wanted - 1, 0)) : ready, wanted, detail };
}

/** What ECS itself says of the deployment, once that is final. */
function verdict(
  service: Service,
  deployment: Deployment | undefined,
  stopped: readonly Task[],
): Failure | undefined {
  const details = [
    ...evidence(stopped),
    ...(service.events ?? []).slice(0, 5).map(({ message = '' }) => `event: ${message}`),
  ];
  const primary = primaryDeployment(service);
  const replacedBy = `${releaseId(primary?.taskDefinition ?? '')} (deployment ${primary?.id ?? 'unknown'})`;
  if (deployment?.rolloutState === 'FAILED')
    return {
      reason: `ECS gave the deployment up: ${deployment.rolloutStateReason ?? 'no reason given'}`,
      hint: condemn(stopped)?.hint,
      details,
    };
  if (deployment === undefined || deployment.status !== 'PRIMARY') {
    const rolledBack = /roll(ed|ing) back/i.test(primary?.rolloutStateReason ?? '') || stopped.length > 0;
    return {
      reason: rolledBack
        ? `ECS's circuit breaker rolled the deployment back to ${replacedBy}`
        : `another deployment took the place of ours: ${replacedBy}`,
      hint:
        condemn(stopped)?.hint ?? 'Look for another pipeline, or a person, that deploys to this service too.',
      details,
    };
  }
  if ((service.desiredCount ?? 0) === 0)
    return {
      reason: 'the service was scaled to zero',
      hint: 'Look for an autoscaling policy, a schedule or a person that set the desired count.',
      details,
    };
  return undefined;
}

async function targetHealth(aws: Aws, targetGroup: string): Promise<readonly TargetHealthDescription[]> {
  const answer = await read('elasticloadbalancing:DescribeTargetHealth', () =>
    aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup })),
  );
  return answer.TargetHealthDescriptions ?? [];
}

/** `healthy`, or where the task stands on its way there. */
function stateOf(task: Task, service: Service, targets: readonly TargetHealthDescription[]): string {
  if (task.lastStatus !== 'RUNNING') return (task.lastStatus ?? 'unknown').toLowerCase();
  const address = addressOf(task);
  const ports = new Set(service.loadBalancers?.map(({ containerPort }) => containerPort));
  const target = targets.find(
    ({ Target }) => Target?.Id === address && (ports.size === 0 || ports.has(Target?.Port)),
  );
  if (target === undefined) return `running, not yet a target (${taskId(task)})`;
  const { State = 'unknown', Reason, Description } = target.TargetHealth ?? {};
  if (State !== 'healthy')
    return `${State}${Reason === undefined ? '' : ` (${Reason}${Description ? `: ${Description}` : ''})`}`;
  // A container health check of the task definition counts too.
  return task.healthStatus === 'UNHEALTHY' ? 'container health check fails' : 'healthy';
}

/** `2 pending`, `1 initial (Elb.InitialHealthChecking)` */
function summarize(states: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`);
}

/** The newest event that says why no task starts, of the time of this deployment. */
function placementTrouble(service: Service, deployment: Deployment | undefined): string[] {
  const since = deployment?.createdAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const event = service.events
    ?.filter(
      ({ createdAt, message = '' }) => (createdAt?.getTime() ?? 0) >= since && /unable to/i.test(message),
    )
    .sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))[0];
  return event?.message === undefined ? [] : [event.message];
}
