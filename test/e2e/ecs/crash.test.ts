import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SIDE_BY_SIDE, sideBySide } from '../side-by-side.ts';
import { assertClean, revisionOn, startWorld, type World } from '../world.ts';

// Promise 5 with the real bundle, real traffic and AWS's own wire protocols: the process is killed at each change that
// it makes, and the next run must finish or undo it. (Every single call, in virtual time: test/unit/release.)

const READS = /^(Describe|List|Get)/;
const config = {
  identity: { header: 'x-version', value: '{image-tag}' },
  stabilize: { for: '300ms', interval: '100ms' },
  lock: { ttl: '30s' },
};
const start = () =>
  startWorld({ app: { versions: ['v0', 'v1', 'v2', 'v3'], live: { version: 'v1', count: 1 } }, config });

/** The changes that an undisturbed deployment makes, in order. */
async function changes(): Promise<string[]> {
  await using world = await start();
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  return (
    world.sandbox.requests
      .map(({ operation }) => operation)
      .filter((operation) => !READS.test(operation))
      // How often the lease is renewed depends on the machine's pace: its first renewal stands for all.
      .filter((operation, index, all) => operation !== 'AddTags' || all.indexOf(operation) === index)
  );
}

const planned = changes();

/** Runs a deployment and kills it, as `kill -9` does, at its n-th change: before AWS makes it, or right after. */
async function killed(world: World, n: number, when: 'before' | 'after'): Promise<void> {
  const until = (await planned).slice(0, n);
  const operation = until[n - 1]!;
  let kill = () => {};
  world.sandbox.faults.add({
    operation,
    call: until.filter((one) => one === operation).length,
    kind: when === 'before' ? 'reset' : 'lost',
    before: () => kill(),
  });
  const run = await world.act(
    { 'image-tag': 'v2' },
    {
      post: false,
      onStart: (handle) => {
        kill = handle.kill;
      },
    },
  );
  assert.equal(run.exitCode, null, 'it was killed');
  world.sandbox.faults.clear();
}

/** The dead run's lease ends: what GitHub's API, or time, would tell. */
async function leaseEnds({ sandbox, app }: World): Promise<void> {
  for (const { RuleArn } of await app.rules())
    await sandbox.call('AddTags', {
      ResourceArns: [RuleArn],
      Tags: [{ Key: 'blue-green:expires', Value: '2020-01-01T00:00:00.000Z' }],
    });
}

describe('runs that die, and runs that are cancelled', { concurrency: SIDE_BY_SIDE }, () => {
  test('killed before or after each change: the next deploy goes on from there', async () => {
    const operations = await planned;
    // Right before a change all is as it was right after the one before it: a dead run leaves nothing but what AWS has.
    const cases = [
      { n: 1, when: 'before' as const },
      ...operations.map((_, index) => ({ n: index + 1, when: 'after' as const })),
    ];
    await sideBySide(cases, async ({ n, when }) => {
      await using world = await start();
      await killed(world, n, when);
      await leaseEnds(world);
      const context = `killed ${when} ${n}: ${operations[n - 1]}`;
      const next = await world.act({ 'image-tag': 'v3' });
      assert.equal(next.outputs['result'], 'deployed', `${context}\n${next.log}`);
      assert.equal(next.outputs['image'], world.app.image('v3'), context);
      await assertClean(world, next.outputs['live-color'] as 'blue' | 'green');
      await world.usersSaw();
    });
  });

  test('killed after the shift: rollback takes users back, and the release before that is still parked', async () => {
    await using world = await start();
    assert.equal((await world.act({ 'image-tag': 'v0' })).outputs['live-color'], 'green');
    const parked = revisionOn(world, 'blue');
    const at = (await planned).indexOf('ModifyListener') + 1;
    assert.ok(at > 0);
    await killed(world, at, 'after');
    assert.deepEqual(world.app.weights(), { blue: 100, green: 0 }, 'half-way: users have v2');
    await leaseEnds(world);
    const status = await world.act({ operation: 'status' });
    assert.match(status.log, /unfinished \(shifting\)/);
    const back = await world.act({ operation: 'rollback' });
    assert.deepEqual([back.exitCode, back.outputs['image']], [0, world.app.image('v0')], back.log);
    assert.equal(revisionOn(world, 'blue'), parked);
    await assertClean(world, 'green');
    await world.usersSaw();
  });

  for (const [moment, operation, result, live] of [
    ['while the release starts', 'UpdateService', 'failed', 'blue'],
    ['right after the shift', 'ModifyListener', 'rolled-back', 'blue'],
  ] as const) {
    test(`cancelled ${moment}: traffic is back at once, the post step cleans up`, async () => {
      await using world = await startWorld({
        config: { ...config, stabilize: { for: '20s', interval: '250ms' } },
      });
      const { app } = world;
      const former = revisionOn(world, 'green');
      let cancel = () => {};
      const off = world.sandbox.onCall((called) => {
        if (called === operation) setTimeout(() => cancel(), 100);
      });
      const run = await world.act(
        { 'image-tag': 'v2' },
        {
          onStart: (handle) => {
            cancel = () => {
              off();
              handle.cancel();
            };
          },
        },
      );
      assert.equal(run.exitCode, 1, run.log);
      assert.deepEqual([run.outputs['result'], run.outputs['live-color']], [result, live], run.log);
      assert.match(run.log, /cancelled/i);
      assert.equal(run.postExitCode, 0, run.postLog);
      assert.equal(revisionOn(world, 'green'), former);
      assert.equal(app.service('green').desiredCount, 0);
      await assertClean(world, 'blue');
      await world.usersSaw();
    });
  }

  test('cancelled while AWS does not answer a read: it is left, and traffic is back at once', async (context) => {
    await using world = await startWorld({
      config: { ...config, stabilize: { for: '20s', interval: '250ms' } },
    });
    const { faults } = world.sandbox;
    let cancel = () => {};
    let cancelled = 0;
    let back = 0;
    world.sandbox.onCall((called) => {
      if (called !== 'ModifyListener') return;
      if (cancelled > 0) back = Date.now();
      else
        faults.add({
          operation: 'DescribeServices',
          call: 1,
          kind: 'hang',
          before: () => {
            cancelled = Date.now();
            cancel();
          },
        });
    });
    const run = await world.act(
      { 'image-tag': 'v2' },
      {
        onStart: (handle) => {
          cancel = handle.cancel;
        },
      },
    );
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    assert.equal(run.postExitCode, 0, run.postLog);
    // By itself the call would end after 15 s, to be made again; the runner has sent SIGTERM by then.
    assert.match(run.log, /DescribeServicesCommand was left, as the run was cancelled/);
    assert.ok(back > 0, run.log);
    context.diagnostic(`traffic was given back ${back - cancelled} ms after the cancel`);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });

  test('killed by the runner in the main step: the post step undoes it', async () => {
    await using world = await startWorld({
      config: { ...config, stabilize: { for: '20s', interval: '250ms' } },
    });
    let kill = () => {};
    world.sandbox.onCall((called) => {
      if (called === 'ModifyListener') setTimeout(() => kill(), 200);
    });
    const run = await world.act(
      { 'image-tag': 'v2' },
      {
        onStart: (handle) => {
          kill = handle.kill;
        },
      },
    );
    assert.equal(run.exitCode, null);
    assert.equal(run.postExitCode, 0, run.postLog);
    assert.match(run.postLog, /undo it/);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });
});
