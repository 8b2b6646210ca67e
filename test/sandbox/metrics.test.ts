import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { type BlueGreenApp, blueGreenApp } from './blue-green-app.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { clients } from './testing.ts';

let sandbox: Sandbox;
let sdk: ReturnType<typeof clients>;
let app: BlueGreenApp;
before(async () => {
  sandbox = await startSandbox();
  sdk = clients(sandbox);
  app = await blueGreenApp(sandbox, { live: { count: 1 } });
});
after(() => sandbox.close());

const tail = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);
const dimensions = () => [
  { Name: 'TargetGroup', Value: tail(app.targetGroups.blue) },
  { Name: 'LoadBalancer', Value: tail(app.loadBalancer).replace('loadbalancer/', '') },
];
const metric = (MetricName: string, Stat: string, Dimensions = dimensions()) => ({
  Id: 'm1',
  MetricStat: { Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions }, Period: 60, Stat },
});
/** The sum of what is told of the last two minutes; undefined where there is no datum. */
async function value(...query: Parameters<typeof metric>): Promise<number | undefined> {
  const { MetricDataResults } = await sdk.cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [metric(...query)],
      StartTime: new Date(Date.now() - 120_000),
      EndTime: new Date(Date.now() + 60_000),
    }),
  );
  const { Values = [], Timestamps = [] } = MetricDataResults![0]!;
  assert.ok(
    Timestamps.every((at) => at.getTime() % 60_000 === 0),
    'by the minute',
  );
  return Values.length === 0 ? undefined : Values.reduce((sum, one) => sum + one, 0);
}

test('metrics are of the requests that really went to the target group', async () => {
  assert.equal(await value('RequestCount', 'Sum'), undefined, 'no datum of nothing');
  for (let n = 0; n < 5; n += 1) await (await fetch(app.url)).text();
  await (await fetch(`${app.url}/slow?ms=300`)).text();
  assert.equal(await value('RequestCount', 'Sum'), 6);
  assert.equal(await value('HTTPCode_Target_5XX_Count', 'Sum'), undefined);
  assert.ok((await value('TargetResponseTime', 'p95'))! >= 0.3);
  assert.equal(
    await value('RequestCount', 'Sum', dimensions().slice(0, 1)),
    undefined,
    'exactly the dimensions',
  );
});

test('an alarm looks at the last periods of a metric, or at what it comes to with others', async () => {
  const common = {
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  } as const;
  const put = (input: Omit<PutMetricAlarmCommandInput, keyof typeof common>) =>
    sdk.cloudwatch.send(new PutMetricAlarmCommand({ ...common, ...input }));
  const state = async (name: string) =>
    (await sdk.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms![0]!
      .StateValue;
  const count = { Namespace: 'AWS/ApplicationELB', MetricName: 'RequestCount', Dimensions: dimensions() };
  const whole = { ...count, Statistic: 'Sum', Period: 6000 } as const;
  await put({ AlarmName: 'many', Threshold: 2, ...whole });
  await put({ AlarmName: 'enough', Threshold: 100, ...whole });
  assert.deepEqual([await state('many'), await state('enough')], ['ALARM', 'OK']);

  const requests = { ...metric('RequestCount', 'Sum'), Id: 'requests', ReturnData: false };
  const Metrics = [{ Id: 'double', Expression: '2 * requests', ReturnData: true }, requests];
  for (const query of Metrics.slice(1))
    Object.assign((query as typeof requests).MetricStat, { Period: 6000 });
  await put({ AlarmName: 'double', Threshold: 11, Metrics });
  assert.equal(await state('double'), 'ALARM', '2 * 6 > 11');
  await assert.rejects(put({ AlarmName: 'none', Threshold: 1 }), { name: 'ValidationException' });
});

test('the history of an alarm has its changes of state, the newest first', async () => {
  await sandbox.call('PutMetricAlarm', {
    AlarmName: 'own',
    Namespace: 'Shop',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
  });
  const set = (StateValue: 'OK' | 'ALARM', StateReason: string) =>
    sdk.cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'own', StateValue, StateReason }));
  await set('OK', 'fine');
  await set('OK', 'still fine');
  const since = new Date();
  await set('ALARM', '7 errors');
  await set('OK', 'fine again');
  const history = async (more: object) =>
    (
      await sdk.cloudwatch.send(
        new DescribeAlarmHistoryCommand({ AlarmName: 'own', HistoryItemType: 'StateUpdate', ...more }),
      )
    ).AlarmHistoryItems!;
  const all = await history({});
  assert.deepEqual(
    all.map(({ HistorySummary }) => HistorySummary),
    [
      'Alarm updated from ALARM to OK',
      'Alarm updated from OK to ALARM',
      'Alarm updated from INSUFFICIENT_DATA to OK',
    ],
  );
  assert.equal(JSON.parse(all[1]!.HistoryData!).newState.stateReason, '7 errors');
  assert.equal((await history({ StartDate: since })).length, 2);
  assert.deepEqual(await history({ AlarmTypes: ['CompositeAlarm'] }), []);
});
