import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { registerTaskDefinition } from '../../sandbox/blue-green-setup.ts';
import { assertSettled, type NativeWorld, PAUSE, startNativeWorld } from '../native-world.ts';
import { SIDE_BY_SIDE } from '../side-by-side.ts';

// Releases that must not reach users where ECS itself moves the traffic, and what is refused before anything changes.

/** Refused: users stay where they are, and nothing of it stays behind. */
async function refuse(world: NativeWorld, inputs: Record<string, string> = {}, seen = false) {
  const run = await world.act({ 'image-tag': 'broken', ...inputs });
  assert.equal(run.exitCode, 1, run.log);
  assert.equal(run.outputs['result'], seen ? 'rolled-back' : 'failed', run.log);
  assert.deepEqual([run.outputs['live-color'], run.outputs['image']], ['blue', world.app.image('v1')]);
  await assertSettled(world, 'blue', 'v1');
  const { byVersion } = await world.usersSaw();
  assert.equal((byVersion['broken'] ?? 0) > 0, seen, JSON.stringify(byVersion));
  return run;
}

/** That nothing was asked of ECS. */
const unchanged = (world: NativeWorld) =>
  assert.deepEqual(
    world.sandbox.requests
      .map(({ operation }) => operation)
      .filter((one) => /^(UpdateService|RegisterTaskDefinition|StopServiceDeployment)$/.test(one)),
    [],
  );

describe('releases that are refused where ECS deploys', { concurrency: SIDE_BY_SIDE }, () => {
  test('never healthy: called back with the reason, before ECS would find out', async () => {
    await using world = await startNativeWorld({ images: { broken: { env: { HEALTH: 'never' } } } });
    const run = await refuse(world);
    assert.equal(run.report.error.code, 'unhealthy');
    assert.match(run.log, /health check/i);
    assert.equal(world.app.rollout().status, 'ROLLBACK_SUCCESSFUL');
  });

  test('a crash loop', async () => {
    await using world = await startNativeWorld({
      images: { broken: { env: { CRASH_AFTER_MS: '100', EXIT_CODE: '7' } } },
    });
    assert.match((await refuse(world)).log, /exited with 7/);
  });

  test('an image that cannot be pulled', async () => {
    await using world = await startNativeWorld();
    assert.match((await refuse(world)).log, /CannotPullContainerError/);
  });

  test('a smoke test that fails at the test listener, while ECS waits at its PAUSE hook', async () => {
    await using world = await startNativeWorld({
      images: { broken: { env: { WRONG_BODY: '1' } } },
      app: { deployment: PAUSE('POST_TEST_TRAFFIC_SHIFT') },
      config: { smoke: [{ path: '/health', body: '"ok":true', retries: 0 }] },
    });
    const run = await refuse(world);
    assert.match(run.log, /Smoke test GET \/health failed on green/);
  });

  test('smoke tests that ECS does not wait for are refused; with force, a failure takes the release back', async () => {
    await using world = await startNativeWorld({
      images: { broken: { env: { WRONG_BODY: '1' } } },
      app: { deployment: { bakeTimeInMinutes: 10 } },
      config: { smoke: [{ path: '/health', body: '"ok":true', retries: 20 }] },
    });
    const refused = await world.act({ 'image-tag': 'broken' });
    assert.deepEqual([refused.exitCode, refused.report.error.code], [1, 'preflight'], refused.log);
    assert.match(refused.log, /does not wait for the smoke tests/);
    assert.match(refused.log, /POST_TEST_TRAFFIC_SHIFT/);
    unchanged(world);
    const run = await refuse(world, { force: 'true' }, true);
    assert.match(run.log, /Smoke test GET \/health failed/);
  });

  test('health.timeout: what does not come up is called back', async () => {
    await using world = await startNativeWorld({
      images: { broken: { pullSeconds: 3600 } },
      config: { health: { timeout: '2s', interval: '200ms' } },
    });
    const run = await refuse(world);
    assert.equal(run.report.error.code, 'health-timeout');
  });

  test('ECS’s own circuit breaker is never taken for success, and told with the reason of the tasks', async () => {
    await using world = await startNativeWorld({
      images: { broken: { env: { HEALTH: 'never' } } },
      app: { deployment: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
      // So seldom that ECS finds out first.
      config: { health: { timeout: '60s', interval: '15s' } },
    });
    const run = await refuse(world);
    assert.equal(run.report.error.code, 'platform-rolled-back', run.log);
    assert.match(
      run.report.error.message,
      /On green, ECS rolled the deployment back: its circuit breaker counted \d/,
    );
  });

  test('an alarm of the service that goes off in the bake time: taken back by ECS, and told', async () => {
    const alarm = {
      ...{
        AlarmName: 'shop-5xx',
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 1,
      },
      ...{ Namespace: 'Shop', MetricName: 'Errors', Statistic: 'Sum', Period: 60 },
    };
    await using world = await startNativeWorld({
      images: { broken: {} },
      prepare: async (sandbox) => {
        await sandbox.call('PutMetricAlarm', alarm);
        await sandbox.call('SetAlarmState', { AlarmName: 'shop-5xx', StateValue: 'OK', StateReason: '' });
      },
      app: {
        deployment: {
          bakeTimeInMinutes: 10,
          alarms: { alarmNames: ['shop-5xx'], enable: true, rollback: true },
        },
      },
    });
    const off = world.sandbox.onCall((operation) => {
      if (operation !== 'DescribeServiceDeployments' || world.app.rollout().native?.stage !== 'BAKE_TIME')
        return;
      void world.sandbox.call('SetAlarmState', {
        AlarmName: 'shop-5xx',
        StateValue: 'ALARM',
        StateReason: 'too many errors',
      });
    });
    const run = await refuse(world, {}, true);
    off();
    assert.equal(run.report.error.code, 'platform-rolled-back');
    assert.match(run.log, /alarm shop-5xx of the service went off/);
  });

  test('a PAUSE hook that is taken from us by its time-out: ECS goes back, and that is told', async () => {
    await using world = await startNativeWorld({
      images: { broken: {} },
      app: {
        deployment: {
          lifecycleHooks: [
            {
              targetType: 'PAUSE',
              lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
              timeoutConfiguration: { timeoutInMinutes: 1, action: 'ROLLBACK' },
            },
          ],
        },
      },
      config: { smoke: [{ run: ['sleep', '6'], timeout: '20s', retries: 0 }] },
    });
    const run = await refuse(world);
    assert.match(run.log, /nobody answered its PAUSE hook in time/);
  });

  test('a deployment of somebody else under way: refused before anything changes, and status tells of it', async () => {
    await using world = await startNativeWorld({
      load: false,
      app: { deployment: PAUSE('POST_TEST_TRAFFIC_SHIFT') },
    });
    const { app, sandbox } = world;
    const taskDefinition = await registerTaskDefinition(sandbox, app.app, app.image('v3'));
    await sandbox.call('UpdateService', { cluster: app.cluster, service: app.service, taskDefinition });
    while (app.rollout().native?.stage !== 'POST_TEST_TRAFFIC_SHIFT')
      await new Promise((done) => setTimeout(done, 20));
    const run = await world.act({ 'image-tag': 'v2' });
    assert.deepEqual([run.exitCode, run.report.error.code], [1, 'platform-busy'], run.log);
    assert.match(run.log, /shop:v3/);
    unchanged(world);
    // Users do not have it: there is nothing to go back from.
    const back = await world.act({ operation: 'rollback' });
    assert.deepEqual([back.exitCode, back.report.error.code], [1, 'platform-busy'], back.log);
    const status = await world.act({ operation: 'status' });
    assert.equal(status.exitCode, 0);
    assert.match(status.report.summary ?? status.log, /POST_TEST_TRAFFIC_SHIFT \(IN_PROGRESS\)/);
    assert.equal(app.rollout().status, 'IN_PROGRESS', 'nothing was done to it');
  });

  test('a service that somebody else deploys in the middle of ours: superseded, and theirs is left alone', async () => {
    await using world = await startNativeWorld({
      load: false,
      app: { deployment: PAUSE('POST_TEST_TRAFFIC_SHIFT') },
      config: { smoke: [{ run: ['sleep', '1'], retries: 0 }] },
    });
    const { app, sandbox } = world;
    let theirs = false;
    const run = await world.act(
      { 'image-tag': 'v2' },
      {
        onLine: (line) => {
          if (!/Smoke tests/.test(line) || theirs) return;
          theirs = true;
          void sandbox.call('UpdateService', {
            cluster: app.cluster,
            service: app.service,
            taskDefinition: 'shop:1',
            forceNewDeployment: true,
          });
        },
      },
    );
    assert.deepEqual([run.exitCode, run.report.error.code], [1, 'superseded'], run.log);
    assert.match(run.log, /another deployment took the place of ours: shop:1/);
    assert.equal(app.rollout().status, 'IN_PROGRESS');
    assert.deepEqual(await app.locks(), []);
  });

  test('a service with another strategy, and a stage without a PAUSE hook, are refused before anything changes', async () => {
    await using world = await startNativeWorld({ load: false });
    const staged = await world.act({ operation: 'stage', 'image-tag': 'v2' });
    assert.deepEqual([staged.exitCode, staged.report.error.code], [1, 'preflight'], staged.log);
    assert.match(staged.log, /nothing can be staged/);
    for (const operation of ['promote', 'abort']) {
      const run = await world.act({ operation });
      assert.match(run.log, /Nothing is staged here/);
    }
    world.app.record().settings.deploymentConfiguration!.strategy = 'ROLLING';
    const run = await world.act({ 'image-tag': 'v2' });
    assert.deepEqual([run.exitCode, run.report.error.code], [1, 'not-native'], run.log);
    unchanged(world);
  });

  test('stopped by somebody where it stands: told, not waited for, and the next deploy goes through', async () => {
    await using world = await startNativeWorld({
      app: { deployment: PAUSE('POST_TEST_TRAFFIC_SHIFT') },
      config: { smoke: [{ run: ['sleep', '1'], retries: 0 }] },
    });
    const { app, sandbox } = world;
    let stopped = false;
    const run = await world.act(
      { 'image-tag': 'v2' },
      {
        onLine: (line) => {
          if (!/Smoke tests/.test(line) || stopped) return;
          stopped = true;
          void sandbox.call('StopServiceDeployment', {
            serviceDeploymentArn: app.rollout().arn,
            stopType: 'ABORT',
          });
        },
      },
    );
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
    assert.equal(run.report.error.code, 'platform-stalled');
    assert.deepEqual([run.outputs['live-color'], run.outputs['image']], ['blue', app.image('v1')]);
    const next = await world.act({ 'image-tag': 'v3' });
    assert.deepEqual([next.exitCode, next.outputs['result']], [0, 'deployed'], next.log);
    assert.match(next.log, /RECONCILE_SERVICE/);
    await assertSettled(world, 'green', 'v3');
    await world.usersSaw();
  });
});
