import { DescribeContainerInstancesCommand, type Service, type Task } from '@aws-sdk/client-ecs';
import type { EcsSettings } from '../../config/environment.ts';
import { type Aws, read } from './aws.ts';
import type { TaskDefinition } from './task-definitions.ts';

/** Under what a load balancer knows a task. */
export interface Place {
  /** The task's own address (target groups of type ip), or the id of its machine (type instance). */
  readonly id: string;
  /** More than one where Docker bound a port for IPv4 and another one for IPv6. */
  readonly ports: readonly number[];
}

/** DescribeContainerInstances takes at most so many. */
const BATCH = 100;

/**
 * Finds the targets that are a task's own. With network mode awsvpc a task has an address; with bridge and host, of the
 * launch type EC2, tasks share that of their machine, and the port is what tells them apart (facts/ecs.md 4c).
 */
export class Places {
  readonly #aws: Aws;
  readonly #settings: Pick<EcsSettings, 'cluster'>;
  /** EC2 instance ids by the ARN of the container instance, which never change. */
  readonly #machines = new Map<string, string>();

  constructor(aws: Aws, settings: Pick<EcsSettings, 'cluster'>) {
    this.#aws = aws;
    this.#settings = settings;
  }

  /** By the task's ARN; nothing for a task that has no place yet. */
  async of(
    tasks: readonly Task[],
    service: Service,
    targetGroup: string,
  ): Promise<ReadonlyMap<string, Place>> {
    // With ECS's own blue/green, a service has a second group, in which it registers every other release.
    const balancer = service.loadBalancers?.find(({ targetGroupArn, advancedConfiguration }) =>
      [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].includes(targetGroup),
    );
    await this.learn(tasks);
    const places = new Map<string, Place>();
    for (const task of tasks) {
      const place = this.#placeOf(task, balancer ?? {});
      if (place !== undefined) places.set(task.taskArn ?? '', place);
    }
    return places;
  }

  #placeOf(
    task: Task,
    { containerName, containerPort = 0 }: { containerName?: string; containerPort?: number },
  ): Place | undefined {
    const address = addressOf(task);
    if (address !== undefined) return { id: address, ports: [containerPort] };
    const machine = this.#machines.get(task.containerInstanceArn ?? '');
    if (machine === undefined) return undefined;
    const container = task.containers?.find(({ name }) => name === containerName);
    const bound = (container?.networkBindings ?? []).filter(
      (binding) => binding.containerPort === containerPort,
    );
    // With host, the container's port is the machine's, and the agent need not report a binding.
    const ports = bound.length === 0 ? [containerPort] : bound.flatMap(({ hostPort }) => hostPort ?? []);
    return { id: machine, ports: [...new Set(ports)] };
  }

  /** Looks up the machines of tasks that have no address of their own. */
  async learn(tasks: readonly Task[]): Promise<void> {
    const arns = tasks
      .filter((task) => addressOf(task) === undefined && task.lastStatus === 'RUNNING')
      .flatMap(({ containerInstanceArn }) => containerInstanceArn ?? []);
    const unknown = [...new Set(arns)].filter((arn) => !this.#machines.has(arn));
    const { cluster } = this.#settings;
    for (let start = 0; start < unknown.length; start += BATCH) {
      const containerInstances = unknown.slice(start, start + BATCH);
      const answer = await read('ecs:DescribeContainerInstances', () =>
        this.#aws.ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances })),
      );
      for (const { containerInstanceArn, ec2InstanceId } of answer.containerInstances ?? [])
        if (containerInstanceArn !== undefined && ec2InstanceId !== undefined)
          this.#machines.set(containerInstanceArn, ec2InstanceId);
    }
  }
}

/** Whether tasks are reached by their machine's ports. No mode at all is `bridge`. */
export const sharesNetwork = ({ content }: TaskDefinition): boolean => content['networkMode'] !== 'awsvpc';

/** The address of its own that a task of network mode awsvpc has. */
const addressOf = (task: Task): string | undefined =>
  task.attachments?.flatMap(({ details }) => details ?? []).find(({ name }) => name === 'privateIPv4Address')
    ?.value;
