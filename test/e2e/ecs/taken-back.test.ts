import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, revisionOn, startWorld } from '../world.ts';

test('failing probes during stabilize: taken back, the parked release too', async () => {
  await using world = await startWorld({
    app: { versions: ['v0', 'v1'], live: { version: 'v0' } },
    // Healthy for the load balancer, and for long enough to be accepted; wrong for the probe, which looks closer.
    images: { broken: { env: { FAIL_PATH: '/checkout' } } },
    config: {
      identity: { header: 'x-version', value: '{image-tag}', path: '/health' },
      stabilize: { for: '10s', interval: '250ms', probe: { path: '/checkout', timeout: '2s' } },
    },
  });
  const { app } = world;
  assert.equal((await world.act({ 'image-tag': 'v1' }, {})).outputs['result'], 'deployed');
  const former = revisionOn(world, 'blue');
  const run = await world.act({ 'image-tag': 'broken' });
  assert.equal(run.exitCode, 1, run.log);
  assert.equal(run.outputs['result'], 'rolled-back');
  assert.equal(run.outputs['live-color'], 'green');
  assert.match(run.log, /probes failed on blue/);
  assert.equal(revisionOn(world, 'blue'), former);
  assert.equal(app.service('blue').desiredCount, 0);
  await assertClean(world, 'green');
  const { byVersion } = await world.usersSaw();
  assert.ok((byVersion['broken'] ?? 0) > 0, 'users had it for a while');
});

test('a crash during stabilize: taken back', async () => {
  await using world = await startWorld({
    app: { live: { count: 2 } },
    images: { broken: { env: { DEGRADE_AFTER_MS: '3500' } } },
    config: { stabilize: { for: '20s', interval: '250ms' } },
  });
  const run = await world.act({ 'image-tag': 'broken' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
  assert.equal(run.outputs['live-color'], 'blue');
  await assertClean(world, 'blue');
});
