import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service, Task } from '@aws-sdk/client-ecs';
import { differentNetworks } from '../../../src/target/ecs/plan-notes.ts';
import { zoneProblems } from '../../../src/target/ecs/zones.ts';

const service = (
  subnets: string[],
  more: { securityGroups?: string[]; assignPublicIp?: 'ENABLED' | 'DISABLED' } = {},
): Service => ({
  serviceName: 'shop-green',
  networkConfiguration: { awsvpcConfiguration: { subnets, ...more } },
});
const task = (subnet: string, availabilityZone: string): Task => ({
  availabilityZone,
  attachments: [
    { type: 'Service Connect' },
    { type: 'ElasticNetworkInterface', details: [{ name: 'subnetId', value: subnet }] },
  ],
});
const balancer = {
  LoadBalancerName: 'shop',
  AvailabilityZones: [
    { ZoneName: 'us-east-1a', SubnetId: 'public-a' },
    { ZoneName: 'us-east-1b', SubnetId: 'public-b' },
  ],
};

test('a subnet whose tasks are in a zone without the load balancer', () => {
  const running = [task('private-a', 'us-east-1a'), task('private-c', 'us-east-1c')];
  const problems = zoneProblems(service(['private-a', 'private-c']), running, balancer);
  assert.deepEqual(
    problems.map(({ message }) => message),
    [
      'Subnet private-c of service shop-green is in us-east-1c, and load balancer shop is enabled in us-east-1a, us-east-1b only: tasks that start there get no requests.',
    ],
  );
});

test('never a false alarm: only for subnets of the service whose zone is known', () => {
  const running = [task('private-c', 'us-east-1c')];
  for (const subnets of [['private-a'], ['private-b', 'unknown'], ['public-a'], []])
    assert.deepEqual(zoneProblems(service(subnets), running, balancer), [], subnets.join());
  // Without an answer, and on machines, whose tasks have no interface of their own.
  assert.deepEqual(zoneProblems(service(['private-c']), running, {}), []);
  assert.deepEqual(zoneProblems(service(['private-c']), [{ availabilityZone: 'us-east-1c' }], balancer), []);
  assert.deepEqual(zoneProblems({}, running, balancer), []);
});

test('networks in which the colors differ, whatever the order of their lists', () => {
  const differing = (blue: Service, green: Service) => differentNetworks({ blue, green });
  assert.deepEqual(differing(service(['a', 'b']), service(['b', 'a'], { assignPublicIp: 'DISABLED' })), []);
  assert.deepEqual(differing({}, {}), []);
  assert.match(
    differing(service(['a'], { securityGroups: ['sg-1'] }), service(['a', 'b']))[0] ?? '',
    /differ in subnets \(blue a, green a b\), securityGroups \(blue sg-1, green none\): each color/,
  );
});
