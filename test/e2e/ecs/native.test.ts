import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSettled, startNativeWorld } from '../native-world.ts';

const IDENTITY = { header: 'x-version', value: '{image-tag}', path: '/health' };

test('a deploy is driven through its stages, and no request fails', async () => {
  await using world = await startNativeWorld({
    app: { deployment: { bakeTimeInMinutes: 1 } },
    config: {
      identity: IDENTITY,
      stabilize: { interval: '250ms', probe: { path: '/health', timeout: '2s' } },
    },
  });
  const run = await world.act({ 'image-tag': 'v2' });
  console.log(run.log);
  assert.equal(run.exitCode, 0, run.log);
  assert.equal(run.outputs['result'], 'deployed');
  assert.deepEqual([run.outputs['live-color'], run.outputs['image']], ['green', world.app.image('v2')]);
  assert.equal(run.outputs['previous-image'], world.app.image('v1'));
  assert.match(run.log, /BAKE_TIME/);
  await assertSettled(world, 'green', 'v2');
  const { byVersion } = await world.usersSaw();
  assert.ok((byVersion['v1'] ?? 0) > 0 && (byVersion['v2'] ?? 0) > 0, JSON.stringify(byVersion));
});
