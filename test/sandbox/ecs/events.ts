import { randomUUID } from 'node:crypto';
import type { ServiceRecord } from './model.ts';
import type { Task } from './task.ts';

/** Adds a service event: the newest stands first, and ECS keeps 100. */
export function addEvent(service: ServiceRecord, message: string): void {
  service.events.unshift({
    id: randomUUID(),
    createdAt: new Date(),
    message: `(service ${service.name}${message}`,
  });
  service.events.length = Math.min(service.events.length, 100);
}

/** What ECS says of its tasks, in its own words (seen in AWS's documentation and in users' reports). */
export const eventText = {
  started: (tasks: readonly Task[]) => `) has started ${tasks.length} tasks: ${list(tasks)}.`,
  stopped: (tasks: readonly Task[]) => `) has stopped ${tasks.length} running tasks: ${list(tasks)}.`,
  registered: (count: number, group: string) => `) registered ${count} targets in (target-group ${group})`,
  draining: (deployment: string, count: number) =>
    `, taskSet ${deployment}) has begun draining connections on ${count} tasks.`,
  steady: () => ') has reached a steady state.',
  completed: (deployment: string) => `) (deployment ${deployment}) deployment completed.`,
  failed: (deployment: string, why: string) => `) (deployment ${deployment}) deployment failed: ${why}`,
  rollingBack: (deployment: string) => `) rolling back to deployment ${deployment}.`,
  noRoom: () =>
    ') was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a ' +
    'different availability zone. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
  notPlaced: (reason: string) => `) was unable to place a task. Reason: ${reason}.`,
  startsFail: () =>
    ') is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of ' +
    'the Amazon ECS Developer Guide.',
  unhealthyTarget: (port: number, group: string, reason: string) =>
    `) (port ${port}) is unhealthy in (target-group ${group}) due to (reason ${reason})`,
  unhealthyContainer: (task: Task) => `) (task ${task.id}) failed container health checks.`,
};

function list(tasks: readonly Task[]): string {
  return tasks.map(({ id }) => `(task ${id})`).join(' ');
}
