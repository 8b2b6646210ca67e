import type { MetricAlarm, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { DeployError } from '../../errors.ts';
import {
  type AlarmsOptions,
  differences,
  isOurs,
  merged,
  type WantedAlarm,
  wantedAlarms,
} from './alarm-definitions.ts';
import { modify } from './aws.ts';
import { type CloudWatch, STATEMENTS, withStatement } from './cloud-watch.ts';

/** One thing that `setup` is going to make. */
export interface SetupStep {
  /** Ends the sentence `To make: ...`. */
  readonly what: string;
  readonly make: () => Promise<void>;
}

/**
 * What is missing of the alarms of `ecs.alarms`, or otherwise than they say.
 * @throws DeployError `foreign-alarm` where somebody else has an alarm of that name
 */
export async function alarmSteps(
  cloudWatch: CloudWatch,
  options: AlarmsOptions,
): Promise<readonly SetupStep[]> {
  const wanted = wantedAlarms(options);
  const existing = await find(
    cloudWatch,
    wanted.map(({ name }) => name),
  );
  return wanted.flatMap((alarm) => {
    const found = existing.get(alarm.name);
    const put = (input: PutMetricAlarmInput, what: string) => [{ what, make: () => save(cloudWatch, input) }];
    if (found === undefined)
      return put({ AlarmName: alarm.name, ...alarm.definition }, `alarm ${alarm.name}: ${alarm.meaning}`);
    const differing = differences(found, alarm);
    if (differing.length === 0) return [];
    if (!isOurs(found)) throw foreign(alarm);
    return put(
      merged(found, alarm),
      `alarm ${alarm.name} with another ${differing.join(', ')}: ${alarm.meaning}`,
    );
  });
}

function find(cloudWatch: CloudWatch, AlarmNames: string[]): Promise<ReadonlyMap<string, MetricAlarm>> {
  return cloudWatch.read('cloudwatch:DescribeAlarms', async (client, { DescribeAlarmsCommand }) => {
    const { MetricAlarms = [] } = await client.send(
      new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm'] }),
    );
    return new Map(MetricAlarms.map((alarm) => [alarm.AlarmName ?? '', alarm]));
  });
}

async function save(cloudWatch: CloudWatch, input: PutMetricAlarmInput): Promise<void> {
  const { client, sdk } = await cloudWatch.open();
  try {
    await modify('cloudwatch:PutMetricAlarm', () => client.send(new sdk.PutMetricAlarmCommand(input)));
  } catch (error) {
    throw withStatement(error, STATEMENTS.setup);
  }
}

const foreign = ({ name }: WantedAlarm) =>
  new DeployError(
    `There is an alarm ${name} already, which setup did not make, and which is not as ecs.alarms says.`,
    {
      code: 'foreign-alarm',
      hint: 'Delete it, or remove ecs.alarms and go on with your own: stabilize.alarms takes any name.',
    },
  );
