import type {
  DeregisterScalableTargetRequest,
  DescribeScalableTargetsRequest,
  DescribeScalableTargetsResponse,
  RegisterScalableTargetRequest,
  RegisterScalableTargetResponse,
  ScalableTarget,
} from '@aws-sdk/client-application-auto-scaling';
import { ApiError, type Operations } from './contract.ts';
import type { ServiceRecord, World } from './ecs/model.ts';
import { ecsArn, newTaskId } from './ecs/names.ts';

/** Application Auto Scaling for ECS services. Scaling policies are not part of it: a test plays the policy itself. */
export interface AutoScaling {
  readonly operations: Operations;
  /** By resource id (`service/production/shop-blue`). */
  readonly targets: Map<string, ScalableTarget>;
  /**
   * What a scaling policy or a scheduled action does when it strikes: moves the desired count, within minimum and
   * maximum, unless its process is suspended. A service below its minimum is lifted to it by a scale-out. Tells
   * whether anything changed.
   */
  strike(resourceId: string, process: 'in' | 'out' | 'scheduled', desiredCount: number): boolean;
}

/** Creates it for the services of one ECS. */
export function createAutoScaling(world: World): AutoScaling {
  const targets = new Map<string, ScalableTarget>();
  return {
    targets,
    strike(resourceId, process, desiredCount) {
      const target = targets.get(resourceId);
      const service = findService(world, resourceId);
      if (!target || !service || isSuspended(target, process)) return false;
      const goal = Math.min(target.MaxCapacity!, Math.max(target.MinCapacity!, desiredCount));
      // A scale-in leaves a service alone that is below its minimum already.
      if (process === 'in' && goal >= service.desiredCount) return false;
      return setDesired(service, goal);
    },
    operations: {
      RegisterScalableTarget(input: RegisterScalableTargetRequest): RegisterScalableTargetResponse {
        const resourceId = checked(input);
        const service = findService(world, resourceId);
        if (service?.status !== 'ACTIVE') throw invalid(`ECS service doesn't exist: ${resourceId}`);
        const former = targets.get(resourceId);
        const MinCapacity = input.MinCapacity ?? former?.MinCapacity;
        const MaxCapacity = input.MaxCapacity ?? former?.MaxCapacity;
        if (MinCapacity === undefined || MaxCapacity === undefined)
          throw invalid('Both minimum and maximum capacity are required for a new scalable target');
        if (MinCapacity > MaxCapacity) throw invalid('Maximum capacity cannot be less than minimum capacity');
        const target: ScalableTarget = {
          ServiceNamespace: 'ecs',
          ResourceId: resourceId,
          ScalableDimension: 'ecs:service:DesiredCount',
          MinCapacity,
          MaxCapacity,
          RoleARN: `arn:aws:iam::${world.account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
          CreationTime: former?.CreationTime ?? new Date(),
          SuspendedState: {
            DynamicScalingInSuspended: false,
            DynamicScalingOutSuspended: false,
            ScheduledScalingSuspended: false,
            ...former?.SuspendedState,
            ...input.SuspendedState,
          },
          ScalableTargetARN: former?.ScalableTargetARN ?? newArn(world),
        };
        targets.set(resourceId, target);
        // "changes the resource's current capacity to a value that is inside of this range", at once.
        setDesired(service, Math.min(MaxCapacity, Math.max(MinCapacity, service.desiredCount)));
        return { ScalableTargetARN: target.ScalableTargetARN };
      },

      DescribeScalableTargets(input: DescribeScalableTargetsRequest): DescribeScalableTargetsResponse {
        if (input.ServiceNamespace !== 'ecs') return { ScalableTargets: [] };
        const wanted = input.ResourceIds ?? [...targets.keys()];
        // Names that are not there are left out without a word.
        const found = [...targets.values()].filter(({ ResourceId }) => wanted.includes(ResourceId!));
        return { ScalableTargets: found };
      },

      DeregisterScalableTarget(input: DeregisterScalableTargetRequest): object {
        const resourceId = checked(input);
        if (!targets.delete(resourceId))
          throw new ApiError('ObjectNotFoundException', `No scalable target found for ${resourceId}`);
        return {};
      },
    },
  };
}

function checked(input: {
  ServiceNamespace?: string;
  ResourceId?: string;
  ScalableDimension?: string;
}): string {
  if (input.ServiceNamespace !== 'ecs' || input.ScalableDimension !== 'ecs:service:DesiredCount')
    throw invalid('The sandbox scales the desired count of ECS services only');
  if (!/^service\/[^/]+\/[^/]+$/.test(input.ResourceId ?? ''))
    throw invalid(`Unsupported resource id: ${input.ResourceId}`);
  return input.ResourceId!;
}

function findService(world: World, resourceId: string): ServiceRecord | undefined {
  return world.services.get(ecsArn(world, resourceId));
}

function setDesired(service: ServiceRecord, count: number): boolean {
  if (count === service.desiredCount) return false;
  service.desiredCount = count;
  service.steady = false;
  return true;
}

function isSuspended(target: ScalableTarget, process: 'in' | 'out' | 'scheduled'): boolean {
  const state = target.SuspendedState ?? {};
  if (process === 'in') return state.DynamicScalingInSuspended === true;
  if (process === 'out') return state.DynamicScalingOutSuspended === true;
  return state.ScheduledScalingSuspended === true;
}

function newArn(world: World): string {
  return `arn:aws:application-autoscaling:${world.region}:${world.account}:scalable-target/${newTaskId().slice(0, 20)}`;
}

function invalid(message: string): ApiError {
  return new ApiError('ValidationException', message);
}
