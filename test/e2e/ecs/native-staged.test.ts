import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSettled, PAUSE, startNativeWorld } from '../native-world.ts';

const GATE = { deployment: PAUSE('POST_TEST_TRAFFIC_SHIFT') };

test('stage waits at the PAUSE hook, people reach it by the preview, and promote lets ECS go on', async () => {
  await using world = await startNativeWorld({ app: GATE });
  const { app } = world;
  const staged = await world.act({ operation: 'stage', 'image-tag': 'v2' });
  assert.deepEqual([staged.exitCode, staged.outputs['result']], [0, 'staged'], staged.log);
  assert.match(staged.log, /goes back by itself at/);
  assert.deepEqual(app.weights(), { blue: 100, green: 0 });
  const preview = (await fetch((staged.outputs['preview-url'] ?? '').replace('shop.sandbox', '127.0.0.1')))
    .headers;
  assert.equal(preview.get('x-version'), 'v2');
  const status = await world.act({ operation: 'status' });
  assert.match(status.log, /v2 is staged on green/);

  const promoted = await world.act({ operation: 'promote' });
  assert.deepEqual([promoted.exitCode, promoted.outputs['result']], [0, 'deployed'], promoted.log);
  await assertSettled(world, 'green', 'v2');
  await world.usersSaw();
});

test('stage, then abort', async () => {
  await using world = await startNativeWorld({ app: GATE });
  await world.act({ operation: 'stage', 'image-tag': 'v2' });
  const run = await world.act({ operation: 'abort' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'aborted'], run.log);
  await assertSettled(world, 'blue', 'v1');
  const { byVersion } = await world.usersSaw();
  assert.equal(byVersion['v2'], undefined);
});

test('a deploy drops what is staged', async () => {
  await using world = await startNativeWorld({ app: GATE });
  await world.act({ operation: 'stage', 'image-tag': 'v2' });
  const run = await world.act({ 'image-tag': 'v3' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
  assert.match(run.log, /v2 is staged: drop it first/);
  await assertSettled(world, 'green', 'v3');
  const { byVersion } = await world.usersSaw();
  assert.equal(byVersion['v2'], undefined);
});

test('what ECS has dropped meanwhile cannot be promoted', async () => {
  const hook = {
    targetType: 'PAUSE' as const,
    lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT' as const],
    timeoutConfiguration: { timeoutInMinutes: 1, action: 'ROLLBACK' as const },
  };
  await using world = await startNativeWorld({
    load: false,
    app: { deployment: { lifecycleHooks: [hook] } },
  });
  const { app } = world;
  await world.act({ operation: 'stage', 'image-tag': 'v2' });
  while (app.rollout().finishedAt === undefined) await new Promise((done) => setTimeout(done, 20));
  const run = await world.act({ operation: 'promote' });
  assert.equal(run.exitCode, 1, run.log);
  const next = await world.act({ 'image-tag': 'v3' }, {});
  assert.match(next.log, /went back by itself: record it/);
});
