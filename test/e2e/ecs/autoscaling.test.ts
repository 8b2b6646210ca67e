import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiError } from '../../sandbox/contract.ts';
import {
  ALL,
  asleep,
  BLUE,
  type Bounds,
  both,
  calls,
  type Flags,
  GREEN,
  HANDED_OVER,
  idOf,
  memories,
  scaling,
  start,
  strike,
  watchParked,
} from '../scaling.ts';
import { SIDE_BY_SIDE } from '../side-by-side.ts';
import { assertClean } from '../world.ts';

// Application Auto Scaling on two services: what the live color has goes over to the new one bit by bit, a parked color
// sleeps, and whatever goes wrong, everything is as it was before.

describe('autoscaling', { concurrency: SIDE_BY_SIDE }, () => {
  test('deploy, deploy back, rollback: bounds and flags go along, the parked color sleeps', async () => {
    await using world = await start();
    const { app } = world;
    const woken: number[] = [];
    // The idle color's own policy strikes while the release starts there.
    world.sandbox.onCall((operation) => {
      if (operation !== 'DescribeTargetHealth' || app.weights().green !== 0) return;
      if (strike(world, 'green', 'scheduled', 4) || strike(world, 'green', 'in', 1)) woken.push(1);
    });
    const first = await world.act({ 'image-tag': 'v2' });
    assert.equal(first.outputs['result'], 'deployed', first.log);
    assert.deepEqual(woken, [], 'nothing fights the count of the color that the release comes up on');
    assert.deepEqual(both(world), HANDED_OVER);
    assert.equal(app.service('green').desiredCount, 2);
    assert.deepEqual(memories(world), ['scheduled', undefined]);
    asleep(world, 'blue');
    await assertClean(world, 'green');

    // Users' color scales by itself again; what it has become is what the next one starts with.
    assert.equal(strike(world, 'green', 'out', 3), true);
    await app.steady('green');
    const before = calls(world).length;
    const second = await world.act({ 'image-tag': 'v3' });
    assert.equal(second.outputs['live-color'], 'blue', second.log);
    assert.equal(app.service('blue').desiredCount, 3);
    assert.deepEqual(both(world), { blue: BLUE, green: { ...BLUE, suspended: ALL } });
    assert.deepEqual(memories(world), [undefined, 'scheduled']);
    asleep(world, 'green');
    const used = calls(world).slice(before);
    const registered = used.filter((operation) => operation === 'RegisterScalableTarget').length;
    console.log(`autoscaling calls of a deployment: ${used.length}, ${registered} of them Register`);
    assert.ok(used.length <= 12 && registered <= 4, used.join(' '));

    const back = await world.act({ operation: 'rollback' });
    assert.equal(back.outputs['live-color'], 'green', back.log);
    assert.deepEqual(both(world), HANDED_OVER);
    assert.equal(app.service('green').desiredCount, 3);
    asleep(world, 'blue');
    await assertClean(world, 'green');
    await world.usersSaw();
  });

  test('scaling in waits until the release was watched; scaling out does not', async () => {
    await using world = await start(
      { config: { stabilize: { for: '2s', interval: '250ms' } } },
      {
        blue: { min: 1, max: 6, suspended: [] },
        green: { min: 1, max: 6, suspended: [] },
      },
    );
    const seen: (Bounds | undefined)[] = [];
    world.sandbox.onCall((operation) => {
      if (operation !== 'DescribeTargetHealth' || world.app.weights().green !== 100) return;
      seen.push(scaling(world, 'green'));
      assert.equal(strike(world, 'blue', 'in', 1), false, 'blue keeps its tasks: users may come back');
    });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    assert.ok(seen.length > 2);
    for (const one of seen) assert.deepEqual(one, { min: 1, max: 6, suspended: ['in'] });
    assert.deepEqual(scaling(world, 'green'), { min: 1, max: 6, suspended: [] });
    await world.usersSaw();
  });

  test('a schedule that wants fewer while the release is watched is no failure', async () => {
    await using world = await start(
      { config: { stabilize: { for: '2s', interval: '250ms' } } },
      {
        blue: { min: 1, max: 6, suspended: [] },
        green: { min: 1, max: 6, suspended: [] },
      },
    );
    let struck = false;
    world.sandbox.onCall((operation) => {
      if (operation === 'DescribeTargetHealth' && world.app.weights().green === 100 && !struck)
        struck = strike(world, 'green', 'scheduled', 1);
    });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    assert.ok(struck);
    assert.equal(world.app.service('green').desiredCount, 1);
  });

  test('the live color grows during the health wait: topped up before the shift, under load', async () => {
    await using world = await start();
    const { app } = world;
    let grown = false;
    let atShift = 0;
    world.sandbox.onCall((operation) => {
      if (operation === 'DescribeTargetHealth' && !grown) grown = strike(world, 'blue', 'out', 4);
      if (operation === 'ModifyListener' && atShift === 0)
        atShift = app.tasks('green').filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
    });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    assert.match(run.log, /blue has grown to 4 meanwhile/);
    assert.equal(atShift, 4, 'all of them run before users come');
    assert.equal(app.service('green').desiredCount, 4);
    assert.deepEqual(both(world), HANDED_OVER);
    await world.usersSaw();
  });

  test('staged, then the live color and its bounds grow: promote takes both along', async () => {
    await using world = await start();
    assert.equal((await world.act({ operation: 'stage', 'image-tag': 'v2' })).outputs['result'], 'staged');
    assert.deepEqual(scaling(world, 'green')?.suspended, ALL);
    await world.sandbox.call('RegisterScalableTarget', {
      ServiceNamespace: 'ecs',
      ResourceId: idOf(world, 'blue'),
      ScalableDimension: 'ecs:service:DesiredCount',
      MinCapacity: 3,
      MaxCapacity: 9,
    });
    const promoted = await world.act({ operation: 'promote' });
    assert.equal(promoted.outputs['result'], 'deployed', promoted.log);
    assert.equal(world.app.service('green').desiredCount, 3);
    assert.deepEqual(scaling(world, 'green'), { min: 3, max: 9, suspended: ['scheduled'] });
    asleep(world, 'blue');
    await world.usersSaw();
  });

  test('staged, then dropped: as it was', async () => {
    await using world = await start({ load: false });
    await world.act({ operation: 'stage', 'image-tag': 'v2' });
    const run = await world.act({ operation: 'abort' });
    assert.equal(run.outputs['result'], 'aborted', run.log);
    assert.deepEqual(both(world), { blue: BLUE, green: GREEN });
    assert.equal(world.app.service('green').desiredCount, 0);
    await assertClean(world, 'blue');
  });

  test('a refused release: as it was, and the parked color was never woken', async () => {
    await using world = await start({ images: { broken: { env: { CRASH_AFTER_MS: '100' } } } });
    const woken = watchParked(world);
    const run = await world.act({ 'image-tag': 'broken' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
    assert.deepEqual(both(world), { blue: BLUE, green: GREEN });
    assert.equal(world.app.service('green').desiredCount, 0);
    assert.deepEqual(woken, []);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });

  test('an idle minimum above the live count: bounds give way, and come back exactly', async () => {
    const green = { min: 5, max: 7, suspended: [] as Flags };
    await using world = await start(
      {
        images: { broken: { env: { HEALTH: 'never' } } },
        config: {
          health: { timeout: '5s', interval: '200ms' },
        },
      },
      { blue: BLUE, green },
    );
    const run = await world.act({ 'image-tag': 'broken' });
    assert.equal(run.outputs['result'], 'failed', run.log);
    assert.deepEqual(both(world), { blue: BLUE, green });
    assert.equal(world.app.service('green').desiredCount, 0);
    const counts = new Set<number>();
    world.sandbox.onCall(() => void counts.add(world.app.service('green').desiredCount));
    const next = await world.act({ 'image-tag': 'v2' });
    assert.equal(next.outputs['result'], 'deployed', next.log);
    assert.deepEqual([...counts].sort(), [0, 2], 'never pulled up to a minimum that is not its own');
    assert.deepEqual(both(world), HANDED_OVER);
    await world.usersSaw();
  });

  test('taken back: as it was', async () => {
    await using world = await start({
      images: { broken: { env: { FAIL_PATH: '/checkout' } } },
      config: { stabilize: { for: '10s', interval: '250ms', probe: { path: '/checkout', timeout: '2s' } } },
    });
    const run = await world.act({ 'image-tag': 'broken' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.deepEqual(both(world), { blue: BLUE, green: GREEN });
    assert.deepEqual(memories(world), [undefined, undefined]);
    assert.equal(world.app.service('green').desiredCount, 0);
    assert.equal(world.app.service('blue').desiredCount, 2);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });

  for (const [name, targets, after, warns] of [
    ['neither has a scalable target', {}, {}, false],
    ['only the live one has', { blue: BLUE }, { blue: { ...BLUE, suspended: ALL } }, true],
    ['only the idle one has', { green: GREEN }, { green: GREEN }, true],
  ] as const) {
    test(`${name}: none is made, and there and back everything is as it was`, async () => {
      await using world = await start({ load: false }, targets);
      const there = await world.act({ 'image-tag': 'v2' });
      assert.equal(there.outputs['result'], 'deployed', there.log);
      assert.deepEqual(both(world), { blue: undefined, green: undefined, ...after });
      assert.equal(/has a scalable target and shop-\w+ has none/.test(there.log), warns, there.log);
      if (name === 'neither has a scalable target')
        assert.deepEqual(calls(world), ['DescribeScalableTargets'], 'one look');
      const back = await world.act({ operation: 'rollback' });
      assert.equal(back.outputs['live-color'], 'blue', back.log);
      if ('blue' in targets) assert.deepEqual(scaling(world, 'blue'), BLUE);
      if ('green' in targets) assert.deepEqual(scaling(world, 'green'), { ...GREEN, suspended: ALL });
      const again = await world.act({ operation: 'rollback', force: 'true' });
      assert.equal(again.outputs['live-color'], 'green', again.log);
      assert.deepEqual(both(world), { blue: undefined, green: undefined, ...after });
    });
  }

  test('ignore: nothing is called, and nothing changes', async () => {
    await using world = await start({ load: false, config: { ecs: { autoscaling: 'ignore' } } });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    await world.act({ operation: 'rollback' });
    assert.deepEqual(calls(world), []);
    assert.deepEqual(both(world), { blue: BLUE, green: GREEN });
  });

  for (const denied of ['DescribeScalableTargets', 'RegisterScalableTarget']) {
    test(`${denied} denied: told before anything is changed`, async () => {
      await using world = await start({ load: false });
      world.sandbox.faults.add({ operation: denied, call: 'every', kind: 'refuse' });
      const from = world.sandbox.requests.length;
      const run = await world.act({ 'image-tag': 'v2' });
      assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
      assert.match(run.log, new RegExp(`AWS denies application-autoscaling:${denied}\\.`));
      assert.match(run.log, new RegExp(`Allow application-autoscaling:${denied} in the policy`));
      const changed = world.sandbox.requests
        .slice(from)
        .map(({ operation }) => operation)
        .filter((operation) => !/^(Describe|List|AddTags|CreateRule|DeleteRule)/.test(operation));
      assert.deepEqual(
        changed.filter((operation) => operation !== denied),
        [],
        'nothing but the lock',
      );
      assert.deepEqual(both(world), { blue: BLUE, green: GREEN });
      await assertClean(world, 'blue');
    });
  }

  test('throttled, and busy with an update of its own: no verdict', async () => {
    await using world = await start({ load: false });
    const operations = world.sandbox.autoscaling.operations as Record<string, (input: never) => unknown>;
    const register = operations['RegisterScalableTarget']!;
    operations['RegisterScalableTarget'] = () => {
      operations['RegisterScalableTarget'] = register;
      throw new ApiError(
        'ConcurrentUpdateException',
        'You already have a pending update to an Auto Scaling resource.',
      );
    };
    for (const operation of ['DescribeScalableTargets', 'RegisterScalableTarget'])
      world.sandbox.faults.add({ operation, call: { from: 1, times: 2 }, kind: 'throttle' });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    assert.deepEqual(both(world), HANDED_OVER);
  });
});
