import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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
  assert.match(run.log, /(?:probes failed on blue|requests of our own failed)/);
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

test('tasks that crash while users have them: taken back, with the reason, which Slack gets too', async () => {
  const messages: string[] = [];
  const slack = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    messages.push(body);
    response.end('ok');
  });
  await new Promise<void>((done) => slack.listen(0, '127.0.0.1', done));
  try {
    await using world = await startWorld({
      load: false,
      app: { live: { count: 2 } },
      config: { stabilize: { for: '20s', interval: '250ms' } },
    });
    const { app } = world;
    const run = await world.act(
      {
        'image-tag': 'v2',
        'slack-webhook-url': `http://127.0.0.1:${(slack.address() as AddressInfo).port}/hook`,
      },
      {
        onLine: (line) => {
          if (!/Watch green/.test(line)) return;
          for (const { containers } of app.tasks('green')) containers[0]!.process!.kill('SIGKILL');
        },
      },
    );
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    const { error } = run.report;
    assert.equal(error.code, 'unhealthy');
    assert.match(error.message, /^green is not healthy: the application was killed: .*exited with 137/);
    assert.match(error.hint, /memory/);
    assert.match(messages[0] ?? '', /the application was killed: /);
    assert.match(messages[0] ?? '', /raise memory/);
    await assertClean(world, 'blue');
  } finally {
    slack.close();
  }
});
