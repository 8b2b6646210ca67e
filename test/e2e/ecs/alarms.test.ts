import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, revisionOn, startWorld, type World, type WorldOptions } from '../world.ts';

// CloudWatch alarms, of which tests say how they are: those that setup makes, and real metrics, are in setup.test.ts.

type State = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

const identity = { header: 'x-version', value: '{image-tag}', path: '/health' };
const shift = { steps: ['5%', '50%'], every: '2s' };
const stabilize = { for: '2s', interval: '250ms', alarms: ['{app}-{color}-errors', 'site'] };

/** Sets an alarm at once, so that no look of the action falls in between two. */
const set = (
  { sandbox }: World,
  AlarmName: string,
  StateValue: State,
  StateReason = `it is ${StateValue}.`,
) => sandbox.cloudwatch.operations['SetAlarmState']!({ AlarmName, StateValue, StateReason });

/** A world with a metric alarm for each color, and a composite one, all of them OK. */
async function start(
  config: Readonly<Record<string, unknown>> = {},
  options: WorldOptions = {},
): Promise<World> {
  const world = await startWorld({ ...options, config: { identity, shift, stabilize, ...config } });
  for (const color of ['blue', 'green'])
    await world.sandbox.call('PutMetricAlarm', {
      AlarmName: `shop-${color}-errors`,
      Namespace: 'Shop',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 1,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  await world.sandbox.call('PutCompositeAlarm', {
    AlarmName: 'site',
    AlarmRule: 'ALARM("shop-blue-errors") OR ALARM("shop-green-errors")',
  });
  for (const name of ['shop-blue-errors', 'shop-green-errors', 'site']) set(world, name, 'OK');
  return world;
}

/** Does something once, when the log comes to a line. */
function at(line: RegExp, act: () => void): { onLine(line: string): void } {
  let done = false;
  return {
    onLine(text) {
      if (done || !line.test(text)) return;
      done = true;
      act();
    },
  };
}

for (const [kind, name] of [
  ['a metric', 'shop-green-errors'],
  ['a composite', 'site'],
] as const)
  test(`${kind} alarm goes off at 5 %: taken back, and users saw nothing of it`, async () => {
    await using world = await start({ shift: { ...shift, every: '60s' } });
    const former = revisionOn(world, 'green');
    const run = await world.act(
      { 'image-tag': 'v2' },
      at(/Watching green with 5 %/, () =>
        set(world, name, 'ALARM', 'Threshold Crossed: 7 errors\n in a minute.'),
      ),
    );
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.equal(run.report.error.code, 'alarm');
    assert.match(
      run.log,
      new RegExp(`The alarm ${name} went off: Threshold Crossed: 7 errors in a minute\\.`),
    );
    assert.equal(Math.max(...run.report.weights.map(({ green }: { green: number }) => green)), 5);
    assert.equal(revisionOn(world, 'green'), former);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });

test('an alarm that went off and recovered between two looks counts', async () => {
  await using world = await start();
  const run = await world.act(
    { 'image-tag': 'v2' },
    at(/Watching green with 5 %/, () => {
      set(world, 'shop-green-errors', 'ALARM', 'Threshold Crossed: 9 errors.');
      set(world, 'shop-green-errors', 'OK');
    }),
  );
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
  assert.match(run.log, /shop-green-errors went off: Threshold Crossed: 9 errors; it has recovered since/);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('the other color’s alarm, an alarm that was off before, and one that only loses its data: deployed', async () => {
  await using world = await start();
  set(world, 'site', 'ALARM', 'Threshold Crossed: since yesterday.');
  const run = await world.act(
    { 'image-tag': 'v2' },
    at(/Watching green with 5 %/, () => {
      set(world, 'shop-blue-errors', 'ALARM');
      set(world, 'shop-green-errors', 'INSUFFICIENT_DATA');
      set(world, 'shop-green-errors', 'OK');
    }),
  );
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
  assert.match(run.log, /site is in ALARM already \(Threshold Crossed: since yesterday\): it does not count/);
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('an alarm that was off before counts once it has been OK', async () => {
  await using world = await start({ shift: { ...shift, every: '60s' } });
  set(world, 'site', 'ALARM', 'since yesterday');
  const run = await world.act(
    { 'image-tag': 'v2' },
    {
      onLine: (line) => {
        if (/Watching green with 5 %/.test(line)) set(world, 'site', 'OK');
        if (/site.*OK: it is OK/.test(line)) set(world, 'site', 'ALARM', 'and again');
      },
    },
  );
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
  assert.match(run.log, /The alarm site went off: and again\./);
  await assertClean(world, 'blue');
});

test('no data at the end of the watch: fails where it is to, and is ignored otherwise', async () => {
  for (const [insufficient, result] of [
    ['fail', 'rolled-back'],
    ['ignore', 'deployed'],
  ] as const) {
    await using world = await start({
      shift: 'all-at-once',
      stabilize: { ...stabilize, 'insufficient-data': insufficient },
    });
    set(world, 'shop-green-errors', 'INSUFFICIENT_DATA', 'Unchecked: Initial alarm creation');
    const run = await world.act({ 'image-tag': 'v2' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [result === 'deployed' ? 0 : 1, result], run.log);
    if (result === 'rolled-back') assert.match(run.log, /shop-green-errors still has no data \(Unchecked/);
    await assertClean(world, result === 'deployed' ? 'green' : 'blue');
    await world.usersSaw();
  }
});

test('refused before anything is changed: a name that no alarm has, a permission that lacks', async () => {
  await using world = await start(
    { stabilize: { ...stabilize, alarms: ['site', 'shop-{color}-eror'] } },
    { load: false },
  );
  const changes = () =>
    world.sandbox.requests.filter(({ operation }) => /^(Register|Update|Modify)/.test(operation)).length;
  const misspelt = await world.act({ 'image-tag': 'v2' });
  assert.deepEqual([misspelt.exitCode, misspelt.outputs['result']], [1, 'failed'], misspelt.log);
  assert.match(misspelt.log, /There is no alarm shop-green-eror\./);
  assert.equal(changes(), 0);

  for (const action of ['DescribeAlarms', 'DescribeAlarmHistory', 'GetMetricData']) {
    await using denied = await start(
      { stabilize: { ...stabilize, 'max-error-rate': '1%' } },
      { load: false },
    );
    denied.sandbox.faults.add({ operation: action, call: 'every', kind: 'refuse' });
    const run = await denied.act({ 'image-tag': 'v2' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
    assert.match(run.log, new RegExp(`AWS denies cloudwatch:${action}`));
    assert.match(
      run.log,
      /"Action":\["cloudwatch:DescribeAlarmHistory","cloudwatch:DescribeAlarms","cloudwatch:GetMetricData"\]/,
    );
    await assertClean(denied, 'blue');
    assert.equal(denied.app.service('green').desiredCount, 0);
  }
});

test('a watch that is shorter than an alarm needs is said', async () => {
  await using world = await start({ shift: 'all-at-once' }, { load: false });
  await world.sandbox.call('PutMetricAlarm', {
    ...world.sandbox.cloudwatch.metricAlarms.get('shop-green-errors'),
    Period: 60,
    EvaluationPeriods: 3,
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.exitCode, 0, run.log);
  assert.match(
    run.log,
    /alarm shop-green-errors needs 180 s to tell anything, and the release is watched for 2 s/,
  );
  // It sums that one up.
  assert.match(run.log, /alarm site needs 180 s to tell anything/);
});

test('CloudWatch is throttled the whole time: no verdict, and the release goes through', async () => {
  await using world = await start({ shift: { steps: ['50%'], every: '2s' } });
  const run = await world.act(
    { 'image-tag': 'v2' },
    at(/Watching green with 50 %/, () => {
      set(world, 'shop-green-errors', 'ALARM');
      world.sandbox.faults.add({ operation: 'DescribeAlarms', call: 'every', kind: 'throttle' });
    }),
  );
  assert.ok(world.sandbox.faults.struck > 0);
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
  assert.equal(run.log.match(/No news of the alarms/g)?.length, 1, run.log);
  await world.usersSaw();
});
