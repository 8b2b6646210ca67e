import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import { type Color, isAllOn, type Weights } from '../../release/color.ts';
import type { Release } from '../../release/situation.ts';
import type { Pause, PausePoint, Rollout, RolloutStage } from '../driven.ts';
import type { Failure } from '../target.ts';
import { idOf } from './service-deployments.ts';

/** What ECS tells of a service deployment, in the procedure's words. Pure. */

/** ECS's lifecycle stages, in their order (facts/ecs.md 1.3). */
const STAGES: Readonly<Record<string, RolloutStage>> = {
  RECONCILE_SERVICE: 'starting',
  PRE_SCALE_UP: 'starting',
  SCALE_UP: 'starting',
  POST_SCALE_UP: 'started',
  TEST_TRAFFIC_SHIFT: 'started',
  POST_TEST_TRAFFIC_SHIFT: 'testable',
  PRE_PRODUCTION_TRAFFIC_SHIFT: 'testable',
  PRODUCTION_TRAFFIC_SHIFT: 'shifting',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'shifted',
  BAKE_TIME: 'shifted',
  CLEAN_UP: 'clearing',
};

const STATES: Readonly<Record<string, Rollout['state']>> = {
  SUCCESSFUL: 'done',
  STOP_REQUESTED: 'going-back',
  ROLLBACK_REQUESTED: 'going-back',
  ROLLBACK_IN_PROGRESS: 'going-back',
  ROLLBACK_SUCCESSFUL: 'gone-back',
  ROLLBACK_FAILED: 'stopped',
  STOPPED: 'stopped',
};

/** Where the service's own PAUSE hooks hold each deployment, in ECS's order. */
export function pausePointsOf(
  hooks: NonNullable<NonNullable<ServiceDeployment['deploymentConfiguration']>['lifecycleHooks']>,
): PausePoint[] {
  const order = Object.keys(STAGES);
  return hooks
    .filter(({ targetType }) => targetType === 'PAUSE')
    .flatMap(({ lifecycleStages = [], timeoutConfiguration }) =>
      lifecycleStages.map((name) => ({
        name,
        stage: STAGES[name] ?? 'starting',
        otherwise: otherwise(timeoutConfiguration?.action),
      })),
    )
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

export interface RolloutFacts {
  readonly deployment: ServiceDeployment;
  readonly release: Release;
  readonly color: Color;
  readonly weights: Weights;
  /** The deployment that took its place, where there is one. */
  readonly successor?: string;
}

export function rolloutOf({ deployment, release, color, weights, successor }: RolloutFacts): Rollout {
  const { lifecycleStage: at = '', status = 'PENDING', lifecycleHookDetails = [] } = deployment;
  const state = STATES[status] ?? 'under-way';
  const waiting = lifecycleHookDetails.find(
    ({ targetType, status: hook }) => targetType === 'PAUSE' && hook === 'AWAITING_ACTION',
  );
  const pause: Pause | undefined =
    state !== 'under-way' || waiting?.hookId === undefined
      ? undefined
      : {
          id: waiting.hookId,
          otherwise: otherwise(waiting.timeoutAction),
          ...(waiting.expiresAt === undefined ? {} : { until: waiting.expiresAt.getTime() }),
        };
  const failure = failureOf(deployment, state, successor);
  return {
    id: idOf(deployment.serviceDeploymentArn ?? ''),
    release,
    color,
    stage: state === 'done' ? 'clearing' : stageOf(at, weights, color),
    at,
    state,
    told: tell(deployment, weights[color], pause),
    ...(failure === undefined ? {} : { failure }),
    weights,
    ...(pause === undefined ? {} : { pause }),
  };
}

const otherwise = (action: string | undefined): Pause['otherwise'] =>
  action === 'CONTINUE' ? 'goes on' : 'goes back';

/** Linear and canary deployments come to PRE_PRODUCTION_TRAFFIC_SHIFT before each step: the weights tell of the first. */
function stageOf(at: string, weights: Weights, color: Color): RolloutStage {
  const told = STAGES[at] ?? 'starting';
  if (weights[color] === 0 || told === 'shifted' || told === 'clearing') return told;
  return at === '' && isAllOn(weights, color) ? 'shifted' : 'shifting';
}

/** `ECS: BAKE_TIME (IN_PROGRESS), 2 of 2 tasks run, 100 % of the traffic` */
function tell(
  { status = 'PENDING', lifecycleStage, targetServiceRevision }: ServiceDeployment,
  weight: number,
  pause: Pause | undefined,
): string {
  const { requestedTaskCount = 0, runningTaskCount = 0 } = targetServiceRevision ?? {};
  const until = pause?.until === undefined ? '' : ` until ${new Date(pause.until).toISOString()}`;
  return [
    lifecycleStage === undefined ? `ECS: ${status}` : `ECS: ${lifecycleStage} (${status})`,
    `${runningTaskCount} of ${requestedTaskCount} tasks run`,
    `${weight} % of the traffic`,
    ...(pause === undefined ? [] : [`waits at its PAUSE hook${until}`]),
  ].join(', ');
}

/** Why ECS does not go on. */
function failureOf(
  deployment: ServiceDeployment,
  state: Rollout['state'],
  successor: string | undefined,
): Failure | undefined {
  if (state === 'under-way' || state === 'done') return undefined;
  const { status = '', lifecycleStage, statusReason, rollback, lifecycleHookDetails = [] } = deployment;
  const details = [
    ...(statusReason === undefined ? [] : [`ECS: ${statusReason}`]),
    ...lifecycleHookDetails
      .filter((hook) => hook.status === 'FAILED' || hook.status === 'TIMED_OUT')
      .map(({ targetArn, targetType, status: hook }) => `lifecycle hook ${targetArn ?? targetType}: ${hook}`),
  ];
  if (status === 'STOPPED' && successor !== undefined)
    return {
      code: 'superseded',
      reason: `another deployment took the place of ours: ${successor}`,
      hint: 'Find the other pipeline, or the person, that deploys to this service without the lock of this action.',
      details,
    };
  const why = causeOf(deployment) ?? rollback?.reason ?? statusReason ?? 'no reason given';
  const where = lifecycleStage === undefined ? '' : ` at ${lifecycleStage}`;
  if (state === 'stopped')
    return {
      code: 'platform-stalled',
      reason:
        status === 'ROLLBACK_FAILED'
          ? `ECS could not roll the deployment back${where}: ${why}`
          : `ECS stopped the deployment${where}, and does not go back: ${why}`,
      hint: 'Look at the service’s events and the weights of its listener rule, then deploy the release that users should have.',
      details,
    };
  return {
    code: 'platform-rolled-back',
    reason: `ECS ${state === 'gone-back' ? 'rolled' : 'is rolling'} the deployment back: ${why}`,
    hint: 'Mend the release as the reason says, then deploy again.',
    details,
  };
}

function causeOf({
  deploymentCircuitBreaker: breaker,
  alarms,
  lifecycleHookDetails = [],
}: ServiceDeployment): string | undefined {
  if (breaker?.status === 'TRIGGERED')
    return `its circuit breaker counted ${breaker.failureCount} failed tasks (${breaker.threshold} are too many)`;
  if (alarms?.status === 'TRIGGERED')
    return `alarm ${(alarms.triggeredAlarmNames ?? alarms.alarmNames ?? []).join(', ')} of the service went off`;
  const hook = lifecycleHookDetails.find(({ status }) => status === 'FAILED' || status === 'TIMED_OUT');
  if (hook === undefined) return undefined;
  const name = hook.targetType === 'PAUSE' ? 'PAUSE hook' : `lifecycle hook ${hook.targetArn ?? ''}`;
  return hook.status === 'TIMED_OUT' ? `nobody answered its ${name} in time` : `its ${name} failed`;
}
