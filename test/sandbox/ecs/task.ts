import type { ContainerDefinition, LoadBalancer, TaskStopCode } from '@aws-sdk/client-ecs';
import type { TargetAddress } from '../contract.ts';
import { TaskContainer } from './container.ts';
import type { Place } from './instances.ts';
import type { TaskDefinitionRecord, World } from './model.ts';
import { ecsArn, newTaskId } from './names.ts';
import { initializationError, pullError } from './start-errors.ts';

/** In the order in which a task goes through them. */
export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

/** What a task is started with. */
export interface TaskStart {
  readonly cluster: { readonly arn: string; readonly name: string };
  readonly definition: TaskDefinitionRecord;
  readonly loadBalancers: readonly LoadBalancer[];
  /** The deployment's id. */
  readonly startedBy: string;
  readonly serviceName: string;
  readonly subnet: string | undefined;
  /** The machine and its ports, for a task without an address of its own. */
  readonly place?: Place | undefined;
}

/** AWS seconds. A Fargate task takes longer to get its network interface; tests need not wait for that. */
const networkSeconds = 1;
const pullSeconds = 2;
const cleanUpSeconds = 1;

/** A task: its own address, and a process per container. It lives by itself; the scheduler watches and stops it. */
export class Task {
  readonly id = newTaskId();
  readonly arn: string;
  readonly start: TaskStart;
  readonly address: string;
  readonly createdAt = new Date();
  readonly containers: TaskContainer[];
  lastStatus: TaskStatus = 'PROVISIONING';
  desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING';
  /** Grows with every change, as in the API. */
  version = 1;
  attachedAt?: Date;
  pullStartedAt?: Date;
  pullStoppedAt?: Date;
  startedAt?: Date;
  stoppingAt?: Date;
  stoppedAt?: Date;
  stopCode?: TaskStopCode;
  stoppedReason?: string;
  tags: { key?: string; value?: string }[] = [];
  /** What its target groups know it by, once it runs. */
  registered: { targetGroupArn: string; target: TargetAddress }[] = [];
  /** Resolves when it is STOPPED. */
  readonly stopped: Promise<void>;
  readonly #world: World;
  readonly #abort = new AbortController();
  #markStopped = () => {};

  constructor(world: World, start: TaskStart) {
    this.#world = world;
    this.start = start;
    this.arn = ecsArn(world, `task/${start.cluster.name}/${this.id}`);
    this.address = start.place?.instance.address ?? world.addresses.next();
    this.containers = start.definition.json.containerDefinitions.map(
      (definition: ContainerDefinition) => new TaskContainer(world, this, definition),
    );
    this.stopped = new Promise((resolve) => {
      this.#markStopped = resolve;
    });
    void this.#live();
  }

  /** Whether it is meant to run, in whichever stage of its start it is. */
  get wanted(): boolean {
    return this.desiredStatus === 'RUNNING';
  }

  /** Whether it failed before it ever ran, which is what the circuit breaker's first stage counts. */
  get failedToStart(): boolean {
    const ownFault = this.stopCode === 'TaskFailedToStart' || this.stopCode === 'EssentialContainerExited';
    return !this.startedAt && ownFault;
  }

  async #live(): Promise<void> {
    if (!(await this.#pause(networkSeconds))) return;
    this.attachedAt = new Date();
    this.#become('PENDING');
    const refused = initializationError(this.#world, this.start.definition.json.containerDefinitions);
    if (refused !== undefined) {
      void this.stop('TaskFailedToStart', refused);
      return;
    }
    this.pullStartedAt = new Date();
    for (const container of this.containers) {
      const pull = container.image?.pullSeconds ?? pullSeconds;
      if (!(await this.#pause(container.image ? pull : 0.5))) return;
      const failed = pullError(container, this.#platform);
      if (failed !== undefined) {
        container.fail(failed);
        void this.stop('TaskFailedToStart', failed);
        return;
      }
    }
    this.pullStoppedAt = new Date();
    await Promise.all(this.containers.map((container) => container.run()));
    if (!this.wanted) return;
    this.startedAt = new Date();
    this.#register();
    this.#become('RUNNING');
  }

  get #platform(): string {
    const { cpuArchitecture } = this.start.definition.json.runtimePlatform ?? {};
    return cpuArchitecture === 'ARM64' ? 'linux/arm64' : 'linux/amd64';
  }

  /** ECS registers the container's port when it runs; health is the load balancer's business from there on. */
  #register(): void {
    for (const balancer of this.start.loadBalancers) {
      const container = this.containers.find(({ name }) => name === balancer.containerName);
      if (!balancer.targetGroupArn || !container) continue;
      const { place, subnet } = this.start;
      const target =
        place === undefined
          ? { id: this.address, port: balancer.containerPort!, subnet }
          : {
              id: place.instance.id,
              port: this.portOf(container.name, balancer.containerPort!),
              host: this.address,
            };
      this.#world.targets.register(balancer.targetGroupArn, target);
      this.registered.push({ targetGroupArn: balancer.targetGroupArn, target });
    }
  }

  /** Where a container's port is reached: on its machine another one stands for it. */
  portOf(container: string, containerPort: number): number {
    return this.start.place?.hostPorts.get(`${container}/${containerPort}`) ?? containerPort;
  }

  /** An essential container ended by itself: the task stops, and its target is dead at once. */
  essentialExited(): void {
    if (!this.wanted) return;
    void this.stop('EssentialContainerExited', 'Essential container in task exited');
  }

  /** Stops it for good. The load balancer drains it first: only then its processes get SIGTERM. */
  async stop(code: TaskStopCode, reason: string): Promise<void> {
    if (!this.wanted) return;
    this.desiredStatus = 'STOPPED';
    this.stopCode = code;
    this.stoppedReason = reason;
    this.stoppingAt = new Date();
    this.#abort.abort();
    if (this.registered.length > 0) {
      this.#become('DEACTIVATING');
      const drained = Promise.all(
        this.registered.map(({ targetGroupArn, target }) =>
          this.#world.targets.deregister(targetGroupArn, target),
        ),
      );
      // Nothing is left to drain when the process is gone.
      if (code !== 'EssentialContainerExited') await drained;
    }
    this.#become('STOPPING');
    await Promise.all(this.containers.map((container) => container.stop()));
    this.#become('DEPROVISIONING');
    await new Promise((done) => setTimeout(done, this.#world.clock.ms(cleanUpSeconds)));
    this.stoppedAt = new Date();
    this.#become('STOPPED');
    this.#markStopped();
  }

  /** The sandbox ends: no draining, no manners. */
  kill(): void {
    this.desiredStatus = 'STOPPED';
    this.#abort.abort();
    for (const container of this.containers) container.process?.kill('SIGKILL');
  }

  #become(status: TaskStatus): void {
    this.lastStatus = status;
    this.version += 1;
  }

  /** False when the task was stopped meanwhile. */
  async #pause(seconds: number): Promise<boolean> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#world.clock.ms(seconds));
      this.#abort.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.wanted;
  }
}
