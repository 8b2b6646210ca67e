import type { MetricAlarm, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { AlarmSettings } from '../../config/environment.ts';
import { COLORS, type Color } from '../../release/color.ts';
import { dimensionsOf } from './balancers.ts';
import type { TargetGroups } from './forward.ts';

/** By this, `setup` knows the alarms that it made: they are its own to change. */
const MARK = 'Made by blue-green-deploy from ecs.alarms.';

/** What is looked at, in seconds, and how many times in a row it must be too much: one slow minute is none of it. */
const PERIOD = 60;
const PERIODS = 2;

/** Everything that `setup` decides of an alarm; the rest is the user's. */
export interface WantedAlarm {
  readonly name: string;
  /** What it goes off at, for people. */
  readonly meaning: string;
  readonly definition: Omit<PutMetricAlarmInput, 'AlarmName'>;
}

export interface AlarmsOptions {
  readonly app: string;
  readonly environment: string;
  readonly alarms: AlarmSettings;
  readonly groups: TargetGroups;
  /** `app/shop/50dc6c495c0c9188` */
  readonly balancer: string;
}

/** The alarms of both colors, each on the metrics of its own target group. */
export const wantedAlarms = (options: AlarmsOptions): readonly WantedAlarm[] =>
  COLORS.flatMap((color) => [errorAlarm(options, color), latencyAlarm(options, color)]);

function errorAlarm(options: AlarmsOptions, color: Color): WantedAlarm {
  const limit = options.alarms['error-rate'];
  const meaning = `more than ${limit} % of the answers of ${color} are 5xx`;
  const sum = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: {
      Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions: dimensions(options, color) },
      Period: PERIOD,
      Stat: 'Sum',
    },
  });
  return alarm(options, color, {
    suffix: '5xx',
    meaning,
    definition: {
      Threshold: limit,
      Metrics: [
        // Where there are no 5xx AWS has no datum of them, hence none of the share either: that is treated as fine.
        { Id: 'share', Expression: '100 * errors / requests', Label: meaning, ReturnData: true },
        sum('errors', 'HTTPCode_Target_5XX_Count'),
        sum('requests', 'RequestCount'),
      ],
    },
  });
}

function latencyAlarm(options: AlarmsOptions, color: Color): WantedAlarm {
  const limit = options.alarms['response-time'];
  return alarm(options, color, {
    suffix: 'response-time',
    meaning: `one in twenty answers of ${color} takes longer than ${limit} ms`,
    definition: {
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'TargetResponseTime',
      Dimensions: dimensions(options, color),
      Period: PERIOD,
      ExtendedStatistic: 'p95',
      // Of a handful of requests there is no 95th percentile.
      EvaluateLowSampleCountPercentile: 'ignore',
      Threshold: limit / 1000,
    },
  });
}

const dimensions = ({ groups, balancer }: AlarmsOptions, color: Color) =>
  dimensionsOf(groups[color], balancer);

const alarm = (
  { app, environment, alarms }: AlarmsOptions,
  color: Color,
  { suffix, meaning, definition }: { suffix: string; meaning: string; definition: WantedAlarm['definition'] },
): WantedAlarm => ({
  name: `${app}-${environment}-${color}-${suffix}`,
  meaning,
  definition: {
    AlarmDescription: `${MARK} It goes off when ${meaning}, for ${PERIODS} minutes.`,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: PERIODS,
    DatapointsToAlarm: PERIODS,
    // The idle color has no requests.
    TreatMissingData: 'notBreaching',
    ...(alarms['sns-topic'] !== undefined && { AlarmActions: [alarms['sns-topic']] }),
    ...definition,
  },
});

export const isOurs = ({ AlarmDescription = '' }: MetricAlarm): boolean => AlarmDescription.startsWith(MARK);

/** Which of the things that `setup` decides are otherwise in the alarm as it is. */
export const differences = (alarm: MetricAlarm, { definition }: WantedAlarm): readonly string[] =>
  Object.entries(definition)
    .filter(([key, value]) => !has(alarm[key as keyof MetricAlarm], value))
    .map(([key]) => key);

/** The alarm as it is to be: what others have added to it stays. */
export function merged(alarm: MetricAlarm, { name, definition }: WantedAlarm): PutMetricAlarmInput {
  const { ActionsEnabled, OKActions, InsufficientDataActions, AlarmActions = [] } = alarm;
  return {
    AlarmName: name,
    ActionsEnabled,
    OKActions,
    InsufficientDataActions,
    ...definition,
    AlarmActions: [...new Set([...AlarmActions, ...(definition.AlarmActions ?? [])])],
  };
}

/** Whether `actual` has all of `wanted`: AWS adds members that it has defaults for, and keeps lists in its own order. */
function has(actual: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  if (Array.isArray(wanted))
    return Array.isArray(actual) && wanted.every((item) => actual.some((one) => has(one, item)));
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted;
  return (
    typeof actual === 'object' &&
    actual !== null &&
    Object.entries(wanted).every(([key, value]) => has((actual as Record<string, unknown>)[key], value))
  );
}
