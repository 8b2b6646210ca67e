/** The load generator against the load balancer: mistakes of a deployment must show, and a right one must not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock } from '../sandbox/contract.ts';
import {
  newStage,
  register,
  type Stage,
  startTarget,
  type TestTarget,
  until,
} from '../sandbox/elb/testing.ts';
import { type Load, type LoadResult, startLoad } from './index.ts';

interface Scene {
  readonly stage: Stage;
  readonly v1: TestTarget;
  readonly v2: TestTarget;
  readonly load: Load;
}

/** Two colors under load, v1 live, with nodes that take 200 to 600 ms to follow; then `deploy`, then some more load. */
async function underLoad(deploy: (scene: Scene) => Promise<void>): Promise<LoadResult> {
  await using stage = await newStage({ clock: new Clock(0.05), lagSeconds: [4, 12] });
  await using v1 = await startTarget('v1', '127.1.3.1');
  await using v2 = await startTarget('v2', '127.1.3.2');
  await register(stage.elb, stage.blue, v1);
  const { addresses } = stage.elb.endpoint(stage.listenerArn);
  const load = await startLoad({
    url: stage.url,
    addresses,
    slow: { inFlight: 4, ms: 400 },
    idle: { connections: 4, seconds: 0.5 },
  });
  await until(() => (load.snapshot().byVersion.v1 ?? 0) > 30, 'traffic on v1');
  await deploy({ stage, v1, v2, load });
  const before = load.snapshot().requests;
  await until(() => load.snapshot().requests > before + 60, 'some more traffic');
  return await load.stop();
}

/** Retires the old color as AWS's scheduler does: drain first, then stop. */
async function retire({ stage, v1 }: Scene): Promise<void> {
  await stage.elb.registry.deregister(stage.blue, v1);
  await v1.kill();
}

test('healthy first, all nodes moved, drained, then retired: no request fails', async () => {
  const result = await underLoad(async (scene) => {
    await register(scene.stage.elb, scene.stage.green, scene.v2);
    scene.stage.shift(0, 100);
    await scene.stage.elb.settled();
    await retire(scene);
  });
  assert.equal(result.failed, 0, JSON.stringify(result.failures, null, 2));
  assert.ok(result.byVersion.v1! > 0 && result.byVersion.v2! > 0);
  assert.ok(result.slow.requests > 0);
});

test('planted: the old color is drained and stopped before the nodes have moved', async () => {
  const result = await underLoad(async (scene) => {
    await register(scene.stage.elb, scene.stage.green, scene.v2);
    scene.stage.elb.hold('127.0.0.2');
    scene.stage.shift(0, 100);
    await retire(scene);
    scene.stage.elb.release('127.0.0.2');
  });
  assert.ok(result.failed > 0);
  assert.ok(result.failures.some(({ status }) => status === 503));
});

test('planted: the old color is killed without draining', async () => {
  const result = await underLoad(async (scene) => {
    const { elb, blue, green } = scene.stage;
    await register(elb, green, scene.v2);
    elb.setLag([0, 0]);
    await until(() => elb.inFlight(blue) >= 4, 'slow requests');
    scene.stage.shift(0, 100);
    await elb.settled();
    await scene.v1.kill();
  });
  assert.ok(result.slow.failed > 0, 'slow requests were in flight');
  assert.ok(result.failures.some(({ status }) => status === 502));
});

test('planted: traffic moves to a color with nobody in it', async () => {
  const result = await underLoad(async ({ stage, v2, load }) => {
    stage.shift(0, 100);
    await until(() => load.snapshot().failed > 0, 'a failure that the load notices');
    await register(stage.elb, stage.green, v2);
  });
  assert.deepEqual(result.failedByKind, { status: result.failed });
  assert.ok(result.byVersion.v2! > 0, 'it works when somebody has come');
});
