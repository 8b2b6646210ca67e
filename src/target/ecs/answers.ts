import type { MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { COLORS, type Color, type PerColor } from '../../release/color.ts';
import type { Answered, AnswerMeter, Answers } from '../signals.ts';
import { dimensionsOf } from './balancers.ts';
import type { CloudWatch } from './cloud-watch.ts';
import type { TargetGroups } from './forward.ts';

/** Load balancers tell CloudWatch what they counted once a minute. */
const MINUTE_MS = 60_000;

/**
 * What CloudWatch keeps of a target group. Of the 5xx, only those that targets gave: what the load balancer answers by
 * itself has no target group, but where a target refused the connection, that is counted.
 */
const METRICS = [
  ['requests', 'RequestCount', 'Sum'],
  ['answers5xx', 'HTTPCode_Target_5XX_Count', 'Sum'],
  ['unanswered', 'TargetConnectionErrorCount', 'Sum'],
  ['latency', 'TargetResponseTime', 'p95'],
] as const;
type Metric = (typeof METRICS)[number][0];

/** What the load balancers of the listeners counted, by target group, as CloudWatch tells it. */
export class BalancerAnswers implements Answers {
  readonly latency = 'p95';
  // A minute, and up to two until it can be read.
  readonly delayMs = 3 * MINUTE_MS;
  readonly periodMs = MINUTE_MS;
  readonly #cloudWatch: CloudWatch;
  /** As metrics name them: `app/shop/50dc6c495c0c9188`. */
  readonly #balancers: readonly string[];
  readonly #groups: () => Promise<TargetGroups>;

  constructor(options: {
    cloudWatch: CloudWatch;
    balancers: readonly string[];
    groups: () => Promise<TargetGroups>;
  }) {
    this.#cloudWatch = options.cloudWatch;
    this.#balancers = options.balancers;
    this.#groups = options.groups;
  }

  async open(since = Date.now()): Promise<AnswerMeter> {
    const queries = queriesFor(this.#balancers, await this.#groups());
    // What came before in that minute can't be told apart; on a color that had no users it is the smoke tests.
    const from = new Date(Math.floor(since / MINUTE_MS) * MINUTE_MS);
    return {
      read: async () => {
        const minutes = byColor(await this.#fetch(queries, from));
        return { blue: sumOf(minutes.blue), green: sumOf(minutes.green) };
      },
    };
  }

  /** Both colors in one call, so that they are of one moment. */
  #fetch(MetricDataQueries: MetricDataQuery[], StartTime: Date): Promise<readonly MetricDataResult[]> {
    return this.#cloudWatch.read('cloudwatch:GetMetricData', async (client, { paginateGetMetricData }) => {
      const found: MetricDataResult[] = [];
      // Our clock and AWS's may differ a little, and the minute that runs is wanted too.
      const EndTime = new Date(Math.max(Date.now(), StartTime.getTime()) + 2 * MINUTE_MS);
      const pages = paginateGetMetricData({ client }, { MetricDataQueries, StartTime, EndTime });
      for await (const { MetricDataResults = [] } of pages) found.push(...MetricDataResults);
      return found;
    });
  }
}

/** What is known of one minute, by its time, of one color behind one load balancer. */
type Minutes = Map<string, Partial<Record<Metric, number>>>;

/** Ids begin with a small letter: `requests_blue_0` is the first load balancer's. */
function queriesFor(balancers: readonly string[], groups: TargetGroups): MetricDataQuery[] {
  return balancers.flatMap((balancer, index) =>
    COLORS.flatMap((color) =>
      METRICS.map(([metric, MetricName, Stat]) => ({
        Id: `${metric}_${color}_${index}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/ApplicationELB',
            MetricName,
            Dimensions: dimensionsOf(groups[color], balancer),
          },
          Period: MINUTE_MS / 1000,
          Stat,
        },
      })),
    ),
  );
}

function byColor(results: readonly MetricDataResult[]): PerColor<Minutes> {
  const minutes: PerColor<Minutes> = { blue: new Map(), green: new Map() };
  for (const { Id = '', Timestamps = [], Values = [] } of results) {
    const [metric, color, index] = Id.split('_') as [Metric, Color, string];
    for (const [at, time] of Timestamps.entries()) {
      const key = `${index} ${time.getTime()}`;
      minutes[color].set(key, { ...minutes[color].get(key), [metric]: Values[at] ?? 0 });
    }
  }
  return minutes;
}

/**
 * Minutes without requests, or without errors, are not there. Percentiles of several minutes can't be put together to
 * that of all of them; their mean, each as heavy as it had requests, is close as long as the minutes are alike.
 */
function sumOf(minutes: Minutes): Answered {
  let [requests, errors, measured, seconds] = [0, 0, 0, 0];
  for (const { requests: of = 0, answers5xx = 0, unanswered = 0, latency } of minutes.values()) {
    requests += of;
    // Connections are tried more than once for one request.
    errors += Math.min(of, answers5xx + unanswered);
    if (latency === undefined) continue;
    measured += of;
    seconds += latency * of;
  }
  return { requests, errors, ...(measured > 0 && { latencyMs: (1000 * seconds) / measured }) };
}
