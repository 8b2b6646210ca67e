import type { AlarmSettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { balancersOf, countsAnswers } from './balancers.ts';
import type { CloudWatch } from './cloud-watch.ts';
import { alarmSteps, type SetupStep } from './setup-alarms.ts';
import type { TargetGroups, Traffic } from './traffic.ts';

export interface SetupOptions {
  readonly app: string;
  readonly environment: string;
  /** Absent: none are wanted. */
  readonly alarms: AlarmSettings | undefined;
  readonly cloudWatch: CloudWatch;
  readonly traffic: Traffic;
  readonly groups: TargetGroups;
  /** Attaches both target groups to what carries the traffic. */
  readonly attach: () => Promise<unknown>;
}

/** Makes what is missing, after telling what that is. */
export async function setUp(
  options: SetupOptions,
  announce: (lines: readonly string[]) => void,
): Promise<readonly string[]> {
  // Alarms first: where AWS denies them, nothing of the traffic has been touched.
  const steps = [...(await missingAlarms(options)), ...(await missingGroups(options))];
  const lines = steps.map(({ what }) => what);
  announce(lines);
  for (const { make } of steps) await make();
  return lines;
}

async function missingAlarms(options: SetupOptions): Promise<readonly SetupStep[]> {
  const { alarms, cloudWatch, traffic } = options;
  if (alarms === undefined) return [];
  // All listeners are of one load balancer.
  const [balancer = ''] = balancersOf(traffic.rules);
  if (!countsAnswers(balancer))
    throw new DeployError(
      `The load balancer ${balancer} counts no answers: there is nothing for ecs.alarms to look at.`,
      {
        code: 'not-supported',
        hint: 'Remove ecs.alarms; stabilize.alarms takes alarms of your own on other metrics.',
      },
    );
  return alarmSteps(cloudWatch, { ...options, alarms, balancer });
}

async function missingGroups({ traffic, groups, attach }: SetupOptions): Promise<readonly SetupStep[]> {
  const detached = await traffic.detached(groups);
  if (detached.length === 0) return [];
  const { blue, green } = await traffic.weights(groups);
  const names = detached.map(({ arn }) => arn).join(', ');
  const what = `both target groups attached at blue ${blue} and green ${green}, so that the idle one is health-checked, on ${names}`;
  return [{ what, make: async () => void (await attach()) }];
}
