import type {
  ContainerDefinition,
  DescribeContainerInstancesRequest,
  DescribeContainerInstancesResponse,
} from '@aws-sdk/client-ecs';
import { ApiError } from '../contract.ts';
import type { Instance, TaskDefinitionRecord, World } from './model.ts';
import { ecsArn, findCluster, lastPart, newTaskId } from './names.ts';

/** Where a task runs that has no address of its own. */
export interface Place {
  readonly instance: Instance;
  /** The ports of the instance, by container and the container's own port: `app/8080`. */
  readonly hostPorts: ReadonlyMap<string, number>;
}

/** Where Docker's dynamic ports begin. */
const FIRST_PORT = 32_768;

/** Whether tasks share the network of their instance: `bridge`, which is what no mode at all means on EC2, and `host`. */
export const sharesNetwork = ({ json }: TaskDefinitionRecord): boolean =>
  json.networkMode === undefined || json.networkMode === 'bridge' || json.networkMode === 'host';

/** Finds an instance whose ports are free for it, the emptiest first; nothing when there is none. */
export function findPlace(world: World, definition: TaskDefinitionRecord): Place | undefined {
  const running = [...world.tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  const on = (instance: Instance) => running.filter(({ start }) => start.place?.instance === instance);
  const instances = [...instancesOf(world)].sort((a, b) => on(a).length - on(b).length);
  const fixed = definition.json.containerDefinitions.flatMap((container) =>
    fixedPorts(definition, container),
  );
  const instance = instances.find((one) => {
    const taken = new Set(on(one).flatMap(({ start }) => [...(start.place?.hostPorts.values() ?? [])]));
    return fixed.every((port) => !taken.has(port));
  });
  if (instance === undefined) return undefined;
  const hostPorts = new Map<string, number>();
  for (const container of definition.json.containerDefinitions)
    for (const { containerPort = 0, hostPort = 0 } of container.portMappings ?? [])
      hostPorts.set(
        `${container.name}/${containerPort}`,
        definition.json.networkMode === 'host' ? containerPort : hostPort || instance.nextPort++,
      );
  return { instance, hostPorts };
}

function fixedPorts({ json }: TaskDefinitionRecord, { portMappings = [] }: ContainerDefinition): number[] {
  return portMappings.flatMap(({ containerPort = 0, hostPort = 0 }) => {
    const port = json.networkMode === 'host' ? containerPort : hostPort;
    return port === 0 ? [] : [port];
  });
}

/** The cluster's machines, which are there as soon as somebody asks. */
function instancesOf(world: World): readonly Instance[] {
  while (world.instances.length < world.options.instances) {
    const id = newTaskId();
    const [cluster] = world.clusters.values();
    world.instances.push({
      arn: ecsArn(world, `container-instance/${cluster?.name ?? 'default'}/${id}`),
      id: `i-${id.slice(0, 17)}`,
      address: world.addresses.next(),
      nextPort: FIRST_PORT,
    });
  }
  return world.instances;
}

/** DescribeContainerInstances. */
export function instanceOperations(world: World) {
  return {
    DescribeContainerInstances(input: DescribeContainerInstancesRequest): DescribeContainerInstancesResponse {
      findCluster(world, input.cluster);
      const asked = input.containerInstances ?? [];
      if (asked.length === 0)
        throw new ApiError('InvalidParameterException', 'Container instances cannot be empty.');
      if (asked.length > 100)
        throw new ApiError(
          'InvalidParameterException',
          'Container instances cannot have more than 100 elements.',
        );
      const found = asked.map((name) => world.instances.find(({ arn }) => lastPart(arn) === lastPart(name)));
      return {
        containerInstances: found.flatMap((instance) =>
          instance === undefined
            ? []
            : [
                {
                  containerInstanceArn: instance.arn,
                  ec2InstanceId: instance.id,
                  status: 'ACTIVE',
                  agentConnected: true,
                },
              ],
        ),
        failures: asked.flatMap((arn, index) =>
          found[index] === undefined ? [{ arn, reason: 'MISSING' }] : [],
        ),
      };
    },
  };
}
