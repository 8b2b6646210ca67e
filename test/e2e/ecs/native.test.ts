import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TEST_HEADER } from '../../sandbox/native-app.ts';
import { assertSettled, PAUSE, startNativeWorld } from '../native-world.ts';
import { SIDE_BY_SIDE } from '../side-by-side.ts';

// A service that ECS itself deploys blue/green: deployments, and the way back after ECS has cleared up.

const IDENTITY = { header: 'x-version', value: '{image-tag}', path: '/health' };
const PROBE = { path: '/health', timeout: '2s' };

describe('releases where ECS deploys', { concurrency: SIDE_BY_SIDE }, () => {
  test('a deploy goes through all stages, each is shown, and no request fails', async () => {
    await using world = await startNativeWorld({
      app: { deployment: { bakeTimeInMinutes: 3 } },
      config: { identity: IDENTITY, stabilize: { interval: '250ms', probe: PROBE } },
    });
    const { app } = world;
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.exitCode, 0, run.log);
    assert.equal(run.outputs['result'], 'deployed');
    assert.deepEqual([run.outputs['live-color'], run.outputs['image']], ['green', app.image('v2')]);
    assert.equal(run.outputs['previous-image'], app.image('v1'));
    for (const shown of ['SCALE_UP', 'BAKE_TIME', 'Traffic: blue 0 %, green 100 %', 'CLEAN_UP \\(SUCCESSFUL'])
      assert.match(run.log, new RegExp(shown));
    await assertSettled(world, 'green', 'v2');

    const again = await world.act({ 'image-tag': 'v2' });
    assert.deepEqual([again.exitCode, again.outputs['result']], [0, 'unchanged']);
    // The target groups alternate: what was parked carries the traffic next.
    const third = await world.act({ 'image-tag': 'v3' });
    assert.deepEqual([third.exitCode, third.outputs['live-color']], [0, 'blue'], third.log);
    await assertSettled(world, 'blue', 'v3');
    const { byVersion } = await world.usersSaw();
    for (const tag of ['v1', 'v2', 'v3']) assert.ok((byVersion[tag] ?? 0) > 0, JSON.stringify(byVersion));
  });

  // A PAUSE hook before each step of the shift: however slow this machine is, no step can go by unseen.
  for (const [strategy, deployment, splits] of [
    ['CANARY', { canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 0 } }, ['20']],
    ['LINEAR', { linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 0 } }, ['40', '80']],
  ] as const)
    test(`${strategy}: ECS moves the traffic step by step, and each step is told`, async () => {
      await using world = await startNativeWorld({
        app: { deployment: { strategy, ...deployment, ...PAUSE('PRE_PRODUCTION_TRAFFIC_SHIFT') } },
      });
      const run = await world.act({ 'image-tag': 'v2' });
      assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
      for (const percent of splits)
        assert.match(run.log, new RegExp(`Traffic: blue ${100 - Number(percent)} %, green ${percent} %`));
      await assertSettled(world, 'green', 'v2');
      await world.usersSaw();
    });

  for (const way of ['port', 'header', 'none'] as const)
    test(`smoke tests reach the new release before users can, with test traffic by ${way}`, async () => {
      const config = { smoke: [{ path: '/health', headers: {}, body: '"version":"v2"', retries: 0 }] };
      await using world = await startNativeWorld({
        app: { test: way, deployment: PAUSE('POST_TEST_TRAFFIC_SHIFT') },
        config,
      });
      const { app } = world;
      let users: object | undefined;
      const run = await world.act(
        { 'image-tag': 'v2' },
        {
          onLine: (line) => {
            if (/GET \/health/.test(line)) users ??= app.weights();
          },
        },
      );
      assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
      assert.deepEqual(users, { blue: 100, green: 0 }, 'ECS waited at its PAUSE hook');
      assert.match(run.log, /waits at its PAUSE hook/);
      await assertSettled(world, 'green', 'v2');
      await world.usersSaw();
    });

  test('the test listener rule’s own header is sent', async () => {
    await using world = await startNativeWorld({
      load: false,
      app: { test: 'header', deployment: PAUSE('POST_TEST_TRAFFIC_SHIFT') },
    });
    const staged = await world.act({ operation: 'stage', 'image-tag': 'v2' });
    assert.equal(staged.outputs['result'], 'staged', staged.log);
    assert.equal(staged.report.preview.headers[TEST_HEADER.name], TEST_HEADER.value);
  });

  test('rollback after the clean-up deploys the former revision; a second one is refused without force', async () => {
    await using world = await startNativeWorld();
    const { app, sandbox } = world;
    const former = app.tasks('v1')[0]!.start.definition.arn;
    await world.act({ 'image-tag': 'v2' });
    const before = sandbox.requests.length;
    const back = await world.act({ operation: 'rollback', reason: 'checkout is broken' });
    assert.deepEqual([back.exitCode, back.outputs['result']], [0, 'rolled-back'], back.log);
    assert.deepEqual([back.outputs['live-color'], back.outputs['image']], ['blue', app.image('v1')]);
    assert.equal(app.tasks('v1')[0]!.start.definition.arn, former, 'the very revision');
    const calls = sandbox.requests.slice(before).map(({ operation }) => operation);
    assert.ok(!calls.includes('RegisterTaskDefinition'));
    await assertSettled(world, 'blue', 'v1');

    const again = await world.act({ operation: 'rollback' });
    assert.deepEqual([again.exitCode, again.outputs['result']], [1, 'failed']);
    assert.match(again.log, /was rolled back from/);
    await assertSettled(world, 'blue', 'v1');
    const forced = await world.act({ operation: 'rollback', force: 'true' });
    assert.deepEqual([forced.exitCode, forced.outputs['image']], [0, app.image('v2')], forced.log);
    await assertSettled(world, 'green', 'v2');
    await world.usersSaw();
  });

  test('rollback to a named release; a release that somebody else deployed has a way back too', async () => {
    await using world = await startNativeWorld({ load: false });
    const { app, sandbox } = world;
    await world.act({ 'image-tag': 'v2' });
    await world.act({ 'image-tag': 'v3' });
    const named = await world.act({ operation: 'rollback', 'image-tag': 'v1' });
    assert.deepEqual([named.exitCode, named.outputs['image']], [0, app.image('v1')], named.log);
    const unknown = await world.act({ operation: 'rollback', 'image-tag': 'v9' });
    assert.equal(unknown.exitCode, 1);
    assert.match(unknown.log, /No release with image tag v9/);
    // By hand, past this action: ECS's own history tells what users had before.
    await sandbox.call('UpdateService', {
      cluster: app.cluster,
      service: app.service,
      taskDefinition: 'shop:2',
    });
    while (app.rollout().finishedAt === undefined) await new Promise((done) => setTimeout(done, 20));
    const back = await world.act({ operation: 'rollback' });
    assert.deepEqual([back.exitCode, back.outputs['image']], [0, app.image('v1')], back.log);
  });

  test('with the documented policy, and nothing more, everything works', async () => {
    const { documentedActions } = await import('../policy.ts');
    await using world = await startNativeWorld({
      load: false,
      app: { deployment: PAUSE('POST_TEST_TRAFFIC_SHIFT') },
      config: { smoke: [{ path: '/health' }] },
    });
    world.sandbox.allowed = documentedActions();
    const runs: Record<string, string>[] = [
      { 'image-tag': 'v2' },
      { operation: 'rollback' },
      { operation: 'stage', 'image-tag': 'v3' },
      { operation: 'status' },
      { operation: 'abort' },
      { operation: 'stage', 'image-tag': 'v3' },
      { operation: 'promote' },
    ];
    for (const inputs of runs) {
      const run = await world.act(inputs);
      assert.equal(run.exitCode, 0, `${JSON.stringify(inputs)}\n${run.log}`);
    }
    await assertSettled(world, 'green', 'v3');
  });
});
