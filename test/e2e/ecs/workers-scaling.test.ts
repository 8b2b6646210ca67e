import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bounds, flagsOf } from '../scaling.ts';
import {
  assertNothingLeft,
  type Color,
  startWithWorkers,
  type WorkersOptions,
  worker,
  workersOn,
} from '../workers.ts';
import { assertClean, type World } from '../world.ts';

// The autoscaling of workers, which follows their queue, is handed over as that of services with traffic is: bit by
// bit, and put back bit by bit.

const ALL = ['in', 'out', 'scheduled'] as const;
const BLUE: Bounds = { min: 1, max: 8, suspended: ['scheduled'] };
const GREEN: Bounds = { min: 1, max: 3, suspended: [] };
const idOf = ({ app }: World, color: Color) => `service/${app.cluster}/jobs-${color}`;

async function start(options: WorkersOptions = {}): Promise<World> {
  const world = await startWithWorkers({ load: false, ...options });
  const { sandbox, app } = world;
  for (const [color, { min, max, suspended }] of [
    ['blue', BLUE],
    ['green', GREEN],
  ] as const) {
    const count = worker(world, color).desiredCount;
    await sandbox.call('RegisterScalableTarget', {
      ServiceNamespace: 'ecs',
      ResourceId: idOf(world, color),
      ScalableDimension: 'ecs:service:DesiredCount',
      MinCapacity: min,
      MaxCapacity: max,
      SuspendedState: {
        DynamicScalingInSuspended: suspended.includes('in'),
        DynamicScalingOutSuspended: suspended.includes('out'),
        ScheduledScalingSuspended: suspended.includes('scheduled'),
      },
    });
    await sandbox.call('UpdateService', {
      cluster: app.cluster,
      service: `jobs-${color}`,
      desiredCount: count,
    });
  }
  return world;
}

const scaling = (world: World) => ({
  blue: flagsOf(world.sandbox.autoscaling.targets.get(idOf(world, 'blue'))),
  green: flagsOf(world.sandbox.autoscaling.targets.get(idOf(world, 'green'))),
});

const memory = (world: World, color: Color) =>
  worker(world, color).tags.find(({ key }) => key === 'blue-green:suspended-before')?.value;

test('deploy and rollback: bounds and flags of the workers go along, the parked ones sleep', async () => {
  await using world = await start();
  const first = await world.act({ 'image-tag': 'v2' });
  assert.equal(first.outputs['result'], 'deployed', first.log);
  assert.deepEqual(scaling(world), { blue: { ...BLUE, suspended: ALL }, green: BLUE });
  assert.deepEqual([memory(world, 'blue'), memory(world, 'green')], ['scheduled', undefined]);
  assert.deepEqual(workersOn(world), { blue: 'v1 x 0', green: 'v2 x 2' });
  for (const process of ALL) world.sandbox.autoscaling.strike(idOf(world, 'blue'), process, 5);
  assert.equal(worker(world, 'blue').desiredCount, 0, 'nothing wakes it');

  // The queue grew: the release before gets as many.
  assert.equal(world.sandbox.autoscaling.strike(idOf(world, 'green'), 'out', 5), true);
  const back = await world.act({ operation: 'rollback' });
  assert.equal(back.outputs['result'], 'rolled-back', back.log);
  assert.deepEqual(scaling(world), { blue: BLUE, green: { ...BLUE, suspended: ALL } });
  assert.deepEqual(workersOn(world), { blue: 'v1 x 5', green: 'v2 x 0' });
  await assertClean(world, 'blue');
});

test('the queue grows while the release is tested: the new workers are as many before the shift', async () => {
  await using world = await start();
  let grown = false;
  world.sandbox.onCall((operation) => {
    if (operation !== 'DescribeTargetHealth' || grown) return;
    grown = true;
    assert.equal(world.sandbox.autoscaling.strike(idOf(world, 'blue'), 'out', 4), true);
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.match(run.log, /The workers of blue have grown meanwhile/);
  assert.deepEqual(workersOn(world), { blue: 'v1 x 0', green: 'v2 x 4' });
  assert.deepEqual(scaling(world), { blue: { ...BLUE, suspended: ALL }, green: BLUE });
});

test('in steps: the workers of both colors grow, and do not shrink', async () => {
  const shift = { steps: ['20%', '50%'], every: '1s' };
  await using world = await start({ config: { shift } });
  const shared = { ...BLUE, suspended: ['in', 'scheduled'] };
  const grown = { blue: false, green: false };
  const seen: unknown[] = [];
  const shrunk: Color[] = [];
  world.sandbox.onCall((operation) => {
    const { green } = world.app.weights();
    if (operation !== 'DescribeTargetHealth' || green === 0 || green === 100) return;
    seen.push(scaling(world));
    for (const color of ['blue', 'green'] as const) {
      if (world.sandbox.autoscaling.strike(idOf(world, color), 'in', 1)) shrunk.push(color);
      grown[color] ||= world.sandbox.autoscaling.strike(idOf(world, color), 'out', 3);
    }
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.ok(seen.length > 2);
  for (const one of seen) assert.deepEqual(one, { blue: shared, green: shared });
  assert.deepEqual(shrunk, []);
  assert.deepEqual(grown, { blue: true, green: true });
  assert.deepEqual(scaling(world), { blue: { ...BLUE, suspended: ALL }, green: BLUE });
  assert.deepEqual(workersOn(world), { blue: 'v1 x 0', green: 'v2 x 3' });
  assert.equal(memory(world, 'blue'), 'scheduled');
  await assertClean(world, 'green');
});

test('a failed deployment: the scaling of both is as it was, bit by bit', async () => {
  await using world = await start({ own: { v2: { env: { CRASH_AFTER_MS: '100' } } } });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'failed', run.log);
  assert.deepEqual(scaling(world), { blue: BLUE, green: GREEN });
  assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v1 x 0' });
  assertNothingLeft(world);
});

test('taken back from users: the scaling of both is as it was, bit by bit', async () => {
  await using world = await start({
    config: { stabilize: { for: '5s', interval: '100ms', probe: { path: '/nowhere', status: 204 } } },
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'rolled-back', run.log);
  assert.deepEqual(scaling(world), { blue: BLUE, green: GREEN });
  assert.deepEqual(workersOn(world), { blue: 'v1 x 2', green: 'v1 x 0' });
  assertNothingLeft(world);
});
