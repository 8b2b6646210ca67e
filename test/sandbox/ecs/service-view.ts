import type { Deployment, Service } from '@aws-sdk/client-ecs';
import { currentServiceDeployment, primaryOf } from './deployments.ts';
import type { DeploymentRecord, ServiceRecord, World } from './model.ts';
import { ecsArn } from './names.ts';
import { isPending, isRunning, liveTasks } from './service-tasks.ts';

/** A service as DescribeServices shows it, but for the tags. */
export function viewService(world: World, service: ServiceRecord): Service {
  const { settings } = service;
  const live = liveTasks(world, service);
  const current = currentServiceDeployment(service);
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: live.filter(isRunning).length,
    pendingCount: live.filter(isPending).length,
    taskDefinition: primaryOf(service).taskDefinition,
    deployments: inUnstableOrder(world, service).map((deployment) =>
      viewDeployment(world, service, deployment),
    ),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
      bakeTimeInMinutes: 0,
      ...settings.deploymentConfiguration,
    },
    deploymentController: settings.deploymentController ?? { type: 'ECS' },
    ...(current && { currentServiceDeployment: current.arn }),
    events: service.events,
    launchType: settings.launchType ?? 'FARGATE',
    platformVersion: settings.platformVersion ?? 'LATEST',
    platformFamily: 'Linux',
    loadBalancers: settings.loadBalancers ?? [],
    serviceRegistries: settings.serviceRegistries ?? [],
    networkConfiguration: settings.networkConfiguration,
    ...((settings.loadBalancers?.length ?? 0) > 0 && {
      healthCheckGracePeriodSeconds: settings.healthCheckGracePeriodSeconds ?? 0,
    }),
    placementConstraints: settings.placementConstraints ?? [],
    placementStrategy: settings.placementStrategy ?? [],
    schedulingStrategy: service.settings.schedulingStrategy ?? 'REPLICA',
    createdAt: service.createdAt,
    createdBy: `arn:aws:iam::${world.account}:role/admin`,
    roleArn: `arn:aws:iam::${world.account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    enableECSManagedTags: settings.enableECSManagedTags ?? false,
    enableExecuteCommand: settings.enableExecuteCommand ?? false,
    propagateTags: settings.propagateTags ?? 'NONE',
    availabilityZoneRebalancing: settings.availabilityZoneRebalancing ?? 'DISABLED',
  };
}

/**
 * AWS documents no order of `deployments[]`. Whoever takes the first one for PRIMARY is wrong two times of three, and
 * whoever takes the last one is wrong the third time.
 */
function inUnstableOrder(world: World, service: ServiceRecord): DeploymentRecord[] {
  service.describedTimes += 1;
  const newestFirst = [...service.deployments];
  return world.options.shuffleDeployments && service.describedTimes % 3 !== 0
    ? newestFirst.reverse()
    : newestFirst;
}

function viewDeployment(world: World, service: ServiceRecord, deployment: DeploymentRecord): Deployment {
  const tasks = liveTasks(world, service).filter((task) => task.start.startedBy === deployment.id);
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition,
    desiredCount:
      deployment.status === 'PRIMARY' ? service.desiredCount : tasks.filter((task) => task.wanted).length,
    pendingCount: tasks.filter(isPending).length,
    runningCount: tasks.filter(isRunning).length,
    failedTasks: deployment.failedTasks,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    launchType: service.settings.launchType ?? 'FARGATE',
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    networkConfiguration: service.settings.networkConfiguration,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

/** The ARN of the service revision that a deployment runs. */
export function revisionArn(world: World, service: ServiceRecord, deployment: DeploymentRecord): string {
  const digits = deployment.id.slice('ecs-svc/'.length);
  return ecsArn(world, `service-revision/${service.cluster.name}/${service.name}/${digits}`);
}
