import assert from 'node:assert/strict';
import type { RegisterTaskDefinitionResponse } from '@aws-sdk/client-ecs';
import type { ImageBehavior } from '../sandbox/contract.ts';
import { primaryOf } from '../sandbox/ecs/deployments.ts';
import type { ServiceRecord } from '../sandbox/ecs/model.ts';
import { liveTasks } from '../sandbox/ecs/service-tasks.ts';
import type { Task } from '../sandbox/ecs/task.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

export type Color = 'blue' | 'green';
const COLORS = ['blue', 'green'] as const;

/** A repository of the worker's own, so that its image may fail where that of the web service is fine. */
export const JOBS = 'registry.example.com/jobs';

export interface WorkersOptions extends WorldOptions {
  /** How many the live color runs; 2 by default. */
  readonly count?: number;
  /** Images of the worker's own repository by tag; without them it runs the image of the web service. */
  readonly own?: Readonly<Record<string, ImageBehavior>>;
  /** Members of the worker's container beyond the usual ones. */
  readonly container?: Readonly<Record<string, unknown>>;
}

/** A world in which a queue's worker moves along: `jobs-blue` runs, `jobs-green` is parked. */
export async function startWithWorkers(options: WorkersOptions = {}): Promise<World> {
  const { own, count = 2, container = {}, config = {}, ...others } = options;
  const { ecs = {}, ...more } = config as { ecs?: object };
  const world = await startWorld({
    ...others,
    app: { versions: ['v1', 'v2', 'v3'], live: { version: 'v1', count: 1 }, ...options.app },
    config: {
      stabilize: { for: '300ms', interval: '100ms' },
      lock: { ttl: '30s' },
      ...more,
      ecs: {
        workers: [{ blue: 'jobs-blue', green: 'jobs-green' }],
        ...(own !== undefined && { images: { jobs: JOBS } }),
        ...ecs,
      },
    },
  });
  const { sandbox, app } = world;
  for (const [tag, behavior] of Object.entries({ v1: {}, ...own }))
    sandbox.addImage(`${JOBS}:${tag}`, behavior);
  const image = own === undefined ? app.image('v1') : `${JOBS}:v1`;
  const { taskDefinition } = await sandbox.call<RegisterTaskDefinitionResponse>('RegisterTaskDefinition', {
    family: 'jobs',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      { name: 'agent', image: 'registry.example.com/agent:7', essential: false },
      { name: 'jobs', image, essential: true, ...container },
    ],
  });
  sandbox.addImage('registry.example.com/agent:7');
  for (const color of COLORS)
    await sandbox.call('CreateService', {
      cluster: app.cluster,
      serviceName: `jobs-${color}`,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      desiredCount: color === 'blue' ? count : 0,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d4e5f60718'] } },
    });
  for (const color of COLORS)
    while (!worker(world, color).steady) await new Promise((done) => setTimeout(done, 10));
  return world;
}

export const worker = ({ sandbox }: World, color: Color): ServiceRecord =>
  [...sandbox.ecs.world.services.values()].find(({ name }) => name === `jobs-${color}`)!;

/** Those that are meant to run, and do. */
export const workerTasks = (world: World, color: Color): Task[] =>
  liveTasks(world.sandbox.ecs.world, worker(world, color)).filter(
    (task) => task.wanted && task.lastStatus === 'RUNNING',
  );

/** What the worker of a color is set to: `v2 x 2`, by the image of its container `jobs`. */
export function workerOn(world: World, color: Color): string {
  const service = worker(world, color);
  const definition = world.sandbox.ecs.world.taskDefinitions.get(primaryOf(service).taskDefinition)!;
  const image = definition.json.containerDefinitions.find(({ name }) => name === 'jobs')!.image!;
  return `${image.slice(image.lastIndexOf(':') + 1)} x ${service.desiredCount}`;
}

export const workersOn = (world: World) => ({
  blue: workerOn(world, 'blue'),
  green: workerOn(world, 'green'),
});

/** The calls at which no worker ran at all: the queue stood still. */
export function watchQueue(world: World): string[] {
  const idle: string[] = [];
  world.sandbox.onCall((operation) => {
    if (COLORS.every((color) => workerTasks(world, color).length === 0)) idle.push(operation);
  });
  return idle;
}

/** Nothing of a run is left on the workers' services. */
export function assertNothingLeft(world: World, context?: string): void {
  for (const color of COLORS) {
    const left = worker(world, color).tags.filter(({ key = '' }) => key.startsWith('blue-green:'));
    assert.deepEqual(left, [], context ?? `tags of jobs-${color}`);
  }
}
