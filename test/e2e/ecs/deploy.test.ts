import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, startWorld } from '../world.ts';

test('deploy: the new release is live, the old one parked, and no request failed', async () => {
  await using world = await startWorld({
    app: { live: { count: 3 } },
    config: { identity: { header: 'x-version', value: '{image-tag}' }, smoke: [{ path: '/health' }] },
  });
  const { app } = world;
  const run = await world.act({ 'image-tag': 'v2', reason: 'release 2' });
  assert.equal(run.exitCode, 0, run.log);
  assert.equal(run.outputs['result'], 'deployed');
  assert.doesNotMatch(run.log, /::warning/, 'all is as it should be (facts/ecs.md 3 row 26)');
  assert.equal(run.outputs['live-color'], 'green');
  assert.equal(run.outputs['idle-color'], 'blue');
  assert.equal(run.outputs['image'], app.image('v2'));
  assert.equal(run.outputs['previous-image'], app.image('v1'));
  assert.match(run.outputs['release'] ?? '', /^shop:\d+$/);
  assert.match(run.outputs['duration-seconds'] ?? '', /^\d+(\.\d+)?$/);
  assert.deepEqual(app.versionsRunning('green'), ['v2']);
  assert.equal(app.service('green').desiredCount, 3, 'as many as the live color ran');
  assert.equal(app.service('blue').desiredCount, 0);
  await assertClean(world, 'green');
  const { byVersion } = await world.usersSaw();
  assert.ok((byVersion['v1'] ?? 0) > 0 && (byVersion['v2'] ?? 0) > 0, JSON.stringify(byVersion));
  assert.equal(run.postExitCode, 0);
  assert.equal(run.postLog, '', 'nothing was left for the post step');
});

test('a release that takes its time to start: users never meet it before it is there', async () => {
  await using world = await startWorld({
    app: { graceSeconds: 200 },
    images: { slow: { env: { BOOT_MS: '2000' } } },
  });
  const run = await world.act({ 'image-tag': 'slow' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
  assert.ok(run.report.steps.find(({ step }: { step: string }) => step === 'healthy').ms > 1_000);
  const { byVersion } = await world.usersSaw();
  assert.ok((byVersion['slow'] ?? 0) > 0);
});

test('deploy of what is live already: unchanged', async () => {
  await using world = await startWorld();
  const revisions = () =>
    world.sandbox.requests.filter(({ operation }) => operation === 'RegisterTaskDefinition');
  const run = await world.act({ 'image-tag': 'v1' });
  assert.equal(run.exitCode, 0, run.log);
  assert.equal(run.outputs['result'], 'unchanged');
  assert.equal(run.outputs['live-color'], 'blue');
  assert.equal(revisions().length, 0);
  assert.equal(world.app.service('green').desiredCount, 0);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('the same content is registered once', async () => {
  await using world = await startWorld({ load: false });
  const registered = () =>
    world.sandbox.requests.filter(({ operation }) => operation === 'RegisterTaskDefinition').length;
  await world.act({ 'image-tag': 'v2' });
  assert.equal(registered(), 1);
  await world.act({ 'image-tag': 'v1' });
  assert.equal(registered(), 1, 'v1 is what the idle color holds');
});

test('what the SDK does not know of a task definition survives, and so do tags and empty strings', async () => {
  const extras = {
    tags: [{ key: 'team', value: 'shop' }],
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    newerThanThisAction: { deep: [1, 'two', { three: '' }] },
  };
  // biome-ignore lint/suspicious/noExplicitAny: unknown to the SDK's types, which is the point
  await using world = await startWorld({ load: false, app: { taskDefinition: extras as any } });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  // biome-ignore lint/suspicious/noExplicitAny: raw JSON
  const answer = await world.sandbox.call<any>('DescribeTaskDefinition', {
    taskDefinition: run.outputs['release'],
    include: ['TAGS'],
  });
  assert.deepEqual(answer.taskDefinition.newerThanThisAction, extras.newerThanThisAction);
  assert.deepEqual(answer.taskDefinition.runtimePlatform, extras.runtimePlatform);
  assert.deepEqual(answer.tags, extras.tags);
});

test('first deployment ever: nothing runs, and the listener forwards to one group', async () => {
  await using world = await startWorld({ app: { live: null, forward: 'single' }, load: false });
  const { app, sandbox } = world;
  const run = await world.act({ 'image-tag': 'v1' });
  assert.equal(run.exitCode, 0, run.log);
  assert.deepEqual([run.outputs['result'], run.outputs['live-color']], ['deployed', 'green']);
  assert.equal(run.outputs['previous-image'], '');
  assert.equal(app.service('green').desiredCount, 1);
  await assertClean(world, 'green');
  await sandbox.elb.settled();
  const answer = await fetch(app.url);
  assert.equal(answer.status, 200);
  const back = await world.act({ operation: 'rollback' });
  assert.equal(back.exitCode, 1);
  assert.match(back.log, /never live/);
});

test('a single-target listener is converted without losing anything, under load', async () => {
  await using world = await startWorld({ app: { forward: 'single' } });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  await assertClean(world, 'green');
  const { byVersion } = await world.usersSaw();
  assert.ok((byVersion['v2'] ?? 0) > 0);
});

test('two deployments in a row come back to the first color', async () => {
  await using world = await startWorld({ images: { v3: {} } });
  assert.equal((await world.act({ 'image-tag': 'v2' })).outputs['live-color'], 'green');
  assert.equal((await world.act({ 'image-tag': 'v3' })).outputs['live-color'], 'blue');
  await assertClean(world, 'blue');
  await world.usersSaw();
});
