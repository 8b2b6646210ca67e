import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '@aws-sdk/client-ecs';
import { registerTaskDefinition } from '../../sandbox/blue-green-setup.ts';
import { assertClean, startWorld, type World } from '../world.ts';

// What a service and its tasks have beyond the image is the user's, and stays as it is.

const describe = async ({ sandbox, app }: World, color: 'blue' | 'green'): Promise<Service> => {
  const answer = await sandbox.call<{ services: Service[] }>('DescribeServices', {
    cluster: app.cluster,
    services: [app.services[color]],
  });
  return answer.services[0]!;
};

test('several containers get the tag, the others keep their image; the count is the one configured', async () => {
  await using world = await startWorld({
    // Setting this up is a rolling update of the live color, which users would notice.
    load: false,
    config: { ecs: { images: { proxy: 'registry.example.com/proxy' }, 'desired-count': 3 } },
  });
  const { app, sandbox } = world;
  for (const image of ['proxy:v1', 'proxy:v2', 'logs:3.1']) sandbox.addImage(`registry.example.com/${image}`);
  const revision = await registerTaskDefinition(sandbox, app.app, app.image('v1'), {
    containerDefinitions: [
      { name: 'proxy', image: 'registry.example.com/proxy:v1', essential: false, memory: 64 },
      { name: 'logs', image: 'registry.example.com/logs:3.1', essential: false, environment: [] },
    ],
  });
  await sandbox.call('UpdateService', {
    cluster: app.cluster,
    service: app.services.blue,
    taskDefinition: revision,
  });
  await app.steady('blue');
  const deployed = await world.act({ 'image-tag': 'v2' });
  assert.equal(deployed.outputs['result'], 'deployed', deployed.log);
  // biome-ignore lint/suspicious/noExplicitAny: raw JSON
  const { taskDefinition } = await world.sandbox.call<any>('DescribeTaskDefinition', {
    taskDefinition: deployed.outputs['release'],
  });
  assert.deepEqual(
    taskDefinition.containerDefinitions.map(({ image }: { image: string }) => image),
    [world.app.image('v2'), 'registry.example.com/proxy:v2', 'registry.example.com/logs:3.1'],
  );
  assert.equal(taskDefinition.containerDefinitions[1].memory, 64);
  assert.equal(world.app.service('green').desiredCount, 3);
  await assertClean(world, 'green');
});

test('capacity providers, ECS Exec, service connect, networks and all the rest of a service are not touched', async () => {
  await using world = await startWorld({ load: false });
  const { app, sandbox } = world;
  for (const color of ['blue', 'green'] as const)
    Object.assign(app.service(color).settings, {
      launchType: undefined,
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }],
      enableExecuteCommand: true,
      enableECSManagedTags: true,
      propagateTags: 'SERVICE',
      availabilityZoneRebalancing: 'ENABLED',
      serviceConnectConfiguration: { enabled: true, namespace: 'shop' },
      platformVersion: '1.4.0',
    });
  const settings = () => structuredClone(app.service('green').settings);
  const [before, stored] = [await describe(world, 'green'), settings()];
  const deployed = await world.act({ 'image-tag': 'v2' });
  assert.equal(deployed.outputs['result'], 'deployed', deployed.log);
  assert.equal((await world.act({ operation: 'rollback' })).outputs['result'], 'rolled-back');
  assert.deepEqual(settings(), stored);
  const after = await describe(world, 'green');
  for (const key of [
    'deploymentConfiguration',
    'enableECSManagedTags',
    'enableExecuteCommand',
    'healthCheckGracePeriodSeconds',
    'loadBalancers',
    'networkConfiguration',
    'platformVersion',
    'propagateTags',
    'availabilityZoneRebalancing',
  ] as const)
    assert.deepEqual(after[key], before[key], key);
  // The strongest form: no other member is ever sent, so that AWS can change none.
  const sent = sandbox.requests.filter(({ operation }) => operation === 'UpdateService');
  const members = new Set(sent.flatMap(({ input }) => Object.keys(input)));
  assert.deepEqual([...members].sort(), [
    'cluster',
    'desiredCount',
    'forceNewDeployment',
    'service',
    'taskDefinition',
  ]);
});

for (const type of ['CODE_DEPLOY', 'EXTERNAL'] as const) {
  test(`deployment controller ${type}: refused before anything is changed`, async () => {
    await using world = await startWorld({ load: false });
    world.app.service('green').settings.deploymentController = { type };
    const run = await world.act({ 'image-tag': 'v2' });
    assert.deepEqual([run.exitCode, run.outputs['result'], run.outputs['live-color']], [1, 'failed', 'blue']);
    assert.match(run.log, new RegExp(`Service shop-green has the deployment controller ${type}`));
    assert.match(run.log, /Recreate it with the controller ECS/);
    const changed = world.sandbox.requests.map(({ operation }) => operation);
    assert.ok(!changed.includes('UpdateService') && !changed.includes('RegisterTaskDefinition'));
    await assertClean(world, 'blue');
  });
}
