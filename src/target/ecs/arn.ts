import { DeployError } from '../../errors.ts';

/** `shop:12` of `arn:aws:ecs:us-east-1:123456789012:task-definition/shop:12`. */
export const releaseId = (taskDefinitionArn: string): string =>
  taskDefinitionArn.slice(taskDefinitionArn.indexOf('/') + 1);

/** What carries traffic: a listener's default actions, or one of its rules. */
export interface TrafficRule {
  readonly kind: 'listener' | 'rule';
  readonly arn: string;
  readonly listenerArn: string;
}

/**
 * Reads the ARN of a listener or a listener rule.
 * `...:listener-rule/app/<lb>/<id>/<listener id>/<rule id>` belongs to `...:listener/app/<lb>/<id>/<listener id>`.
 */
export function trafficRule(arn: string): TrafficRule {
  const listener = /^(arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:)listener\/(app|net)\/[^/]+\/\w+\/\w+$/;
  if (listener.test(arn)) return { kind: 'listener', arn, listenerArn: arn };
  const rule =
    /^(?<head>arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:)listener-rule(?<tail>\/(?:app|net)\/[^/]+\/\w+\/\w+)\/\w+$/.exec(
      arn,
    );
  if (rule?.groups) {
    const { head, tail } = rule.groups;
    return { kind: 'rule', arn, listenerArn: `${head}listener${tail}` };
  }
  throw new DeployError(`${arn} is not the ARN of a listener or of a listener rule.`, {
    code: 'config-invalid',
    hint: 'Copy it from the load balancer’s Listeners page; it contains :listener/ or :listener-rule/.',
  });
}

/** The load balancer that a listener belongs to: `...:loadbalancer/app/prod/50dc6c495c0c9188`. */
export const loadBalancerArn = (listenerArn: string): string =>
  listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/\w+$/, '');
