import type { Service, Task } from '@aws-sdk/client-ecs';
import { DescribeLoadBalancersCommand, type LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Problem } from '../target.ts';
import { type Aws, read } from './aws.ts';
import { type Findings, unchecked } from './findings.ts';
import { problem } from './preflight.ts';
import type { Tasks } from './tasks.ts';

/** Looks whether tasks would start where the load balancer does not reach. */
export async function lookAtZones({
  aws,
  tasks,
  service,
  services,
  loadBalancer,
}: {
  aws: Aws;
  tasks: Tasks;
  /** The one that is going to start tasks. */
  service: Service;
  /** Whose tasks show in which zones their subnets are. */
  services: readonly Service[];
  /** Its ARN. */
  loadBalancer: string;
}): Promise<Findings> {
  if (subnetsOf(service).length === 0) return { problems: [], notes: [] };
  try {
    const { LoadBalancers } = await read('elasticloadbalancing:DescribeLoadBalancers', () =>
      aws.elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [loadBalancer] })),
    );
    const balancer = LoadBalancers?.[0] ?? {};
    if (strangers(service, balancer).length === 0) return { problems: [], notes: [] };
    const running: Task[] = [];
    for (const { serviceName = '', runningCount = 0 } of services)
      if (runningCount > 0) running.push(...(await tasks.running(serviceName)));
    return { problems: zoneProblems(service, running, balancer), notes: [] };
  } catch (error) {
    return { problems: [], notes: [unchecked('whether the load balancer reaches the tasks’ zones', error)] };
  }
}

/**
 * Subnets in zones that the load balancer is not enabled in: it sends nothing to targets there (Target.NotInUse). Only
 * what is certain: the zone of a subnet is known from tasks that run in it.
 */
export function zoneProblems(
  service: Service,
  running: readonly Task[],
  balancer: LoadBalancer,
): readonly Problem[] {
  const { LoadBalancerName, AvailabilityZones = [] } = balancer;
  const enabled = AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []);
  if (enabled.length === 0) return [];
  const zones = new Map(running.flatMap(placeOf));
  return strangers(service, balancer).flatMap((subnet) => {
    const zone = zones.get(subnet);
    if (zone === undefined || enabled.includes(zone)) return [];
    return problem(
      `Subnet ${subnet} of service ${service.serviceName} is in ${zone}, and load balancer ${LoadBalancerName} is enabled in ${enabled.join(', ')} only: tasks that start there get no requests.`,
      `Enable ${zone} on the load balancer, or take the subnet out of the network configuration of the service.`,
    );
  });
}

const subnetsOf = ({ networkConfiguration }: Service): readonly string[] =>
  networkConfiguration?.awsvpcConfiguration?.subnets ?? [];

/** Those in which the load balancer has no node of its own, which may be in its zones all the same. */
const strangers = (service: Service, { AvailabilityZones = [] }: LoadBalancer): readonly string[] =>
  subnetsOf(service).filter((subnet) => !AvailabilityZones.some(({ SubnetId }) => SubnetId === subnet));

function placeOf({ availabilityZone, attachments = [] }: Task): readonly (readonly [string, string])[] {
  const subnet = attachments
    .find(({ type }) => type === 'ElasticNetworkInterface')
    ?.details?.find(({ name }) => name === 'subnetId')?.value;
  return subnet === undefined || availabilityZone === undefined ? [] : [[subnet, availabilityZone]];
}
