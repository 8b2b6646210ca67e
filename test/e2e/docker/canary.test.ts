import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { docker } from '../../docker/lab/parts.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import type { LoadResult, LoadSnapshot } from '../../load/index.ts';
import type { ActionRun } from '../runner.ts';
import { assertUnnoticed, COMPOSE, configWith, makingsOf, sayTheSame, tellUsers, withoutIds } from './kit.ts';

// A release gets the users little by little, and is watched at each step. v1 is parked on green, v2 is live on blue.

const SHIFT = { steps: ['5%', '50%'], every: '5s' };
/** A newer attempt of the same run: it proves that the one before it is dead. */
const NEXT = { env: { GITHUB_RUN_ATTEMPT: '2' } };
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
        deaf: { FAIL_METHOD: 'POST' },
      },
      config: {
        retire: { drain: '4500ms' },
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
    const load = await world.startUsers();
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

  test('a release that fails on POST only is found by our own traffic, whose figures are told', async (t) => {
    const probe = { path: '/', post: '{"ping":true}', headers: { 'content-type': 'application/json' } };
    const gate = { for: '1s', interval: '250ms', 'max-failed-probes': 0, probe };
    const own = configWith(world, { stabilize: gate, shift: { steps: ['50%'], every: '20s' } });
    const load = await world.startUsers({ ratePerSecond: 100 });
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
    const load = await world.startUsers();
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

  test('a good release goes through to all of the users, and no request fails', async (t) => {
    const load = await world.startUsers();
    const seen: LoadSnapshot[] = [];
    const run = await world.act(
      { 'image-tag': 'v3', config },
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

  test('promote goes in steps as well', async (t) => {
    await world.startUsers();
    const staged = await world.act({ operation: 'stage', 'image-tag': 'v1', config });
    assert.equal(staged.outputs['result'], 'staged', staged.log);
    assert.equal((await world.answer()).version, 'v3');
    const promoted = await world.act({ operation: 'promote', config });
    assert.deepEqual([promoted.exitCode, promoted.outputs['result']], [0, 'deployed'], promoted.log);
    assert.deepEqual(movesOf(promoted), [
      'blue 5 %, green 95 %',
      'blue 50 %, green 50 %',
      'blue 100 %, green 0 %',
    ]);
    await world.assertClean('blue');
    tellUsers(t, await world.usersSaw());
  });
});

for (const proxy of ['caddy', 'alias'] as const)
  test(`${proxy} refuses to shift in steps before anything starts`, { skip: docker.skip }, async () => {
    await using world = await startDockerWorld({ proxy, config: { shift: SHIFT } });
    const run = await world.act({ 'image-tag': 'v1' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
    assert.equal(run.report.error.code, 'preflight', run.log);
    assert.match(run.report.error.message, /gives all traffic to one color: it can’t shift in steps/);
    assert.match(run.report.error.hint, /shift: all-at-once/);
    assert.deepEqual([await world.containers('blue'), await world.containers('green')], [[], []]);
  });

/** How the traffic moved, by the run’s own log. */
const movesOf = ({ log }: ActionRun): string[] =>
  [...log.matchAll(/Traffic: (blue \d+ %, green \d+ %)/g)].map(([, weights]) => weights!);

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
