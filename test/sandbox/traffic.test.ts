import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadResult } from '../load/index.ts';
import { startLoad } from '../load/index.ts';
import { type BlueGreenApp, blueGreenApp } from './blue-green-app.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

/** What users see while something is done. The sandbox is worth something only if mistakes hurt here. */
async function underLoad(work: (sandbox: Sandbox, app: BlueGreenApp) => Promise<void>): Promise<LoadResult> {
  await using sandbox = await startSandbox({ scale: 0.05 });
  const app = await blueGreenApp(sandbox);
  await sandbox.call('RegisterTaskDefinition', {
    family: 'shop',
    networkMode: 'awsvpc',
    containerDefinitions: [{ name: 'app', image: app.image('v2'), portMappings: [{ containerPort: 8080 }] }],
  });
  const load = await startLoad({
    url: app.url,
    addresses: app.urls.map((url) => new URL(url).hostname),
    ratePerSecond: 100,
    slow: { inFlight: 4, ms: 200 },
  });
  try {
    await work(sandbox, app);
    await new Promise((done) => setTimeout(done, 300));
  } finally {
    await load.stop();
  }
  return await load.stop();
}

const update = (sandbox: Sandbox, app: BlueGreenApp, color: 'blue' | 'green', input: object) =>
  sandbox.call('UpdateService', { cluster: app.cluster, service: app.services[color], ...input });

const shiftToGreen = (sandbox: Sandbox, app: BlueGreenApp) =>
  sandbox.call('ModifyListener', {
    ListenerArn: app.listener,
    DefaultActions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: app.targetGroups.blue, Weight: 0 },
            { TargetGroupArn: app.targetGroups.green, Weight: 100 },
          ],
        },
      },
    ],
  });

test('a rolling update of the live color fails no request', async () => {
  const result = await underLoad(async (sandbox, app) => {
    await update(sandbox, app, 'blue', { taskDefinition: 'shop' });
    await app.steady('blue');
  });
  assert.equal(result.failed, 0, JSON.stringify(result.failures));
  assert.ok(result.byVersion['v1']! > 0 && result.byVersion['v2']! > 0);
});

test('blue/green done right fails no request', async () => {
  const result = await underLoad(async (sandbox, app) => {
    await update(sandbox, app, 'green', { taskDefinition: 'shop', desiredCount: 2 });
    await app.steady('green');
    await shiftToGreen(sandbox, app);
    await sandbox.elb.settled();
    await update(sandbox, app, 'blue', { desiredCount: 0 });
    await app.steady('blue');
  });
  assert.equal(result.failed, 0, JSON.stringify(result.failures));
  assert.ok(result.byVersion['v1']! > 0 && result.byVersion['v2']! > 0);
});

test('shifting before the new color is healthy fails requests', async () => {
  const result = await underLoad(async (sandbox, app) => {
    // Longer than the load balancer takes to learn of the shift, or luck would hide the mistake.
    sandbox.addImage(app.image('v2'), { env: { BOOT_MS: '800' } });
    await update(sandbox, app, 'green', { taskDefinition: 'shop', desiredCount: 2 });
    await shiftToGreen(sandbox, app);
    await app.steady('green');
  });
  assert.ok(result.failed > 0);
});

test('retiring the old color before the data plane has moved fails requests', async () => {
  const result = await underLoad(async (sandbox, app) => {
    sandbox.elb.setLag([20, 20]);
    await update(sandbox, app, 'green', { taskDefinition: 'shop', desiredCount: 2 });
    await app.steady('green');
    await shiftToGreen(sandbox, app);
    await update(sandbox, app, 'blue', { desiredCount: 0 });
    await app.steady('blue');
    await sandbox.elb.settled();
  });
  assert.ok(result.failed > 0);
});
