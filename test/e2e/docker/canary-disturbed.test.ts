import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SOME_USERS } from '../../docker/lab/load.ts';
import { docker } from '../../docker/lab/parts.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import { assertUnnoticed, COMPOSE, configWith, movesOf, tellUsers } from './kit.ts';

// Gradual shifts that something comes in the way of. v1 is parked on green, v2 is live on blue.

const SHIFT = { steps: ['5%', '50%'], every: '3s' };
/** A newer attempt of the same run: it proves that the one before it is dead. */
const NEXT = { env: { GITHUB_RUN_ATTEMPT: '2' } };

describe('gradual shifts on HAProxy, disturbed', { skip: docker.skip }, () => {
  let world: DockerWorld;
  let config: string;
  before(async () => {
    world = await startDockerWorld({
      proxy: 'haproxy',
      compose: COMPOSE,
      images: { v3: {}, deaf: { FAIL_METHOD: 'POST' } },
      config: {
        retire: { drain: '1500ms' },
        shift: SHIFT,
        stabilize: { for: '1s', interval: '250ms', 'max-error-rate': '2%' },
      },
    });
    config = world.config;
    for (const tag of ['v1', 'v2']) {
      const run = await world.act({
        'image-tag': tag,
        config: configWith(world, {
          shift: 'all-at-once',
          stabilize: { for: '0s' },
          retire: { drain: '0s' },
        }),
      });
      assert.equal(run.outputs['result'], 'deployed', run.log);
    }
  });
  after(() => world?.[Symbol.asyncDispose]());

  test('a release that fails on POST only is found by our own traffic, whose figures are told', async (t) => {
    const probe = { path: '/', post: '{"ping":true}', headers: { 'content-type': 'application/json' } };
    const gate = { for: '1s', interval: '250ms', 'max-failed-probes': 0, probe };
    const own = configWith(world, { stabilize: gate, shift: { steps: ['50%'], every: '20s' } });
    const load = await world.startUsers({ ...SOME_USERS, ratePerSecond: 100 });
    const run = await world.act({ 'image-tag': 'deaf', config: own });
    const users = await load.stop();
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.equal(run.report.error.code, 'probe-failed', run.log);
    assert.match(run.report.error.message, /\d+ of \d+ requests of our own failed .*POST \/: status 500/);
    const [figures, ...more] = run.report.ownTraffic;
    assert.deepEqual(more, []);
    assert.ok(figures.sent > figures.failed && figures.failed > 0 && figures.worstMs > 0);
    assert.match(run.log, new RegExp(`Requests of our own: ${figures.sent} sent, ${figures.failed} failed`));
    assert.match(run.summary, new RegExp(`${figures.sent} sent, ${figures.failed} failed`));
    t.diagnostic(
      `${figures.sent} of our own, ${figures.failed} failed; ${users.failed} of users’ ${users.requests}`,
    );
    for (const { method, status } of users.failures) assert.deepEqual([method, status], ['POST', 500]);
    await world.assertClean('blue');
  });

  test('killed in the middle of a step: the next run gives the traffic back, and no request fails', async (t) => {
    const load = await world.startUsers(SOME_USERS);
    const long = configWith(world, { shift: { steps: ['50%'], every: '60s' } });
    let handle: { kill(): void } | undefined;
    const killed = await world.act(
      { 'image-tag': 'v3', config: long },
      {
        post: false,
        onStart: (started) => {
          handle = started;
        },
        onLine: (line) => {
          if (/Watching green with 50 %/.test(line)) setTimeout(() => handle!.kill(), 1_000);
        },
      },
    );
    assert.equal(killed.exitCode, null);
    const status = await world.act({ operation: 'status', config });
    assert.match(status.log, /50 %/);
    const before = load.snapshot().byVersion['v3'] ?? 0;
    assert.ok(before > 0, 'users had it');
    const back = await world.act({ operation: 'rollback', config: long }, NEXT);
    assert.deepEqual([back.exitCode, back.outputs['result']], [0, 'rolled-back'], back.log);
    assert.equal(back.outputs['live-color'], 'blue');
    await world.assertClean('blue');
    assertUnnoticed(load);
    const users = await world.usersSaw();
    tellUsers(t, users);
  });

  test('HAProxy reloads in the middle: users have the old color again, and the run ends with that', async (t) => {
    const load = await world.startUsers(SOME_USERS);
    const run = await world.act(
      { 'image-tag': 'v3', config: configWith(world, { shift: { steps: ['50%'], every: '60s' } }) },
      {
        onLine: (line) => {
          if (/Watching green with 50 %/.test(line))
            void world.engine.docker(['kill', '--signal', 'USR2', 'edge']).catch(() => {});
        },
      },
    );
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.equal(run.report.error.code, 'foreign-weights', run.log);
    assert.equal((await world.answer()).version, 'v2');
    await world.assertClean('blue');
    assertUnnoticed(load);
    tellUsers(t, await world.usersSaw());
  });

  test('promote goes in steps as well', async (t) => {
    await world.startUsers(SOME_USERS);
    const staged = await world.act({ operation: 'stage', 'image-tag': 'v3', config });
    assert.equal(staged.outputs['result'], 'staged', staged.log);
    assert.equal((await world.answer()).version, 'v2');
    const promoted = await world.act({ operation: 'promote', config });
    assert.deepEqual([promoted.exitCode, promoted.outputs['result']], [0, 'deployed'], promoted.log);
    assert.deepEqual(movesOf(promoted), [
      'blue 95 %, green 5 %',
      'blue 50 %, green 50 %',
      'blue 0 %, green 100 %',
    ]);
    await world.assertClean('green');
    tellUsers(t, await world.usersSaw());
  });
});
