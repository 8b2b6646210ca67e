import type { EcsSettings } from '../../config/environment.ts';
import type { Release } from '../../release/situation.ts';
import { releaseId } from './arn.ts';
import { imageOf, join } from './images.ts';
import type { TaskDefinition } from './task-definitions.ts';

/** A task definition as a release: what it is called, and the image of the container that counts. */
export const asRelease = (definition: TaskDefinition, container: string): Release => ({
  id: releaseId(definition.arn),
  image: imageOf(definition, container),
});

/** The image of each container that a release gives a new one. */
export const imagesOf = (
  { images }: Pick<EcsSettings, 'images'>,
  container: string,
  { image, imageTag }: { image: string; imageTag: string },
): ReadonlyMap<string, string> =>
  new Map([
    ...Object.entries(images).map(([name, repository]) => [name, join(repository, imageTag)] as const),
    [container, image] as const,
  ]);
