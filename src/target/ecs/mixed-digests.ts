import type { Task } from '@aws-sdk/client-ecs';
import type { Failure } from '../target.ts';

/** Tasks of one release whose containers run different images under the same name. */
export interface Mixed {
  readonly container: string;
  /** By digest, how many tasks run it. */
  readonly digests: ReadonlyMap<string, number>;
}

/**
 * Whether tasks of the same deployment run different images, as when a tag was moved while they were started: half of
 * the users would get something else. Compared per processor: the digest may be that of a platform's own manifest.
 * @param containers those that take the deployed image; what others pull is their owner's affair
 */
export function mixedDigests(running: readonly Task[], containers: readonly string[]): Mixed | undefined {
  for (const container of containers) {
    const byProcessor = new Map<string, Map<string, number>>();
    for (const task of running) {
      const digest = task.containers?.find(({ name }) => name === container)?.imageDigest;
      if (digest === undefined) continue;
      const processor = task.attributes?.find(({ name }) => name === 'ecs.cpu-architecture')?.value ?? '';
      const digests = byProcessor.get(processor) ?? new Map<string, number>();
      byProcessor.set(processor, digests.set(digest, (digests.get(digest) ?? 0) + 1));
    }
    const digests = [...byProcessor.values()].find(({ size }) => size > 1);
    if (digests !== undefined) return { container, digests };
  }
  return undefined;
}

/** As a failure, with what to do. */
export function mixedFailure({ container, digests }: Mixed): Failure {
  const list = [...digests].map(([digest, tasks]) => `${tasks} run ${digest}`);
  return {
    reason: `its tasks run different images: container ${container} was started while the tag was moved`,
    hint: 'Deploy again once nothing pushes to that tag; give each build a tag of its own (immutable tags), or deploy by digest. In ECR, allow ecr:DescribeImages: then the digest is fixed before the start.',
    details: list,
  };
}
