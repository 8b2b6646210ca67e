import type { EcsSettings } from '../../config/environment.ts';
import { type Color, otherColor } from '../../release/color.ts';
import type { JournalRecord } from '../../release/journal.ts';
import type { Failure, Health, Problem, StageRequest } from '../target.ts';
import type { Pin } from './images.ts';
import type { Starting } from './look-ahead.ts';
import type { ServicePair } from './services.ts';
import type { TaskDefinition } from './task-definitions.ts';
import { type UsersThere, Worker, type WorkerOptions } from './worker.ts';
import { workerImages } from './worker-images.ts';
import { workerProblems } from './worker-problems.ts';

/** All services without traffic that move along, in the order of the config. */
export class Workers {
  readonly all: readonly Worker[];
  readonly #options: Omit<WorkerOptions, 'names' | 'path'>;
  /** Whose tasks were not proven at the last look, per color; nothing where those behind the load balancer were not. */
  readonly #behind = new Map<Color, Worker>();

  constructor(options: Omit<WorkerOptions, 'names' | 'path'>) {
    this.#options = options;
    this.all = options.settings.workers.map(
      (names, index) => new Worker({ ...options, names, path: `ecs.workers[${index}]` }),
    );
  }

  get pairs(): readonly ServicePair[] {
    return this.all.map(({ pair }) => pair);
  }

  /** What the live ones run. */
  async definitions(live: Color): Promise<TaskDefinition[]> {
    const found: TaskDefinition[] = [];
    for (const { pair } of this.all)
      found.push(await this.#options.definitions.get((await pair.recent())[live].taskDefinition ?? ''));
    return found;
  }

  /** What a deployment would start of them. */
  async starting(request: StageRequest): Promise<Starting[]> {
    const { settings } = this.#options;
    const definitions = await this.definitions(otherColor(request.color));
    return Promise.all(
      this.all.map(async ({ pair }, index) => ({
        service: (await pair.recent())[request.color],
        definition: definitions[index]!,
        images: workerImages(definitions[index]!, settings, request),
      })),
    );
  }

  async preflight(live: Color, { readOnly }: { readOnly: boolean }): Promise<Problem[]> {
    const settings: EcsSettings = this.#options.settings;
    const problems: Problem[] = [];
    for (const [index, { pair, scaling }] of this.all.entries()) {
      const services = await pair.recent();
      if (!readOnly) await scaling.check(services, live);
      const definition = await this.#options.definitions.get(services[live].taskDefinition ?? '');
      const path = `ecs.workers[${index}]`;
      problems.push(...workerProblems({ settings, services, definition, live, path }));
    }
    return problems;
  }

  /** Whether a live worker runs another release than that. */
  async create(request: StageRequest, of: string, pin: Pin): Promise<boolean> {
    let differs = false;
    for (const worker of this.all) if (await worker.create(request, of, pin)) differs = true;
    return differs;
  }

  async note(color: Color, record: JournalRecord): Promise<void> {
    for (const worker of this.all) await worker.note(color, record);
  }

  async forget(): Promise<void> {
    for (const worker of this.all) await worker.forget();
  }

  async start(color: Color, options: { warm: boolean; least: number }): Promise<void> {
    for (const worker of this.all) await worker.start(color, options);
  }

  async park(color: Color): Promise<void> {
    for (const worker of this.all) await worker.park(color);
  }

  async restore(color: Color): Promise<void> {
    for (const worker of this.all) await worker.restore(color);
  }

  /** What the color's tasks behind the load balancer came to, and its workers: proven only together. */
  async join(color: Color, main: Health, users: UsersThere): Promise<Health> {
    this.#behind.delete(color);
    if (this.all.length === 0 || main.failure !== undefined) return main;
    const parts: Health[] = [main];
    for (const worker of this.all) {
      const health = await worker.health(color, users);
      if (health === undefined) continue;
      parts.push(named(worker.pair.names[color], health));
      if (health.ready < health.wanted && !this.#behind.has(color) && main.ready >= main.wanted)
        this.#behind.set(color, worker);
    }
    return {
      ready: sum(parts, ({ ready, wanted }) => Math.min(ready, wanted)),
      wanted: sum(parts, ({ wanted }) => wanted),
      detail: parts.map(({ detail }) => detail).join('; '),
      news: parts.flatMap(({ news = [] }) => news),
      failure: parts.find(({ failure }) => failure !== undefined)?.failure,
    };
  }

  /** Why a worker is not proven where everything else is; nothing where it is not for a worker. */
  async diagnose(color: Color): Promise<Failure | undefined> {
    const worker = this.#behind.get(color);
    const failure = await worker?.diagnose(color);
    if (worker === undefined || failure === undefined) return undefined;
    return withName(worker.pair.names[color], failure);
  }

  desired(color: Color): number[] {
    return this.all.map((worker) => worker.desired(color));
  }

  lags(color: Color): boolean {
    return this.all.some((worker) => worker.lags(color));
  }

  async close(): Promise<void> {
    for (const worker of this.all) await worker.close();
  }
}

const named = (name: string, { failure, ...health }: Health): Health => ({
  ...health,
  detail: `${name}: ${health.detail}`,
  news: (health.news ?? []).map((message) => `${name}: ${message}`),
  ...(failure !== undefined && { failure: withName(name, failure) }),
});

const withName = (name: string, failure: Failure): Failure => ({
  ...failure,
  reason: `worker ${name}: ${failure.reason}`,
});

const sum = (parts: readonly Health[], of: (part: Health) => number) =>
  parts.reduce((total, part) => total + of(part), 0);
