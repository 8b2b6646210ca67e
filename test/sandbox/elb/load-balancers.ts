/** CreateLoadBalancer, DescribeLoadBalancers, DeleteLoadBalancer. */
import type {
  CreateLoadBalancerCommandInput,
  DescribeLoadBalancersCommandInput,
  LoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError, type Clock, type Operations } from '../contract.ts';
import { loadBalancerArn, type Place } from './arns.ts';
import { loadBalancerNotFound, validationError } from './errors.ts';
import { page } from './pages.ts';
import type { Store } from './store.ts';
import { checkTags } from './tags.ts';

export interface LoadBalancerRoom {
  readonly store: Store;
  readonly place: Place;
  readonly clock: Clock;
  /** The name that clients resolve. AWS's own form does not resolve here, so a sandbox may give another one. */
  readonly dnsName: (name: string) => string;
  readonly removeListener: (arn: string) => void;
}

/** The operations on load balancers: application and network ones. */
export function loadBalancerOperations({
  store,
  place,
  clock,
  dnsName,
  removeListener,
}: LoadBalancerRoom): Operations {
  return {
    CreateLoadBalancer(input: CreateLoadBalancerCommandInput) {
      const { Name, Type = 'application', Scheme = 'internet-facing', Tags = [] } = input;
      checkName(Name);
      if (Type !== 'application' && Type !== 'network')
        throw validationError(`The sandbox has no load balancers of type '${Type}'`);
      checkTags(Tags);
      const existing = [...store.loadBalancers.values()].find((other) => other.LoadBalancerName === Name);
      // AWS: repeating a call with the same settings succeeds.
      if (existing?.Scheme === Scheme) return { LoadBalancers: [existing] };
      if (existing) {
        throw new ApiError(
          'DuplicateLoadBalancerName',
          `A load balancer with the name '${Name}' already exists`,
        );
      }
      const created: LoadBalancer = {
        LoadBalancerArn: loadBalancerArn(place, Name!, Type),
        DNSName: dnsName(Name!),
        CanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
        CreatedTime: clock.now(),
        LoadBalancerName: Name,
        Scheme,
        VpcId: 'vpc-0a1b2c3d4e5f60718',
        State: { Code: 'active' },
        Type,
        AvailabilityZones: (input.Subnets ?? ['subnet-1', 'subnet-2']).map((SubnetId, index) => ({
          ZoneName: `${place.region}${'abcdef'[index % 6]}`,
          SubnetId,
          LoadBalancerAddresses: [],
        })),
        SecurityGroups: input.SecurityGroups ?? [],
        IpAddressType: input.IpAddressType ?? 'ipv4',
      };
      store.loadBalancers.set(created.LoadBalancerArn!, created);
      store.setTags(created.LoadBalancerArn!, Tags);
      return { LoadBalancers: [created] };
    },

    DescribeLoadBalancers({
      LoadBalancerArns = [],
      Names = [],
      ...paging
    }: DescribeLoadBalancersCommandInput) {
      const all = [...store.loadBalancers.values()];
      const byName = Names.map(
        (name) =>
          all.find((one) => one.LoadBalancerName === name) ??
          fail(new ApiError('LoadBalancerNotFound', `Load balancers '[${name}]' not found`)),
      );
      const byArn = LoadBalancerArns.map(
        (arn) => store.loadBalancers.get(arn) ?? fail(loadBalancerNotFound()),
      );
      const wanted = LoadBalancerArns.length + Names.length > 0 ? [...byArn, ...byName] : all;
      const { items, NextMarker } = page(wanted, paging);
      return { LoadBalancers: items, NextMarker };
    },

    DeleteLoadBalancer({ LoadBalancerArn }: { LoadBalancerArn?: string }) {
      for (const listener of [...store.listeners.values()]) {
        if (listener.loadBalancerArn === LoadBalancerArn) removeListener(listener.arn);
      }
      store.loadBalancers.delete(LoadBalancerArn!);
      store.tags.delete(LoadBalancerArn!);
      return {};
    },
  };
}

/** The same rule for load balancers and target groups. */
export function checkName(name: string | undefined): void {
  if (!/^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name ?? '')) {
    throw validationError(
      `The name '${name}' must have 1 to 32 letters, digits or hyphens, and no hyphen at its ends`,
    );
  }
}

function fail(error: Error): never {
  throw error;
}
