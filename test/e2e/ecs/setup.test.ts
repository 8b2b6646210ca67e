import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { assertClean, startWorld, type World, type WorldOptions } from '../world.ts';

// operation: setup on ECS: the listener in the form that a deployment needs, and alarms that a deployment can look at.

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:on-call';
const READS = /^(Describe|List|Get)/;

const start = (alarms: Readonly<Record<string, string>> | undefined, options: WorldOptions = {}) =>
  startWorld({ ...options, config: { ecs: { alarms }, ...options.config } });

/** What changed anything since a moment, but for the lock. */
const changesSince = ({ sandbox }: World, first: number): string[] =>
  sandbox.requests
    .slice(first)
    .map(({ operation }) => operation)
    .filter((operation) => !READS.test(operation) && !/^(CreateRule|DeleteRule|AddTags)$/.test(operation));

const alarm = ({ sandbox }: World, name: string): MetricAlarm => {
  const found = sandbox.cloudwatch.metricAlarms.get(name);
  assert.ok(found, name);
  return found;
};

/** The same run with another `ecs.alarms`. */
function withAlarms({ config }: World, alarms: Readonly<Record<string, string>>): string {
  const { environments, ...file } = JSON.parse(config);
  const { ecs, ...production } = environments.production;
  return JSON.stringify(
    { ...file, environments: { production: { ...production, ecs: { ...ecs, alarms } } } },
    null,
    1,
  );
}

test('setup tells its plan, attaches both groups, makes the alarms; the second run changes nothing', async () => {
  await using world = await start({ 'sns-topic': TOPIC }, { app: { forward: 'single' } });
  const { app, sandbox } = world;
  const first = await world.act({ operation: 'setup' });
  assert.equal(first.exitCode, 0, first.log);
  const plan = [...first.log.matchAll(/To make: (.*)/g)].map(([, line]) => line!);
  assert.deepEqual(plan, [
    'alarm shop-production-blue-5xx: more than 5 % of the answers of blue are 5xx',
    'alarm shop-production-blue-response-time: one in twenty answers of blue takes longer than 1000 ms',
    'alarm shop-production-green-5xx: more than 5 % of the answers of green are 5xx',
    'alarm shop-production-green-response-time: one in twenty answers of green takes longer than 1000 ms',
    `both target groups attached at blue 100 and green 0, so that the idle one is health-checked, on ${app.listener}`,
  ]);
  assert.ok(first.log.lastIndexOf('To make: ') < first.log.indexOf('Made: '), 'the plan comes first');
  assert.deepEqual(changesSince(world, 0), [...Array(4).fill('PutMetricAlarm'), 'ModifyListener']);
  const attached = await sandbox.call<{
    Listeners: { DefaultActions: [{ ForwardConfig: { TargetGroups: unknown[] } }] }[];
  }>('DescribeListeners', { ListenerArns: [app.listener] });
  assert.equal(attached.Listeners[0]!.DefaultActions[0].ForwardConfig.TargetGroups.length, 2);
  const made = alarm(world, 'shop-production-green-5xx');
  assert.deepEqual([made.Threshold, made.AlarmActions, made.TreatMissingData], [5, [TOPIC], 'notBreaching']);
  for (const { MetricStat: stat } of made.Metrics!.slice(1))
    assert.ok(
      app.targetGroups.green.endsWith(
        `:${stat!.Metric!.Dimensions!.find(({ Name }) => Name === 'TargetGroup')!.Value}`,
      ),
    );

  const before = sandbox.requests.length;
  const second = await world.act({ operation: 'setup' });
  assert.deepEqual([second.exitCode, second.outputs['result']], [0, 'unchanged'], second.log);
  assert.match(second.log, /Everything is there already; nothing was changed\./);
  assert.deepEqual(changesSince(world, before), []);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('setup changes what the config says anew, and leaves what others have added to its alarms', async () => {
  await using world = await start({}, { load: false });
  assert.equal((await world.act({ operation: 'setup' })).exitCode, 0);
  const others = { OKActions: [`${TOPIC}-ok`], AlarmActions: [`${TOPIC}-theirs`], ActionsEnabled: false };
  for (const name of ['blue-5xx', 'blue-response-time'])
    Object.assign(alarm(world, `shop-production-${name}`), others);
  const before = world.sandbox.requests.length;
  const run = await world.act({
    operation: 'setup',
    config: withAlarms(world, { 'error-rate': '2.5%', 'sns-topic': TOPIC }),
  });
  assert.equal(run.exitCode, 0, run.log);
  assert.match(run.log, /To make: alarm shop-production-blue-5xx with another .*Threshold/);
  assert.deepEqual(changesSince(world, before), Array(4).fill('PutMetricAlarm'));
  const { Threshold, ...changed } = alarm(world, 'shop-production-blue-5xx');
  assert.equal(Threshold, 2.5);
  assert.deepEqual(changed.AlarmActions, [`${TOPIC}-theirs`, TOPIC]);
  assert.deepEqual([changed.OKActions, changed.ActionsEnabled], [others.OKActions, false]);
  assert.equal(alarm(world, 'shop-production-blue-response-time').Threshold, 1);
});

test('setup leaves an alarm of the user’s alone, and says what AWS denies; nothing is changed', async () => {
  await using world = await start({}, { load: false, app: { forward: 'single' } });
  await world.sandbox.call('PutMetricAlarm', {
    AlarmName: 'shop-production-green-5xx',
    Namespace: 'Shop',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  const foreign = await world.act({ operation: 'setup' });
  assert.equal(foreign.exitCode, 1, foreign.log);
  assert.match(foreign.log, /There is an alarm shop-production-green-5xx already, which setup did not make/);
  assert.deepEqual(changesSince(world, 0), []);

  await world.sandbox.call('DeleteAlarms', { AlarmNames: ['shop-production-green-5xx'] });
  world.sandbox.faults.add({ operation: 'PutMetricAlarm', call: 'every', kind: 'refuse' });
  const denied = await world.act({ operation: 'setup' });
  assert.equal(denied.exitCode, 1, denied.log);
  assert.match(denied.log, /AWS denies cloudwatch:PutMetricAlarm/);
  assert.match(denied.log, /\{"Effect":"Allow","Action":\["cloudwatch:PutMetricAlarm"\],"Resource":"\*"\}/);
  assert.ok(!changesSince(world, 0).includes('ModifyListener'));
  await assertClean(world, 'blue');
});

test('without ecs.alarms, setup asks CloudWatch nothing', async () => {
  await using world = await start(undefined, { load: false });
  const run = await world.act({ operation: 'setup' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'unchanged'], run.log);
  assert.deepEqual(
    world.sandbox.requests.filter(({ service }) => service === 'cloudwatch'),
    [],
  );
});

for (const [what, env, name] of [
  ['fails 30 % of its requests', { FAIL_RATE: '0.3' }, '5xx'],
  ['takes 1.5 s for an answer', { SLOW_MS: '1500' }, 'response-time'],
] as const)
  test(`an alarm that setup made takes back a release that ${what}`, async (context: TestContext) => {
    await using world = await start(
      {},
      {
        images: { broken: { env } },
        load: { slow: { inFlight: 0, ms: 0 } },
        config: {
          identity: { header: 'x-version', value: '{image-tag}', path: '/health' },
          shift: { steps: ['20%'], every: '60s' },
          stabilize: {
            for: '2s',
            interval: '250ms',
            alarms: ['{app}-{environment}-{color}-5xx', '{app}-{environment}-{color}-response-time'],
          },
        },
      },
    );
    assert.equal((await world.act({ operation: 'setup' })).exitCode, 0);
    const run = await world.act({ 'image-tag': 'broken' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.match(run.log, new RegExp(`The alarm shop-production-green-${name} went off: Threshold Crossed`));
    assert.equal(Math.max(...run.report.weights.map(({ green }: { green: number }) => green)), 20);
    await assertClean(world, 'blue');
    const { requests, failed } = await world.usersMet();
    const got = world.sandbox.elb.stats().targetGroups[world.app.targetGroups.green]!.requests;
    context.diagnostic(`${failed} of ${requests} requests of users failed; green got ${got}`);
    assert.ok(failed <= got, 'only the new color failed anybody');
  });

test('setup leaves what is staged reachable', async () => {
  await using world = await start({});
  const staged = await world.act({ operation: 'stage', 'image-tag': 'v2' });
  assert.equal(staged.outputs['result'], 'staged', staged.log);
  const run = await world.act({ operation: 'setup' });
  assert.equal(run.exitCode, 0, run.log);
  const status = await world.act({ operation: 'status' });
  assert.notEqual(status.outputs['preview-url'], '', status.log);
  const promoted = await world.act({ operation: 'promote' });
  assert.equal(promoted.outputs['result'], 'deployed', promoted.log);
});
