/** The forward action: to which target groups, with which weights and stickiness. */
import type {
  Action,
  TargetGroupStickinessConfig,
  TargetGroupTuple,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../contract.ts';
import { validationError } from './errors.ts';
import type { Store } from './store.ts';

const mostTargetGroups = 5;
const heaviest = 999;
const longestStickiness = 604_800;

/**
 * A forward action as AWS stores and shows it: ForwardConfig always, and TargetGroupArn as well when there is one
 * group only. A client that sends both back unchanged is right as long as there is one group.
 */
export function normalForward(action: Action, loadBalancerArn: string, store: Store): Action {
  const groups = targetGroups(action).map(({ TargetGroupArn, Weight = 1 }) => ({ TargetGroupArn, Weight }));
  for (const { TargetGroupArn, Weight } of groups) {
    if (!Number.isInteger(Weight) || Weight < 0 || Weight > heaviest) {
      throw validationError(`The weight '${Weight}' of a target group must be between 0 and ${heaviest}`);
    }
    const elsewhere = store.loadBalancersOf(store.targetGroup(TargetGroupArn!).arn);
    if (elsewhere.some((arn) => arn !== loadBalancerArn)) {
      throw new ApiError(
        'TargetGroupAssociationLimit',
        `The following target groups cannot be associated with more than one load balancer: ${TargetGroupArn}`,
      );
    }
  }
  const stickiness = normalStickiness(action.ForwardConfig?.TargetGroupStickinessConfig);
  const sticky = groups.some(({ TargetGroupArn }) => isSticky(store, TargetGroupArn!));
  if (groups.length > 1 && sticky && !stickiness.Enabled) {
    throw new ApiError(
      'InvalidConfigurationRequest',
      'You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups',
    );
  }
  return {
    Type: 'forward',
    ...(action.Order === undefined ? {} : { Order: action.Order }),
    ...(groups.length === 1 ? { TargetGroupArn: groups[0]!.TargetGroupArn } : {}),
    ForwardConfig: { TargetGroups: groups, TargetGroupStickinessConfig: stickiness },
  };
}

/** Whether the group itself sends a client back to the same target. */
export function isSticky(store: Store, targetGroupArn: string): boolean {
  return store.targetGroup(targetGroupArn).attributes.get('stickiness.enabled') === 'true';
}

function targetGroups({ TargetGroupArn, ForwardConfig }: Action): TargetGroupTuple[] {
  const configured = ForwardConfig?.TargetGroups;
  if (!configured?.length) {
    if (!TargetGroupArn) throw validationError('A target group ARN must be specified for a forward action');
    return [{ TargetGroupArn, Weight: 1 }];
  }
  if (TargetGroupArn && (configured.length > 1 || configured[0]!.TargetGroupArn !== TargetGroupArn)) {
    throw validationError(
      'You can specify both TargetGroupArn and ForwardConfig only if they name the same single target group',
    );
  }
  if (configured.length > mostTargetGroups) {
    throw validationError(`A forward action can have at most ${mostTargetGroups} target groups`);
  }
  if (configured.some((group) => !group.TargetGroupArn)) {
    throw validationError('A target group ARN must be specified for each target group of a forward action');
  }
  if (new Set(configured.map((group) => group.TargetGroupArn)).size < configured.length) {
    throw validationError('A target group can be specified only once in a forward action');
  }
  return configured;
}

function normalStickiness({
  Enabled = false,
  DurationSeconds,
}: TargetGroupStickinessConfig = {}): TargetGroupStickinessConfig {
  if (Enabled && DurationSeconds === undefined) {
    throw validationError('A stickiness duration must be specified when target group stickiness is enabled');
  }
  if (DurationSeconds !== undefined && (DurationSeconds < 1 || DurationSeconds > longestStickiness)) {
    throw validationError(`The stickiness duration must be between 1 and ${longestStickiness} seconds`);
  }
  return { Enabled, ...(DurationSeconds === undefined ? {} : { DurationSeconds }) };
}
