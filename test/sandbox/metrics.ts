import type {
  GetMetricDataInput,
  GetMetricDataOutput,
  MetricAlarm,
  MetricDataQuery,
  MetricStat,
} from '@aws-sdk/client-cloudwatch';
import { ApiError, type Clock, type Operations } from './contract.ts';
import type { Sample } from './elb/counters.ts';

export interface MetricsOptions {
  readonly clock: Clock;
  /** The requests of a target group, by its value as a dimension (`targetgroup/...`); undefined where it is unknown. */
  readonly samplesOf: (targetGroup: string) => readonly Sample[] | undefined;
  /** How long it takes until a request is in the metrics, in AWS seconds; 0 by default, where AWS takes a minute or two. */
  readonly lagSeconds?: number;
}

/** What CloudWatch has of the load balancer's target groups: made of the requests that really went there. */
export class Metrics {
  readonly operations: Operations;
  readonly #options: MetricsOptions;

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.operations = { GetMetricData: (input: GetMetricDataInput) => this.#data(input) };
  }

  /** The alarm's last datapoints, the newest first, undefined for missing ones; nothing where it measures other things. */
  datapoints(alarm: MetricAlarm): readonly (number | undefined)[] | undefined {
    const queries: readonly MetricDataQuery[] = alarm.Metrics ?? [
      { Id: 'own', ReturnData: true, MetricStat: statOf(alarm) },
    ];
    const stats = queries.flatMap(({ MetricStat: stat }) => (stat === undefined ? [] : [stat]));
    if (stats.length === 0 || !stats.every((stat) => this.#samples(stat) !== undefined)) return undefined;
    // A minute of AWS is shorter here; it ends now, and not with the clock's.
    const length = this.#options.clock.ms(Math.max(...stats.map(({ Period = 60 }) => Period)));
    const now = Date.now();
    return Array.from({ length: alarm.EvaluationPeriods ?? 1 }, (_, index) =>
      result(queries, (stat) => this.#value(stat, now - (index + 1) * length, now - index * length)),
    );
  }

  #data({ MetricDataQueries = [], StartTime, EndTime }: GetMetricDataInput): GetMetricDataOutput {
    if (!(StartTime! < EndTime!))
      throw new ApiError(
        'ValidationError',
        'The parameter StartTime must be less than the parameter EndTime.',
      );
    const ids = MetricDataQueries.map(({ Id = '' }) => Id);
    if (ids.length > 500 || new Set(ids).size < ids.length || !ids.every((id) => /^[a-z]\w*$/.test(id)))
      throw new ApiError(
        'ValidationError',
        'The values for parameter id in MetricDataQueries are not valid.',
      );
    return {
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat: stat }) => {
        if (stat === undefined)
          throw new ApiError('ValidationError', 'The sandbox knows no expressions here.');
        const period = (stat.Period ?? 60) * 1000;
        const found: [number, number][] = [];
        for (let at = Math.floor(Number(StartTime) / period) * period; at < Number(EndTime); at += period) {
          const value = this.#value(stat, at, at + period);
          if (value !== undefined) found.unshift([at, value]);
        }
        return {
          Id,
          Label: stat.Metric?.MetricName,
          StatusCode: 'Complete' as const,
          Timestamps: found.map(([at]) => new Date(at)),
          Values: found.map(([, value]) => value),
        };
      }),
      Messages: [],
    };
  }

  /** Of the time from `from` to before `to`; undefined where there is no datum, as AWS has none of 0 errors. */
  #value(stat: MetricStat, from: number, to: number): number | undefined {
    const visible = Date.now() - this.#options.clock.ms(this.#options.lagSeconds ?? 0);
    const samples = (this.#samples(stat) ?? []).filter(({ at }) => at >= from && at < to && at <= visible);
    const count = (outcome: Sample['outcome']) =>
      samples.filter((one) => one.outcome === outcome).length || undefined;
    switch (stat.Metric?.MetricName) {
      case 'RequestCount':
        return samples.length || undefined;
      case 'HTTPCode_Target_5XX_Count':
        return count('target5xx');
      case 'TargetConnectionErrorCount':
        return count('unconnected');
      case 'TargetResponseTime':
        return seconds(samples, stat.Stat ?? '');
      default:
        return undefined;
    }
  }

  #samples({ Metric }: MetricStat): readonly Sample[] | undefined {
    const dimension = (name: string) => Metric?.Dimensions?.find(({ Name }) => Name === name)?.Value;
    const group = dimension('TargetGroup');
    // Of a target group alone AWS has nothing: metrics have exactly the dimensions that they are published with.
    if (Metric?.Namespace !== 'AWS/ApplicationELB' || group === undefined) return undefined;
    return dimension('LoadBalancer') === undefined ? undefined : this.#options.samplesOf(group);
  }
}

const statOf = ({
  Namespace,
  MetricName,
  Dimensions,
  Period,
  Statistic,
  ExtendedStatistic,
}: MetricAlarm) => ({
  Metric: { Namespace, MetricName, Dimensions },
  Period,
  Stat: ExtendedStatistic ?? Statistic,
});

function seconds(samples: readonly Sample[], stat: string): number | undefined {
  const times = samples.flatMap(({ ms }) => ms ?? []).sort((a, b) => a - b);
  if (times.length === 0) return undefined;
  const [, percentile] = /^p(\d+)$/.exec(stat) ?? [];
  if (percentile === undefined) return times.reduce((sum, ms) => sum + ms, 0) / times.length / 1000;
  return times[Math.min(times.length - 1, Math.floor((times.length * Number(percentile)) / 100))]! / 1000;
}

/** What the query with ReturnData comes to; of expressions, arithmetic is enough here. */
function result(
  queries: readonly MetricDataQuery[],
  read: (stat: MetricStat) => number | undefined,
): number | undefined {
  const wanted = queries.find(({ ReturnData }) => ReturnData !== false)!;
  if (wanted.MetricStat !== undefined) return read(wanted.MetricStat);
  const inputs = queries.filter(({ MetricStat: stat }) => stat !== undefined);
  const values = inputs.map(({ MetricStat: stat }) => read(stat!));
  if (values.includes(undefined)) return undefined;
  if (!/^[\w\s.*/+()-]+$/.test(wanted.Expression ?? ''))
    throw new ApiError('ValidationError', `The sandbox can't calculate ${wanted.Expression}`);
  const value = new Function(...inputs.map(({ Id }) => Id!), `return ${wanted.Expression}`)(...values);
  return Number.isFinite(value) ? value : undefined;
}
