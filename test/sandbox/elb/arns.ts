/** ARNs in the form that AWS gives them: clients take them apart, so the form is part of the contract. */
import { randomBytes } from 'node:crypto';

const hexadecimal = () => randomBytes(8).toString('hex');

export interface Place {
  readonly region: string;
  readonly account: string;
}

/** A new ARN for a load balancer, `.../loadbalancer/app/<name>/<16 hex>`, or `net` for a network one. */
export function loadBalancerArn(place: Place, name: string, type: string): string {
  return `${prefix(place)}:loadbalancer/${type === 'network' ? 'net' : 'app'}/${name}/${hexadecimal()}`;
}

/** Whether it is of a network load balancer, or of something that belongs to one. */
export const isNetwork = (arn: string): boolean => arn.split('/')[1] === 'net';

/** A new ARN for a listener: the load balancer's name and id, and an id of its own. */
export function listenerArn(loadBalancer: string): string {
  return `${loadBalancer.replace(':loadbalancer/', ':listener/')}/${hexadecimal()}`;
}

/** A new ARN for a rule: the listener's, and an id of its own. */
export function ruleArn(listener: string): string {
  return `${listener.replace(':listener/', ':listener-rule/')}/${hexadecimal()}`;
}

/** A new ARN for a target group, `.../targetgroup/<name>/<16 hex>`. */
export function targetGroupArn(place: Place, name: string): string {
  return `${prefix(place)}:targetgroup/${name}/${hexadecimal()}`;
}

export type ResourceKind = 'loadbalancer' | 'listener' | 'listener-rule' | 'targetgroup';

/** What kind of resource an ARN names; undefined for anything that is no load-balancing ARN. */
export function kindOf(arn: string): ResourceKind | undefined {
  const match =
    /^arn:aws[\w-]*:elasticloadbalancing:[^:]*:[^:]*:(loadbalancer|listener|listener-rule|targetgroup)\//.exec(
      arn,
    );
  return match?.[1] as ResourceKind | undefined;
}

function prefix({ region, account }: Place): string {
  return `arn:aws:elasticloadbalancing:${region}:${account}`;
}
