import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fault } from '../../sandbox/wire/faults.ts';
import { assertSettled, PAUSE, startNativeWorld } from '../native-world.ts';
import { SIDE_BY_SIDE } from '../side-by-side.ts';

// kill -9: ECS goes on by itself. The post step, or the next run, finds out what became of it.

const DEPLOYMENT = { bakeTimeInMinutes: 20, ...PAUSE('POST_TEST_TRAFFIC_SHIFT') };
const NEXT = { env: { GITHUB_RUN_ATTEMPT: '2' } };

const MOMENTS: [string, RegExp][] = [
  ['before anything is asked of ECS', /^.*Preflight done/],
  ['while ECS begins', /Let the platform deploy/],
  ['while tasks start', /SCALE_UP \(/],
  ['at the PAUSE hook', /waits at its PAUSE hook/],
  // Over in a moment: a look may come only when it has moved.
  ['while traffic moves', /PRODUCTION_TRAFFIC_SHIFT \(|Traffic: /],
  ['in the bake time', /BAKE_TIME/],
];

describe('runs that die while ECS deploys', { concurrency: SIDE_BY_SIDE }, () => {
  for (const [when, line] of MOMENTS)
    test(`killed ${when}: the next deploy converges`, async () => {
      await using world = await startNativeWorld({ app: { deployment: DEPLOYMENT } });
      let kill: (() => void) | undefined;
      const run = await world.act(
        { 'image-tag': 'v2' },
        {
          post: false,
          onStart: (handle) => {
            kill = handle.kill;
          },
          onLine: (text) => {
            if (line.test(text)) kill?.();
          },
        },
      );
      assert.equal(run.exitCode, null, run.log);
      world.app.record().settings.deploymentConfiguration!.bakeTimeInMinutes = 0;
      const next = await world.act({ 'image-tag': 'v3' }, NEXT);
      assert.deepEqual([next.exitCode, next.outputs['result']], [0, 'deployed'], next.log);
      await assertSettled(world, next.outputs['live-color'] as 'blue', 'v3');
      await world.usersSaw();
    });

  test('killed in the bake time, the post step calls it back', async () => {
    await using world = await startNativeWorld({ app: { deployment: DEPLOYMENT } });
    let kill: (() => void) | undefined;
    const run = await world.act(
      { 'image-tag': 'v2' },
      {
        onStart: (handle) => {
          kill ??= handle.kill;
        },
        onLine: (text) => {
          if (/BAKE_TIME/.test(text)) kill?.();
        },
      },
    );
    assert.equal(run.postExitCode, 0, run.postLog);
    assert.match(run.postLog, /undo it/);
    await assertSettled(world, 'blue', 'v1');
    await world.usersSaw();
  });

  test('killed in the bake time, and rollback is the next run: one call takes users back', async () => {
    await using world = await startNativeWorld({ app: { deployment: DEPLOYMENT } });
    let kill: (() => void) | undefined;
    await world.act(
      { 'image-tag': 'v2' },
      {
        post: false,
        onStart: (handle) => {
          kill = handle.kill;
        },
        onLine: (text) => {
          if (/BAKE_TIME/.test(text)) kill?.();
        },
      },
    );
    const back = await world.act({ operation: 'rollback' }, NEXT);
    assert.deepEqual([back.exitCode, back.outputs['result']], [0, 'rolled-back'], back.log);
    await assertSettled(world, 'blue', 'v1');
    const again = await world.act({ operation: 'rollback' }, NEXT);
    assert.equal(again.exitCode, 1, 'there is nothing to go back to');
    await world.usersSaw();
  });

  test('killed, and ECS goes through by itself: the next run keeps what users have', async () => {
    await using world = await startNativeWorld({ app: { deployment: { bakeTimeInMinutes: 1 } } });
    const { app } = world;
    let kill: (() => void) | undefined;
    await world.act(
      { 'image-tag': 'v2' },
      {
        post: false,
        onStart: (handle) => {
          kill = handle.kill;
        },
        onLine: (text) => {
          if (/BAKE_TIME/.test(text)) kill?.();
        },
      },
    );
    while (app.rollout().finishedAt === undefined) await new Promise((done) => setTimeout(done, 20));
    const next = await world.act({ 'image-tag': 'v2' }, NEXT);
    assert.deepEqual([next.exitCode, next.outputs['result']], [0, 'unchanged'], next.log);
    assert.match(next.log, /went through: keep it/);
    await assertSettled(world, 'green', 'v2');
    const back = await world.act({ operation: 'rollback' }, NEXT);
    assert.deepEqual([back.exitCode, back.outputs['image']], [0, app.image('v1')], back.log);
    await world.usersSaw();
  });

  const OPERATIONS = [
    'ListServiceDeployments',
    'DescribeServiceDeployments',
    'DescribeServiceRevisions',
    'UpdateService',
    'ContinueServiceDeployment',
    'StopServiceDeployment',
    'TagResource',
  ];
  for (const kind of ['lost', 'throttle', 'html'] satisfies Fault['kind'][])
    test(`${kind} at the first call of every operation of ECS: no verdict, and nothing is done twice`, async () => {
      await using world = await startNativeWorld({
        images: { broken: { env: { WRONG_BODY: '1' } } },
        app: { deployment: PAUSE('POST_TEST_TRAFFIC_SHIFT') },
        config: { smoke: [{ path: '/health', body: '"ok":true', retries: 0 }] },
      });
      const plan = () => {
        for (const operation of OPERATIONS) world.sandbox.faults.add({ operation, call: 1, kind });
      };
      plan();
      const refused = await world.act({ 'image-tag': 'broken' });
      assert.equal(refused.outputs['result'], 'failed', refused.log);
      assert.match(refused.log, /Smoke test GET \/health failed/);
      await assertSettled(world, 'blue', 'v1');
      plan();
      const run = await world.act({ 'image-tag': 'v2' });
      assert.equal(run.outputs['result'], 'deployed', run.log);
      await assertSettled(world, 'green', 'v2');
      await world.usersSaw();
    });
});
