import type {
  ContinueServiceDeploymentRequest,
  ContinueServiceDeploymentResponse,
  DescribeServiceDeploymentsRequest,
  DescribeServiceDeploymentsResponse,
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  ListServiceDeploymentsRequest,
  ListServiceDeploymentsResponse,
  ServiceDeployment,
  ServiceDeploymentLifecycleStage,
  ServiceRevisionSummary,
  StopServiceDeploymentRequest,
  StopServiceDeploymentResponse,
} from '@aws-sdk/client-ecs';
import { ApiError } from '../contract.ts';
import { breakerThreshold, failDeployment, primaryOf, stopDeployment } from './deployments.ts';
import type {
  DeploymentRecord,
  NativeProgress,
  ServiceDeploymentRecord,
  ServiceRecord,
  World,
} from './model.ts';
import { findCluster, lookUpService } from './names.ts';
import { abortNative, goBack } from './native-deployment.ts';
import { advancedOf, goalOf, isNative, shareOf } from './native-strategy.ts';
import { isPending, isRunning, liveTasks } from './service-tasks.ts';
import { revisionArn } from './service-view.ts';

/** List, Describe and StopServiceDeployment, DescribeServiceRevisions. */
export function serviceDeploymentOperations(world: World) {
  const find = (arn: string | undefined) => {
    for (const service of world.services.values()) {
      const record = service.serviceDeployments.find((one) => one.arn === arn);
      if (record) return { service, record };
    }
    return undefined;
  };
  return {
    ListServiceDeployments(input: ListServiceDeploymentsRequest): ListServiceDeploymentsResponse {
      const service = lookUpService(
        world,
        findCluster(world, input.cluster ?? clusterOf(input.service)),
        input.service!,
      );
      if (!service) throw new ApiError('ServiceNotFoundException', 'Service not found.');
      const { after, before } = input.createdAt ?? {};
      const records = service.serviceDeployments
        .filter(({ status }) => !input.status?.length || input.status.includes(status))
        .filter(({ createdAt }) => !after || createdAt >= after)
        .filter(({ createdAt }) => !before || createdAt <= before);
      return {
        serviceDeployments: records.slice(0, input.maxResults ?? 20).map((record) => ({
          serviceDeploymentArn: record.arn,
          serviceArn: service.arn,
          clusterArn: service.cluster.arn,
          createdAt: record.createdAt,
          startedAt: record.createdAt,
          finishedAt: record.finishedAt,
          status: record.status,
          statusReason: record.statusReason,
          targetServiceRevisionArn: revisionArn(world, service, record.deployment),
        })),
      };
    },

    DescribeServiceDeployments(input: DescribeServiceDeploymentsRequest): DescribeServiceDeploymentsResponse {
      const arns = input.serviceDeploymentArns ?? [];
      if (arns.length > 20)
        throw new ApiError(
          'InvalidParameterException',
          'serviceDeploymentArns cannot have more than 20 elements.',
        );
      const serviceDeployments: ServiceDeployment[] = [];
      const failures: { arn: string; reason: string }[] = [];
      for (const arn of arns) {
        const found = find(arn);
        if (found) serviceDeployments.push(view(world, found.service, found.record));
        else failures.push({ arn, reason: 'MISSING' });
      }
      return { serviceDeployments, failures };
    },

    StopServiceDeployment(input: StopServiceDeploymentRequest): StopServiceDeploymentResponse {
      const found = find(input.serviceDeploymentArn);
      if (!found)
        throw new ApiError('ServiceDeploymentNotFoundException', 'The service deployment was not found.');
      const { service, record } = found;
      if (record.native) {
        if (record.finishedAt)
          throw new ApiError('ConflictException', 'The service deployment is not in progress.');
        // What goes back already, or stops, goes on doing so (stop-service-deployment in AWS's guide).
        if (input.stopType === 'ABORT') abortNative(service, record);
        else goBack(service, record, 'Service deployment rolled back because of a user request.');
        return { serviceDeploymentArn: record.arn };
      }
      if (record.finishedAt || record.rollback || record.deployment !== primaryOf(service))
        throw new ApiError('ConflictException', 'The service deployment is not in progress.');
      const reason = 'Service deployment stopped by the user.';
      if (input.stopType === 'ABORT') stopDeployment(service, reason);
      else failDeployment(service, { why: 'stopped by the user.', reason, goBack: true });
      return { serviceDeploymentArn: record.arn };
    },

    ContinueServiceDeployment(input: ContinueServiceDeploymentRequest): ContinueServiceDeploymentResponse {
      const found = find(input.serviceDeploymentArn);
      if (!found)
        throw new ApiError('ServiceDeploymentNotFoundException', 'The service deployment was not found.');
      const { service, record } = found;
      const hook = record.native?.hooks.find(({ id }) => id === input.hookId);
      if (hook?.status !== 'AWAITING_ACTION' || record.status !== 'IN_PROGRESS')
        throw new ApiError('InvalidParameterException', 'The lifecycle hook is not awaiting an action.');
      hook.status = 'SUCCEEDED';
      if (input.action === 'ROLLBACK')
        goBack(service, record, 'Rolled back at a lifecycle hook by the user.');
      return { serviceDeploymentArn: record.arn };
    },

    DescribeServiceRevisions(input: DescribeServiceRevisionsRequest): DescribeServiceRevisionsResponse {
      const all = [...world.services.values()].flatMap((service) =>
        service.serviceDeployments.map(({ deployment }) => ({ service, deployment })),
      );
      const serviceRevisions = [];
      const failures: { arn: string; reason: string }[] = [];
      for (const arn of input.serviceRevisionArns ?? []) {
        const found = all.find(({ service, deployment }) => revisionArn(world, service, deployment) === arn);
        if (!found) {
          failures.push({ arn, reason: 'MISSING' });
          continue;
        }
        const { service, deployment } = found;
        serviceRevisions.push({
          serviceRevisionArn: arn,
          serviceArn: service.arn,
          clusterArn: service.cluster.arn,
          taskDefinition: deployment.taskDefinition,
          launchType: 'FARGATE' as const,
          loadBalancers: service.settings.loadBalancers ?? [],
          containerImages: containerImages(world, deployment),
          createdAt: deployment.createdAt,
          ...(deployment.targetGroup && {
            resolvedConfiguration: {
              loadBalancers: [
                {
                  targetGroupArn: deployment.targetGroup,
                  productionListenerRule: advancedOf(service)?.productionListenerRule,
                },
              ],
            },
          }),
        });
      }
      return { serviceRevisions, failures };
    },
  };
}

function view(world: World, service: ServiceRecord, record: ServiceDeploymentRecord): ServiceDeployment {
  const breaker = service.settings.deploymentConfiguration?.deploymentCircuitBreaker;
  const ended = record.circuitBreaker.triggered ? 'TRIGGERED' : 'MONITORING_COMPLETE';
  const watched = record.finishedAt || record.circuitBreaker.triggered ? ended : 'MONITORING';
  return {
    serviceDeploymentArn: record.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: record.createdAt,
    startedAt: record.createdAt,
    updatedAt: record.finishedAt ?? new Date(),
    finishedAt: record.finishedAt,
    stoppedAt: record.stoppedAt,
    status: record.status,
    statusReason: record.statusReason,
    sourceServiceRevisions: record.source.map((one) => summary(world, service, one)),
    targetServiceRevision: summary(world, service, record.deployment),
    deploymentConfiguration: service.settings.deploymentConfiguration,
    rollback: record.rollback && {
      reason: record.rollback.reason,
      startedAt: record.rollback.startedAt,
      serviceRevisionArn: revisionArn(world, service, record.rollback.to),
    },
    deploymentCircuitBreaker: {
      status: breaker?.enable ? watched : 'DISABLED',
      failureCount: record.circuitBreaker.failureCount,
      threshold: breakerThreshold(service),
    },
    ...(record.native && viewNative(service, record.native, record.finishedAt !== undefined)),
  };
}

function summary(world: World, service: ServiceRecord, deployment: DeploymentRecord): ServiceRevisionSummary {
  const tasks = liveTasks(world, service).filter((task) => task.start.startedBy === deployment.id);
  return {
    arn: revisionArn(world, service, deployment),
    requestedTaskCount: isNative(service)
      ? goalOf(service, deployment)
      : deployment.status === 'PRIMARY'
        ? service.desiredCount
        : 0,
    runningTaskCount: tasks.filter(isRunning).length,
    pendingTaskCount: tasks.filter(isPending).length,
    ...(deployment.targetGroup && {
      requestedProductionTrafficWeight: shareOf(world, service, deployment.targetGroup),
    }),
  };
}

/** What there is to see of the stages, hooks and alarms. */
function viewNative(service: ServiceRecord, native: NativeProgress, isOver: boolean) {
  const { alarms } = service.settings.deploymentConfiguration ?? {};
  const watch = native.watchesAlarms ? (isOver ? 'MONITORING_COMPLETE' : 'MONITORING') : 'DISABLED';
  return {
    lifecycleStage: native.stage as ServiceDeploymentLifecycleStage,
    lifecycleHookDetails: native.hooks.map((hook) => ({
      hookId: hook.id,
      targetType: 'PAUSE' as const,
      status: hook.status,
      expiresAt: hook.expiresAt,
      timeoutAction: hook.timeoutAction,
    })),
    alarms: {
      status: native.triggeredAlarms.length > 0 ? ('TRIGGERED' as const) : (watch as 'MONITORING'),
      alarmNames: alarms?.alarmNames ?? [],
      triggeredAlarmNames: native.triggeredAlarms,
    },
  };
}

function containerImages(world: World, deployment: DeploymentRecord) {
  const definition = world.taskDefinitions.get(deployment.taskDefinition);
  return (definition?.json.containerDefinitions ?? []).map(({ name, image }) => ({
    containerName: name,
    image,
    imageDigest: world.images.get(image!)?.digest,
  }));
}

/** `service/production/shop-blue` in a service's ARN names its cluster. */
function clusterOf(service: string | undefined): string | undefined {
  return service?.startsWith('arn:') ? service.split('/').at(-2) : undefined;
}
