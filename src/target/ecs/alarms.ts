import type { AlarmType, CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmState, Alarms } from '../signals.ts';
import type { CloudWatch } from './cloud-watch.ts';

/** Without this list, AWS answers with metric alarms only. */
const TYPES: AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];
/** What DescribeAlarms takes and gives at most, and DescribeAlarmHistory gives. */
const PAGE = 100;
const STATES = { OK: 'ok', ALARM: 'alarm', INSUFFICIENT_DATA: 'insufficient-data' } as const;

/** CloudWatch's alarms, of both kinds. */
export class CloudWatchAlarms implements Alarms {
  readonly #cloudWatch: CloudWatch;

  constructor(cloudWatch: CloudWatch) {
    this.#cloudWatch = cloudWatch;
  }

  async read(names: readonly string[]): Promise<readonly AlarmState[]> {
    const found: AlarmState[] = [];
    for (let start = 0; start < names.length; start += PAGE)
      found.push(...(await this.#describe(names.slice(start, start + PAGE))));
    return found;
  }

  #describe(AlarmNames: string[]): Promise<readonly AlarmState[]> {
    return this.#cloudWatch.read('cloudwatch:DescribeAlarms', async (client, { paginateDescribeAlarms }) => {
      const found: AlarmState[] = [];
      const pages = paginateDescribeAlarms({ client, pageSize: PAGE }, { AlarmNames, AlarmTypes: TYPES });
      for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages)
        found.push(
          ...MetricAlarms.map((alarm) => stateOf(alarm, windowMs(alarm))),
          ...CompositeAlarms.map((alarm) => ({ ...stateOf(alarm, 0), parts: partsOf(alarm) })),
        );
      return found;
    });
  }

  wentOff(name: string, since: number): Promise<string | undefined> {
    return this.#cloudWatch.read(
      'cloudwatch:DescribeAlarmHistory',
      async (client, { DescribeAlarmHistoryCommand }) => {
        const { AlarmHistoryItems = [] } = await client.send(
          new DescribeAlarmHistoryCommand({
            AlarmName: name,
            AlarmTypes: TYPES,
            HistoryItemType: 'StateUpdate',
            StartDate: new Date(since),
            ScanBy: 'TimestampDescending',
            MaxRecords: PAGE,
          }),
        );
        for (const { Timestamp, HistoryData, HistorySummary } of AlarmHistoryItems) {
          if ((Timestamp?.getTime() ?? 0) <= since) continue;
          const reason = alarmReason(HistoryData, HistorySummary);
          if (reason !== undefined) return reason;
        }
        return undefined;
      },
    );
  }
}

const stateOf = (alarm: MetricAlarm | CompositeAlarm, windowMs: number): AlarmState => ({
  name: alarm.AlarmName ?? '',
  state: STATES[alarm.StateValue ?? 'INSUFFICIENT_DATA'],
  reason: oneLine(alarm.StateReason ?? ''),
  // StateUpdatedTimestamp moves at each evaluation that changes anything of it, not only with the state.
  since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.getTime() ?? 0,
  windowMs,
});

/** Alarms on a calculation have their periods in its metrics. */
function windowMs({ Period, Metrics = [], EvaluationPeriods = 1 }: MetricAlarm): number {
  const periods = Metrics.map((metric) => metric.MetricStat?.Period ?? metric.Period ?? 0);
  return 1000 * Math.max(Period ?? 0, ...periods) * EvaluationPeriods;
}

/** `ALARM("shop-5xx") OR NOT OK(shop-latency)`: names may be in quotes, and whole ARNs. */
function partsOf({ AlarmRule = '' }: CompositeAlarm): readonly string[] {
  const names = AlarmRule.matchAll(
    /\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^\s()"']+))\s*\)/g,
  );
  const found = [...names].map(([, ...quoted]) => quoted.find((name) => name !== undefined) ?? '');
  return [...new Set(found.map((name) => name.replace(/^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:/, '')))];
}

/** Why it went off, of an item of its history; nothing where it became something else. */
function alarmReason(data: string | undefined, summary: string | undefined): string | undefined {
  const state = newState(data);
  if (state?.stateValue === 'ALARM') return oneLine(state.stateReason ?? summary ?? '');
  return state === undefined && /to ALARM\b/.test(summary ?? '') ? oneLine(summary ?? '') : undefined;
}

interface State {
  readonly stateValue?: string;
  readonly stateReason?: string;
}

/** HistoryData is JSON, of which AWS documents no schema. */
function newState(data: string | undefined): State | undefined {
  try {
    return (JSON.parse(data ?? '') as { newState?: State }).newState;
  } catch {
    return undefined;
  }
}

/** AWS ends its reasons with a full stop; ours go into sentences. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
