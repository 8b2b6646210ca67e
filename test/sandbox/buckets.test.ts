import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DescribeTaskDefinitionCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { startSandbox } from './sandbox.ts';
import { clients } from './testing.ts';
import { AccountBuckets } from './wire/buckets.ts';

const many = (buckets: AccountBuckets, calls: number, operation: string, now: number) =>
  Array.from({ length: calls }, () => buckets.take('elasticloadbalancing', operation, now)).filter(
    (empty) => empty === undefined,
  ).length;

test('ELBv2 has one bucket for all actions, and a smaller one for those that change something', () => {
  const buckets = new AccountBuckets();
  assert.equal(many(buckets, 30, 'CreateRule', 0), 20, 'changes: 20 at once');
  assert.equal(many(buckets, 30, 'DescribeRules', 0), 20, 'the other half of the account’s 40');
  assert.equal(buckets.take('elasticloadbalancing', 'DescribeTags', 0), 'account');
  assert.equal(many(buckets, 30, 'DescribeRules', 1_000), 10, '10 a second');
  assert.equal(many(buckets, 30, 'AddTags', 2_000), 6, '3 a second, over two seconds');
  assert.equal(many(buckets, 90, 'DescribeRules', 3_600_000), 40, 'never more than it holds');
});

test('buckets of ECS: each group its own', () => {
  const buckets = new AccountBuckets({ pace: 2 });
  const taken = (operation: string, calls: number, now: number) =>
    Array.from({ length: calls }, () => buckets.take('ecs', operation, now)).filter((empty) => !empty).length;
  assert.equal(taken('RegisterTaskDefinition', 30, 0), 20);
  assert.equal(taken('DeregisterTaskDefinition', 1, 0), 0, 'together with Register');
  assert.equal(taken('DescribeServices', 200, 0), 100);
  assert.equal(taken('DescribeTasks', 60, 0) + taken('ListTasks', 60, 0), 100);
  assert.equal(taken('UpdateService', 60, 0), 50);
  assert.equal(taken('TagResource', 60, 0), 20);
  assert.equal(taken('RegisterTaskDefinition', 30, 1_000), 2, 'one a second, at twice the pace');
  assert.equal(taken('ListClusters', 500, 0), 500, 'groups that nobody here calls have no limit');
});

test('over the wire: throttles in each service’s own spelling, and in the log of requests', async () => {
  await using sandbox = await startSandbox({ accountBuckets: { pace: 0.001 } });
  const sdk = clients(sandbox);
  for (let call = 0; call < 40; call += 1) await sdk.elb.send(new DescribeLoadBalancersCommand());
  await assert.rejects(sdk.elb.send(new DescribeLoadBalancersCommand()), { name: 'Throttling' });
  const register = () =>
    sdk.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'shop',
        containerDefinitions: [{ name: 'app', image: 'shop:v1', memory: 128 }],
      }),
    );
  for (let call = 0; call < 20; call += 1) await register();
  await assert.rejects(register(), { name: 'ThrottlingException' });
  await sdk.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'shop' }));
  const throttled = sandbox.requests.filter((request) => request.throttled);
  assert.deepEqual(
    throttled.map(({ operation }) => operation),
    ['DescribeLoadBalancers', 'RegisterTaskDefinition'],
  );
  for (const client of Object.values(sdk)) client.destroy();
});
