import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { releaseId } from '../../../src/target/ecs/arn.ts';
import { type Load, startLoad } from '../../load/index.ts';
import { callsByOperation, callTable } from '../calls.ts';
import type { ActionRun } from '../runner.ts';
import { assertClean, revisionOn, startWorld, type World } from '../world.ts';

// What happens once the deployment's own run is over: a schedule, or a job after it, looks at the release.

/** Users of their own: here some of their requests must fail. */
function users({ app, config }: World): Promise<Load> {
  const { url } = JSON.parse(config).environments.production;
  return startLoad({ url, addresses: app.urls.map((one) => new URL(one).hostname) });
}

const LIVE_SINCE = 'blue-green:live-since';

/** Lets it be as if users had the color's release for so long. */
async function setAge(world: World, color: 'blue' | 'green', ms: number): Promise<void> {
  const value = `${releaseId(revisionOn(world, color))} ${new Date(Date.now() - ms).toISOString()}`;
  await world.sandbox.call('TagResource', {
    resourceArn: world.app.serviceArns[color],
    tags: [{ key: LIVE_SINCE, value }],
  });
}

/** What `watch` asked for; it must have changed nothing. */
async function watched(
  world: World,
  config = world.config,
): Promise<{ run: ActionRun; calls: ReadonlyMap<string, number> }> {
  const before = world.sandbox.requests.length;
  const run = await world.act({ operation: 'watch', config }, { env: { GITHUB_RUN_ID: '4712' } });
  return { run, calls: callsByOperation(world.sandbox.requests.slice(before)) };
}

function assertIdle({ run, calls }: Awaited<ReturnType<typeof watched>>): void {
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'unchanged'], run.log);
  const changes = [...calls.keys()].filter((name) => !/:(Describe|List|Get)/.test(name));
  assert.deepEqual(changes, []);
  assert.doesNotMatch(run.summary, /Timeline/, 'a short summary');
  assert.equal(run.postLog, '', 'nothing is left for the post step');
}

const total = (calls: ReadonlyMap<string, number>) => [...calls.values()].reduce((sum, one) => sum + one, 0);

test('a release that turns bad after its run is taken back; a good one, an old one and a running deploy are left alone', async (context: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'bad-'));
  const bad = join(folder, 'bad');
  await using world = await startWorld({
    load: false,
    images: { turning: { env: { BAD_WHILE: bad } } },
    config: {
      stabilize: { for: '3s', interval: '250ms', probe: { path: '/', timeout: '5s' } },
      watch: { window: '1h' },
    },
  });
  const { app } = world;
  const load = await users(world);
  try {
    // While it is deployed.
    let during: ReturnType<typeof watched> | undefined;
    const deployed = await world.act(
      { 'image-tag': 'turning' },
      {
        onLine: (line) => {
          if (/Watch green/.test(line)) during ??= watched(world);
        },
      },
    );
    assert.deepEqual([deployed.exitCode, deployed.outputs['result']], [0, 'deployed'], deployed.log);
    const { run: meanwhile } = (await during) ?? assert.fail('never watched');
    assert.deepEqual([meanwhile.exitCode, meanwhile.outputs['result']], [0, 'unchanged'], meanwhile.log);
    assert.match(
      meanwhile.report.summary,
      /A deploy of turning is under way \((shifting|retiring)\)|At work: deploy/,
    );

    // Good.
    const good = await watched(world);
    assertIdle(good);
    assert.match(
      good.run.report.summary,
      /turning on green, live for \d+ s, does well: 2 of 2 healthy; 1 probe, 0 failed\./,
    );
    assert.equal(load.snapshot().failed, 0);

    // Bad, but live for so long that others have answered for it.
    await writeFile(bad, '');
    await setAge(world, 'green', 2 * 3_600_000);
    const old = await watched(world);
    assertIdle(old);
    assert.match(old.run.report.summary, /went live 2 h ago, longer than watch\.window \(60 min\)/);
    context.diagnostic(`\n${callTable({ 'a good one': good.calls, 'an old one': old.calls })}`);
    assert.ok(total(good.calls) <= 14, `${total(good.calls)} calls`);
    assert.ok(total(old.calls) <= 4, `${total(old.calls)} calls`);

    // Bad.
    await setAge(world, 'green', 60_000);
    const { run } = await watched(world);
    assert.deepEqual(
      [run.exitCode, run.outputs['result'], run.outputs['live-color'], run.outputs['image']],
      [1, 'rolled-back', 'blue', app.image('v1')],
      run.log,
    );
    assert.equal(run.report.error.code, 'probe-failed');
    assert.match(run.report.error.message, /2 of 2 probes failed on green/);
    assert.match(run.summary, /Users had shop:turning\S*, and it was taken back\. shop:v1 is live on blue\./);
    const ended = Date.now();
    await assertClean(world, 'blue');
    assert.equal(app.service('green').desiredCount, 0);

    // It is known for what it is, and what is live now is watched like any other release.
    const after = await watched(world);
    assertIdle(after);
    assert.match(after.run.report.summary, /v1 on blue, live for \d+ s, does well/);
    const back = await world.act({ operation: 'rollback' });
    assert.match(back.report.error.message, /was rolled back from/);

    const { requests, failed, failedByKind, buckets, startedAt } = await load.stop();
    context.diagnostic(`${requests} requests, ${failed} failed, all of them answers of the bad release`);
    assert.ok(failed > 0, 'users had it');
    assert.deepEqual(
      Object.keys(failedByKind),
      ['status'],
      'it answered them so; none was lost on the way back',
    );
    const last = buckets.findLast((bucket) => bucket.failed > 0)!.t;
    assert.ok(startedAt.getTime() + 1_000 * last < ended, 'and none since it was taken back');
  } finally {
    await load.stop().catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }
});

test('tasks that crashed after the run are found, though others have taken their place', async () => {
  await using world = await startWorld({ load: false });
  const { app } = world;
  assert.equal((await world.act({ 'image-tag': 'v2' })).outputs['result'], 'deployed');
  for (const { containers } of app.tasks('green')) containers[0]!.process!.kill('SIGKILL');
  await new Promise((done) => setTimeout(done, 100));
  await app.steady('green');
  const { run } = await watched(world);
  assert.deepEqual(
    [run.exitCode, run.outputs['result'], run.outputs['live-color']],
    [1, 'rolled-back', 'blue'],
    run.log,
  );
  assert.equal(run.report.error.code, 'unhealthy');
  assert.match(
    run.report.error.message,
    /^green is not healthy: .*2 tasks stopped, the last: .*exited with 137/,
  );
  await assertClean(world, 'blue');
});

test('a task that crashed before the release went live is no reason', async () => {
  await using world = await startWorld({ load: false });
  const { app } = world;
  for (const { containers } of app.tasks('blue')) containers[0]!.process!.kill('SIGKILL');
  await new Promise((done) => setTimeout(done, 100));
  await app.steady('blue');
  await setAge(world, 'blue', 0);
  const seen = await watched(world);
  assertIdle(seen);
  assert.match(seen.run.report.summary, /^v1 on blue, live for \d+ s, does well: 2 of 2 healthy\.$/);
});

test('with nothing to go back to, the run fails and says what is wrong', async () => {
  await using world = await startWorld({
    load: false,
    config: { stabilize: { probe: { path: '/echo?', status: 418 } } },
  });
  await setAge(world, 'blue', 60_000);
  const { run } = await watched(world);
  assert.deepEqual(
    [run.exitCode, run.outputs['result'], run.outputs['live-color']],
    [1, 'failed', 'blue'],
    run.log,
  );
  assert.equal(run.report.error.code, 'not-taken-back');
  assert.match(run.report.error.message, /probes failed on blue.*It was not taken back: .*never live/);
  await assertClean(world, 'blue');
});
