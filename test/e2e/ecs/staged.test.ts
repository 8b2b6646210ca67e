import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, revisionOn, startWorld } from '../world.ts';

const identity = { header: 'x-version', value: '{image-tag}' };

test('stage, look at the preview, promote in another run', async () => {
  await using world = await startWorld({ config: { identity, smoke: [{ path: '/health' }] } });
  const { app } = world;
  const staged = await world.act({ operation: 'stage', 'image-tag': 'v2' });
  assert.equal(staged.exitCode, 0, staged.log);
  assert.deepEqual([staged.outputs['result'], staged.outputs['live-color']], ['staged', 'blue']);
  assert.deepEqual(app.weights(), { blue: 100, green: 0 });
  assert.deepEqual(app.versionsRunning('green'), ['v2']);
  const [rule] = await app.rules();
  const condition = rule?.Conditions?.[0]?.HttpHeaderConfig;
  const preview = await fetch(app.url, {
    headers: { [condition?.HttpHeaderName ?? '']: condition?.Values?.[0] ?? '' },
  });
  assert.equal(preview.headers.get('x-version'), 'v2');
  assert.equal((await fetch(app.url)).headers.get('x-version'), 'v1', 'users have the old one');

  const status = await world.act({ operation: 'status' });
  assert.equal(status.exitCode, 0);
  assert.match(status.log, /v2 is staged on green/);

  const promoted = await world.act({ operation: 'promote' });
  assert.equal(promoted.exitCode, 0, promoted.log);
  assert.deepEqual([promoted.outputs['result'], promoted.outputs['image']], ['deployed', app.image('v2')]);
  await assertClean(world, 'green');
  const { byVersion } = await world.usersSaw();
  assert.ok((byVersion['v1'] ?? 0) > 0 && (byVersion['v2'] ?? 0) > 0);
  const again = await world.act({ operation: 'promote' });
  assert.equal(again.exitCode, 1);
  assert.match(again.log, /Nothing is staged/);
});

test('stage, abort: the idle color is as it was', async () => {
  await using world = await startWorld();
  const { app } = world;
  const former = revisionOn(world, 'green');
  await world.act({ operation: 'stage', 'image-tag': 'v2' });
  const aborted = await world.act({ operation: 'abort' });
  assert.deepEqual([aborted.exitCode, aborted.outputs['result']], [0, 'aborted'], aborted.log);
  assert.equal(revisionOn(world, 'green'), former);
  assert.equal(app.service('green').desiredCount, 0);
  await assertClean(world, 'blue');
  const { byVersion } = await world.usersSaw();
  assert.equal(byVersion['v2'], undefined);
});
