import { addEvent, eventText } from './events.ts';
import type { ServiceRecord, World } from './model.ts';
import { liveTasks } from './service-tasks.ts';
import type { Task } from './task.ts';
import { overallHealth } from './task-view.ts';

/** Runs, and whatever checks its health (its target groups, its containers' own checks) has found it healthy. */
export function isHealthy(world: World, task: Task): boolean {
  if (task.lastStatus !== 'RUNNING' || !task.wanted) return false;
  const checked = task.containers.some(({ definition, essential }) => essential && definition.healthCheck);
  if (checked && overallHealth(task.containers) !== 'HEALTHY') return false;
  return task.registered.every(
    ({ targetGroupArn, target }) => world.targets.health(targetGroupArn, target)?.State === 'healthy',
  );
}

const unhealthySince = new WeakMap<Task, number>();

/** Stops tasks that fail their health checks; the scheduler's next pass starts others in their place. */
export function replaceUnhealthy(world: World, service: ServiceRecord): void {
  for (const task of liveTasks(world, service)) {
    if (task.lastStatus !== 'RUNNING' || !task.wanted) continue;
    if (overallHealth(task.containers) === 'UNHEALTHY') {
      addEvent(service, eventText.unhealthyContainer(task));
      replace(service, task, 'Task failed container health checks');
      continue;
    }
    // The grace period only protects the task from being stopped; it does not make it healthy.
    const grace = world.clock.ms(service.settings.healthCheckGracePeriodSeconds ?? 0);
    if (Date.now() - task.startedAt!.getTime() < grace) continue;
    for (const { targetGroupArn, target } of task.registered) {
      const health = world.targets.health(targetGroupArn, target);
      if (health?.State !== 'unhealthy') {
        unhealthySince.delete(task);
        continue;
      }
      const since = unhealthySince.get(task) ?? Date.now();
      unhealthySince.set(task, since);
      if (Date.now() - since < world.clock.ms(world.options.noticeSeconds)) continue;
      const reason = health.Description ?? 'Health checks failed';
      addEvent(service, eventText.unhealthyTarget(target.port, targetGroupArn, reason));
      replace(service, task, `Task failed ELB health checks in (target-group ${targetGroupArn})`);
      break;
    }
  }
}

function replace(service: ServiceRecord, task: Task, reason: string): void {
  const deployment = service.deployments.find(({ id }) => id === task.start.startedBy);
  // The circuit breaker's second stage counts failed health checks, until one task was found healthy.
  if (deployment?.rolloutState === 'IN_PROGRESS') {
    deployment.failedTasks += 1;
    deployment.updatedAt = new Date();
  }
  service.steady = false;
  addEvent(service, eventText.stopped([task]));
  void task.stop('ServiceSchedulerInitiated', reason);
}
