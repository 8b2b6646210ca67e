import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SIDE_BY_SIDE } from '../side-by-side.ts';
import {
  assertNothingLeft,
  type Color,
  startWithWorkers,
  watchQueue,
  workersOn,
  workerTasks,
} from '../workers.ts';
import { assertClean, type World } from '../world.ts';

// A run that is killed at each change that has to do with workers: the next one finishes or undoes it, for web and
// workers together.

interface Moment {
  readonly operation: string;
  /** The how-many-th call of that operation in the run. */
  readonly call: number;
}

const quick = {
  load: false,
  config: { stabilize: { for: '200ms', interval: '100ms' }, retire: { drain: '0s' } },
};

/** What comes before the run that is killed, and that run. */
const stories = {
  deploy: { before: [], inputs: { 'image-tag': 'v2' } },
  rollback: { before: [{ 'image-tag': 'v2' }], inputs: { operation: 'rollback' } },
} as const;

async function prepared(story: keyof typeof stories): Promise<World> {
  const world = await startWithWorkers(quick);
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
    const concerns = JSON.stringify(input).includes('jobs') || operation === 'ModifyListener';
    if (concerns && !/^(Describe|List)/.test(operation)) found.push({ operation, call });
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

describe('runs that die between changes of workers', { concurrency: SIDE_BY_SIDE }, () => {
  for (const story of ['deploy', 'rollback'] as const)
    test(`${story}, killed at each change about workers: all-old or all-new after the next run`, async () => {
      const moments = await momentsOf(story);
      assert.ok(moments.length >= 5, JSON.stringify(moments));
      console.log(`${story}: ${moments.map(({ operation }) => operation).join(', ')}`);
      // Right before a change all is as it was right after the one before it.
      const cases = moments.map((moment, index) => ({
        moment,
        kinds: index === 0 ? ['before', 'after'] : ['after'],
      }));
      for (const { moment, when } of cases.flatMap(({ moment, kinds }) =>
        kinds.map((when) => ({ moment, when })),
      )) {
        await using world = await prepared(story);
        const former = workersOn(world);
        const idle = watchQueue(world);
        const old = story === 'deploy' ? workerTasks(world, 'blue').map(({ id }) => id) : [];
        await killedAt(world, stories[story].inputs, moment, when);
        const next = await world.act({ operation: 'abort' });
        const context = `killed ${when} ${moment.operation} ${moment.call}\n${next.log}`;
        // An abort that comes too late says so, and finishes what was accepted.
        assert.ok(next.exitCode === 0 || next.report.error.code === 'already-live', context);
        const live = next.outputs['live-color'] as Color;
        await assertClean(world, live);
        const done = { deploy: 'green', rollback: 'blue' }[story];
        const finished =
          story === 'deploy' ? { blue: 'v1 x 0', green: 'v2 x 2' } : { blue: 'v1 x 2', green: 'v2 x 0' };
        assert.deepEqual(workersOn(world), live === done ? finished : former, context);
        if (story === 'deploy' && live === 'blue')
          assert.deepEqual(
            workerTasks(world, 'blue').map(({ id }) => id),
            old,
            context,
          );
        assert.deepEqual(idle, [], context);
        if (moment.operation !== 'UntagResource') continue;
        // What a run was killed in the middle of forgetting, the next one that moves them forgets.
        const again = await world.act({ 'image-tag': 'v3' });
        assert.equal(again.outputs['result'], 'deployed', `${context}\n${again.log}`);
        assertNothingLeft(world, context);
        const now = again.outputs['live-color'] as Color;
        assert.equal(workersOn(world)[now], 'v3 x 2', context);
      }
    });
});
