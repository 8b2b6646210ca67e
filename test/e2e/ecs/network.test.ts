import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Listener } from '@aws-sdk/client-elastic-load-balancing-v2';
import { assertClean, startWorld, type World, type WorldOptions } from '../world.ts';

// Behind a network load balancer: what is shared out are connections. No rules, hence no preview, and a lock of tags.

/** Clients that open a connection for each request: what is open at the switch is theirs to repeat (docs/ecs.md). */
const CONNECTIONS = { fresh: 1, slow: { inFlight: 0, ms: 1 }, idle: { connections: 0, seconds: 1 } };

async function start({ app, config, ...more }: WorldOptions = {}): Promise<World> {
  return startWorld({
    load: CONNECTIONS,
    ...more,
    app: { loadBalancer: 'network', ...app },
    config: { identity: { header: 'x-version', value: '{image-tag}', path: '/' }, ...config },
  });
}

/** A listener of its own through which a color is reached, whether users have it or not: returns its port. */
async function wayTo({ sandbox, app }: World, color: 'blue' | 'green'): Promise<number> {
  const { Port }: Listener = await sandbox.elb.createListener({
    LoadBalancerArn: app.loadBalancer,
    Protocol: 'TCP',
    Port: undefined,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: app.targetGroups[color] }],
  });
  return Port!;
}

/** Nobody is at work, as far as the listener says. */
async function assertFree({ sandbox, app }: World): Promise<void> {
  const { TagDescriptions } = await sandbox.call<{ TagDescriptions: { Tags: { Key: string }[] }[] }>(
    'DescribeTags',
    { ResourceArns: [app.listener] },
  );
  assert.deepEqual(TagDescriptions[0]?.Tags, []);
}

test('deploy, deploy, rollback: no new connection fails; smoke tests go by url', async () => {
  await using world = await start({ images: { v3: {} } });
  const ways = { blue: await wayTo(world, 'blue'), green: await wayTo(world, 'green') };
  const config = JSON.parse(world.config);
  const smokeOf = (color: 'blue' | 'green', version: string) => {
    config.environments.production.smoke = [
      { url: `http://127.0.0.1:${ways[color]}/health`, body: `"version":"${version}"`, retries: 0 },
    ];
    return JSON.stringify(config, null, 1);
  };
  const run = await world.act({ 'image-tag': 'v2', config: smokeOf('green', 'v2') });
  assert.deepEqual([run.outputs['result'], run.outputs['live-color']], ['deployed', 'green'], run.log);
  assert.equal(run.log.match(/::warning.*no lock that only one of two runs can get/g)?.length, 1, run.log);
  const refused = await world.act({ 'image-tag': 'v3', config: smokeOf('blue', 'v2') });
  assert.deepEqual(
    [refused.outputs['result'], refused.outputs['live-color']],
    ['failed', 'green'],
    refused.log,
  );
  assert.match(refused.report.error.message, /Smoke test .* failed on blue/);
  const again = await world.act({ 'image-tag': 'v3', config: smokeOf('blue', 'v3') });
  assert.deepEqual([again.outputs['result'], again.outputs['live-color']], ['deployed', 'blue'], again.log);
  const back = await world.act({ operation: 'rollback' });
  assert.deepEqual([back.outputs['result'], back.outputs['image']], ['rolled-back', world.app.image('v2')]);
  await assertClean(world, 'green');
  await assertFree(world);
  const { byVersion } = await world.usersSaw();
  assert.deepEqual(Object.keys(byVersion).sort(), ['v1', 'v2', 'v3']);
});

test('stage, promote; a failing release is taken back; a listener with one group gets both', async () => {
  await using world = await start({
    app: { forward: 'single' },
    images: { broken: { env: { FAIL_PATH: '/checkout' } } },
    config: { stabilize: { for: '5s', interval: '250ms', probe: { path: '/checkout', status: 404 } } },
  });
  const staged = await world.act({ operation: 'stage', 'image-tag': 'v2' });
  assert.equal(staged.outputs['result'], 'staged', staged.log);
  assert.equal(staged.outputs['preview-url'] ?? '', '');
  await assertFree(world);
  const quick = JSON.parse(world.config);
  quick.environments.production.stabilize = { for: '500ms', interval: '250ms' };
  const promoted = await world.act({ operation: 'promote', config: JSON.stringify(quick, null, 1) });
  assert.equal(promoted.outputs['result'], 'deployed', promoted.log);
  const broken = await world.act({ 'image-tag': 'broken' });
  assert.deepEqual(
    [broken.outputs['result'], broken.outputs['live-color']],
    ['rolled-back', 'green'],
    broken.log,
  );
  await assertClean(world, 'green');
  await assertFree(world);
});

test('a second run says who is at work; a killed one is cleaned up after', async () => {
  await using world = await start({ config: { stabilize: { for: '20s', interval: '250ms' } } });
  const { sandbox } = world;
  let kill = () => {};
  const shifted = Promise.withResolvers<void>();
  sandbox.onCall((operation) => {
    if (operation === 'ModifyListener') shifted.resolve();
  });
  const first = world.act(
    { 'image-tag': 'v2', reason: 'the first' },
    {
      post: false,
      env: { GITHUB_ACTOR: 'bob' },
      onStart: (handle) => {
        kill = handle.kill;
      },
    },
  );
  await shifted.promise;
  const second = await world.act({ 'image-tag': 'v2' }, { env: { GITHUB_RUN_ID: '2' } });
  assert.deepEqual([second.exitCode, second.report.error.code], [1, 'lock-held'], second.log);
  assert.match(second.log, /deploy by bob .*is under way/);
  kill();
  assert.equal((await first).exitCode, null);
  const next = await world.act({ operation: 'abort' }, { env: { GITHUB_RUN_ATTEMPT: '2' } });
  assert.deepEqual([next.outputs['result'], next.outputs['live-color']], ['rolled-back', 'blue'], next.log);
  await assertClean(world, 'blue');
  await assertFree(world);
  await world.usersSaw();
});
