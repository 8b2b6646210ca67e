import {
  DescribeServicesCommand,
  type Service,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import type { EcsSettings } from '../../config/environment.ts';
import { type Aws, errorName, modify, read } from './aws.ts';
import { clusterNotFound } from './cluster.ts';

/** With their tags; at most ten. @throws DeployError `cluster-not-found` */
export async function describeServices(
  aws: Aws,
  { cluster, region }: Pick<EcsSettings, 'cluster' | 'region'>,
  services: string[],
): Promise<readonly Service[]> {
  const answer = await read('ecs:DescribeServices', async () => {
    try {
      return await aws.ecs.send(new DescribeServicesCommand({ cluster, services, include: ['TAGS'] }));
    } catch (error) {
      if (errorName(error) !== 'ClusterNotFound') throw error;
      throw clusterNotFound(cluster, region);
    }
  });
  return answer.services ?? [];
}

export async function tagService(
  aws: Aws,
  { serviceArn }: Service,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  await modify('ecs:TagResource', () =>
    aws.ecs.send(
      new TagResourceCommand({
        resourceArn: serviceArn,
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
      }),
    ),
  );
}

export async function untagService(aws: Aws, { serviceArn }: Service, tagKeys: string[]): Promise<void> {
  await modify('ecs:UntagResource', () =>
    aws.ecs.send(new UntagResourceCommand({ resourceArn: serviceArn, tagKeys })),
  );
}
