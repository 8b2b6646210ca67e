import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SOME_USERS } from '../../docker/lab/load.ts';
import { docker } from '../../docker/lab/parts.ts';
import { until } from '../../docker/lab/until.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import type { Load } from '../../load/index.ts';
import { assertUnnoticed, COMPOSE } from './kit.ts';

// What happens once the deployment's own run is over. Each test begins where the one before ended.

/** A file in the container: while it is there, users get errors, and the container is as healthy as before. */
const BAD = '/bad';

describe('watch on HAProxy, under load', { skip: docker.skip }, () => {
  let world: DockerWorld;
  let users: Load;
  before(async () => {
    world = await startDockerWorld({
      proxy: 'haproxy',
      // Without it, the worker would stay down after a reboot of the host.
      compose: COMPOSE.replace('  worker:\n', '  worker:\n    restart: unless-stopped\n').replace(
        "PORT: ''",
        // Only what listens ends with 0 when it is stopped.
        'PORT: 3999',
      ),
      images: { turning: { BAD_WHILE: BAD }, crashing: {} },
      config: {
        retire: { drain: '1500ms' },
        stabilize: { for: '2s', interval: '500ms', probe: { path: '/', timeout: '5s' } },
        watch: { window: '1h' },
      },
    });
  });
  after(async () => {
    await users?.stop().catch(() => {});
    await world?.[Symbol.asyncDispose]();
  });

  const watch = () => world.act({ operation: 'watch' }, { env: { GITHUB_RUN_ID: '4712' } });
  const tags = async () =>
    (await world.engine.docker(['images', '--format', '{{.Repository}}:{{.Tag}}'])).split('\n').sort();
  /** Runs JavaScript in each container that takes the traffic, which may end by it. */
  async function inside(color: 'blue' | 'green', code: string): Promise<void> {
    const web = (await world.containers(color)).filter(({ service }) => service === 'web');
    await Promise.allSettled(web.map(({ id }) => world.engine.docker(['exec', id, 'node', '-e', code])));
  }

  test('a release that does well stays', async (context) => {
    const first = await world.act({ 'image-tag': 'v1' });
    assert.equal(first.outputs['result'], 'deployed', first.log);
    users = await world.startUsers(SOME_USERS);
    const second = await world.act({ 'image-tag': 'turning' });
    assert.equal(second.outputs['result'], 'deployed', second.log);
    const before = await tags();
    assert.match(before.join('\n'), /-blue:was-live-[0-9a-f]{12}-\d{10}$/m, 'since when it is live');
    assert.match(before.join('\n'), /-green:was-live-[0-9a-f]{12}$/m, 'and no longer');
    const run = await watch();
    assert.deepEqual(
      [run.exitCode, run.outputs['result'], run.outputs['live-color']],
      [0, 'unchanged', 'blue'],
      run.log,
    );
    assert.match(
      run.report.summary,
      /^turning on blue, live for \d+ s, does well: 2 of 2 healthy; 1 probe, 0 failed\.$/,
    );
    context.diagnostic(`it took ${run.outputs['duration-seconds']} s`);
    assert.deepEqual(await tags(), before);
    await world.assertClean('blue');
    assertUnnoticed(users);
  });

  test('one that turns bad after its run is taken back, and users lose nothing on the way', async (context) => {
    await inside('blue', `require('node:fs').writeFileSync('${BAD}', '')`);
    await until('users see it', () => users.snapshot().failed > 0);
    const run = await watch();
    assert.deepEqual(
      [run.exitCode, run.outputs['result'], run.outputs['live-color']],
      [1, 'rolled-back', 'green'],
      run.log,
    );
    assert.equal(run.report.error.code, 'probe-failed');
    const ended = Date.now();
    assert.equal((await world.answer()).version, 'v1');
    await world.assertClean('green');
    const back = await world.act({ operation: 'rollback' });
    assert.match(back.report.error.message, /was rolled back from/);
    const { requests, failed, failedByKind, buckets, startedAt } = await users.stop();
    context.diagnostic(`${requests} requests, ${failed} failed, all of them answers of the bad release`);
    assert.deepEqual(
      Object.keys(failedByKind),
      ['status'],
      'it answered them so; none was lost on the way back',
    );
    const last = buckets.findLast((bucket) => bucket.failed > 0)!.t;
    assert.ok(startedAt.getTime() + 1_000 * last < ended, 'and none since it was taken back');
  });

  test('containers that ended after the run are found, though the engine has started them again', async () => {
    users = await world.startUsers({ ratePerSecond: 100 });
    const deployed = await world.act({ 'image-tag': 'crashing' });
    assert.deepEqual(
      [deployed.outputs['result'], deployed.outputs['live-color']],
      ['deployed', 'blue'],
      deployed.log,
    );
    await inside('blue', "process.kill(1, 'SIGTERM')");
    const web = (await world.containers('blue')).filter(({ service }) => service === 'web');
    for (const { id } of web)
      await until('it was started again', async () => {
        const { RestartCount, State } = await world.engine.inspect(id);
        return RestartCount > 0 && State.Running;
      });
    await until('they answer again', () =>
      world.answer().then(
        () => true,
        () => false,
      ),
    );
    const run = await watch();
    assert.deepEqual(
      [run.exitCode, run.outputs['result'], run.outputs['live-color']],
      [1, 'rolled-back', 'green'],
      run.log,
    );
    assert.equal(run.report.error.code, 'unhealthy');
    assert.match(run.report.error.message, /was restarted, as it exited with code 0/);
    await world.assertClean('green');
  });

  test('a reboot of the host is no end of the containers’ own', async () => {
    await users.stop();
    await world.engine.restart();
    await until('they answer again', () =>
      world.answer().then(
        () => true,
        () => false,
      ),
    );
    const run = await watch();
    assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'unchanged'], run.log);
    assert.match(run.report.summary, /^v1 on green, live for \d+ s, does well: 2 of 2 healthy/);
  });

  test('a worker that ended with 0 while it was staged runs before users come, and may end so again', async () => {
    const staged = await world.act({ operation: 'stage', 'image-tag': 'v2' });
    assert.equal(staged.outputs['result'], 'staged', staged.log);
    const worker = (await world.containers('blue')).find(({ service }) => service === 'worker')!;
    const state = async () => (await world.engine.inspect(worker.id)).State;
    await world.engine.docker(['stop', worker.id]);
    assert.deepEqual([(await state()).Running, (await state()).ExitCode], [false, 0]);
    const run = await world.act({ operation: 'promote' });
    assert.deepEqual([run.outputs['result'], run.outputs['live-color']], ['deployed', 'blue'], run.log);
    const { Running, StartedAt } = await state();
    assert.ok(Running);
    const code = "process.kill(1, 'SIGTERM')";
    await world.engine.docker(['exec', worker.id, 'node', '-e', code]).catch(() => {});
    await until('it was started again', async () => {
      const now = await state();
      return now.Running && now.StartedAt !== StartedAt;
    });
    const watched = await watch();
    assert.deepEqual([watched.exitCode, watched.outputs['result']], [0, 'unchanged'], watched.log);
    assert.match(watched.report.summary, /^v2 on blue, live for \d+ s, does well: 2 of 2 healthy/);
  });
});
