import type { Dimension } from '@aws-sdk/client-cloudwatch';
import type { TrafficRule } from './arn.ts';

/** The load balancers of these rules, as metrics name them: `app/shop/50dc6c495c0c9188`. */
export const balancersOf = (rules: readonly TrafficRule[]): readonly string[] => [
  ...new Set(
    rules.map(({ listenerArn }) => /listener\/((?:app|net)\/[^/]+\/\w+)/.exec(listenerArn)?.[1] ?? ''),
  ),
];

/** Only application load balancers count answers. */
export const countsAnswers = (balancer: string): boolean => balancer.startsWith('app/');

/** Of a target group behind a load balancer, as CloudWatch wants them. */
export const dimensionsOf = (targetGroupArn: string, balancer: string): Dimension[] => [
  { Name: 'TargetGroup', Value: targetGroupArn.slice(targetGroupArn.lastIndexOf(':') + 1) },
  { Name: 'LoadBalancer', Value: balancer },
];
