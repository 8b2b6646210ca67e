import type { AdvancedConfiguration } from '@aws-sdk/client-ecs';
import type {
  DeploymentRecord,
  NativeProgress,
  ServiceDeploymentRecord,
  ServiceRecord,
  World,
} from './model.ts';

/** What distinguishes a service whose deployments ECS itself carries out blue/green, linear or canary. */

export function isNative({ settings }: ServiceRecord): boolean {
  return (settings.deploymentConfiguration?.strategy ?? 'ROLLING') !== 'ROLLING';
}

export function advancedOf({ settings }: ServiceRecord): AdvancedConfiguration | undefined {
  return settings.loadBalancers?.[0]?.advancedConfiguration;
}

/** Its two target groups, in the order of its settings, which never change. */
export function groupsOf(service: ServiceRecord): [string, string] {
  return [service.settings.loadBalancers![0]!.targetGroupArn!, advancedOf(service)!.alternateTargetGroupArn!];
}

export function otherGroup(service: ServiceRecord, group: string | undefined): string {
  const [one, other] = groupsOf(service);
  return group === one ? other : one;
}

/** How much of the production traffic a target group gets, in percent. */
export function shareOf(world: World, service: ServiceRecord, group: string): number {
  const weights = world.traffic.weights(advancedOf(service)!.productionListenerRule!);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return total === 0 ? 0 : (100 * (weights.get(group) ?? 0)) / total;
}

/**
 * What a new deployment begins with: it gets the target group without production traffic; what has that traffic is its
 * source, and whatever else is there is taken away in RECONCILE_SERVICE.
 */
export function beginNative(
  world: World,
  service: ServiceRecord,
  deployment: DeploymentRecord,
): { source: DeploymentRecord[]; progress: NativeProgress } {
  const former = service.deployments.filter((one) => one !== deployment && one.targetGroup !== undefined);
  const [live] = former.toSorted(
    (a, b) => shareOf(world, service, b.targetGroup!) - shareOf(world, service, a.targetGroup!),
  );
  deployment.targetGroup = live ? otherGroup(service, live.targetGroup) : groupsOf(service)[0];
  const alarms = service.settings.deploymentConfiguration?.alarms;
  const names = alarms?.enable ? (alarms.alarmNames ?? []) : [];
  return {
    source: live ? [live] : [],
    progress: {
      stage: former.length > 1 ? 'RECONCILE_SERVICE' : 'PRE_SCALE_UP',
      since: Date.now(),
      entered: false,
      step: 0,
      hooks: [],
      watchesAlarms: names.length > 0 && names.every((name) => world.alarmState(name) !== 'ALARM'),
      triggeredAlarms: [],
    },
  };
}

/** How many tasks a deployment is to have now. */
export function goalOf(service: ServiceRecord, deployment: DeploymentRecord): number {
  const record = service.serviceDeployments[0];
  // Stopped where it stands: both are left as they are, and the one that users have is kept up.
  if (record?.native && record.status === 'STOPPED') return service.desiredCount;
  if (!record?.native || record.finishedAt) return deployment.status === 'PRIMARY' ? service.desiredCount : 0;
  const { stage, backSince } = record.native;
  const isSource = record.source.includes(deployment);
  if (isGoingBack(record)) {
    // The tasks that users leave stay until the load balancer has followed.
    return isSource || backSince === undefined ? service.desiredCount : 0;
  }
  if (isSource) return stage === 'CLEAN_UP' ? 0 : service.desiredCount;
  if (deployment !== record.deployment) return 0;
  return stage === 'RECONCILE_SERVICE' || stage === 'PRE_SCALE_UP' ? 0 : service.desiredCount;
}

export function isGoingBack({ status }: ServiceDeploymentRecord): boolean {
  return status === 'ROLLBACK_REQUESTED' || status === 'ROLLBACK_IN_PROGRESS';
}
