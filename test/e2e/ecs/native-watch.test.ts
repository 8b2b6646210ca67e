import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertSettled, startNativeWorld } from '../native-world.ts';

test('a release that turns bad after ECS has ended its deployment: the former one is deployed again', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'bad-'));
  const bad = join(folder, 'bad');
  try {
    await using world = await startNativeWorld({
      load: false,
      images: { turning: { env: { BAD_WHILE: bad } } },
      config: { stabilize: { interval: '250ms', probe: { path: '/', timeout: '5s' } } },
    });
    const watch = () => world.act({ operation: 'watch' }, { env: { GITHUB_RUN_ID: '4712' } });
    const { sandbox } = world;
    const deployed = await world.act({ 'image-tag': 'turning' });
    assert.equal(deployed.outputs['result'], 'deployed', deployed.log);

    const before = sandbox.requests.length;
    const good = await watch();
    assert.deepEqual([good.exitCode, good.outputs['result']], [0, 'unchanged'], good.log);
    assert.match(
      good.report.summary,
      /^turning on green, live for \d+ s, does well: 2 of 2 healthy; 1 probe, 0 failed\.$/,
    );
    const calls = sandbox.requests.slice(before).map(({ operation }) => operation);
    assert.deepEqual(
      calls.filter((name) => !/^(Describe|List)/.test(name)),
      [],
    );
    context.diagnostic(`${calls.length} calls for a good one`);

    await writeFile(bad, '');
    const run = await watch();
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.equal(run.report.error.code, 'probe-failed');
    await assertSettled(world, run.outputs['live-color'] as 'blue' | 'green', 'v1');
    assert.equal(run.outputs['image'], world.app.image('v1'));

    const after = await watch();
    assert.deepEqual([after.exitCode, after.outputs['result']], [0, 'unchanged'], after.log);
    assert.match(after.report.summary, /^v1 on \w+, live for \d+ s, does well: 2 of 2 healthy/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('while ECS deploys for somebody else, nothing is judged', async () => {
  await using world = await startNativeWorld({ load: false, app: { deployment: { bakeTimeInMinutes: 20 } } });
  const { app, sandbox } = world;
  await sandbox.call('TagResource', {
    resourceArn: app.record().arn,
    tags: [{ key: 'blue-green:live-since', value: `shop:1 ${new Date().toISOString()}` }],
  });
  await sandbox.call('UpdateService', {
    cluster: app.cluster,
    service: app.service,
    taskDefinition: 'shop:1',
    forceNewDeployment: true,
  });
  const run = await world.act({ operation: 'watch' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'unchanged'], run.log);
  assert.match(run.report.summary, /The platform is at work: |Nobody wrote down/);
});
