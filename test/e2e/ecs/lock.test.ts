import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, startWorld } from '../world.ts';

test('a second run says who is at work, or waits for it', async () => {
  await using world = await startWorld({
    images: { v3: {}, v4: {} },
    config: { stabilize: { for: '3s', interval: '500ms' }, lock: { wait: '60s', ttl: '60s' } },
  });
  const impatient = world.config.replace('"wait": "60s"', '"wait": "0s"');
  const first = world.act(
    { 'image-tag': 'v2', reason: 'the first' },
    { env: { GITHUB_ACTOR: 'bob', GITHUB_RUN_ID: '1' } },
  );
  while ((await world.app.rules()).length === 0) await new Promise((done) => setTimeout(done, 20));
  const refused = await world.act({ 'image-tag': 'v3', config: impatient }, { env: { GITHUB_RUN_ID: '2' } });
  assert.deepEqual([refused.exitCode, refused.outputs['result']], [1, 'failed']);
  assert.match(
    refused.log,
    /deploy by bob \(https:\/\/github\.example\/acme\/shop\/actions\/runs\/1\S*\) is under way/,
  );
  assert.match(refused.log, /the first/);
  assert.ok(
    ['blue', 'green'].includes(refused.outputs['live-color'] ?? ''),
    'the live color is told all the same',
  );
  const waiting = await world.act({ 'image-tag': 'v4' }, { env: { GITHUB_RUN_ID: '3' } });
  assert.equal((await first).outputs['result'], 'deployed', (await first).log);
  assert.equal(waiting.outputs['result'], 'deployed', waiting.log);
  assert.match(waiting.log, /Waiting for deploy by bob/);
  await assertClean(world, 'blue');
  const { byVersion } = await world.usersSaw();
  assert.equal(byVersion['v3'], undefined);
});

test('a rule of the user’s own at the preview priority is not taken for a lock', async () => {
  await using world = await startWorld({ load: false });
  await world.sandbox.call('CreateRule', {
    ListenerArn: world.app.listener,
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/maintenance'] } }],
    Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.exitCode, 1);
  assert.match(run.log, /Priority 1 of .* belongs to a rule of your own/);
  assert.match(run.log, /ecs\.preview-priority/);
});
