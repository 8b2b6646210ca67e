import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Color } from '../../sandbox/blue-green-setup.ts';
import { ApiError } from '../../sandbox/contract.ts';
import { assertClean, revisionOn, startWorld, type World, type WorldOptions } from '../world.ts';

// Application Auto Scaling on two services: what the live color has goes over to the new one bit by bit, a parked color
// sleeps, and whatever goes wrong, everything is as it was before.

type Flags = readonly ('in' | 'out' | 'scheduled')[];
interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly suspended: Flags;
}

const ALL: Flags = ['in', 'out', 'scheduled'];
const BLUE: Bounds = { min: 2, max: 6, suspended: ['scheduled'] };
const GREEN: Bounds = { min: 1, max: 4, suspended: ['in'] };

const idOf = ({ app }: World, color: Color) => `service/${app.cluster}/${app.services[color]}`;

async function scale(world: World, color: Color, { min, max, suspended }: Bounds): Promise<void> {
  const { app, sandbox } = world;
  const count = app.service(color).desiredCount;
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
  // Registering has pulled a parked color up to its minimum; it is parked again, as people do it.
  const at = { cluster: app.cluster, service: app.services[color] };
  await sandbox.call('UpdateService', { ...at, desiredCount: count });
  await app.steady(color);
}

function scaling(world: World, color: Color): Bounds | undefined {
  const target = world.sandbox.autoscaling.targets.get(idOf(world, color));
  if (target === undefined) return undefined;
  const { MinCapacity: min = -1, MaxCapacity: max = -1, SuspendedState: state } = target;
  const suspended = ALL.filter(
    (flag) =>
      (flag === 'in' && state?.DynamicScalingInSuspended) ||
      (flag === 'out' && state?.DynamicScalingOutSuspended) ||
      (flag === 'scheduled' && state?.ScheduledScalingSuspended),
  );
  return { min, max, suspended };
}

const both = (world: World) => ({ blue: scaling(world, 'blue'), green: scaling(world, 'green') });
const strike = (world: World, color: Color, process: 'in' | 'out' | 'scheduled', count: number) =>
  world.sandbox.autoscaling.strike(idOf(world, color), process, count);
const calls = ({ sandbox }: World) =>
  sandbox.requests
    .filter(({ service }) => service === 'application-autoscaling')
    .map(({ operation }) => operation);
const memories = ({ app }: World) =>
  (['blue', 'green'] as const).map(
    (color) => app.service(color).tags.find(({ key }) => key === 'blue-green:suspended-before')?.value,
  );

/** Nothing that strikes moves the count of a parked color. */
function asleep(world: World, color: Color): void {
  for (const process of ALL) {
    assert.equal(strike(world, color, process, 3), false, `${process} wakes ${color}`);
    assert.equal(world.app.service(color).desiredCount, 0);
  }
}

/** The calls at which green, with the release that it was parked with, was meant to run. */
function watchParked(world: World): string[] {
  const parked = revisionOn(world, 'green');
  const woken: string[] = [];
  world.sandbox.onCall((operation) => {
    const { desiredCount } = world.app.service('green');
    if (desiredCount > 0 && revisionOn(world, 'green') === parked) woken.push(operation);
  });
  return woken;
}

async function start(
  options: WorldOptions = {},
  targets: { blue?: Bounds; green?: Bounds } = { blue: BLUE, green: GREEN },
) {
  const world = await startWorld({
    ...options,
    app: { versions: ['v1', 'v2', 'v3'], live: { version: 'v1', count: 2 }, ...options.app },
  });
  for (const color of ['blue', 'green'] as const)
    if (targets[color] !== undefined) await scale(world, color, targets[color]);
  return world;
}

/** What went over in a deployment from blue to green. */
const HANDED_OVER = { blue: { ...BLUE, suspended: ALL }, green: BLUE };

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
  const next = await world.act({ 'image-tag': 'v2' });
  assert.equal(next.outputs['result'], 'deployed', next.log);
  assert.equal(world.app.service('green').desiredCount, 2);
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

// Each call to Application Auto Scaling, and each change of the tag that remembers: killed there, and the next run.

interface Moment {
  readonly operation: string;
  /** The how-many-th call of that operation in the run. */
  readonly call: number;
}

const isScaling = (operation: string, input: unknown) =>
  /ScalableTarget/.test(operation) ||
  (/^(Tag|Untag)Resource$/.test(operation) && JSON.stringify(input).includes('blue-green:suspended-before'));

/** What comes before the run that is killed, and that run. */
const stories = {
  'the first deployment': { before: [], inputs: { 'image-tag': 'v2' } },
  rollback: { before: [{ 'image-tag': 'v2' }], inputs: { operation: 'rollback' } },
} as const;

const quick = {
  load: false,
  config: { stabilize: { for: '300ms', interval: '100ms' }, retire: { drain: '0s' }, lock: { ttl: '30s' } },
};

async function prepared(story: keyof typeof stories): Promise<World> {
  const world = await start(quick);
  for (const inputs of stories[story].before)
    assert.equal((await world.act(inputs)).outputs['result'], 'deployed');
  return world;
}

async function momentsOf(story: keyof typeof stories): Promise<Moment[]> {
  await using world = await prepared(story);
  const counts = new Map<string, number>();
  const found: Moment[] = [];
  world.sandbox.onCall((operation, _, input) => {
    const call = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, call);
    if (isScaling(operation, input)) found.push({ operation, call });
  });
  const run = await world.act(stories[story].inputs);
  assert.equal(run.exitCode, 0, run.log);
  return found;
}

async function killedAt(world: World, inputs: Record<string, string>, moment: Moment, when: string) {
  let kill = () => {};
  const kind = when === 'before' ? ('reset' as const) : ('lost' as const);
  world.sandbox.faults.add({ ...moment, kind, before: () => kill() });
  const onStart = (handle: { kill(): void }) => {
    kill = handle.kill;
  };
  const run = await world.act(inputs, { post: false, onStart });
  assert.equal(run.exitCode, null, 'it was killed');
  world.sandbox.faults.clear();
  for (const { RuleArn } of await world.app.rules())
    await world.sandbox.call('AddTags', {
      ResourceArns: [RuleArn],
      Tags: [{ Key: 'blue-green:expires', Value: '2020-01-01T00:00:00.000Z' }],
    });
}

for (const story of ['the first deployment', 'rollback'] as const) {
  test(`${story}, killed at each call about scaling: the next run puts it right, bit by bit`, async () => {
    const moments = await momentsOf(story);
    assert.ok(moments.length > 5);
    for (const moment of moments)
      for (const when of moment.operation.startsWith('Describe') ? ['before'] : ['before', 'after']) {
        await using world = await prepared(story);
        const former = both(world);
        const woken = story === 'rollback' ? [] : watchParked(world);
        await killedAt(world, stories[story].inputs, moment, when);
        const next = await world.act({ operation: 'abort' });
        const context = `killed ${when} ${moment.operation} ${moment.call}\n${next.log}`;
        assert.equal(next.exitCode, 0, context);
        const live = next.outputs['live-color'] as Color;
        const idle = live === 'blue' ? 'green' : 'blue';
        await assertClean(world, live);
        const arrived = story === 'rollback' ? 'blue' : 'green';
        const expected = { [live]: BLUE, [idle]: { ...BLUE, suspended: ALL } };
        assert.deepEqual(both(world), live === arrived ? expected : former, context);
        assert.equal(world.app.service(live).desiredCount, 2, context);
        assert.equal(world.app.service(idle).desiredCount, 0, context);
        assert.deepEqual(woken, [], context);
      }
  });
}

test('set to ignore between a dead run and the next one: what was held is let go all the same', async () => {
  await using world = await start(quick);
  const moments = await momentsOf('the first deployment');
  const second = moments.filter(({ operation }) => operation === 'RegisterScalableTarget')[1]!;
  await killedAt(world, { 'image-tag': 'v2' }, second, 'after');
  assert.deepEqual(scaling(world, 'green')?.suspended, ALL);
  const config = JSON.parse(world.config);
  config.environments.production.ecs.autoscaling = 'ignore';
  const next = await world.act({ operation: 'abort', config: JSON.stringify(config, null, 1) });
  assert.equal(next.exitCode, 0, next.log);
  assert.deepEqual(both(world), { blue: BLUE, green: GREEN });
});
