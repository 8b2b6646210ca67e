import { addEvent, eventText } from './events.ts';
import type { DeploymentRecord, ServiceDeploymentRecord, ServiceRecord, World } from './model.ts';
import { ecsArn, newDigits, newTaskId } from './names.ts';
import { beginNative, isNative } from './native-strategy.ts';

/** The one deployment that the service is going to, or has gone to. */
export function primaryOf(service: ServiceRecord): DeploymentRecord {
  return service.deployments.find(({ status }) => status === 'PRIMARY')!;
}

/** Starts a deployment: it becomes PRIMARY at once, and what was PRIMARY stays ACTIVE while it has tasks. */
export function startDeployment(
  world: World,
  service: ServiceRecord,
  taskDefinition: string,
): DeploymentRecord {
  const former = service.deployments.filter(({ status }) => status === 'PRIMARY');
  for (const deployment of former) deployment.status = 'ACTIVE';
  const now = new Date();
  const deployment = newDeployment(taskDefinition, now);
  service.deployments.unshift(deployment);
  service.steady = false;
  const superseded = currentServiceDeployment(service);
  if (superseded && !superseded.finishedAt)
    finish(superseded, 'STOPPED', 'Superseded by a newer deployment.');
  const digits = newTaskId().slice(0, 21);
  const native = isNative(service) ? beginNative(world, service, deployment) : undefined;
  service.serviceDeployments.unshift({
    arn: ecsArn(world, `service-deployment/${service.cluster.name}/${service.name}/${digits}`),
    deployment,
    source: native?.source ?? former,
    createdAt: now,
    status: 'IN_PROGRESS',
    circuitBreaker: { triggered: false, failureCount: 0 },
    ...(native && { native: native.progress }),
  });
  return deployment;
}

function newDeployment(taskDefinition: string, now: Date): DeploymentRecord {
  const id = `ecs-svc/${newDigits()}`;
  return {
    id,
    taskDefinition,
    createdAt: now,
    updatedAt: now,
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    startFailures: 0,
    nextStartAt: 0,
    stalled: false,
  };
}

/** The newest service deployment: the one that DescribeServices names. */
export function currentServiceDeployment(service: ServiceRecord): ServiceDeploymentRecord | undefined {
  return service.serviceDeployments[0];
}

/** The deployment has reached what it was to reach. */
export function completeDeployment(service: ServiceRecord, deployment: DeploymentRecord): void {
  deployment.rolloutState = 'COMPLETED';
  deployment.rolloutStateReason = `ECS deployment ${deployment.id} completed.`;
  deployment.updatedAt = new Date();
  service.lastCompleted = deployment;
  addEvent(service, eventText.completed(deployment.id));
  const record = currentServiceDeployment(service);
  if (!record || record.finishedAt) return;
  if (record.rollback) finish(record, 'ROLLBACK_SUCCESSFUL', record.rollback.reason);
  else finish(record, 'SUCCESSFUL');
}

/**
 * The circuit breaker opens after half as many failures as tasks are wanted, but at least 3 and at most 200. With
 * nothing to go back to, the deployment is stalled: it starts no more tasks, and never ends.
 */
export function checkCircuitBreaker(service: ServiceRecord): void {
  const breaker = service.settings.deploymentConfiguration?.deploymentCircuitBreaker;
  const deployment = primaryOf(service);
  const record = currentServiceDeployment(service);
  if (record)
    record.circuitBreaker.failureCount = Math.max(record.circuitBreaker.failureCount, deployment.failedTasks);
  if (!breaker?.enable || deployment.rolloutState !== 'IN_PROGRESS') return;
  if (deployment.failedTasks < breakerThreshold(service)) return;
  if (record) record.circuitBreaker.triggered = true;
  failDeployment(service, {
    why: 'tasks failed to start.',
    reason: 'ECS deployment circuit breaker: tasks failed to start.',
    goBack: breaker.rollback === true,
  });
}

/** How many consecutive failures open the circuit breaker. */
export function breakerThreshold(service: ServiceRecord): number {
  return Math.min(200, Math.max(3, Math.ceil(service.desiredCount / 2)));
}

/** The PRIMARY deployment has failed, or somebody asked for it to be undone. */
export function failDeployment(
  service: ServiceRecord,
  failure: { why: string; reason: string; goBack: boolean },
): void {
  const deployment = primaryOf(service);
  const record = currentServiceDeployment(service);
  deployment.rolloutState = 'FAILED';
  deployment.rolloutStateReason = failure.reason;
  deployment.updatedAt = new Date();
  addEvent(service, eventText.failed(deployment.id, failure.why));
  const goal = service.lastCompleted;
  if (!failure.goBack || !goal || record?.rollback) {
    deployment.stalled = true;
    if (record && !record.finishedAt)
      finish(record, record.rollback ? 'ROLLBACK_FAILED' : 'STOPPED', failure.reason);
    return;
  }
  goBack(service, { deployment, goal, reason: failure.reason, record });
}

/** Stops it where it is: no more tasks are started, and none goes back. */
export function stopDeployment(service: ServiceRecord, reason: string): void {
  const deployment = primaryOf(service);
  deployment.stalled = true;
  deployment.updatedAt = new Date();
  const record = currentServiceDeployment(service);
  if (record) finish(record, 'STOPPED', reason);
}

/** Going back is a new deployment of the old revision, with an id of its own and the count of now. */
function goBack(
  service: ServiceRecord,
  step: {
    deployment: DeploymentRecord;
    goal: DeploymentRecord;
    reason: string;
    record: ServiceDeploymentRecord | undefined;
  },
): void {
  const back = newDeployment(step.goal.taskDefinition, new Date());
  step.deployment.status = 'ACTIVE';
  back.rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${step.goal.id}.`;
  service.deployments.unshift(back);
  service.steady = false;
  addEvent(service, eventText.rollingBack(step.goal.id));
  if (!step.record) return;
  step.record.status = 'ROLLBACK_IN_PROGRESS';
  step.record.statusReason = step.reason;
  step.record.rollback = { reason: step.reason, startedAt: new Date(), to: step.goal };
}

export function finish(
  record: ServiceDeploymentRecord,
  status: ServiceDeploymentRecord['status'],
  reason?: string,
): void {
  record.status = status;
  record.finishedAt = new Date();
  if (status === 'STOPPED') record.stoppedAt = record.finishedAt;
  if (reason !== undefined) record.statusReason = reason;
}
