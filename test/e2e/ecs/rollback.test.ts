import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, revisionOn, startWorld } from '../world.ts';

test('rollback, cold: the release before, with its configuration; a second one is refused without force', async () => {
  await using world = await startWorld({ app: { live: { count: 2 } } });
  const { app } = world;
  const former = revisionOn(world, 'blue');
  await world.act({ 'image-tag': 'v2' });
  const back = await world.act({ operation: 'rollback', reason: 'checkout is broken' });
  assert.equal(back.exitCode, 0, back.log);
  assert.equal(back.outputs['result'], 'rolled-back');
  assert.equal(back.outputs['live-color'], 'blue');
  assert.equal(back.outputs['image'], app.image('v1'));
  assert.equal(revisionOn(world, 'blue'), former, 'the very revision');
  assert.equal(app.service('blue').desiredCount, 2);
  assert.equal(app.service('green').desiredCount, 0);
  await assertClean(world, 'blue');

  const again = await world.act({ operation: 'rollback' });
  assert.deepEqual([again.exitCode, again.outputs['result']], [1, 'failed']);
  assert.match(again.log, /was rolled back from/);
  assert.match(again.log, /force: true/);
  assert.equal(again.outputs['live-color'], 'blue');
  await assertClean(world, 'blue');

  const forced = await world.act({ operation: 'rollback', force: 'true' });
  assert.deepEqual([forced.exitCode, forced.outputs['image']], [0, app.image('v2')]);
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('rollback, warm: the tasks that were kept are the ones that users get', async () => {
  await using world = await startWorld({
    app: { live: { count: 2 } },
    config: { retire: { drain: '500ms', keep: 'all' } },
  });
  const { app, sandbox } = world;
  const tasks = app
    .tasks('blue')
    .map(({ arn }) => arn)
    .sort();
  await world.act({ 'image-tag': 'v2' });
  assert.equal(app.service('blue').desiredCount, 2, 'kept warm');
  const registered = sandbox.requests.length;
  const back = await world.act({ operation: 'rollback' });
  assert.deepEqual([back.exitCode, back.outputs['live-color']], [0, 'blue'], back.log);
  assert.deepEqual(
    app
      .tasks('blue')
      .map(({ arn }) => arn)
      .sort(),
    tasks,
    'no task was restarted',
  );
  const calls = sandbox.requests.slice(registered).map(({ operation }) => operation);
  assert.ok(!calls.includes('RegisterTaskDefinition'));
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('rollback, half warm: what was kept is topped up', async () => {
  await using world = await startWorld({
    app: { live: { count: 3 } },
    config: { retire: { drain: '500ms', keep: 1 } },
  });
  const { app } = world;
  await world.act({ 'image-tag': 'v2' });
  assert.equal(app.service('blue').desiredCount, 1);
  const back = await world.act({ operation: 'rollback' });
  assert.equal(back.outputs['live-color'], 'blue', back.log);
  assert.equal(app.service('blue').desiredCount, 3);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('rollback to a named release, older than the one before', async () => {
  await using world = await startWorld({ images: { v3: {} } });
  const { app } = world;
  await world.act({ 'image-tag': 'v2' });
  await world.act({ 'image-tag': 'v3' });
  const back = await world.act({ operation: 'rollback', 'image-tag': 'v1' });
  assert.deepEqual([back.exitCode, back.outputs['image']], [0, app.image('v1')], back.log);
  const unknown = await world.act({ operation: 'rollback', 'image-tag': 'v9' });
  assert.equal(unknown.exitCode, 1);
  assert.match(unknown.log, /No release with image tag v9/);
  await world.usersSaw();
});

test('rollback when the former release does not start any more: users keep what they have', async () => {
  await using world = await startWorld();
  const { app, sandbox } = world;
  await world.act({ 'image-tag': 'v2' });
  sandbox.removeImage(app.image('v1'));
  const back = await world.act({ operation: 'rollback' });
  assert.deepEqual(
    [back.exitCode, back.outputs['result'], back.outputs['live-color']],
    [1, 'failed', 'green'],
  );
  assert.match(back.log, /CannotPullContainerError/);
  await assertClean(world, 'green');
  await world.usersSaw();
});
