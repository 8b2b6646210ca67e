import { get } from 'node:http';
import type { Clock } from '../contract.ts';
import type { TaskContainer } from './container.ts';
import type { Task } from './task.ts';

/**
 * A container's own health check. Its command can't run here (it would ask `localhost`, which all tasks share), so the
 * sandbox asks `GET /health` of the container's address in its place, with the definition's interval and retries.
 */
export function watchHealth(container: TaskContainer, task: Task, clock: Clock): void {
  const check = container.definition.healthCheck;
  const port = container.definition.portMappings?.[0]?.containerPort;
  if (!check || port === undefined) return;
  const startedAt = Date.now();
  let failures = 0;
  const timer = setInterval(
    async () => {
      if (container.lastStatus !== 'RUNNING' || !task.wanted) return clearInterval(timer);
      if (await answers(task.address, task.portOf(container.name, port), clock.ms(check.timeout ?? 5))) {
        failures = 0;
        container.healthStatus = 'HEALTHY';
        return;
      }
      // Failures within the start period do not count, as with Docker.
      if (Date.now() - startedAt >= clock.ms(check.startPeriod ?? 0)) failures += 1;
      if (failures >= (check.retries ?? 3)) container.healthStatus = 'UNHEALTHY';
    },
    clock.ms(check.interval ?? 30),
  ).unref();
}

function answers(host: string, port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host, port, path: '/health', agent: false, timeout: Math.max(timeout, 200) },
      (response) => {
        response.resume();
        resolve((response.statusCode ?? 500) < 400);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
