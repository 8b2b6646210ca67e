import type { ContainerDefinition, HealthStatus } from '@aws-sdk/client-ecs';
import type { ImageBehavior } from '../contract.ts';
import { watchHealth } from './container-health.ts';
import type { World } from './model.ts';
import { ecsArn, newTaskId } from './names.ts';
import { ContainerProcess } from './process.ts';
import { execFormatError } from './start-errors.ts';
import type { Task } from './task.ts';

/** One container of a task, and its process. */
export class TaskContainer {
  readonly arn: string;
  readonly name: string;
  readonly imageName: string;
  readonly image: ImageBehavior | undefined;
  readonly definition: ContainerDefinition;
  readonly runtimeId = newTaskId();
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED' = 'PENDING';
  healthStatus: HealthStatus = 'UNKNOWN';
  exitCode?: number;
  reason?: string;
  process?: ContainerProcess;
  readonly #world: World;
  readonly #task: Task;

  constructor(world: World, task: Task, definition: ContainerDefinition) {
    this.#world = world;
    this.#task = task;
    this.definition = definition;
    this.name = definition.name!;
    this.imageName = definition.image!;
    this.image = world.images.get(this.imageName);
    this.arn = ecsArn(world, `container/${task.start.cluster.name}/${task.id}/${newTaskId()}`);
  }

  get essential(): boolean {
    return this.definition.essential !== false;
  }

  /** Resolves when it runs, or has ended. */
  async run(): Promise<void> {
    const platform = this.#task.start.definition.json.runtimePlatform?.cpuArchitecture ?? 'X86_64';
    // Of a list, the image of the task's own platform was pulled.
    const executable =
      this.image?.platforms !== undefined || (this.image?.architecture ?? 'X86_64') === platform;
    const running = new ContainerProcess(
      executable ? this.#world.appCode : execFormatError,
      this.#environment(),
    );
    this.process = running;
    const ended = running.exited.then((exit) => {
      this.lastStatus = 'STOPPED';
      this.exitCode = exit.code;
      if (exit.outOfMemory) this.reason = 'OutOfMemoryError: Container killed due to memory usage';
      if (this.essential) this.#task.essentialExited();
      return 'ended' as const;
    });
    const state = await Promise.race([running.up.then(() => 'up' as const), ended]);
    if (state === 'ended') return;
    this.lastStatus = 'RUNNING';
    watchHealth(this, this.#task, this.#world.clock);
  }

  /** It could not be started. */
  fail(reason: string): void {
    this.lastStatus = 'STOPPED';
    this.reason = reason;
  }

  /** SIGTERM, `stopTimeout` (30 s by default), SIGKILL. */
  async stop(): Promise<void> {
    const running = this.process;
    if (!running) {
      this.lastStatus = 'STOPPED';
      return;
    }
    running.kill('SIGTERM');
    const timeout = this.#world.clock.ms(this.definition.stopTimeout ?? 30);
    const timer = setTimeout(() => running.kill('SIGKILL'), timeout);
    await running.exited;
    clearTimeout(timer);
  }

  #environment(): Record<string, string> {
    const service = this.#task.start.serviceName;
    const port = this.definition.portMappings?.[0]?.containerPort;
    return {
      // The same revision runs under both colors, so the color can only come from where it runs.
      COLOR: service.slice(service.lastIndexOf('-') + 1),
      VERSION: /[:@]([^/:@]+)$/.exec(this.imageName)?.[1] ?? '',
      ...this.image?.env,
      ...Object.fromEntries(
        (this.definition.environment ?? []).map(({ name, value }) => [name!, value ?? '']),
      ),
      TASK: this.#task.id,
      ADDRESS: this.#task.address,
      ...(port !== undefined && { PORT: String(this.#task.portOf(this.name, port)) }),
    };
  }
}
