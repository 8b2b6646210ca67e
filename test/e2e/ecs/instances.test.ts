import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { documentedWithout } from '../policy.ts';
import { assertClean, startWorld, type World, type WorldOptions } from '../world.ts';

// The launch type EC2 with shared networks: targets are machines and ports (facts/ecs.md 4c), and tasks of both colors,
// of this release and of the one before, share machines.

const bridge: Partial<RegisterTaskDefinitionRequest> = {
  networkMode: 'bridge',
  requiresCompatibilities: ['EC2'],
};
const host: Partial<RegisterTaskDefinitionRequest> = {
  networkMode: 'host',
  requiresCompatibilities: ['EC2'],
};

const start = (
  taskDefinition: Partial<RegisterTaskDefinitionRequest>,
  options: Omit<WorldOptions, 'app'> & { instances?: number; app?: WorldOptions['app'] } = {},
) =>
  startWorld({
    ...options,
    // Late enough for ECS to notice it that the action sees an unhealthy target before it is gone.
    sandbox: { ecs: { instances: options.instances ?? 2, noticeSeconds: 40 } },
    app: { versions: ['v1', 'v2', 'v3'], launchType: 'EC2', taskDefinition, ...options.app },
  });

const targets = async ({ sandbox, app }: World, color: 'blue' | 'green') => {
  const answer = await sandbox.call<{ TargetHealthDescriptions: TargetHealthDescription[] }>(
    'DescribeTargetHealth',
    { TargetGroupArn: app.targetGroups[color] },
  );
  return answer.TargetHealthDescriptions;
};

const lookUps = ({ sandbox }: World) =>
  sandbox.requests.filter(({ operation }) => operation === 'DescribeContainerInstances').length;

test('bridge with dynamic ports: deploy, deploy, rollback, and no request fails', async () => {
  await using world = await start(bridge, { app: { live: { count: 3 } } });
  const first = await world.act({ 'image-tag': 'v2' });
  assert.equal(first.outputs['result'], 'deployed', first.log);
  const own = await targets(world, 'green');
  assert.equal(own.length, 3);
  assert.ok(own.every(({ Target }) => Target?.Id?.startsWith('i-') && (Target.Port ?? 0) >= 32_768));
  assert.equal(new Set(own.map(({ Target }) => Target?.Id)).size, 2, 'three tasks on two machines');
  assert.equal(lookUps(world), 1, 'machines are looked up once');
  assert.equal((await world.act({ 'image-tag': 'v3' })).outputs['live-color'], 'blue');
  const back = await world.act({ operation: 'rollback' });
  assert.equal(back.outputs['result'], 'rolled-back', back.log);
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('no network mode at all is bridge', async () => {
  await using world = await start(
    { networkMode: undefined, requiresCompatibilities: ['EC2'] },
    { load: false },
  );
  assert.equal((await world.act({ 'image-tag': 'v2' })).outputs['result'], 'deployed');
  await assertClean(world, 'green');
});

test('host: the container’s port is the machine’s', async () => {
  await using world = await start(host, { instances: 4, app: { live: { count: 2 } } });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.deepEqual(
    (await targets(world, 'green')).map(({ Target }) => Target?.Port),
    [8080, 8080],
  );
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('host without a free machine: told that there is no room', async () => {
  await using world = await start(host, {
    instances: 1,
    app: { live: { count: 1 } },
    config: { health: { timeout: '3s', interval: '200ms' } },
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.deepEqual([run.outputs['result'], run.outputs['live-color']], ['failed', 'blue'], run.log);
  assert.match(run.report.error.message, /there is no room for the tasks/);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('an unhealthy target is told by machine and port, and healthy ones of other tasks prove nothing', async () => {
  await using world = await start(bridge, {
    images: { bad: { env: { HEALTH: 'status:503' } } },
    app: { graceSeconds: 0, live: { count: 2 } },
  });
  const run = await world.act({ 'image-tag': 'bad' });
  assert.deepEqual([run.outputs['result'], run.outputs['live-color']], ['failed', 'blue'], run.log);
  assert.match(run.report.error.details.join('\n'), /target i-[0-9a-f]{17}:\d{5}(?: and 1 more)?: unhealthy/);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('target groups of the other type, and a mode without a network: refused before anything is changed', async () => {
  for (const [networkMode, message] of [
    ['awsvpc', /Target group shop-blue has the target type instance.*need target groups of type ip/s],
    ['none', /has the network mode none: no load balancer can reach its tasks/],
  ] as const) {
    await using world = await start(bridge, { load: false });
    const { json } = [...world.sandbox.ecs.world.taskDefinitions.values()][0]!;
    Object.assign(json, { networkMode });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'failed', run.log);
    assert.match(run.log, message);
    assert.ok(!world.sandbox.requests.some(({ operation }) => operation === 'UpdateService'));
  }
});

test('without the permission to look up machines: said before anything is changed', async () => {
  await using world = await start(bridge, { load: false });
  world.sandbox.allowed = documentedWithout('ecs:DescribeContainerInstances');
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.report.error.code, 'access-denied', run.log);
  assert.match(run.log, /AWS denies ecs:DescribeContainerInstances/);
  const changes = world.sandbox.requests.map(({ operation }) => operation);
  assert.ok(!changes.includes('UpdateService') && !changes.includes('RegisterTaskDefinition'));
});
