import type {
  AlarmHistoryItem,
  CompositeAlarm,
  DeleteAlarmsInput,
  DescribeAlarmHistoryInput,
  DescribeAlarmHistoryOutput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  MetricAlarm,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
  SetAlarmStateInput,
  StateValue,
} from '@aws-sdk/client-cloudwatch';
import { ApiError, type Operations } from './contract.ts';
import type { Metrics } from './metrics.ts';

/**
 * CloudWatch alarms of one region. Those on the metrics of a target group that is here are evaluated whenever somebody
 * looks; the states of all others are set by tests.
 */
export interface CloudWatch {
  readonly operations: Operations;
  readonly metricAlarms: Map<string, MetricAlarm>;
  readonly compositeAlarms: Map<string, CompositeAlarm>;
}

export function createCloudWatch(region: string, account: string, metrics: Metrics): CloudWatch {
  const metricAlarms = new Map<string, MetricAlarm>();
  const compositeAlarms = new Map<string, CompositeAlarm>();
  /** The oldest first. */
  const history: AlarmHistoryItem[] = [];
  const common = (name: string, former: MetricAlarm | CompositeAlarm | undefined) => ({
    AlarmName: name,
    AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
    AlarmConfigurationUpdatedTimestamp: new Date(),
    // A new alarm has seen no data; one that is changed keeps its state.
    StateValue: former?.StateValue ?? ('INSUFFICIENT_DATA' as const),
    StateReason: former?.StateReason ?? 'Unchecked: Initial alarm creation',
    StateUpdatedTimestamp: former?.StateUpdatedTimestamp ?? new Date(),
    StateTransitionedTimestamp: former?.StateTransitionedTimestamp ?? new Date(),
  });

  /** Updated at every setting, transitioned only when the state is another one. */
  function become(alarm: MetricAlarm | CompositeAlarm, state: StateValue, reason: string): void {
    const now = new Date();
    if (alarm.StateValue !== state) {
      history.push({
        AlarmName: alarm.AlarmName,
        AlarmType: metricAlarms.has(alarm.AlarmName!) ? 'MetricAlarm' : 'CompositeAlarm',
        Timestamp: now,
        HistoryItemType: 'StateUpdate',
        HistorySummary: `Alarm updated from ${alarm.StateValue} to ${state}`,
        HistoryData: JSON.stringify({
          version: '1.0',
          oldState: { stateValue: alarm.StateValue, stateReason: alarm.StateReason },
          newState: { stateValue: state, stateReason: reason },
        }),
      });
      alarm.StateTransitionedTimestamp = now;
    }
    alarm.StateUpdatedTimestamp = now;
    alarm.StateValue = state;
    alarm.StateReason = reason;
  }

  function evaluate(): void {
    for (const alarm of metricAlarms.values()) {
      const datapoints = metrics.datapoints(alarm);
      if (datapoints === undefined) continue;
      const { state, reason } = judge(alarm, datapoints);
      if (state !== undefined && state !== alarm.StateValue) become(alarm, state, reason);
    }
  }

  const operations: Operations = {
    PutMetricAlarm({ Tags: _, ...input }: PutMetricAlarmInput): object {
      const name = requireName(input.AlarmName);
      requireMetric(input);
      const defaults = { ActionsEnabled: true, OKActions: [], AlarmActions: [], InsufficientDataActions: [] };
      const alarm = { ...defaults, Dimensions: [], ...input, ...common(name, metricAlarms.get(name)) };
      metricAlarms.set(name, alarm);
      return {};
    },

    PutCompositeAlarm({ Tags: _, ...input }: PutCompositeAlarmInput): object {
      const name = requireName(input.AlarmName);
      compositeAlarms.set(name, {
        ActionsEnabled: true,
        ...input,
        ...common(name, compositeAlarms.get(name)),
      });
      return {};
    },

    DescribeAlarms(input: DescribeAlarmsInput): DescribeAlarmsOutput {
      evaluate();
      // Only metric alarms come back unless AlarmTypes asks for others; missing names are left out without a word.
      const types = input.AlarmTypes?.length ? input.AlarmTypes : ['MetricAlarm'];
      const matches = (alarm: MetricAlarm | CompositeAlarm) =>
        (!input.AlarmNames?.length || input.AlarmNames.includes(alarm.AlarmName!)) &&
        (!input.AlarmNamePrefix || alarm.AlarmName!.startsWith(input.AlarmNamePrefix)) &&
        (!input.StateValue || alarm.StateValue === input.StateValue);
      const metric = types.includes('MetricAlarm') ? [...metricAlarms.values()].filter(matches) : [];
      const composite = types.includes('CompositeAlarm') ? [...compositeAlarms.values()].filter(matches) : [];
      const from = Number(input.NextToken ?? 0);
      const to = from + Math.min(input.MaxRecords ?? 50, 100);
      const compositeFrom = Math.max(0, from - metric.length);
      return {
        MetricAlarms: metric.slice(from, to),
        CompositeAlarms: composite.slice(compositeFrom, Math.max(0, to - metric.length)),
        ...(to < metric.length + composite.length && { NextToken: String(to) }),
      };
    },

    DescribeAlarmHistory(input: DescribeAlarmHistoryInput): DescribeAlarmHistoryOutput {
      evaluate();
      const types = input.AlarmTypes?.length ? input.AlarmTypes : ['MetricAlarm'];
      const found = history.filter(
        ({ AlarmName, AlarmType, HistoryItemType, Timestamp }) =>
          (!input.AlarmName || AlarmName === input.AlarmName) &&
          types.includes(AlarmType!) &&
          (!input.HistoryItemType || HistoryItemType === input.HistoryItemType) &&
          Timestamp! >= (input.StartDate ?? new Date(0)) &&
          Timestamp! <= (input.EndDate ?? new Date()),
      );
      if (input.ScanBy !== 'TimestampAscending') found.reverse();
      const from = Number(input.NextToken ?? 0);
      const to = from + Math.min(input.MaxRecords ?? 100, 100);
      return {
        AlarmHistoryItems: found.slice(from, to),
        ...(to < found.length && { NextToken: String(to) }),
      };
    },

    SetAlarmState(input: SetAlarmStateInput): object {
      const alarm = metricAlarms.get(input.AlarmName!) ?? compositeAlarms.get(input.AlarmName!);
      if (!alarm) throw new ApiError('ResourceNotFound', `Alarm ${input.AlarmName} does not exist`, 404);
      become(alarm, input.StateValue!, input.StateReason ?? '');
      return {};
    },

    DeleteAlarms(input: DeleteAlarmsInput): object {
      for (const name of input.AlarmNames ?? []) {
        metricAlarms.delete(name);
        compositeAlarms.delete(name);
      }
      return {};
    },
  };
  return { operations, metricAlarms, compositeAlarms };
}

/** What the alarm is with these datapoints; no state where it stays as it is. */
function judge(
  { Threshold = 0, DatapointsToAlarm, EvaluationPeriods = 1, TreatMissingData, ...alarm }: MetricAlarm,
  datapoints: readonly (number | undefined)[],
): { state?: StateValue; reason: string } {
  const isTooMuch = (value: number) =>
    alarm.ComparisonOperator === 'GreaterThanOrEqualToThreshold' ? value >= Threshold : value > Threshold;
  const known = datapoints.filter((value) => value !== undefined);
  const missing = datapoints.length - known.length;
  if (known.length === 0) {
    if (TreatMissingData === 'ignore') return { reason: '' };
    const reason = `no datapoints were received for ${missing} periods`;
    if (TreatMissingData === 'notBreaching') return { state: 'OK', reason: `${reason}, treated as fine.` };
    if (TreatMissingData !== 'breaching')
      return { state: 'INSUFFICIENT_DATA', reason: `Insufficient Data: ${reason}.` };
  }
  const breaching = known.filter(isTooMuch).length + (TreatMissingData === 'breaching' ? missing : 0);
  const state = breaching >= (DatapointsToAlarm ?? EvaluationPeriods) ? 'ALARM' : 'OK';
  const values = known.map((value) => value.toFixed(2)).join(', ');
  const reason = `Threshold Crossed: ${breaching} out of the last ${EvaluationPeriods} datapoints [${values}] were greater than the threshold (${Threshold}).`;
  return { state, reason };
}

function requireName(name: string | undefined): string {
  if (!name) throw new ApiError('MissingParameter', 'The parameter AlarmName is required');
  return name;
}

/** An alarm measures one metric, or what one expression or metric of several comes to. */
function requireMetric({
  Metrics,
  MetricName,
  Namespace,
  Period,
  Statistic,
  ExtendedStatistic,
}: MetricAlarm) {
  const valid = Metrics?.length
    ? MetricName === undefined && Metrics.filter(({ ReturnData }) => ReturnData !== false).length === 1
    : Boolean(MetricName && Namespace && Period) && Boolean(Statistic) !== Boolean(ExtendedStatistic);
  if (!valid)
    throw new ApiError(
      'ValidationError',
      'An alarm has MetricName, Namespace, Period and one of Statistic and ExtendedStatistic; or Metrics, of which one has ReturnData',
    );
}
