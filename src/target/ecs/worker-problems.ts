import type { Service } from '@aws-sdk/client-ecs';
import type { EcsSettings } from '../../config/environment.ts';
import { COLORS, type Color, otherColor } from '../../release/color.ts';
import type { Problem } from '../target.ts';
import { controllerProblems, schedulingProblems } from './preflight.ts';
import type { Services } from './services.ts';
import { containersOf, type TaskDefinition } from './task-definitions.ts';
import { takers } from './worker-images.ts';

/** What would make a worker fail, or not be one, as far as it can be seen beforehand. */
export function workerProblems({
  settings,
  services,
  definition,
  live,
  path,
}: {
  settings: EcsSettings;
  services: Services;
  /** What the live worker runs. */
  definition: TaskDefinition;
  live: Color;
  path: string;
}): Problem[] {
  return [
    ...COLORS.flatMap((color) => [
      ...controllerProblems(services[color]),
      ...schedulingProblems(services[color]),
      ...balancerProblems(services[color], path),
    ]),
    ...imageProblems(settings, definition, path),
    ...colorProblems(services, live, path),
  ];
}

function balancerProblems({ serviceName, loadBalancers = [] }: Service, path: string): Problem[] {
  if (loadBalancers.length === 0) return [];
  return [
    problem(
      `Service ${serviceName} of ${path} has a load balancer, whose traffic would not move.`,
      'Workers have no traffic: name services with traffic in ecs.services.',
      true,
    ),
  ];
}

function imageProblems(settings: EcsSettings, definition: TaskDefinition, path: string): Problem[] {
  if (takers(definition, settings).length > 0) return [];
  const images = containersOf(definition).map(({ name, image }) => `${name} (${image})`);
  return [
    problem(
      `No essential container of ${definition.arn}, which ${path} runs, has an image of ${settings.image}.`,
      `Its containers are ${images.join(', ')}: name the one that gets the tag, with its repository, in ecs.images.`,
    ),
  ];
}

/** The names the wrong way around: the one that works would be stopped for the release that it has not. */
function colorProblems(services: Services, live: Color, path: string): Problem[] {
  const idle = otherColor(live);
  if ((services[live].desiredCount ?? 0) > 0 || (services[idle].desiredCount ?? 0) === 0) return [];
  return [
    problem(
      `${live} is live, and of ${path} only ${idle} runs (${services[idle].serviceName}).`,
      `Correct ${path} if blue and green are the wrong way around; else start ${services[live].serviceName}, and stop the other one.`,
      true,
    ),
  ];
}

const problem = (message: string, fix: string, forceable = false): Problem => ({ message, fix, forceable });
