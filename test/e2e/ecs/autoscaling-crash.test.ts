import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Color } from '../../sandbox/blue-green-setup.ts';
import { ALL, BLUE, both, GREEN, scaling, start, watchParked } from '../scaling.ts';
import { SIDE_BY_SIDE, sideBySide } from '../side-by-side.ts';
import { assertClean, type World } from '../world.ts';

// Each call to Application Auto Scaling, and each change of the tag that remembers: killed there, and the next run.

interface Moment {
  readonly operation: string;
  /** The how-many-th call of that operation in the run. */
  readonly call: number;
  /** How many changes AWS has made before it. */
  readonly changes: number;
}

const isRead = (operation: string) => /^(Describe|List)/.test(operation);

const isScaling = (operation: string, input: unknown) =>
  /ScalableTarget/.test(operation) ||
  (/^(Tag|Untag)Resource$/.test(operation) && JSON.stringify(input).includes('blue-green:suspended-before'));

/** What comes before the run that is killed, and that run. */
const stories = {
  'the first deployment': { before: [], inputs: { 'image-tag': 'v2' }, shift: 'all-at-once' },
  'a deployment in steps': {
    before: [],
    inputs: { 'image-tag': 'v2' },
    shift: { steps: ['50%'], every: '1s' },
  },
  rollback: {
    before: [{ 'image-tag': 'v2' }],
    inputs: { operation: 'rollback' },
    shift: 'all-at-once',
  },
} as const;

const quick = {
  load: false,
  config: { stabilize: { for: '300ms', interval: '100ms' }, retire: { drain: '0s' }, lock: { ttl: '30s' } },
};

async function prepared(story: keyof typeof stories): Promise<World> {
  const { before, shift } = stories[story];
  const world = await start({ ...quick, config: { ...quick.config, shift } });
  for (const inputs of before) assert.equal((await world.act(inputs)).outputs['result'], 'deployed');
  return world;
}

async function momentsOf(story: keyof typeof stories): Promise<Moment[]> {
  await using world = await prepared(story);
  const counts = new Map<string, number>();
  const found: Moment[] = [];
  let changes = 0;
  world.sandbox.onCall((operation, _, input) => {
    const call = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, call);
    if (isScaling(operation, input)) found.push({ operation, call, changes });
    if (!isRead(operation)) changes += 1;
  });
  const run = await world.act(stories[story].inputs);
  assert.equal(run.exitCode, 0, run.log);
  return found;
}

/**
 * Before each of them and after: but what a dead run leaves behind is what AWS has, so that one case is enough where
 * nothing was changed between two of them.
 */
function casesOf(moments: readonly Moment[]): { moment: Moment; when: 'before' | 'after' }[] {
  const cases = new Map<number, { moment: Moment; when: 'before' | 'after' }>();
  for (const moment of moments) {
    const { operation, changes } = moment;
    if (!cases.has(changes)) cases.set(changes, { moment, when: 'before' });
    if (!isRead(operation)) cases.set(changes + 1, { moment, when: 'after' });
  }
  return [...cases.values()];
}

async function killedAt(world: World, inputs: Record<string, string>, moment: Moment, when: string) {
  let kill = () => {};
  const kind = when === 'before' ? ('reset' as const) : ('lost' as const);
  const { operation, call } = moment;
  world.sandbox.faults.add({ operation, call, kind, before: () => kill() });
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

describe('runs that die between calls about scaling', { concurrency: SIDE_BY_SIDE }, () => {
  for (const story of ['the first deployment', 'a deployment in steps', 'rollback'] as const) {
    test(`${story}, killed at each call about scaling: the next run puts it right, bit by bit`, async () => {
      const moments = await momentsOf(story);
      assert.ok(moments.length > 5);
      await sideBySide(casesOf(moments), async ({ moment, when }) => {
        await using world = await prepared(story);
        const former = both(world);
        const woken = story === 'rollback' ? [] : watchParked(world);
        await killedAt(world, stories[story].inputs, moment, when);
        const next = await world.act({ operation: 'abort' });
        const context = `killed ${when} ${moment.operation} ${moment.call}\n${next.log}`;
        // An abort that comes too late says so, and finishes what was accepted.
        assert.ok(next.exitCode === 0 || next.report.error.code === 'already-live', context);
        const live = next.outputs['live-color'] as Color;
        const idle = live === 'blue' ? 'green' : 'blue';
        await assertClean(world, live);
        const arrived = story === 'rollback' ? 'blue' : 'green';
        const expected = { [live]: BLUE, [idle]: { ...BLUE, suspended: ALL } };
        assert.deepEqual(both(world), live === arrived ? expected : former, context);
        assert.equal(world.app.service(live).desiredCount, 2, context);
        assert.equal(world.app.service(idle).desiredCount, 0, context);
        assert.deepEqual(woken, [], context);
      });
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
});
