import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ALL,
  asleep,
  BLUE,
  type Bounds,
  both,
  calls,
  GREEN,
  HANDED_OVER,
  memories,
  start,
  strike,
  watchParked,
} from '../scaling.ts';
import { assertClean, type World, type WorldOptions } from '../world.ts';

// A gradual shift may take half an hour: meanwhile the new color grows with its share, and the old one does not shrink
// with its own, since a step that fails gives it all the users back in one call.

const steps = { steps: ['5%', '50%'], every: '2s' };
const SHARED = {
  blue: { ...BLUE, suspended: ['in', 'scheduled'] },
  green: { ...BLUE, suspended: ['in', 'scheduled'] },
};

const inSteps = (options: WorldOptions = {}, targets?: { blue?: Bounds; green?: Bounds }) =>
  start(
    {
      ...options,
      config: { shift: steps, stabilize: { for: '1s', interval: '250ms' }, ...options.config },
    },
    targets,
  );

/** Does it at each look at green's health while both colors have users. */
function duringSteps(world: World, strikes: () => void): void {
  world.sandbox.onCall((operation) => {
    const { green } = world.app.weights();
    if (operation === 'DescribeTargetHealth' && green! > 0 && green! < 100) strikes();
  });
}

test('steps: the new color grows with its share, the old one may grow and not shrink', async () => {
  await using world = await inSteps();
  const { app } = world;
  const seen: unknown[] = [];
  const shrunk: string[] = [];
  const grown = { blue: false, green: false };
  let least = Number.POSITIVE_INFINITY;
  world.sandbox.onCall(() => {
    if (grown.green) least = Math.min(least, app.service('green').desiredCount);
  });
  duringSteps(world, () => {
    seen.push(both(world));
    for (const color of ['blue', 'green'] as const) {
      if (strike(world, color, 'in', 1)) shrunk.push(color);
      if (!grown[color]) grown[color] = strike(world, color, 'out', 4);
    }
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.ok(seen.length > 4, `${seen.length} looks`);
  for (const one of seen) assert.deepEqual(one, SHARED);
  assert.deepEqual([shrunk, grown], [[], { blue: true, green: true }]);
  assert.equal(least, 4, 'nothing puts back what AWS raised');
  assert.equal(app.service('green').desiredCount, 4);
  assert.deepEqual(both(world), HANDED_OVER);
  assert.deepEqual(memories(world), ['scheduled', undefined]);
  asleep(world, 'blue');
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('a step that fails: as it was, and the old color has what it grew to', async () => {
  await using world = await inSteps({
    images: { broken: { env: { FAIL_PATH: '/checkout' } } },
    config: { stabilize: { for: '1s', interval: '250ms', probe: { path: '/checkout', timeout: '2s' } } },
  });
  const { app } = world;
  const woken = watchParked(world);
  const most = { blue: 0, green: 0 };
  const seen: unknown[] = [];
  // Green's own maximum is 4: what it has grown to is more.
  duringSteps(world, () => {
    strike(world, 'blue', 'out', 3);
    strike(world, 'green', 'out', 6);
    seen.push(both(world));
    for (const color of ['blue', 'green'] as const) most[color] = app.service(color).desiredCount;
  });
  // The alarms of blue still tell of the share that it had.
  let tried = 0;
  let shrunk = 0;
  world.sandbox.onCall(() => {
    if (most.green === 0 || app.weights().green !== 0 || app.service('green').desiredCount === 0) return;
    tried += 1;
    if (strike(world, 'blue', 'in', 1)) shrunk += 1;
  });
  const run = await world.act({ 'image-tag': 'broken' });
  assert.ok(tried > 3);
  assert.equal(shrunk, 0, 'it does not shrink in the moment when all come back');
  for (const one of seen) assert.deepEqual(one, SHARED);
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
  assert.deepEqual(most, { blue: 3, green: 6 });
  assert.deepEqual(both(world), { blue: BLUE, green: GREEN });
  assert.deepEqual(memories(world), [undefined, undefined]);
  assert.deepEqual([app.service('blue').desiredCount, app.service('green').desiredCount], [3, 0]);
  assert.deepEqual(woken, []);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('a schedule that wants fewer of both during a step is no failure', async () => {
  const bounds: Bounds = { min: 1, max: 6, suspended: [] };
  await using world = await inSteps({ load: false }, { blue: bounds, green: bounds });
  const struck = { blue: false, green: false };
  duringSteps(world, () => {
    for (const color of ['blue', 'green'] as const) struck[color] ||= strike(world, color, 'scheduled', 1);
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.deepEqual(struck, { blue: true, green: true });
  assert.equal(world.app.service('green').desiredCount, 1);
});

test('what is suspended on the live color for good stays so, though with scaling in that is all', async () => {
  const live: Bounds = { min: 2, max: 6, suspended: ['out', 'scheduled'] };
  await using world = await inSteps({ load: false }, { blue: live, green: GREEN });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.deepEqual(both(world), { blue: { ...live, suspended: ALL }, green: live });
  assert.deepEqual(memories(world), ['out+scheduled', undefined]);
  const back = await world.act({ operation: 'rollback' });
  assert.equal(back.outputs['live-color'], 'blue', back.log);
  assert.deepEqual(both(world), { blue: live, green: { ...live, suspended: ALL } });
});

test('a count that somebody set beyond the maximum is left alone, on both', async () => {
  await using world = await inSteps({ load: false, app: { live: { version: 'v1', count: 2 } } });
  const { app, sandbox } = world;
  await sandbox.call('UpdateService', { cluster: app.cluster, service: 'shop-blue', desiredCount: 7 });
  await app.steady('blue');
  const counts = new Set<string>();
  duringSteps(world, () => {
    counts.add(`${app.service('blue').desiredCount} ${app.service('green').desiredCount}`);
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.deepEqual([...counts], ['7 7'], 'registering would pull both down to 6 with users on them');
  assert.deepEqual(both(world).green, BLUE);
});

test('killed with -9 in the middle of a step: the next run gives both what they had', async () => {
  await using world = await inSteps({ config: { shift: { ...steps, every: '60s' }, lock: { ttl: '30s' } } });
  const { app, sandbox } = world;
  const woken = watchParked(world);
  let kill = () => {};
  let looks = 0;
  duringSteps(world, () => {
    strike(world, 'blue', 'out', 3);
    strike(world, 'green', 'out', 5);
    looks += 1;
    if (looks === 4) kill();
  });
  const onStart = (handle: { kill(): void }) => {
    kill = handle.kill;
  };
  const dead = await world.act({ 'image-tag': 'v2' }, { post: false, onStart });
  assert.equal(dead.exitCode, null, 'it was killed');
  assert.deepEqual(both(world), SHARED);
  for (const { RuleArn } of await app.rules())
    await sandbox.call('AddTags', {
      ResourceArns: [RuleArn],
      Tags: [{ Key: 'blue-green:expires', Value: '2020-01-01T00:00:00.000Z' }],
    });
  const next = await world.act({ operation: 'abort' });
  assert.equal(next.exitCode, 0, next.log);
  assert.deepEqual(both(world), { blue: BLUE, green: GREEN });
  assert.deepEqual([app.service('blue').desiredCount, app.service('green').desiredCount], [3, 0]);
  assert.deepEqual(woken, []);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('all at once, and in steps without a scalable target: no call more than before', async () => {
  await using world = await inSteps({ load: false, config: { shift: 'all-at-once' } });
  await world.act({ 'image-tag': 'v2' });
  const registered = calls(world).filter((operation) => operation === 'RegisterScalableTarget');
  assert.equal(registered.length, 5, 'check, hold, two for the hand-over, and one to complete it');
  await using bare = await inSteps({ load: false }, {});
  const run = await bare.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.deepEqual(calls(bare), ['DescribeScalableTargets'], 'one look');
});
