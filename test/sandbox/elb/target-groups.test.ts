import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  DescribeTargetGroupAttributesCommandOutput,
  DescribeTargetGroupsCommandOutput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { call, forward, newElb, newGroup, newStage, setAttribute } from './testing.ts';

test('a new target group has the defaults of AWS', async () => {
  const elb = newElb();
  const group = elb.createTargetGroup({ Name: 'plain', Port: 80, TargetType: 'ip' });
  const wanted: TargetGroup = {
    HealthCheckPath: '/',
    HealthCheckPort: 'traffic-port',
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
    Matcher: { HttpCode: '200' },
    LoadBalancerArns: [],
  };
  assert.deepEqual({ ...group, ...wanted }, group);
  const { Attributes } = call<DescribeTargetGroupAttributesCommandOutput>(
    elb,
    'DescribeTargetGroupAttributes',
    {
      TargetGroupArn: group.TargetGroupArn,
    },
  );
  const delay = Attributes!.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds');
  assert.equal(delay!.Value, '300');
});

test('names are unique; the same call again is no error', () => {
  const elb = newElb();
  const first = newGroup(elb, 'blue');
  assert.equal(newGroup(elb, 'blue'), first);
  const other = { Name: 'blue', Port: 9000, TargetType: 'ip' } as const;
  assert.throws(() => elb.createTargetGroup(other), { name: 'DuplicateTargetGroupName' });
  for (const Name of ['', '-a', 'a_b', 'a'.repeat(33)]) {
    assert.throws(() => elb.createTargetGroup({ Name, Port: 80 }), { name: 'ValidationError' });
  }
});

test('LoadBalancerArns shows what listeners and rules forward to, with weight 0 as well', async () => {
  await using stage = await newStage();
  const { elb, green, loadBalancerArn } = stage;
  const spare = newGroup(elb, 'spare');
  const groups = (input: object) =>
    call<DescribeTargetGroupsCommandOutput>(elb, 'DescribeTargetGroups', input).TargetGroups!;
  const balancers = (arn: string) => groups({ TargetGroupArns: [arn] })[0]!.LoadBalancerArns;
  assert.deepEqual(balancers(green), [loadBalancerArn]);
  assert.deepEqual(balancers(spare), []);
  assert.equal(elb.registry.attached(green), true);
  assert.equal(elb.registry.attached(spare), false);
  const Conditions = [{ Field: 'path-pattern', Values: ['/spare'] }];
  const rule = elb.createRule({
    ListenerArn: stage.listenerArn,
    Priority: 1,
    Conditions,
    Actions: forward([spare, 1]),
  });
  assert.deepEqual(balancers(spare), [loadBalancerArn]);
  assert.equal(groups({ LoadBalancerArn: loadBalancerArn }).length, 3);
  assert.throws(() => call(elb, 'DeleteTargetGroup', { TargetGroupArn: spare }), { name: 'ResourceInUse' });
  call(elb, 'DeleteRule', { RuleArn: rule.RuleArn });
  assert.deepEqual(balancers(spare), []);
  call(elb, 'DeleteTargetGroup', { TargetGroupArn: spare });
  assert.throws(() => groups({ TargetGroupArns: [spare] }), { name: 'TargetGroupNotFound' });
  assert.throws(() => groups({ Names: ['spare'] }), { name: 'TargetGroupNotFound' });
  assert.equal(elb.registry.exists(spare), false);
});

test('ModifyTargetGroup changes what it names', () => {
  const elb = newElb();
  const TargetGroupArn = newGroup(elb, 'blue');
  const modify = (input: object) =>
    call<DescribeTargetGroupsCommandOutput>(elb, 'ModifyTargetGroup', { TargetGroupArn, ...input })
      .TargetGroups![0]!;
  const before = modify({});
  assert.deepEqual(modify({ HealthCheckPath: '/health' }), { ...before, HealthCheckPath: '/health' });
  assert.throws(() => modify({ HealthCheckIntervalSeconds: 4 }), { name: 'ValidationError' });
  assert.throws(
    () => modify({ HealthCheckTimeoutSeconds: 30 }),
    { name: 'ValidationError' },
    'longer than the interval',
  );
});

test('attributes: known keys and legal values only', () => {
  const elb = newElb();
  const group = newGroup(elb, 'blue');
  setAttribute(elb, group, 'deregistration_delay.timeout_seconds', '0');
  setAttribute(elb, group, 'slow_start.duration_seconds', '30');
  for (const [key, value] of [
    ['deregistration_delay.timeout_seconds', '3601'],
    ['deregistration_delay.timeout_seconds', 'soon'],
    ['slow_start.duration_seconds', '29'],
    ['stickiness.enabled', 'yes'],
    ['deregistration_delay', '5'],
  ] as const) {
    assert.throws(() => setAttribute(elb, group, key, value), { name: 'ValidationError' }, `${key}=${value}`);
  }
});

test('load balancers: unique names, unknown ones are errors, a deleted one takes its listeners along', async () => {
  await using stage = await newStage();
  const { elb } = stage;
  const described = (input: object) =>
    call<{ LoadBalancers: { State: { Code: string } }[] }>(elb, 'DescribeLoadBalancers', input).LoadBalancers;
  assert.equal(described({ Names: ['prod'] })[0]!.State.Code, 'active');
  assert.throws(() => described({ Names: ['none'] }), { name: 'LoadBalancerNotFound' });
  assert.throws(() => elb.createLoadBalancer({ Name: 'prod', Scheme: 'internal' }), {
    name: 'DuplicateLoadBalancerName',
  });
  call(elb, 'DeleteLoadBalancer', { LoadBalancerArn: stage.loadBalancerArn });
  assert.throws(() => call(elb, 'DescribeListeners', { ListenerArns: [stage.listenerArn] }), {
    name: 'ListenerNotFound',
  });
  await assert.rejects(fetch(stage.url));
});
