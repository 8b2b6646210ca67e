import type { Clock, ImageBehavior, Operations, TargetRegistry, TrafficControl } from '../contract.ts';
import type { Addresses } from './addresses.ts';
import { clusterOperations } from './clusters.ts';
import { instanceOperations } from './instances.ts';
import type { EcsOptions, ServiceRecord, World } from './model.ts';
import { reconcile } from './scheduler.ts';
import { serviceDeploymentOperations } from './service-deployments.ts';
import { serviceOperations } from './services.ts';
import { tagOperations } from './tags.ts';
import { taskDefinitionOperations } from './task-definitions.ts';
import { taskOperations } from './tasks.ts';

/** ECS in one region. */
export interface Ecs {
  readonly operations: Operations;
  /** Its state, for assertions and for what no API call does (`options.capacity`, killing a task's process). */
  readonly world: World;
  close(): Promise<void>;
}

/** What ECS needs from the rest of the sandbox. */
export interface EcsParts {
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
  readonly images: ReadonlyMap<string, ImageBehavior>;
  readonly targets: TargetRegistry;
  readonly traffic: TrafficControl;
  readonly alarmState: (name: string) => string | undefined;
  readonly addresses: Addresses;
  readonly appCode: string;
  readonly options?: Partial<EcsOptions>;
  /** Told of mistakes in the scheduler, which no request would see. */
  readonly onProblem: (problem: string) => void;
}

/** Starts an ECS with nothing in it. */
export function createEcs(parts: EcsParts): Ecs {
  const world: World = {
    ...parts,
    options: {
      staleSeconds: 2,
      shuffleDeployments: true,
      noticeSeconds: 0,
      capacity: Number.POSITIVE_INFINITY,
      instances: 2,
      ...parts.options,
    },
    clusters: new Map(),
    services: new Map(),
    taskDefinitions: new Map(),
    tasks: new Map(),
    instances: [],
    logGroups: new Set(),
    secrets: new Set(),
    zones: new Map(),
  };
  const pass = (service: ServiceRecord) => {
    try {
      reconcile(world, service);
    } catch (error) {
      parts.onProblem(`scheduler: ${(error as Error).stack}`);
    }
  };
  // A scheduler pass each AWS second, as far as this machine likes it.
  const interval = Math.min(250, Math.max(20, parts.clock.ms(1)));
  const timer = setInterval(() => world.services.forEach(pass), interval);
  return {
    world,
    operations: {
      ...clusterOperations(world),
      ...taskDefinitionOperations(world),
      ...serviceOperations(world, pass),
      ...serviceDeploymentOperations(world),
      ...taskOperations(world),
      ...instanceOperations(world),
      ...tagOperations(world),
    },
    async close() {
      clearInterval(timer);
      for (const task of world.tasks.values()) task.kill();
      const processes = [...world.tasks.values()].flatMap(({ containers }) => containers);
      await Promise.all(processes.map(({ process }) => process?.exited));
    },
  };
}
