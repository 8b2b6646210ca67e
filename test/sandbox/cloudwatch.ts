import type {
  CompositeAlarm,
  DeleteAlarmsInput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  MetricAlarm,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch';
import { ApiError, type Operations } from './contract.ts';

/** CloudWatch alarms of one region. Nothing measures here: tests set the states. */
export interface CloudWatch {
  readonly operations: Operations;
  readonly metricAlarms: Map<string, MetricAlarm>;
  readonly compositeAlarms: Map<string, CompositeAlarm>;
}

export function createCloudWatch(region: string, account: string): CloudWatch {
  const metricAlarms = new Map<string, MetricAlarm>();
  const compositeAlarms = new Map<string, CompositeAlarm>();
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
  const operations: Operations = {
    PutMetricAlarm({ Tags: _, ...input }: PutMetricAlarmInput): object {
      const name = requireName(input.AlarmName);
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

    SetAlarmState(input: SetAlarmStateInput): object {
      const alarm = metricAlarms.get(input.AlarmName!) ?? compositeAlarms.get(input.AlarmName!);
      if (!alarm) throw new ApiError('ResourceNotFound', `Alarm ${input.AlarmName} does not exist`, 404);
      const now = new Date();
      // Updated at every setting, transitioned only when the state is another one.
      if (alarm.StateValue !== input.StateValue) alarm.StateTransitionedTimestamp = now;
      alarm.StateUpdatedTimestamp = now;
      alarm.StateValue = input.StateValue;
      alarm.StateReason = input.StateReason;
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

function requireName(name: string | undefined): string {
  if (!name) throw new ApiError('MissingParameter', 'The parameter AlarmName is required');
  return name;
}
