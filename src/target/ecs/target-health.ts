import type { Task } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Aws, read } from './aws.ts';
import type { Place } from './places.ts';
import { taskId } from './tasks.ts';

/** Where a task stands on its way to being healthy. */
export interface TargetState {
  /**
   * `sick`: a health check fails. `unreachable`: the load balancer does not use the target. `unhealthy` of ELBv2 is
   * sick only where the application is to blame.
   */
  readonly kind: 'healthy' | 'sick' | 'unreachable' | 'underway';
  /** For people: `unhealthy (Target.ResponseCodeMismatch: Health checks failed with these codes: [500])`. */
  readonly text: string;
  /** The address that the load balancer asks, once there is one. */
  readonly address?: string;
}

export async function targetHealth(
  aws: Aws,
  targetGroup: string,
): Promise<readonly TargetHealthDescription[]> {
  const answer = await read('elasticloadbalancing:DescribeTargetHealth', () =>
    aws.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup })),
  );
  return answer.TargetHealthDescriptions ?? [];
}

/** The state of one task. Matched by its place: a target group may still hold targets of a former release. */
export function stateOf(
  task: Task,
  place: Place | undefined,
  targets: readonly TargetHealthDescription[],
): TargetState {
  if (task.lastStatus !== 'RUNNING')
    return { kind: 'underway', text: (task.lastStatus ?? 'unknown').toLowerCase() };
  const found = targets.find(
    ({ Target }) => Target?.Id === place?.id && place?.ports.includes(Target?.Port ?? 0),
  );
  if (found === undefined) return { kind: 'underway', text: `running, not yet a target (${taskId(task)})` };
  const { State = 'unknown', Reason = '', Description } = found.TargetHealth ?? {};
  const at = { address: `${found.Target?.Id}:${found.Target?.Port}` };
  if (State !== 'healthy') {
    const why = [Reason, Description].filter(Boolean).join(': ');
    const text = why === '' ? State : `${State} (${why})`;
    if (State === 'unhealthy' && !Reason.startsWith('Elb.')) return { kind: 'sick', text, ...at };
    if (State === 'unused' && Reason === 'Target.NotInUse') return { kind: 'unreachable', text, ...at };
    return { kind: 'underway', text, ...at };
  }
  // A container health check of the task definition counts too.
  return task.healthStatus === 'UNHEALTHY'
    ? { kind: 'sick', text: 'container health check fails', ...at }
    : { kind: 'healthy', text: 'healthy', ...at };
}

/** The state of a task behind no load balancer: that it runs, and what its container health check says, if it has one. */
export function ownState({ lastStatus, healthStatus }: Task, isChecked: boolean): TargetState {
  if (lastStatus !== 'RUNNING') return { kind: 'underway', text: (lastStatus ?? 'unknown').toLowerCase() };
  if (healthStatus === 'UNHEALTHY') return { kind: 'sick', text: 'container health check fails' };
  return isChecked && healthStatus !== 'HEALTHY'
    ? { kind: 'underway', text: 'running, its container health check has not passed yet' }
    : { kind: 'healthy', text: 'running' };
}
