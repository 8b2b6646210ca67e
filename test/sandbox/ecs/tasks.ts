import type {
  DescribeTasksRequest,
  DescribeTasksResponse,
  ListTasksRequest,
  ListTasksResponse,
  StopTaskRequest,
  StopTaskResponse,
} from '@aws-sdk/client-ecs';
import { ApiError } from '../contract.ts';
import type { World } from './model.ts';
import { ecsArn, findCluster, lastPart } from './names.ts';
import type { Task } from './task.ts';
import { viewTask } from './task-view.ts';

/** ListTasks, DescribeTasks, StopTask. */
export function taskOperations(world: World) {
  return {
    ListTasks(input: ListTasksRequest): ListTasksResponse {
      const cluster = findCluster(world, input.cluster);
      const { serviceName, family, startedBy } = input;
      if (
        startedBy !== undefined &&
        (serviceName !== undefined || family !== undefined || input.desiredStatus)
      )
        throw new ApiError(
          'InvalidParameterException',
          'startedBy must be the only filter when it is given.',
        );
      const name = serviceName === undefined ? undefined : lastPart(serviceName);
      if (name !== undefined && !world.services.has(ecsArn(world, `service/${cluster.name}/${name}`)))
        throw new ApiError('ServiceNotFoundException', 'Service not found.');
      const desiredStatus = input.desiredStatus ?? 'RUNNING';
      const tasks = [...world.tasks.values()].filter(
        (task) =>
          task.start.cluster === cluster &&
          task.desiredStatus === desiredStatus &&
          (name === undefined || task.start.serviceName === name) &&
          (family === undefined || task.start.definition.family === family) &&
          (startedBy === undefined || task.start.startedBy === startedBy),
      );
      const from = Number(input.nextToken ?? 0);
      const size = Math.min(input.maxResults ?? 100, 100);
      return {
        taskArns: tasks.slice(from, from + size).map(({ arn }) => arn),
        ...(from + size < tasks.length && { nextToken: String(from + size) }),
      };
    },

    DescribeTasks(input: DescribeTasksRequest): DescribeTasksResponse {
      const cluster = findCluster(world, input.cluster);
      const given = input.tasks ?? [];
      if (given.length === 0) throw new ApiError('InvalidParameterException', 'Tasks cannot be empty.');
      if (given.length > 100)
        throw new ApiError('InvalidParameterException', 'Tasks cannot have more than 100 elements.');
      const failures: { arn: string; reason: string }[] = [];
      const tasks: Task[] = [];
      for (const idOrArn of given) {
        const arn = ecsArn(world, `task/${cluster.name}/${lastPart(idOrArn)}`);
        const task = world.tasks.get(arn);
        if (task) tasks.push(task);
        else failures.push({ arn, reason: 'MISSING' });
      }
      const withTags = input.include?.includes('TAGS') ?? false;
      return { tasks: tasks.map((task) => viewTask(world, task, withTags)), failures };
    },

    StopTask(input: StopTaskRequest): StopTaskResponse {
      const cluster = findCluster(world, input.cluster);
      const task = world.tasks.get(ecsArn(world, `task/${cluster.name}/${lastPart(input.task ?? '')}`));
      if (!task) throw new ApiError('InvalidParameterException', 'The referenced task was not found.');
      void task.stop('UserInitiated', input.reason ?? 'Task stopped by user');
      return { task: viewTask(world, task, false) };
    },
  };
}
