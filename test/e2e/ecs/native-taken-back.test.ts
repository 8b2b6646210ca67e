import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSettled, startNativeWorld } from '../native-world.ts';

// Users have the release, and ECS still keeps the former one.

const BAKE = { deployment: { bakeTimeInMinutes: 20 } };

test('probes that fail in the bake time: called back', async () => {
  await using world = await startNativeWorld({
    images: { broken: { env: { FAIL_PATH: '/checkout' } } },
    app: BAKE,
    config: { stabilize: { interval: '250ms', probe: { path: '/checkout', timeout: '2s' } } },
  });
  const run = await world.act({ 'image-tag': 'broken' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
  assert.match(run.log, /probes failed on green/);
  await assertSettled(world, 'blue', 'v1');
  const { byVersion } = await world.usersSaw();
  assert.ok((byVersion['broken'] ?? 0) > 0, 'users had it for a while');
  // It is known for what it is: no rollback leads there.
  const back = await world.act({ operation: 'rollback' });
  assert.equal(back.exitCode, 1, back.log);
});

test('a rollback in the bake time needs no lock, and the run that watches tells the same end', async () => {
  await using world = await startNativeWorld({ app: BAKE });
  const { app } = world;
  let rollback: ReturnType<typeof world.act> | undefined;
  const run = await world.act(
    { 'image-tag': 'v2' },
    {
      onLine: (line) => {
        if (/BAKE_TIME/.test(line))
          rollback ??= world.act({ operation: 'rollback' }, { env: { GITHUB_RUN_ID: '4712' } });
      },
    },
  );
  const back = await rollback;
  assert.deepEqual([back?.exitCode, back?.outputs['result']], [0, 'rolled-back'], back?.log);
  assert.deepEqual([back?.outputs['live-color'], back?.outputs['image']], ['blue', app.image('v1')]);
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
  assert.equal(run.report.error.code, 'platform-rolled-back');
  await assertSettled(world, 'blue', 'v1');
  await world.usersSaw();
});

test('a rollback in the bake time of a deployment that somebody made by hand', async () => {
  await using world = await startNativeWorld({ app: BAKE });
  const { app, sandbox } = world;
  await sandbox.call('UpdateService', {
    cluster: app.cluster,
    service: app.service,
    taskDefinition: 'shop:1',
    forceNewDeployment: true,
  });
  while (app.rollout().native?.stage !== 'BAKE_TIME') await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(app.weights(), { blue: 0, green: 100 });
  const back = await world.act({ operation: 'rollback' });
  assert.deepEqual([back.exitCode, back.outputs['result']], [0, 'rolled-back'], back.log);
  await assertSettled(world, 'blue', 'v1');
  await world.usersSaw();
});

for (const [when, stage, seen] of [
  ['while tasks start', /SCALE_UP \(/, false],
  ['in the bake time', /BAKE_TIME/, true],
] as const)
  test(`cancelled ${when}: called back at once, and the post step sees it through`, async () => {
    // So slow to start that it is cancelled before it could be anywhere else.
    const images = { v2: seen ? {} : { pullSeconds: 200 } };
    await using world = await startNativeWorld({ app: BAKE, images });
    let cancel: (() => void) | undefined;
    const run = await world.act(
      { 'image-tag': 'v2' },
      {
        onStart: (handle) => {
          cancel = handle.cancel;
        },
        onLine: (line) => {
          if (stage.test(line)) cancel?.();
        },
      },
    );
    assert.equal(run.exitCode, 1, run.log);
    assert.equal(run.outputs['result'], seen ? 'rolled-back' : 'failed', run.log);
    assert.equal(run.postExitCode, 0, run.postLog);
    await assertSettled(world, 'blue', 'v1');
    const { byVersion } = await world.usersSaw();
    assert.equal((byVersion['v2'] ?? 0) > 0, seen);
  });
