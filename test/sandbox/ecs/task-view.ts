import type {
  Attachment,
  Container,
  HealthStatus,
  NetworkBinding,
  Task as SdkTask,
} from '@aws-sdk/client-ecs';
import type { TaskContainer } from './container.ts';
import type { World } from './model.ts';
import type { Task } from './task.ts';

/** A task as DescribeTasks shows it. */
export function viewTask(world: World, task: Task, includeTags: boolean): SdkTask {
  const definition = task.start.definition.json;
  return {
    taskArn: task.arn,
    clusterArn: task.start.cluster.arn,
    taskDefinitionArn: task.start.definition.arn,
    group: `service:${task.start.serviceName}`,
    startedBy: task.start.startedBy,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: overallHealth(task.containers),
    ...(task.start.place === undefined
      ? { launchType: 'FARGATE', platformVersion: '1.4.0', platformFamily: 'Linux' }
      : { launchType: 'EC2', containerInstanceArn: task.start.place.instance.arn }),
    availabilityZone: world.zones.get(task.start.subnet ?? '') ?? `${world.region}a`,
    cpu: definition.cpu ?? '256',
    memory: definition.memory ?? '512',
    attachments: task.start.place === undefined ? [viewAttachment(world, task)] : [],
    containers: task.containers.map((container) => viewContainer(task, container)),
    overrides: {
      containerOverrides: task.containers.map(({ name }) => ({ name })),
      inferenceAcceleratorOverrides: [],
    },
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    enableExecuteCommand: false,
    version: task.version,
    createdAt: task.createdAt,
    ...(task.attachedAt && { connectivity: 'CONNECTED', connectivityAt: task.attachedAt }),
    ...(task.pullStartedAt && { pullStartedAt: task.pullStartedAt }),
    ...(task.pullStoppedAt && { pullStoppedAt: task.pullStoppedAt }),
    ...(task.startedAt && { startedAt: task.startedAt }),
    ...(task.stoppingAt && { stoppingAt: task.stoppingAt }),
    ...(task.stoppedAt && { stoppedAt: task.stoppedAt }),
    ...(task.stopCode && { stopCode: task.stopCode, stoppedReason: task.stoppedReason }),
    tags: includeTags ? task.tags : [],
  };
}

function viewAttachment(world: World, task: Task): Attachment {
  const id = attachmentId(task);
  const subnet = { name: 'subnetId', value: task.start.subnet ?? 'subnet-0a1b2c3d4e5f60718' };
  if (!task.attachedAt)
    return { id, type: 'ElasticNetworkInterface', status: 'PRECREATED', details: [subnet] };
  return {
    id,
    type: 'ElasticNetworkInterface',
    status: task.lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED',
    details: [
      subnet,
      { name: 'networkInterfaceId', value: `eni-${task.id.slice(0, 17)}` },
      { name: 'macAddress', value: '0a:00:00:00:00:01' },
      {
        name: 'privateDnsName',
        value: `ip-${task.address.replaceAll('.', '-')}.${world.region}.compute.internal`,
      },
      { name: 'privateIPv4Address', value: task.address },
    ],
  };
}

/** A UUID made of the task's id, so that it stays the same from answer to answer. */
function attachmentId(task: Task): string {
  return task.id.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, '$1-$2-$3-$4-$5');
}

function viewContainer(task: Task, container: TaskContainer): Container {
  const pulled = task.pullStoppedAt !== undefined;
  return {
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.name,
    image: container.imageName,
    lastStatus: container.lastStatus,
    healthStatus: container.healthStatus,
    cpu: String(container.definition.cpu ?? 0),
    networkBindings: viewBindings(task, container),
    networkInterfaces:
      task.attachedAt && task.start.place === undefined
        ? [{ attachmentId: attachmentId(task), privateIpv4Address: task.address }]
        : [],
    ...(pulled && { imageDigest: container.image?.digest, runtimeId: container.runtimeId }),
    ...(container.exitCode !== undefined && { exitCode: container.exitCode }),
    ...(container.reason !== undefined && { reason: container.reason }),
  };
}

/** The worst of the essential containers that have a health check; UNKNOWN when none has. */
export function overallHealth(containers: readonly TaskContainer[]): HealthStatus {
  const checked = containers.filter(({ essential, definition }) => essential && definition.healthCheck);
  if (checked.length === 0) return 'UNKNOWN';
  if (checked.some(({ healthStatus }) => healthStatus === 'UNHEALTHY')) return 'UNHEALTHY';
  return checked.every(({ healthStatus }) => healthStatus === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}

/** On a machine that is shared, once the container runs: Docker binds each port for IPv4 and for IPv6. */
function viewBindings(task: Task, container: TaskContainer): NetworkBinding[] {
  if (task.start.place === undefined || container.lastStatus === 'PENDING') return [];
  return (container.definition.portMappings ?? []).flatMap(({ containerPort = 0 }) =>
    ['0.0.0.0', '::'].map((bindIP) => ({
      bindIP,
      containerPort,
      hostPort: task.portOf(container.name, containerPort),
      protocol: 'tcp' as const,
    })),
  );
}
