import { randomBytes, randomInt } from 'node:crypto';
import { ApiError } from '../contract.ts';
import type { ClusterRecord, ServiceRecord, World } from './model.ts';

/** An ECS ARN: `arn:aws:ecs:REGION:ACCOUNT:service/production/shop-blue`. */
export function ecsArn(world: World, resource: string): string {
  return `arn:aws:ecs:${world.region}:${world.account}:${resource}`;
}

/** The id of a task or of a service deployment, as ECS forms it. */
export function newTaskId(): string {
  return randomBytes(16).toString('hex');
}

/** 19 digits, as in `ecs-svc/1234567890123456789`. */
export function newDigits(): string {
  return `${randomInt(1, 10)}${Array.from({ length: 18 }, () => randomInt(10)).join('')}`;
}

/** The last part of an ARN, or the name itself: the API takes either. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

/** The cluster by name or ARN; `default` when none is named. */
export function findCluster(world: World, nameOrArn: string | undefined): ClusterRecord {
  const given = nameOrArn || 'default';
  const cluster = world.clusters.get(lastPart(given));
  if (!cluster || (given.startsWith('arn:') && given !== cluster.arn))
    throw new ApiError('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
}

/** The service by name or ARN, or undefined. */
export function lookUpService(
  world: World,
  cluster: ClusterRecord,
  nameOrArn: string,
): ServiceRecord | undefined {
  const arn = nameOrArn.startsWith('arn:')
    ? nameOrArn
    : ecsArn(world, `service/${cluster.name}/${nameOrArn}`);
  const service = world.services.get(arn);
  return service?.cluster === cluster ? service : undefined;
}

/** The service that an operation is to change. */
export function findService(
  world: World,
  clusterName: string | undefined,
  nameOrArn: string | undefined,
): ServiceRecord {
  const cluster = findCluster(world, clusterName);
  if (!nameOrArn) throw new ApiError('InvalidParameterException', 'Service cannot be empty.');
  const service = lookUpService(world, cluster, nameOrArn);
  if (!service) throw new ApiError('ServiceNotFoundException', 'Service not found.');
  if (service.status !== 'ACTIVE') throw new ApiError('ServiceNotActiveException', 'Service was not ACTIVE.');
  return service;
}
