import type {
  Cluster,
  CreateClusterRequest,
  CreateClusterResponse,
  DescribeClustersRequest,
  DescribeClustersResponse,
  ListClustersResponse,
} from '@aws-sdk/client-ecs';
import type { ClusterRecord, World } from './model.ts';
import { ecsArn, lastPart } from './names.ts';
import { checkTags } from './tags.ts';

/** CreateCluster, DescribeClusters, ListClusters. */
export function clusterOperations(world: World) {
  const view = (cluster: ClusterRecord): Cluster => {
    const tasks = [...world.tasks.values()].filter((task) => task.start.cluster === cluster);
    const services = [...world.services.values()].filter((service) => service.cluster === cluster);
    return {
      clusterArn: cluster.arn,
      clusterName: cluster.name,
      status: 'ACTIVE',
      registeredContainerInstancesCount: 0,
      runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
      pendingTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
      activeServicesCount: services.filter(({ status }) => status === 'ACTIVE').length,
      statistics: [],
      settings: [],
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
    };
  };
  return {
    CreateCluster(input: CreateClusterRequest): CreateClusterResponse {
      const name = input.clusterName ?? 'default';
      checkTags(input.tags ?? []);
      const cluster = world.clusters.get(name) ?? {
        arn: ecsArn(world, `cluster/${name}`),
        name,
        tags: input.tags ?? [],
      };
      world.clusters.set(name, cluster);
      return { cluster: view(cluster) };
    },

    DescribeClusters(input: DescribeClustersRequest): DescribeClustersResponse {
      const clusters: Cluster[] = [];
      const failures: { arn: string; reason: string }[] = [];
      for (const given of input.clusters ?? ['default']) {
        const cluster = world.clusters.get(lastPart(given));
        if (cluster)
          clusters.push({ ...view(cluster), tags: input.include?.includes('TAGS') ? cluster.tags : [] });
        else failures.push({ arn: ecsArn(world, `cluster/${lastPart(given)}`), reason: 'MISSING' });
      }
      return { clusters, failures };
    },

    ListClusters(): ListClustersResponse {
      return { clusterArns: [...world.clusters.values()].map(({ arn }) => arn) };
    },
  };
}
