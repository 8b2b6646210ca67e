import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { docker } from '../../docker/lab/parts.ts';
import { freePort } from '../../docker/lab/registry.ts';
import { type DockerWorld, startDockerWorld } from '../../docker/lab/world.ts';
import type { Load } from '../../load/index.ts';
import type { ActionOptions, ActionRun } from '../runner.ts';
import {
  assertUnnoticed,
  COMPOSE,
  configWith,
  type Makings,
  makingsOf,
  sayTheSame,
  tellUsers,
  withoutIds,
} from './kit.ts';

// Releases that must not stay: refused with their reason before users meet them, or taken back, and the parked release
// is as it was. v1 is parked on green, v2 is live on blue.

const BROKEN = {
  sick: { HEALTH: 'never' },
  quits: { EXIT_AT_START: '7' },
  greedy: { OOM: '100' },
  wrong: { WRONG_BODY: 'something else' },
  fails: { FAIL_PATH: '/checkout' },
  dies: {},
};

describe('releases that fail on HAProxy, under load', { skip: docker.skip }, () => {
  let world: DockerWorld;
  let users: Load;
  let parked: readonly Makings[];
  before(async () => {
    world = await startDockerWorld({
      proxy: 'haproxy',
      compose: COMPOSE,
      images: BROKEN,
      config: {
        retire: { drain: '4500ms' },
        smoke: [{ path: '/', body: '"ok":true', retries: 0 }],
        stabilize: { for: '30s', interval: '250ms', probe: { path: '/checkout', timeout: '5s' } },
      },
    });
    for (const [tag, note] of [
      ['v1', 'one'],
      ['v2', 'two'],
    ] as const) {
      const config = configWith(world, { stabilize: { for: '0s' }, retire: { drain: '1s' } });
      const run = await world.act({ 'image-tag': tag, config }, { env: { NOTE: note } });
      assert.equal(run.outputs['result'], 'deployed', run.log);
    }
    parked = await makingsOf(world, 'green');
    users = await world.startUsers();
  });
  after(() => world?.[Symbol.asyncDispose]());

  /** Deploys it, and asserts that the host is as it was before. */
  async function fail(
    tag: string,
    result: 'failed' | 'rolled-back',
    additions: Readonly<Record<string, unknown>> = {},
    options: Partial<ActionOptions> = {},
  ): Promise<ActionRun> {
    const live = await makingsOf(world, 'blue');
    const config = configWith(world, additions);
    const run = await world.act({ 'image-tag': tag, config }, options);
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, result], run.log);
    assert.deepEqual([run.outputs['live-color'], run.outputs['idle-color']], ['blue', 'green']);
    assert.match(run.outputs['image'] ?? '', /:v2@sha256:/);
    assert.match(run.outputs['previous-image'] ?? '', /:v1@sha256:/);
    assert.deepEqual(await makingsOf(world, 'blue'), live, 'what users have is not touched');
    assert.deepEqual(withoutIds(await makingsOf(world, 'green')), withoutIds(parked));
    await world.assertClean('blue');
    if (result === 'failed') assert.equal(users.snapshot().byVersion[tag], undefined, 'no user ever saw it');
    sayTheSame(run);
    assertUnnoticed(users);
    return run;
  }

  const assertDetails = ({ report, log }: ActionRun, ...details: readonly RegExp[]) => {
    for (const detail of details)
      assert.ok(
        report.error.details.some((line: string) => detail.test(line)),
        `${detail} in ${report.error.details.join('\n')}\n${log}`,
      );
  };

  test('never healthy: refused when time is up, with what its health check answers', async () => {
    const { report, ...run } = await fail('sick', 'failed', {
      health: { path: '/health', timeout: '3s', interval: '100ms' },
    });
    assert.equal(report.error.code, 'health-timeout', run.log);
    assert.match(report.error.message, /GET \/health answered 500/);
    assertDetails({ report, ...run }, /log of storefront-production-green-web-1/);
    const ready = report.error.details.filter((line: string) => line.trim() === 'listening');
    assert.equal(ready.length, 1, 'the log as it is, each line once');
  });

  test('exits at once: refused with its exit code and its last words', async () => {
    const run = await fail('quits', 'failed');
    assert.equal(run.report.error.code, 'unhealthy', run.log);
    assert.match(run.report.error.message, /green-web-\d exited with code 7/);
    assertDetails(run, /cannot start: EXIT_AT_START is 7/);
  });

  test('out of memory: refused with the limit that it ran into', async () => {
    const run = await fail('greedy', 'failed');
    assert.equal(run.report.error.code, 'unhealthy', run.log);
    assert.match(run.report.error.message, /out of memory, its limit is 250 MiB/);
    assert.match(run.report.error.hint, /memory/i);
    assertDetails(run, /taking all the memory there is/);
  });

  test('an image that the registry does not have: refused before anything starts', async () => {
    const former = await makingsOf(world, 'green');
    const run = await fail('missing', 'failed');
    assert.match(run.report.error.message, /storefront:missing .* is not in 127\.0\.0\.1:\d+/);
    assert.deepEqual(await makingsOf(world, 'green'), former, 'nothing was started');
  });

  test('what both colors can not have at once is refused before anything starts, with its line', async () => {
    const former = await makingsOf(world, 'green');
    const port = await freePort();
    const text = COMPOSE.replace(
      '    stop_grace_period: 10s\n',
      `    ports: ["127.0.0.1:${port}:3000"]\n    container_name: storefront\n`,
    );
    writeFileSync(join(world.workspace, 'overlap.yml'), text);
    const run = await fail('v1', 'failed', { docker: { compose: 'overlap.yml' } });
    assert.equal(run.report.error.code, 'preflight', run.log);
    const told = [run.report.error.message, ...run.report.error.details].join('\n');
    assert.match(
      told,
      new RegExp(`Service web \\(overlap\\.yml:9\\) publishes port 127\\.0\\.0\\.1:${port} `),
    );
    assert.match(told, /Service web \(overlap\.yml:10\) names its container storefront/);
    assert.deepEqual(await makingsOf(world, 'green'), former, 'nothing was started');
  });

  test('a failing smoke test: refused with what it said', async () => {
    const run = await fail('wrong', 'failed');
    assert.equal(run.report.error.code, 'smoke-failed', run.log);
    assert.match(run.report.error.message, /Smoke test GET \/ failed on green/);
  });

  test('failing probes while users have it: taken back', async () => {
    const run = await fail('fails', 'rolled-back');
    assert.equal(run.report.error.code, 'probe-failed', run.log);
    assert.match(run.report.error.message, /(?:probes failed on green|requests of our own failed)/);
    assert.ok((users.snapshot().byVersion['fails'] ?? 0) > 0, 'users had it for a while');
  });

  test('a crash after the switch, of what works beside the traffic: taken back with its reason', async () => {
    const run = await fail(
      'dies',
      'rolled-back',
      {},
      {
        onLine: (line) => {
          if (/Watch green/.test(line)) crash('storefront-production-green-worker-1');
        },
      },
    );
    assert.equal(run.report.error.code, 'unhealthy', run.log);
    assert.match(run.report.error.message, /green-worker-1 exited with code 137/);
    assertDetails(run, /version dies starts as/);
    assert.ok((users.snapshot().byVersion['dies'] ?? 0) > 0, 'users had it for a while');
  });

  test('after all of them, a rollback leads to the release before', async () => {
    const back = await world.act({ operation: 'rollback' });
    assert.deepEqual([back.exitCode, back.outputs['result']], [0, 'rolled-back'], back.log);
    assert.equal((await world.answer()).version, 'v1');
    assert.deepEqual(withoutIds(await makingsOf(world, 'green')), withoutIds(parked));
    await world.assertClean('green');
    assertUnnoticed(users);
  });

  test('users noticed nothing of all this', async (t) => {
    tellUsers(t, await world.usersSaw());
  });

  test('a crash after the switch, of what takes the traffic and is started again: taken back', async () => {
    const run = await world.act(
      { 'image-tag': 'dies' },
      {
        onLine: (line) => {
          if (/Watch blue/.test(line)) endItself('storefront-production-blue-web-2');
        },
      },
    );
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.match(run.report.error.message, /blue-web-2 was restarted, as it exited with code 0/);
    assert.equal((await world.answer()).version, 'v1');
    await world.assertClean('green');
  });

  const crash = (name: string) => void world.engine.docker(['kill', name]).catch(() => {});
  /** Unlike `docker kill`, after which Docker would leave it alone. */
  const endItself = (name: string) =>
    void world.engine.docker(['exec', name, 'node', '-e', 'process.kill(1)']).catch(() => {});
});
