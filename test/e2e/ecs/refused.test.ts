import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ImageBehavior } from '../../sandbox/contract.ts';
import { SIDE_BY_SIDE } from '../side-by-side.ts';
import { assertClean, revisionOn, startWorld, type World } from '../world.ts';

// A release that must not reach users: refused with its reason, users untouched, the idle color as it was.

/** The idle color holds a former release, v0, that a rollback would lead to. */
const start = (broken: ImageBehavior | undefined, config: Record<string, unknown> = {}): Promise<World> =>
  startWorld({
    app: { versions: ['v0', 'v1', 'v2'], live: { version: 'v0' } },
    images: broken === undefined ? {} : { broken },
    config,
  });

async function refuse(world: World, tag = 'broken') {
  const { app } = world;
  assert.equal((await world.act({ 'image-tag': 'v1' })).outputs['live-color'], 'green');
  const former = revisionOn(world, 'blue');
  const run = await world.act({ 'image-tag': tag });
  assert.equal(run.exitCode, 1, run.log);
  assert.equal(run.outputs['result'], 'failed');
  assert.equal(run.outputs['live-color'], 'green');
  assert.equal(run.outputs['image'], app.image('v1'));
  assert.equal(revisionOn(world, 'blue'), former, 'the idle color has its former release back');
  assert.equal(app.service('blue').desiredCount, 0);
  await assertClean(world, 'green');
  const { byVersion } = await world.usersSaw();
  assert.ok((byVersion['v0'] ?? 0) > 0 && (byVersion['v1'] ?? 0) > 0, JSON.stringify(byVersion));
  assert.equal(byVersion[tag], undefined, 'no user ever saw it');
  const back = await world.act({ operation: 'rollback' });
  assert.equal(
    back.outputs['image'],
    app.image('v0'),
    'a rollback leads to the release before, not to the refused one',
  );
  return run;
}

describe('releases that are refused', { concurrency: SIDE_BY_SIDE }, () => {
  test('never healthy', async () => {
    await using world = await start({ env: { HEALTH: 'never' } });
    const run = await refuse(world);
    assert.match(run.log, /health check/i);
  });

  test('crash loop', async () => {
    await using world = await start({ env: { CRASH_AFTER_MS: '100', EXIT_CODE: '7' } });
    const run = await refuse(world);
    assert.match(run.log, /exited with 7/);
  });

  test('out of memory', async () => {
    await using world = await start({ env: { OOM: '1' } });
    const run = await refuse(world);
    assert.match(run.log, /OutOfMemory/);
  });

  test('an image that cannot be pulled', async () => {
    await using world = await start(undefined);
    const run = await refuse(world, 'missing');
    assert.match(run.log, /CannotPullContainerError/);
    assert.match(run.log, /not in the registry/);
  });

  for (const [what, identity, told] of [
    [
      'header',
      { header: 'x-versoin', value: '{image-tag}' },
      /200 with no x-versoin, expected x-versoin: v1; it is in x-version/,
    ],
    [
      'value',
      { header: 'x-version', value: 'v{image-tag}' },
      /200 with x-version: v1, expected x-version: vv1/,
    ],
  ] as const)
    test(`a misspelt ${what} of identity is found before anything is moved`, async () => {
      await using world = await start(undefined, { identity });
      const { app } = world;
      const former = revisionOn(world, 'green');
      const run = await world.act({ 'image-tag': 'v1' });
      assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
      assert.equal(run.report.error.code, 'identity-wrong');
      assert.match(run.log, /green does not answer as identity says/);
      assert.match(run.log, told);
      assert.deepEqual(app.weights(), { blue: 100, green: 0 });
      assert.equal(revisionOn(world, 'green'), former, 'the idle color has its former release back');
      await assertClean(world, 'blue');
      const { byVersion } = await world.usersSaw();
      assert.deepEqual(Object.keys(byVersion), ['v0']);
    });

  test('smoke test by path', async () => {
    const smoke = [{ path: '/health', body: '"ok":true', retries: 1 }];
    await using world = await start({ env: { WRONG_BODY: '1' } }, { smoke });
    const run = await refuse(world);
    assert.match(run.log, /Smoke test GET \/health failed/);
  });

  test('smoke test by url', async () => {
    await using world = await startWorld({
      app: { versions: ['v0', 'v1', 'v2'], live: { version: 'v0' } },
      images: { broken: {} },
      config: { smoke: [{ url: 'http://127.0.0.1:9/{color}/{image-tag}', retries: 0, timeout: '2s' }] },
    });
    const run = await world.act({ 'image-tag': 'broken' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed']);
    assert.match(run.log, /http:\/\/127\.0\.0\.1:9\/green\/broken/);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });

  test('smoke test by command, which sees the idle color', async () => {
    const workspace = await mkdtemp(join(tmpdir(), 'blue-green-workspace-'));
    try {
      await writeFile(
        join(workspace, 'smoke.mjs'),
        `const { BLUE_GREEN_URL, BLUE_GREEN_HEADER, BLUE_GREEN_HEADER_VALUE } = process.env;
       const answer = await fetch(BLUE_GREEN_URL, { headers: { [BLUE_GREEN_HEADER]: BLUE_GREEN_HEADER_VALUE } });
       const version = answer.headers.get('x-version');
       console.log('the idle color answers', version);
       console.log('::set-output name=result::stolen');
       process.exit(version === process.env.WANTED ? 0 : 3);`,
      );
      const smoke = [{ run: ['node', 'smoke.mjs'], retries: 0 }];
      await using world = await startWorld({ images: { broken: {} }, config: { smoke } });
      const env = { WANTED: 'v2' };
      const refused = await world.act({ 'image-tag': 'broken' }, { workspace, env });
      assert.deepEqual([refused.exitCode, refused.outputs['result']], [1, 'failed']);
      assert.match(refused.log, /the idle color answers broken/);
      assert.match(refused.log, /3/);
      await assertClean(world, 'blue');
      const deployed = await world.act({ 'image-tag': 'v2' }, { workspace, env });
      assert.equal(deployed.outputs['result'], 'deployed', deployed.log);
      await world.usersSaw();
    } finally {
      await rm(workspace, { recursive: true, force: true });
    }
  });

  test("ECS's own circuit breaker is told as what it is", async () => {
    await using world = await startWorld({
      app: { circuitBreaker: { enable: true, rollback: true } },
      images: { broken: { env: { HEALTH: 'never' } } },
    });
    const run = await world.act({ 'image-tag': 'broken' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed']);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });

  test('what was parked was deregistered meanwhile: the refused release is stopped, and no run is stuck', async () => {
    await using world = await start({ env: { HEALTH: 'never' } });
    assert.equal((await world.act({ 'image-tag': 'v1' })).outputs['live-color'], 'green');
    await world.sandbox.call('DeregisterTaskDefinition', { taskDefinition: revisionOn(world, 'blue') });
    const run = await world.act({ 'image-tag': 'broken' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
    assert.equal(run.report.error.code, 'unhealthy', run.log);
    assert.equal(world.app.service('blue').desiredCount, 0);
    await assertClean(world, 'green');
    const next = await world.act({ 'image-tag': 'v2' });
    assert.deepEqual([next.exitCode, next.outputs['result']], [0, 'deployed'], next.log);
    assert.doesNotMatch(next.log, /half-way/);
  });
});
