import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Aws, read } from './aws.ts';

/** Where a listener is reached: `url` where the user names it, else the load balancer's own name and the port. */
export async function baseUrl(aws: Aws, listenerArn: string, url: string | undefined): Promise<string> {
  return url === undefined ? ownAddress(aws, listenerArn, undefined) : new URL(url).origin;
}

/**
 * The address of a listener that users do not come through.
 * @param host a name that leads to the load balancer, and that its certificate knows; absent: AWS's own name
 */
export async function ownAddress(aws: Aws, listenerArn: string, host: string | undefined): Promise<string> {
  const { Listeners } = await read('elasticloadbalancing:DescribeListeners', () =>
    aws.elb.send(new DescribeListenersCommand({ ListenerArns: [listenerArn] })),
  );
  const listener = Listeners?.[0];
  const scheme = listener?.Protocol === 'HTTPS' ? 'https' : 'http';
  const at = (name: string | undefined) => new URL(`${scheme}://${name}:${listener?.Port}`).origin;
  if (host !== undefined) return at(host);
  const { LoadBalancers } = await read('elasticloadbalancing:DescribeLoadBalancers', () =>
    aws.elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [listener?.LoadBalancerArn ?? ''] })),
  );
  return at(LoadBalancers?.[0]?.DNSName);
}
