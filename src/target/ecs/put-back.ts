import { DeployError } from '../../errors.ts';
import type { Color } from '../../release/color.ts';
import type { ServicePair } from './services.ts';

/**
 * Gives a color's service the task definition that it had before, empty for the one that it has, and so many tasks.
 * A revision that somebody deregistered meanwhile ECS gives to no service any more: then what stands there is only
 * stopped, which harms nobody, where a refusal would stop this run and every one after it.
 */
export async function putBack(
  services: ServicePair,
  color: Color,
  release: string,
  count: number,
): Promise<void> {
  try {
    // Always both: what DescribeServices shows right after a change may still be the picture before it.
    await services.update(color, {
      ...(release === '' ? {} : { taskDefinition: release }),
      desiredCount: count,
    });
  } catch (error) {
    if (!(error instanceof DeployError && /inactive/i.test(error.message))) throw error;
    await services.update(color, { desiredCount: 0 });
  }
}
