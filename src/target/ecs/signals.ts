import type { Signals } from '../signals.ts';
import { CloudWatchAlarms } from './alarms.ts';
import { BalancerAnswers } from './answers.ts';
import type { TrafficRule } from './arn.ts';
import { balancersOf, countsAnswers } from './balancers.ts';
import type { CloudWatch } from './cloud-watch.ts';
import type { TargetGroups } from './forward.ts';

/** What CloudWatch tells of a release behind these listeners and rules. */
export function signalsFrom(
  cloudWatch: CloudWatch,
  rules: readonly TrafficRule[],
  groups: () => Promise<TargetGroups>,
): Signals {
  const alarms = new CloudWatchAlarms(cloudWatch);
  const balancers = balancersOf(rules);
  if (!balancers.every(countsAnswers)) return { alarms };
  return { alarms, answers: new BalancerAnswers({ cloudWatch, balancers, groups }) };
}
