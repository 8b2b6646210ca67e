import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { SOME_USERS } from '../../docker/lab/load.ts';
import { docker } from '../../docker/lab/parts.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import type { LoadResult, LoadSnapshot } from '../../load/index.ts';
import type { ActionRun } from '../runner.ts';
import { COMPOSE, configWith, makingsOf, movesOf, sayTheSame, tellUsers, withoutIds } from './kit.ts';

// A release gets the users little by little, and is watched at each step. v1 is parked on green, v2 is live on blue.

const SHIFT = { steps: ['5%', '50%'], every: '5s' };
const LIMITS = { 'max-error-rate': '2%', 'max-latency': '400ms', 'min-requests': 20 };

describe('gradual shifts on HAProxy, under load', { skip: docker.skip }, () => {
  let world: DockerWorld;
  let config: string;
  before(async () => {
    world = await startDockerWorld({
      proxy: 'haproxy',
      compose: COMPOSE,
      images: {
        v3: {},
        fails: { FAIL_RATE: '0.2' },
        slow: { DELAY_MS: '900' },
      },
      config: {
        retire: { drain: '1500ms' },
        shift: SHIFT,
        stabilize: { for: '1s', interval: '250ms', ...LIMITS },
      },
    });
    config = world.config;
  });
  after(() => world?.[Symbol.asyncDispose]());

  /** A release that must not stay: with users on it, and the host as it was before. */
  async function refused(
    tag: string,
    options: { config?: string; code: string },
  ): Promise<{ run: ActionRun; users: LoadResult }> {
    const [live, parked] = [await makingsOf(world, 'blue'), await makingsOf(world, 'green')];
    const load = await world.startUsers(SOME_USERS);
    const run = await world.act({ 'image-tag': tag, config: options.config ?? config });
    const users = await load.stop();
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.equal(run.report.error.code, options.code, run.log);
    assert.deepEqual([run.outputs['live-color'], run.outputs['idle-color']], ['blue', 'green']);
    assert.deepEqual(await makingsOf(world, 'blue'), live, 'what users have is not touched');
    assert.deepEqual(withoutIds(await makingsOf(world, 'green')), withoutIds(parked));
    assert.equal((await world.answer()).version, 'v2');
    await world.assertClean('blue');
    sayTheSame(run);
    assert.deepEqual(movesOf(run), ['blue 95 %, green 5 %', 'blue 100 %, green 0 %'], run.log);
    return { run, users };
  }

  test('a first release gets all at once, and the one after it in steps', async () => {
    // Nobody is there who could be counted.
    const config = configWith(world, { shift: { ...SHIFT, every: '1s' } });
    const first = await world.act({ 'image-tag': 'v1', config });
    assert.equal(first.outputs['result'], 'deployed', first.log);
    assert.deepEqual(movesOf(first), ['blue 0 %, green 100 %']);
    const second = await world.act({ 'image-tag': 'v2', config });
    assert.equal(second.outputs['result'], 'deployed', second.log);
    assert.deepEqual(movesOf(second), [
      'blue 5 %, green 95 %',
      'blue 50 %, green 50 %',
      'blue 100 %, green 0 %',
    ]);
    await world.assertClean('blue');
  });

  test('a release that fails a fifth of its requests is taken back at 5 %, and no other request fails', async (t) => {
    const { run, users } = await refused('fails', { code: 'error-rate' });
    assert.match(run.report.error.message, /% of the answers of green are errors \(\d+ of \d+/);
    const reached = users.failed + (users.byVersion['fails'] ?? 0);
    tellShare(t, users, reached);
    assert.ok(users.failed > 0 && reached > 0);
    assert.deepEqual(users.failedByKind, { status: users.failed }, 'nothing but what the release answered');
    assert.ok(reached <= most(users.requests, 0.05), `${reached} of ${users.requests} requests met it`);
    assert.ok(users.failed <= most(reached, 0.2), `${users.failed} of ${reached} failed`);
    const { blue, green } = run.report.answers.at(-1).colors;
    assert.equal(blue.errors, 0);
    assert.ok(green.errors > 0 && green.errors <= users.failed, `${green.errors} counted`);
  });

  test('a release that is too slow is taken back at 5 %, and no request fails', async (t) => {
    const { run, users } = await refused('slow', { code: 'latency' });
    assert.match(run.report.error.message, /Answers of green take \d+ ms \(mean of \d+/);
    assert.deepEqual([users.failed, users.failures], [0, []]);
    const reached = users.byVersion['slow'] ?? 0;
    tellShare(t, users, reached);
    assert.ok(reached > 0 && reached <= most(users.requests, 0.05), `${reached} of ${users.requests}`);
  });

  test('a good release goes through to all of the users, and no request fails', async (t) => {
    const load = await world.startUsers(SOME_USERS);
    const seen: LoadSnapshot[] = [];
    const run = await world.act(
      { 'image-tag': 'v3', config: configWith(world, { shift: { ...SHIFT, every: '3s' } }) },
      {
        onLine: (line) => {
          if (/Traffic: blue/.test(line)) seen.push(load.snapshot());
        },
      },
    );
    assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
    assert.deepEqual(movesOf(run), [
      'blue 95 %, green 5 %',
      'blue 50 %, green 50 %',
      'blue 0 %, green 100 %',
    ]);
    await world.assertClean('green');
    const users = await world.usersSaw();
    tellUsers(t, users);
    const measured = seen.slice(1).map((now, index) => newShare(seen[index]!, now));
    t.diagnostic(
      `v3’s share of the answers between two moves: ${measured.map((one) => `${one.toFixed(1)} %`).join(', ')}`,
    );
    const [few, half] = measured as [number, number];
    assert.ok(few > 1 && few < 12, `${few} % for 5 %`);
    assert.ok(half > 30 && half < 65, `${half} % for 50 %`);
  });
});

/** So many of `count` with this share, and four and a half standard deviations. */
const most = (count: number, share: number): number =>
  Math.ceil(count * share + 4.5 * Math.sqrt(count * share * (1 - share)));

/** In percent, of what was answered in between. */
function newShare(from: LoadSnapshot, to: LoadSnapshot): number {
  const all = to.requests - from.requests;
  return (100 * ((to.byVersion['v3'] ?? 0) - (from.byVersion['v3'] ?? 0))) / all;
}

function tellShare(t: TestContext, users: LoadResult, reached: number): void {
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;
  t.diagnostic(
    `${users.failed} of ${users.requests} of the users’ requests failed (${percent(users.failed, users.requests)}); ${reached} met the release (${percent(reached, users.requests)})`,
  );
}
