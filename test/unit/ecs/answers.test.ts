import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CloudWatchClient,
  type GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import { BalancerAnswers } from '../../../src/target/ecs/answers.ts';
import { CloudWatch } from '../../../src/target/ecs/cloud-watch.ts';

const group = (color: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop-${color}/0123`;
const MINUTE = 60_000;
const SINCE = Date.parse('2026-11-27T08:00:40Z');
const minute = (n: number) => new Date(Math.floor(SINCE / MINUTE) * MINUTE + n * MINUTE);

/** Answers as AWS does: metric by metric, in pages, without a datum where there was nothing. */
function answersOf(
  pages: readonly Record<string, readonly [number, number][]>[],
  balancers: readonly string[],
) {
  const asked: GetMetricDataCommandInput[] = [];
  class Fake extends CloudWatchClient {
    override send = (async ({ input }: GetMetricDataCommand) => {
      asked.push(input);
      const at = Number(input.NextToken ?? 0);
      return {
        MetricDataResults: Object.entries(pages[at] ?? {}).map(([Id, data]) => ({
          Id,
          Timestamps: data.map(([n]) => minute(n)),
          Values: data.map(([, value]) => value),
        })),
        ...(at + 1 < pages.length && { NextToken: String(at + 1) }),
      } as GetMetricDataCommandOutput;
    }) as unknown as CloudWatchClient['send'];
  }
  const cloudWatch = new CloudWatch({
    open: (() => new Fake({ region: 'us-east-1' })) as unknown as ConstructorParameters<
      typeof CloudWatch
    >[0]['open'],
  });
  const groups = async () => ({ blue: group('blue'), green: group('green') });
  return { asked, answers: new BalancerAnswers({ cloudWatch, balancers, groups }) };
}

test('one call for both colors, from the minute in which the meter was opened', async () => {
  const { asked, answers } = answersOf([{}], ['app/shop/50dc']);
  const meter = await answers.open(SINCE);
  assert.deepEqual(await meter.read(), {
    blue: { requests: 0, errors: 0 },
    green: { requests: 0, errors: 0 },
  });
  assert.equal(asked.length, 1);
  const [{ StartTime, EndTime, MetricDataQueries = [] }] = asked as [GetMetricDataCommandInput];
  assert.equal(StartTime?.toISOString(), '2026-11-27T08:00:00.000Z');
  assert.ok(EndTime! > StartTime!);
  assert.equal(MetricDataQueries.length, 8);
  for (const { Id, MetricStat } of MetricDataQueries) {
    assert.match(Id!, /^[a-z]\w*$/);
    assert.equal(MetricStat?.Period, 60);
    assert.deepEqual(MetricStat?.Metric?.Dimensions, [
      { Name: 'TargetGroup', Value: `targetgroup/shop-${/blue|green/.exec(Id!)![0]}/0123` },
      { Name: 'LoadBalancer', Value: 'app/shop/50dc' },
    ]);
  }
});

test('minutes are added up, over pages and load balancers; latencies weigh as much as they had requests', async () => {
  const { answers } = answersOf(
    [
      { requests_green_0: [[0, 100]], answers5xx_green_0: [[0, 3]], latency_green_0: [[0, 0.1]] },
      {
        // The next minute of the same metric, in the next page.
        requests_green_0: [[1, 300]],
        latency_green_0: [[1, 0.5]],
        unanswered_green_0: [[1, 2]],
        requests_green_1: [[1, 50]],
        requests_blue_0: [[0, 10]],
      },
    ],
    ['app/shop/50dc', 'app/shop/60dc'],
  );
  const { blue, green } = await (await answers.open(SINCE)).read();
  assert.deepEqual([green.requests, green.errors], [450, 5]);
  assert.ok(Math.abs(green.latencyMs! - 400) < 0.001, `${green.latencyMs}`);
  assert.deepEqual(blue, { requests: 10, errors: 0 });
});

test('connections are tried more often than there are requests: never more errors than those', async () => {
  const { answers } = answersOf(
    [{ requests_green_0: [[0, 4]], unanswered_green_0: [[0, 12]] }],
    ['app/shop/1'],
  );
  const { green } = await (await answers.open(SINCE)).read();
  assert.deepEqual(green, { requests: 4, errors: 4 });
});
