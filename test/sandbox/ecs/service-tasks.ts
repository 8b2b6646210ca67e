import type { ServiceRecord, World } from './model.ts';
import type { Task } from './task.ts';

/** Whether a task was started for the service (a service that was deleted and made anew is another one). */
export function belongsTo(task: Task, service: ServiceRecord): boolean {
  const { cluster, serviceName } = task.start;
  return cluster === service.cluster && serviceName === service.name && task.createdAt >= service.createdAt;
}

/** All tasks of the service that are not STOPPED. */
export function liveTasks(world: World, service: ServiceRecord): Task[] {
  return [...world.tasks.values()].filter(
    (task) => task.lastStatus !== 'STOPPED' && belongsTo(task, service),
  );
}

/** On its way to RUNNING. */
export function isPending(task: Task): boolean {
  return task.wanted && task.lastStatus !== 'RUNNING';
}

/** Its processes run; also while the load balancer still drains it. */
export function isRunning(task: Task): boolean {
  return task.lastStatus === 'RUNNING' || task.lastStatus === 'DEACTIVATING';
}
