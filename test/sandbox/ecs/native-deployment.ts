import { randomBytes } from 'node:crypto';
import { breakerThreshold, completeDeployment, finish } from './deployments.ts';
import { addEvent, eventText } from './events.ts';
import type {
  LifecycleHook,
  NativeProgress,
  ServiceDeploymentRecord,
  ServiceRecord,
  World,
} from './model.ts';
import { advancedOf, isGoingBack, otherGroup } from './native-strategy.ts';
import { isHealthy } from './replacement.ts';
import { liveTasks } from './service-tasks.ts';

/** AWS seconds. Stages take longer on AWS; the order is what matters. */
const stageSeconds = 1;
/** What ECS waits after it moved traffic, for the load balancer's nodes to follow. */
const followSeconds = 10;

type Stage = NativeProgress['stage'];

const stages: readonly Stage[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
];

/** One pass over the service deployment that is under way: does what its stage asks for, and goes on when it is done. */
export function advanceNative(world: World, service: ServiceRecord): void {
  const record = service.serviceDeployments[0];
  if (!record?.native || record.finishedAt) {
    settle(world, service);
    return;
  }
  if (isGoingBack(record)) {
    continueBack(world, service, record);
    return;
  }
  checkFailures(world, service, record);
  if (record.status !== 'IN_PROGRESS') return;
  const { native } = record;
  if (!native.entered) enter(world, service, record);
  expireHooks(service, record);
  if (isGoingBack(record) || native.hooks.some(({ status }) => status === 'AWAITING_ACTION')) return;
  if (isDone(world, service, record)) goOn(service, record);
}

function enter(world: World, service: ServiceRecord, record: ServiceDeploymentRecord): void {
  const native = record.native!;
  native.entered = true;
  native.since = Date.now();
  const hooks = service.settings.deploymentConfiguration?.lifecycleHooks ?? [];
  native.hooks = hooks
    .filter(
      ({ targetType, lifecycleStages }) =>
        targetType === 'PAUSE' && lifecycleStages?.some((stage) => stage === native.stage),
    )
    .map(
      ({ timeoutConfiguration: { timeoutInMinutes = 1440, action } = {} }): LifecycleHook => ({
        id: `ecs-pause-${randomBytes(24).toString('base64url')}`,
        status: 'AWAITING_ACTION',
        expiresAt: new Date(Date.now() + world.clock.ms(60 * timeoutInMinutes)),
        timeoutAction: action ?? 'ROLLBACK',
      }),
    );
  const { testListenerRule } = advancedOf(service)!;
  if (native.stage === 'TEST_TRAFFIC_SHIFT' && testListenerRule)
    give(world, service, record, testListenerRule, 100);
  if (native.stage === 'PRODUCTION_TRAFFIC_SHIFT')
    give(world, service, record, advancedOf(service)!.productionListenerRule!, steps(service)[native.step]!);
}

/** Gives the new revision so much of a rule's traffic, in percent. */
function give(
  world: World,
  service: ServiceRecord,
  { deployment }: ServiceDeploymentRecord,
  rule: string,
  percent: number,
): void {
  const own = deployment.targetGroup!;
  world.traffic.weigh(
    rule,
    new Map([
      [own, percent],
      [otherGroup(service, own), 100 - percent],
    ]),
  );
}

/** How much of the traffic the new revision gets, step by step. */
function steps({ settings }: ServiceRecord): number[] {
  const { strategy, canaryConfiguration, linearConfiguration } = settings.deploymentConfiguration ?? {};
  if (strategy === 'CANARY') return [canaryConfiguration?.canaryPercent ?? 5, 100];
  if (strategy !== 'LINEAR') return [100];
  const size = linearConfiguration?.stepPercent ?? 10;
  const count = Math.ceil(100 / size);
  return Array.from({ length: count }, (_, index) => Math.min(100, Math.round(size * (index + 1))));
}

function stepBakeMinutes({ settings }: ServiceRecord): number {
  const { strategy, canaryConfiguration, linearConfiguration } = settings.deploymentConfiguration ?? {};
  if (strategy === 'CANARY') return canaryConfiguration?.canaryBakeTimeInMinutes ?? 10;
  return strategy === 'LINEAR' ? (linearConfiguration?.stepBakeTimeInMinutes ?? 6) : 0;
}

function isDone(world: World, service: ServiceRecord, record: ServiceDeploymentRecord): boolean {
  const native = record.native!;
  const passed = (seconds: number) => Date.now() - native.since >= world.clock.ms(seconds);
  const tasksOf = (test: (startedBy: string) => boolean) =>
    liveTasks(world, service).filter(({ start }) => test(start.startedBy));
  const sources = record.source.map(({ id }) => id);
  switch (native.stage) {
    case 'RECONCILE_SERVICE':
      return tasksOf((id) => !sources.includes(id)).length === 0;
    case 'SCALE_UP': {
      const own = tasksOf((id) => id === record.deployment.id).filter((task) => task.wanted);
      return own.length >= service.desiredCount && own.every((task) => isHealthy(world, task));
    }
    case 'TEST_TRAFFIC_SHIFT':
      return passed(advancedOf(service)?.testListenerRule ? followSeconds : stageSeconds);
    case 'PRODUCTION_TRAFFIC_SHIFT': {
      const isLast = native.step + 1 >= steps(service).length;
      return passed(followSeconds + (isLast ? 0 : 60 * stepBakeMinutes(service)));
    }
    case 'BAKE_TIME':
      return passed(60 * (service.settings.deploymentConfiguration?.bakeTimeInMinutes ?? 0));
    case 'CLEAN_UP':
      return tasksOf((id) => id !== record.deployment.id).length === 0;
    default:
      return passed(stageSeconds);
  }
}

function goOn(service: ServiceRecord, record: ServiceDeploymentRecord): void {
  const native = record.native!;
  native.entered = false;
  native.hooks = [];
  if (native.stage === 'CLEAN_UP') {
    service.deployments = [record.deployment];
    completeDeployment(service, record.deployment);
    return;
  }
  if (native.stage === 'PRODUCTION_TRAFFIC_SHIFT' && native.step + 1 < steps(service).length) {
    native.step += 1;
    native.stage = 'PRE_PRODUCTION_TRAFFIC_SHIFT';
    return;
  }
  const next = stages[stages.indexOf(native.stage) + 1]!;
  // There is nothing to shift from when the service is created.
  native.stage = record.source.length === 0 && next === 'POST_SCALE_UP' ? 'CLEAN_UP' : next;
}

function expireHooks(service: ServiceRecord, record: ServiceDeploymentRecord): void {
  for (const hook of record.native!.hooks) {
    if (hook.status !== 'AWAITING_ACTION' || hook.expiresAt.getTime() > Date.now()) continue;
    hook.status = 'TIMED_OUT';
    if (hook.timeoutAction === 'ROLLBACK') goBack(service, record, 'A lifecycle hook timed out.');
  }
}

/** The circuit breaker and the alarms, as far as the service has them switched on. */
function checkFailures(world: World, service: ServiceRecord, record: ServiceDeploymentRecord): void {
  const { deploymentCircuitBreaker: breaker, alarms } = service.settings.deploymentConfiguration ?? {};
  const { deployment, native, circuitBreaker } = record;
  circuitBreaker.failureCount = Math.max(circuitBreaker.failureCount, deployment.failedTasks);
  if (breaker?.enable && deployment.failedTasks >= breakerThreshold(service)) {
    circuitBreaker.triggered = true;
    const reason = 'ECS deployment circuit breaker: tasks failed to start.';
    if (breaker.rollback) goBack(service, record, reason);
    else halt(service, record, reason);
    return;
  }
  if (!native!.watchesAlarms) return;
  native!.triggeredAlarms = (alarms?.alarmNames ?? []).filter((name) => world.alarmState(name) === 'ALARM');
  if (native!.triggeredAlarms.length === 0) return;
  const reason = 'Service deployment rolled back because of a deployment alarm.';
  if (alarms?.rollback) goBack(service, record, reason);
  else halt(service, record, reason);
}

/** Users are to have the source again. What goes back already goes on doing so. */
export function goBack(service: ServiceRecord, record: ServiceDeploymentRecord, reason: string): void {
  if (isGoingBack(record) || record.finishedAt) return;
  const [source] = record.source;
  if (!source) {
    halt(service, record, reason);
    return;
  }
  fail(service, record, reason);
  record.status = 'ROLLBACK_REQUESTED';
  record.statusReason = reason;
  record.rollback = { reason, startedAt: new Date(), to: source };
  record.deployment.status = 'ACTIVE';
  source.status = 'PRIMARY';
  addEvent(service, eventText.rollingBack(source.id));
}

/** Stops it where it is: nothing goes back. */
export function abortNative(service: ServiceRecord, record: ServiceDeploymentRecord): void {
  if (!isGoingBack(record)) halt(service, record, 'Service deployment stopped by the user.');
}

function halt(service: ServiceRecord, record: ServiceDeploymentRecord, reason: string): void {
  fail(service, record, reason);
  finish(record, 'STOPPED', reason);
}

function fail(service: ServiceRecord, { deployment }: ServiceDeploymentRecord, reason: string): void {
  deployment.rolloutState = 'FAILED';
  deployment.rolloutStateReason = reason;
  deployment.updatedAt = new Date();
  deployment.stalled = true;
  service.steady = false;
  addEvent(service, eventText.failed(deployment.id, reason));
}

/** Traffic first, then the load balancer's time to follow, then the tasks. */
function continueBack(world: World, service: ServiceRecord, record: ServiceDeploymentRecord): void {
  const native = record.native!;
  const { productionListenerRule, testListenerRule } = advancedOf(service)!;
  if (record.status === 'ROLLBACK_REQUESTED') {
    record.status = 'ROLLBACK_IN_PROGRESS';
    native.since = Date.now();
    for (const rule of [productionListenerRule, testListenerRule])
      if (rule !== undefined) give(world, service, record, rule, 0);
    return;
  }
  if (Date.now() - native.since < world.clock.ms(followSeconds)) return;
  native.backSince ??= Date.now();
  const left = liveTasks(world, service).filter(({ start }) => start.startedBy === record.deployment.id);
  if (left.length > 0) return;
  service.deployments = [...record.source];
  finish(record, 'ROLLBACK_SUCCESSFUL', record.statusReason);
}

/** Says so when the service is where it was to be. */
function settle(world: World, service: ServiceRecord): void {
  const live = liveTasks(world, service).filter((task) => task.wanted);
  const arrived = live.length === service.desiredCount && live.every((task) => isHealthy(world, task));
  if (!arrived || service.steady) return;
  service.steady = true;
  addEvent(service, eventText.steady());
}
