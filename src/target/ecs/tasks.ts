import { DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import type { EcsSettings } from '../../config/environment.ts';
import { type Aws, read } from './aws.ts';

/** DescribeTasks takes at most so many. */
const BATCH = 100;

/** The tasks of one service. `startedBy` names the deployment that started a task. */
export class Tasks {
  readonly #aws: Aws;
  readonly #settings: Pick<EcsSettings, 'cluster'>;
  /** Stopped tasks do not change any more: one read each. */
  readonly #stopped = new Map<string, Task>();

  constructor(aws: Aws, settings: Pick<EcsSettings, 'cluster'>) {
    this.#aws = aws;
    this.#settings = settings;
  }

  async running(serviceName: string): Promise<Task[]> {
    return this.#describe(await this.#list(serviceName, 'RUNNING'));
  }

  /** Those that ECS still remembers, for about an hour, and those that it has told to stop, with the reason why. */
  async stopped(serviceName: string): Promise<Task[]> {
    const arns = await this.#list(serviceName, 'STOPPED');
    const unknown = arns.filter((arn) => !this.#stopped.has(arn));
    const described = await this.#describe(unknown);
    // On its way it may still lack exit codes, and the load balancer can drain it for minutes: only its end is final.
    for (const task of described)
      if (task.lastStatus === 'STOPPED') this.#stopped.set(task.taskArn ?? '', task);
    const leaving = described.filter(
      ({ lastStatus, stopCode }) => lastStatus !== 'STOPPED' && stopCode !== undefined,
    );
    return [...arns.flatMap((arn) => this.#stopped.get(arn) ?? []), ...leaving];
  }

  async #list(serviceName: string, desiredStatus: 'RUNNING' | 'STOPPED'): Promise<string[]> {
    const { cluster } = this.#settings;
    const arns: string[] = [];
    let nextToken: string | undefined;
    do {
      // `startedBy` must be the only filter where it is used, so the deployment is picked out by the caller.
      const page = await read('ecs:ListTasks', () =>
        this.#aws.ecs.send(new ListTasksCommand({ cluster, serviceName, desiredStatus, nextToken })),
      );
      arns.push(...(page.taskArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return arns;
  }

  async #describe(arns: readonly string[]): Promise<Task[]> {
    const { cluster } = this.#settings;
    const tasks: Task[] = [];
    for (let start = 0; start < arns.length; start += BATCH) {
      const answer = await read('ecs:DescribeTasks', () =>
        this.#aws.ecs.send(new DescribeTasksCommand({ cluster, tasks: arns.slice(start, start + BATCH) })),
      );
      tasks.push(...(answer.tasks ?? []));
    }
    return tasks;
  }
}

/** The last part of a task's ARN, as the console shows it. */
export const taskId = ({ taskArn = '' }: Task): string => taskArn.slice(taskArn.lastIndexOf('/') + 1);
