import { checkCircuitBreaker, completeDeployment, primaryOf } from './deployments.ts';
import { addEvent, eventText } from './events.ts';
import { findPlace, sharesNetwork } from './instances.ts';
import type { DeploymentRecord, ServiceRecord, World } from './model.ts';
import { advanceNative } from './native-deployment.ts';
import { goalOf, isNative } from './native-strategy.ts';
import { isHealthy, replaceUnhealthy } from './replacement.ts';
import { belongsTo, liveTasks } from './service-tasks.ts';
import { Task } from './task.ts';

/**
 * The service scheduler: one pass over a service, which starts and stops tasks until there are as many as wanted, of
 * the PRIMARY deployment only. It is run often, and decides anew each time from what the records show.
 */
export function reconcile(world: World, service: ServiceRecord): void {
  if (service.status === 'INACTIVE') return;
  noteResults(world, service);
  if (isNative(service)) {
    replaceUnhealthy(world, service);
    advanceNative(world, service);
    keepCounts(world, service);
    return;
  }
  checkCircuitBreaker(service);
  replaceUnhealthy(world, service);
  stopSuperfluous(world, service);
  startMissing(world, service);
  settle(world, service);
}

/** Each task's fate is counted once: stopped before it ran, or running (and healthy). */
const counted = new WeakMap<Task, 'failed' | 'ran'>();

function noteResults(world: World, service: ServiceRecord): void {
  for (const task of world.tasks.values()) {
    if (!belongsTo(task, service)) continue;
    const deployment = service.deployments.find(({ id }) => id === task.start.startedBy);
    if (!deployment) continue;
    if (task.lastStatus === 'RUNNING' && task.wanted && counted.get(task) === undefined) {
      if (!announced.has(task)) announceRegistration(service, task);
      if (!isHealthy(world, task)) continue;
      counted.set(task, 'ran');
      deployment.failedTasks = 0;
      deployment.startFailures = 0;
    }
    if (task.failedToStart && counted.get(task) === undefined) {
      counted.set(task, 'failed');
      countFailure(world, service, deployment, task);
    }
  }
}

const announced = new WeakSet<Task>();

function announceRegistration(service: ServiceRecord, task: Task): void {
  announced.add(task);
  for (const { targetGroupArn } of task.registered)
    addEvent(service, eventText.registered(1, targetGroupArn));
}

function countFailure(world: World, service: ServiceRecord, deployment: DeploymentRecord, task: Task): void {
  deployment.failedTasks += 1;
  deployment.startFailures += 1;
  deployment.updatedAt = new Date();
  // AWS waits ever longer between attempts to start a task that never runs, up to 27 minutes.
  const seconds = Math.min(1620, 2 ** deployment.startFailures);
  deployment.nextStartAt = Date.now() + world.clock.ms(seconds);
  if (task.stopCode === 'TaskFailedToStart')
    addEvent(service, eventText.notPlaced(task.stoppedReason ?? 'unknown'));
  if (deployment.startFailures === 3) addEvent(service, eventText.startsFail());
}

/** Stops old tasks as far as `minimumHealthyPercent` lets it, and those that a lower desired count leaves over. */
function stopSuperfluous(world: World, service: ServiceRecord): void {
  const primary = primaryOf(service);
  const wanted = liveTasks(world, service).filter((task) => task.wanted);
  const ofPrimary = wanted.filter((task) => task.start.startedBy === primary.id);
  const old = wanted.filter((task) => task.start.startedBy !== primary.id);
  const healthyFirst = (a: Task, b: Task) => Number(isHealthy(world, b)) - Number(isHealthy(world, a));
  const surplus = ofPrimary.sort(healthyFirst).slice(service.desiredCount);
  const healthy = wanted.filter((task) => isHealthy(world, task)).length;
  const minimum = Math.ceil((service.desiredCount * percent(service, 'minimumHealthyPercent', 100)) / 100);
  // A stalled deployment leaves what still runs alone, as long as anything is to run.
  const frozen = primary.stalled && service.desiredCount > 0;
  let mayGo = Math.max(0, healthy - minimum);
  const going = old.filter((task) => {
    if (frozen) return false;
    if (!isHealthy(world, task)) return true;
    mayGo -= 1;
    return mayGo >= 0;
  });
  stopTasks(service, [...surplus, ...going], primary.id);
}

function stopTasks(service: ServiceRecord, tasks: readonly Task[], deployment: string): void {
  if (tasks.length === 0) return;
  service.steady = false;
  addEvent(service, eventText.stopped(tasks));
  const draining = tasks.filter(({ registered }) => registered.length > 0);
  if (draining.length > 0)
    addEvent(service, eventText.draining(draining[0]!.start.startedBy, draining.length));
  for (const task of tasks)
    void task.stop('ServiceSchedulerInitiated', `Scaling activity initiated by (deployment ${deployment})`);
}

/** Starts what is missing, up to `maximumPercent` of the desired count over all deployments. */
function startMissing(world: World, service: ServiceRecord): void {
  const primary = primaryOf(service);
  if (primary.stalled || Date.now() < primary.nextStartAt) return;
  const wanted = liveTasks(world, service).filter((task) => task.wanted);
  const ofPrimary = wanted.filter((task) => task.start.startedBy === primary.id);
  const maximum = Math.floor((service.desiredCount * percent(service, 'maximumPercent', 200)) / 100);
  const room = Math.max(maximum, service.desiredCount) - wanted.length;
  const missing = Math.min(service.desiredCount - ofPrimary.length, room);
  const places = world.options.capacity - runningEverywhere(world);
  if (missing > places) sayNoRoom(service);
  const started: Task[] = [];
  for (let index = 0; index < Math.min(missing, places); index += 1) {
    const task = startTask(world, service, primary);
    if (task === undefined) {
      sayNoRoom(service);
      break;
    }
    started.push(task);
  }
  if (started.length === 0) return;
  service.steady = false;
  addEvent(service, eventText.started(started));
}

/** With ECS's own blue/green, each deployment has a count of its own. */
function keepCounts(world: World, service: ServiceRecord): void {
  for (const deployment of service.deployments) {
    const own = liveTasks(world, service).filter(
      (task) => task.wanted && task.start.startedBy === deployment.id,
    );
    const goal = goalOf(service, deployment);
    stopTasks(service, own.slice(goal), deployment.id);
    if (deployment.stalled || Date.now() < deployment.nextStartAt) continue;
    const started: Task[] = [];
    while (own.length + started.length < goal) {
      const task = startTask(world, service, deployment);
      if (task === undefined) break;
      started.push(task);
    }
    if (started.length > 0) {
      service.steady = false;
      addEvent(service, eventText.started(started));
    }
  }
}

/** Nothing where no machine has its ports free. */
function startTask(world: World, service: ServiceRecord, deployment: DeploymentRecord): Task | undefined {
  const definition = world.taskDefinitions.get(deployment.taskDefinition)!;
  const place = sharesNetwork(definition) ? findPlace(world, definition) : undefined;
  if (place === undefined && sharesNetwork(definition)) return undefined;
  const { subnets = [] } = service.settings.networkConfiguration?.awsvpcConfiguration ?? {};
  const task = new Task(world, {
    cluster: service.cluster,
    definition,
    place,
    loadBalancers: (service.settings.loadBalancers ?? []).map((balancer) =>
      deployment.targetGroup === undefined
        ? balancer
        : { ...balancer, targetGroupArn: deployment.targetGroup },
    ),
    startedBy: deployment.id,
    serviceName: service.name,
    subnet: subnets[world.tasks.size % subnets.length],
  });
  world.tasks.set(task.arn, task);
  return task;
}

function runningEverywhere(world: World): number {
  return [...world.tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED').length;
}

function sayNoRoom(service: ServiceRecord): void {
  // Said again and again by AWS, but not at each pass.
  const last = service.events[0];
  if (last?.message.includes('was unable to place a task') && Date.now() - last.createdAt.getTime() < 1000)
    return;
  addEvent(service, eventText.noRoom());
}

/** Says so when the service is where it was to be, and lets go of deployments that have no tasks left. */
function settle(world: World, service: ServiceRecord): void {
  const primary = primaryOf(service);
  const live = liveTasks(world, service);
  const ofPrimary = live.filter((task) => task.wanted && task.start.startedBy === primary.id);
  const arrived =
    live.length === ofPrimary.length &&
    ofPrimary.length === service.desiredCount &&
    ofPrimary.every((task) => isHealthy(world, task));
  if (!arrived || (primary.stalled && service.desiredCount > 0)) return;
  if (primary.rolloutState === 'IN_PROGRESS') completeDeployment(service, primary);
  service.deployments = service.deployments.filter(({ status }) => status === 'PRIMARY');
  if (!service.steady) addEvent(service, eventText.steady());
  service.steady = true;
  if (service.status === 'DRAINING') service.status = 'INACTIVE';
}

function percent(
  service: ServiceRecord,
  name: 'minimumHealthyPercent' | 'maximumPercent',
  otherwise: number,
): number {
  return service.settings.deploymentConfiguration?.[name] ?? otherwise;
}
