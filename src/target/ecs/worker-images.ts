import type { EcsSettings } from '../../config/environment.ts';
import type { StageRequest } from '../target.ts';
import { join, repositoryOf } from './images.ts';
import { containersOf, type TaskDefinition } from './task-definitions.ts';

/**
 * The containers of a worker that take the deployed image, that whose log matters most first: its first essential one
 * with an image of the config's repository, and those that `images` names.
 */
export function takers(definition: TaskDefinition, { image, images }: EcsSettings): string[] {
  const containers = containersOf(definition);
  const own = containers.find(
    (one) =>
      one['essential'] !== false &&
      repositoryOf(one.image ?? '') === image &&
      !Object.hasOwn(images, one.name ?? ''),
  );
  const named = containers.filter(({ name = '' }) => Object.hasOwn(images, name));
  return [...(own === undefined ? [] : [own]), ...named].map(({ name = '' }) => name);
}

/** What these containers get. */
export function workerImages(
  definition: TaskDefinition,
  settings: EcsSettings,
  { image, imageTag }: StageRequest,
): ReadonlyMap<string, string> {
  const { images } = settings;
  return new Map(
    takers(definition, settings).map((name) => {
      const repository = Object.hasOwn(images, name) ? images[name] : undefined;
      return [name, repository === undefined ? image : join(repository, imageTag)];
    }),
  );
}

/** Whether ECS itself asks the tasks how they are. */
export const hasHealthCheck = (definition: TaskDefinition): boolean =>
  containersOf(definition).some((one) => one['essential'] !== false && one['healthCheck'] !== undefined);
