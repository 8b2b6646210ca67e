import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type RegisterScalableTargetCommandInput,
} from '@aws-sdk/client-application-auto-scaling';
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { clients } from './testing.ts';

let sandbox: Sandbox;
let sdk: ReturnType<typeof clients>;
const resource = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/production/jobs',
  ScalableDimension: 'ecs:service:DesiredCount',
} as const;
before(async () => {
  sandbox = await startSandbox({ scale: 0.01 });
  sdk = clients(sandbox);
  sandbox.addImage('jobs:v1');
  await sandbox.call('CreateCluster', { clusterName: 'production' });
  await sandbox.call('RegisterTaskDefinition', {
    family: 'jobs',
    containerDefinitions: [{ name: 'jobs', image: 'jobs:v1', memory: 128 }],
  });
  await sandbox.call('CreateService', { cluster: 'production', serviceName: 'jobs', taskDefinition: 'jobs' });
});
after(() => sandbox.close());

const desired = () => [...sandbox.ecs.world.services.values()][0]!.desiredCount;
const register = (more: Partial<RegisterScalableTargetCommandInput>) =>
  sdk.autoscaling.send(new RegisterScalableTargetCommand({ ...resource, ...more }));
const describeTarget = async () =>
  (
    await sdk.autoscaling.send(
      new DescribeScalableTargetsCommand({
        ServiceNamespace: 'ecs',
        ResourceIds: [resource.ResourceId, 'service/a/b'],
      }),
    )
  ).ScalableTargets!;

test('a scalable target moves the count into its bounds at once', async () => {
  await register({ MinCapacity: 2, MaxCapacity: 4 });
  assert.equal(desired(), 2);
  await register({ MinCapacity: 0, MaxCapacity: 1 });
  assert.equal(desired(), 1);
  const [target, ...others] = await describeTarget();
  assert.deepEqual(others, []);
  assert.equal(target?.MinCapacity, 0);
  assert.ok(target?.CreationTime instanceof Date);
  await assert.rejects(register({ MinCapacity: 3 }), { name: 'ValidationException' });
  await assert.rejects(register({ ResourceId: 'service/production/none', MinCapacity: 0, MaxCapacity: 1 }), {
    name: 'ValidationException',
    message: /doesn't exist/,
  });
});

test('each process is suspended for itself, and what is not said stays', async () => {
  await register({ MinCapacity: 1, MaxCapacity: 5, SuspendedState: { DynamicScalingInSuspended: true } });
  await register({ SuspendedState: { ScheduledScalingSuspended: true } });
  const [target] = await describeTarget();
  assert.deepEqual(target?.SuspendedState, {
    DynamicScalingInSuspended: true,
    DynamicScalingOutSuspended: false,
    ScheduledScalingSuspended: true,
  });
  assert.equal(sandbox.autoscaling.strike(resource.ResourceId, 'scheduled', 3), false);
  assert.equal(sandbox.autoscaling.strike(resource.ResourceId, 'out', 9), true);
  assert.equal(desired(), 5);
  assert.equal(sandbox.autoscaling.strike(resource.ResourceId, 'in', 1), false);
  assert.equal(desired(), 5);
});

test('a target that is gone is an error only when it is named to be removed', async () => {
  await sdk.autoscaling.send(new DeregisterScalableTargetCommand(resource));
  assert.deepEqual(await describeTarget(), []);
  await assert.rejects(sdk.autoscaling.send(new DeregisterScalableTargetCommand(resource)), {
    name: 'ObjectNotFoundException',
  });
});

test('alarms: types, missing names, pages, and the moment of the real change', async () => {
  const put = (AlarmName: string) =>
    sdk.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'HTTPCode_Target_5XX_Count',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: 'GreaterThanThreshold',
        Dimensions: [{ Name: 'LoadBalancer', Value: 'app/shop/1' }],
      }),
    );
  const set = (StateValue: 'OK' | 'ALARM', AlarmName = 'shop-5xx') =>
    sdk.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'test' }));
  const describe = (input: DescribeAlarmsCommandInput) =>
    sdk.cloudwatch.send(new DescribeAlarmsCommand(input));
  await put('shop-5xx');
  await put('shop-slow');
  await sdk.cloudwatch.send(
    new PutCompositeAlarmCommand({ AlarmName: 'shop', AlarmRule: 'ALARM("shop-5xx")' }),
  );
  const AlarmNames = ['shop-5xx', 'shop', 'nowhere'];
  const some = await describe({ AlarmNames });
  assert.deepEqual(
    some.MetricAlarms?.map(({ AlarmName }) => AlarmName),
    ['shop-5xx'],
  );
  assert.deepEqual(some.CompositeAlarms, []);
  assert.equal(some.MetricAlarms?.[0]?.StateValue, 'INSUFFICIENT_DATA');
  const all = await describe({ AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
  assert.deepEqual(
    all.CompositeAlarms?.map(({ AlarmName }) => AlarmName),
    ['shop'],
  );

  const alarm = async () => (await describe({ AlarmNames: ['shop-5xx'] })).MetricAlarms![0]!;
  await set('OK');
  const before = await alarm();
  await new Promise((done) => setTimeout(done, 5));
  await set('OK');
  const updated = await alarm();
  assert.deepEqual(updated.StateTransitionedTimestamp, before.StateTransitionedTimestamp);
  assert.ok(updated.StateUpdatedTimestamp! > before.StateUpdatedTimestamp!);
  await set('ALARM');
  const changed = await alarm();
  assert.ok(changed.StateTransitionedTimestamp! > before.StateTransitionedTimestamp!);
  await set('ALARM', 'shop');

  const page = await describe({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 2 });
  const rest = await describe({
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    MaxRecords: 2,
    NextToken: page.NextToken,
  });
  assert.deepEqual([page.MetricAlarms?.length, page.CompositeAlarms?.length], [2, 0]);
  assert.deepEqual(
    [rest.MetricAlarms?.length, rest.CompositeAlarms?.length, rest.NextToken],
    [0, 1, undefined],
  );
  await sdk.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['shop-5xx'] }));
  assert.deepEqual((await describe({ AlarmNames: ['shop-5xx'] })).MetricAlarms, []);
});

test('STS: who the caller is, and a role for a token, without credentials', async () => {
  const identity = await sdk.sts.send(new GetCallerIdentityCommand());
  assert.equal(identity.Account, '123456789012');
  assert.equal(identity.Arn, 'arn:aws:sts::123456789012:assumed-role/deploy/session');
  const stranger = new STSClient({ endpoint: sandbox.endpoint, region: 'us-east-1', maxAttempts: 1 });
  const assume = (WebIdentityToken: string) =>
    stranger.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: 'arn:aws:iam::123456789012:role/deploy',
        RoleSessionName: 'run-1',
        WebIdentityToken,
      }),
    );
  const { Credentials, AssumedRoleUser } = await assume('header.payload.signature');
  assert.ok(Credentials!.Expiration! > new Date());
  assert.equal(AssumedRoleUser?.Arn, 'arn:aws:sts::123456789012:assumed-role/deploy/run-1');
  await assert.rejects(assume('no token'), { name: 'InvalidIdentityTokenException' });
});
