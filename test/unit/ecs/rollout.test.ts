import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import { pausePointsOf, rolloutOf } from '../../../src/target/ecs/rollout.ts';

const facts = (deployment: Partial<ServiceDeployment>, green = 0, successor?: string) =>
  rolloutOf({
    deployment: {
      serviceDeploymentArn: 'arn:aws:ecs:us-east-1:123456789012:service-deployment/main/shop/NCWGC2ZR',
      ...deployment,
    },
    release: { id: 'shop:2', image: 'shop:v2' },
    color: 'green',
    weights: { blue: 100 - green, green },
    ...(successor === undefined ? {} : { successor }),
  });

/** Status and lifecycle stage as ECS tells them, the new release's share; and what that is to the procedure. */
const READINGS: [string, string | undefined, number, string, string][] = [
  ['PENDING', undefined, 0, 'under-way', 'starting'],
  ['IN_PROGRESS', 'RECONCILE_SERVICE', 0, 'under-way', 'starting'],
  ['IN_PROGRESS', 'PRE_SCALE_UP', 0, 'under-way', 'starting'],
  ['IN_PROGRESS', 'SCALE_UP', 0, 'under-way', 'starting'],
  ['IN_PROGRESS', 'POST_SCALE_UP', 0, 'under-way', 'started'],
  ['IN_PROGRESS', 'TEST_TRAFFIC_SHIFT', 0, 'under-way', 'started'],
  ['IN_PROGRESS', 'POST_TEST_TRAFFIC_SHIFT', 0, 'under-way', 'testable'],
  ['IN_PROGRESS', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 0, 'under-way', 'testable'],
  // Before the second step of a linear or canary shift, where users have it already.
  ['IN_PROGRESS', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 10, 'under-way', 'shifting'],
  ['IN_PROGRESS', 'PRODUCTION_TRAFFIC_SHIFT', 0, 'under-way', 'shifting'],
  ['IN_PROGRESS', 'POST_PRODUCTION_TRAFFIC_SHIFT', 100, 'under-way', 'shifted'],
  ['IN_PROGRESS', 'BAKE_TIME', 100, 'under-way', 'shifted'],
  ['IN_PROGRESS', 'CLEAN_UP', 100, 'under-way', 'clearing'],
  // A stage that AWS adds one day: the weights tell.
  ['IN_PROGRESS', 'SOMETHING_NEW', 0, 'under-way', 'starting'],
  ['IN_PROGRESS', 'SOMETHING_NEW', 50, 'under-way', 'shifting'],
  ['SUCCESSFUL', 'CLEAN_UP', 100, 'done', 'clearing'],
  ['SUCCESSFUL', undefined, 100, 'done', 'clearing'],
  ['STOP_REQUESTED', 'SCALE_UP', 0, 'going-back', 'starting'],
  ['ROLLBACK_REQUESTED', 'BAKE_TIME', 100, 'going-back', 'shifted'],
  ['ROLLBACK_IN_PROGRESS', 'BAKE_TIME', 0, 'going-back', 'shifted'],
  ['ROLLBACK_SUCCESSFUL', 'BAKE_TIME', 0, 'gone-back', 'shifted'],
  ['ROLLBACK_FAILED', 'BAKE_TIME', 50, 'stopped', 'shifted'],
  ['STOPPED', 'SCALE_UP', 0, 'stopped', 'starting'],
];
for (const [status, lifecycleStage, green, state, stage] of READINGS)
  test(`${status} at ${lifecycleStage ?? 'no stage'} with ${green} % is ${state}, ${stage}`, () => {
    const rollout = facts({ status, lifecycleStage } as Partial<ServiceDeployment>, green);
    assert.deepEqual([rollout.state, rollout.stage, rollout.id], [state, stage, 'NCWGC2ZR']);
    assert.equal(rollout.failure === undefined, state === 'under-way' || state === 'done');
  });

const BREAKER = { status: 'TRIGGERED', failureCount: 3, threshold: 3 } as const;
const HOOK = { hookId: 'h1', targetType: 'PAUSE', timeoutAction: 'ROLLBACK' } as const;
/** Why ECS goes back or stops: what it tells, the code, and what users read. */
const REASONS: [Partial<ServiceDeployment>, string | undefined, string, RegExp][] = [
  [
    { status: 'ROLLBACK_IN_PROGRESS', deploymentCircuitBreaker: BREAKER },
    undefined,
    'platform-rolled-back',
    /^ECS is rolling the deployment back: its circuit breaker counted 3 failed tasks/,
  ],
  [
    { status: 'ROLLBACK_SUCCESSFUL', alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['a', 'b'] } },
    undefined,
    'platform-rolled-back',
    /^ECS rolled the deployment back: alarm a, b of the service went off$/,
  ],
  [
    { status: 'ROLLBACK_SUCCESSFUL', lifecycleHookDetails: [{ ...HOOK, status: 'TIMED_OUT' }] },
    undefined,
    'platform-rolled-back',
    /nobody answered its PAUSE hook in time/,
  ],
  [
    {
      status: 'ROLLBACK_SUCCESSFUL',
      lifecycleHookDetails: [{ targetType: 'AWS_LAMBDA', targetArn: 'arn:fn', status: 'FAILED' }],
    },
    undefined,
    'platform-rolled-back',
    /its lifecycle hook arn:fn failed/,
  ],
  [
    { status: 'ROLLBACK_SUCCESSFUL', rollback: { reason: 'because of a user request' } },
    undefined,
    'platform-rolled-back',
    /because of a user request/,
  ],
  [
    { status: 'ROLLBACK_FAILED', statusReason: 'no room' },
    undefined,
    'platform-stalled',
    /could not roll the deployment back: no room/,
  ],
  [{ status: 'STOPPED' }, undefined, 'platform-stalled', /does not go back: no reason given/],
  [{ status: 'STOPPED' }, 'shop:9', 'superseded', /took the place of ours: shop:9/],
];
for (const [deployment, successor, code, reason] of REASONS)
  test(`${deployment.status}: ${reason.source}`, () => {
    const { failure } = facts(deployment, 0, successor);
    assert.equal(failure?.code, code);
    assert.match(failure?.reason ?? '', reason);
    assert.ok((failure?.hint ?? '') !== '');
  });

test('a PAUSE hook that waits is a pause, with what ECS does when nobody answers; others are not', () => {
  const expiresAt = new Date(1_700_000_000_000);
  const waiting = { ...HOOK, status: 'AWAITING_ACTION', expiresAt } as const;
  const others = [
    { hookId: 'h0', targetType: 'AWS_LAMBDA', status: 'IN_PROGRESS' },
    { ...HOOK, hookId: 'h2', status: 'SUCCEEDED' },
  ] as const;
  const at = (hooks: ServiceDeployment['lifecycleHookDetails'], status: ServiceDeployment['status']) =>
    facts({ status, lifecycleStage: 'POST_SCALE_UP', lifecycleHookDetails: hooks }).pause;
  assert.deepEqual(at([...others, waiting], 'IN_PROGRESS'), {
    id: 'h1',
    otherwise: 'goes back',
    until: 1_700_000_000_000,
  });
  assert.equal(at([...others], 'IN_PROGRESS'), undefined);
  assert.equal(at([waiting], 'ROLLBACK_IN_PROGRESS'), undefined);
});

test('pause points come in the order in which ECS reaches them; Lambda hooks are none', () => {
  const points = pausePointsOf([
    { targetType: 'PAUSE', lifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT', 'POST_TEST_TRAFFIC_SHIFT'] },
    { lifecycleStages: ['POST_SCALE_UP'], hookTargetArn: 'arn:fn' },
    { targetType: 'PAUSE', lifecycleStages: ['PRE_SCALE_UP'], timeoutConfiguration: { action: 'CONTINUE' } },
  ]);
  assert.deepEqual(
    points.map(({ name, stage, otherwise }) => [name, stage, otherwise]),
    [
      ['PRE_SCALE_UP', 'starting', 'goes on'],
      ['POST_TEST_TRAFFIC_SHIFT', 'testable', 'goes back'],
      ['POST_PRODUCTION_TRAFFIC_SHIFT', 'shifted', 'goes back'],
    ],
  );
});
