import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ServiceDeployment,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import { registerTaskDefinition } from './blue-green-setup.ts';
import { type NativeApp, type NativeAppOptions, nativeApp } from './native-app.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { clients, eventually } from './testing.ts';

// ECS's own blue/green, as AWS documents it (facts/ecs.md 1.3), seen through the SDK's own client.

async function start(options: NativeAppOptions = {}, prepare?: (sandbox: Sandbox) => Promise<void>) {
  const sandbox = await startSandbox({ scale: 0.02 });
  await prepare?.(sandbox);
  const app = await nativeApp(sandbox, options);
  const { ecs } = clients(sandbox);
  return {
    sandbox,
    app,
    ecs,
    async deploy(tag: string) {
      const taskDefinition = await registerTaskDefinition(sandbox, app.app, app.image(tag));
      await sandbox.call('UpdateService', { cluster: app.cluster, service: app.service, taskDefinition });
      return app.rollout().arn;
    },
    async describe(arn: string): Promise<ServiceDeployment> {
      const answer = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }));
      return answer.serviceDeployments![0]!;
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

/** Who answers users. */
async function answers(sandbox: Sandbox, app: NativeApp): Promise<{ users: string | null }> {
  await sandbox.elb.settled();
  const response = await fetch(`${app.urls[0]}/health`, { headers: { connection: 'close' } });
  return { users: response.headers.get('x-version') };
}

test('a deployment goes through the stages in their order, into the other target group, with both counts told', async () => {
  await using world = await start({ deployment: { bakeTimeInMinutes: 1 } });
  const { sandbox, app, ecs, deploy, describe } = world;
  const arn = await deploy('v2');
  const seen: string[] = [];
  const baking = await eventually(async () => {
    const one = await describe(arn);
    if (seen.at(-1) !== one.lifecycleStage) seen.push(one.lifecycleStage!);
    return one.lifecycleStage === 'BAKE_TIME' ? one : undefined;
  }, 'BAKE_TIME');
  const order = [
    'PRE_SCALE_UP',
    'SCALE_UP',
    'POST_SCALE_UP',
    'TEST_TRAFFIC_SHIFT',
    'POST_TEST_TRAFFIC_SHIFT',
  ];
  const known = [
    ...order,
    'PRE_PRODUCTION_TRAFFIC_SHIFT',
    'PRODUCTION_TRAFFIC_SHIFT',
    'POST_PRODUCTION_TRAFFIC_SHIFT',
    'BAKE_TIME',
  ];
  assert.deepEqual(
    seen,
    known.filter((stage) => seen.includes(stage)),
  );
  assert.equal(baking.targetServiceRevision?.requestedTaskCount, 2);
  assert.equal(baking.sourceServiceRevisions?.[0]?.requestedTaskCount, 2, 'the former tasks are kept');
  assert.deepEqual((await answers(sandbox, app)).users, 'v2');
  const { serviceRevisions } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [baking.targetServiceRevision!.arn!] }),
  );
  assert.equal(
    serviceRevisions?.[0]?.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn,
    app.targetGroups.green,
  );
  await eventually(async () => (await describe(arn)).status === 'SUCCESSFUL', 'the end');
  assert.equal(app.tasks('v1').length, 0);
  assert.equal(app.tasks('v2').length, 2);
});

test('a PAUSE hook waits until it is told to go on; it can be told once', async () => {
  const hooks = [{ targetType: 'PAUSE' as const, lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT' as const] }];
  await using world = await start({ deployment: { lifecycleHooks: hooks } });
  const { ecs, app, deploy, describe } = world;
  const arn = await deploy('v2');
  const hook = await eventually(
    async () =>
      (await describe(arn)).lifecycleHookDetails?.find(({ status }) => status === 'AWAITING_ACTION'),
    'the hook waits',
  );
  assert.deepEqual(app.weights(), { blue: 100, green: 0 });
  assert.deepEqual([hook.targetType, hook.timeoutAction], ['PAUSE', 'ROLLBACK']);
  const goOn = new ContinueServiceDeploymentCommand({ serviceDeploymentArn: arn, hookId: hook.hookId });
  await ecs.send(goOn);
  await assert.rejects(ecs.send(goOn), { name: 'InvalidParameterException' });
  await eventually(async () => (await describe(arn)).status === 'SUCCESSFUL', 'the end');
});

test('StopServiceDeployment gives the traffic back first, then takes the tasks away; one that has ended is refused', async () => {
  await using world = await start({ deployment: { bakeTimeInMinutes: 60 } });
  const { sandbox, app, ecs, deploy, describe } = world;
  const arn = await deploy('v2');
  await eventually(() => app.rollout().native?.stage === 'BAKE_TIME', 'BAKE_TIME');
  const stop = new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' });
  await ecs.send(stop);
  await ecs.send(stop); // What goes back already goes on doing so.
  await eventually(() => app.weights().blue === 100, 'the traffic is back');
  assert.equal(app.tasks('v2').length, 2, 'tasks that users are leaving are still there');
  await eventually(async () => (await describe(arn)).status === 'ROLLBACK_SUCCESSFUL', 'the end');
  assert.equal(app.tasks('v2').length, 0);
  assert.equal((await answers(sandbox, app)).users, 'v1');
  await assert.rejects(ecs.send(stop), { name: 'ConflictException' });
});

test('ABORT leaves everything where it stands; the next deployment reconciles', async () => {
  await using world = await start({ deployment: { bakeTimeInMinutes: 60 } });
  const { app, ecs, deploy, describe } = world;
  const arn = await deploy('v2');
  await eventually(() => app.rollout().native?.stage === 'BAKE_TIME', 'BAKE_TIME');
  await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ABORT' }));
  assert.equal((await describe(arn)).status, 'STOPPED');
  assert.deepEqual(app.weights(), { blue: 0, green: 100 });
  await deploy('v3');
  assert.equal(app.rollout().native?.stage, 'RECONCILE_SERVICE');
  await eventually(() => app.rollout().native?.stage === 'BAKE_TIME', 'BAKE_TIME');
  assert.deepEqual(app.weights(), { blue: 100, green: 0 }, 'into the group without traffic');
});

test('the circuit breaker goes back; alarms do, unless one was in ALARM at the start', async () => {
  const alarms = { alarmNames: ['errors'], enable: true, rollback: true };
  const circuitBreaker = { enable: true, rollback: true };
  await using world = await start(
    { deployment: { bakeTimeInMinutes: 2, alarms, deploymentCircuitBreaker: circuitBreaker } },
    async (sandbox) => {
      await sandbox.call('PutMetricAlarm', {
        AlarmName: 'errors',
        ...{ Namespace: 'Shop', MetricName: 'Errors', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1 },
        ...{ Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
      });
    },
  );
  const { sandbox, app, deploy, describe } = world;
  const alarm = (StateValue: string) =>
    sandbox.call('SetAlarmState', { AlarmName: 'errors', StateValue, StateReason: '' });
  sandbox.addImage(app.image('broken'), { env: { EXIT_AT_START: '1' } });
  const broken = await deploy('broken');
  const failed = await eventually(async () => {
    const one = await describe(broken);
    return one.status === 'ROLLBACK_SUCCESSFUL' ? one : undefined;
  }, 'the circuit breaker');
  assert.equal(failed.deploymentCircuitBreaker?.status, 'TRIGGERED');
  assert.deepEqual(app.weights(), { blue: 100, green: 0 });

  const alarmed = await deploy('v2');
  await eventually(() => app.rollout().native?.stage === 'BAKE_TIME', 'BAKE_TIME');
  await alarm('ALARM');
  const back = await eventually(async () => {
    const one = await describe(alarmed);
    return one.status === 'ROLLBACK_SUCCESSFUL' ? one : undefined;
  }, 'the alarm');
  assert.deepEqual([back.alarms?.status, back.alarms?.triggeredAlarmNames], ['TRIGGERED', ['errors']]);

  const ignored = await deploy('v3');
  assert.equal((await describe(ignored)).alarms?.status, 'DISABLED');
  await eventually(async () => (await describe(ignored)).status === 'SUCCESSFUL', 'the end');
});
