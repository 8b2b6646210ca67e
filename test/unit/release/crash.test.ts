import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Color, otherColor } from '../../../src/release/color.ts';
import { TransientError } from '../../../src/target/target.ts';
import { FakePlatform, HELD } from './fake-target.ts';
import { postOn, type RunOptions, runOn } from './harness.ts';

// Promise 5: every end is a defined end. A run is broken at every single call that it makes, before and after the
// platform did what it was asked for; then the next run comes. Users must never meet a color that is not healthy or
// is being changed, and in the end all is old or all is new, with no lock and no journal left.

const start = () => {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  platform.scaling = { blue: 'as the users want it', green: 'as it was' };
  return platform;
};

/** The number of interceptions in an undisturbed run: two for each call. */
async function count(
  options: RunOptions,
  prepare: (platform: FakePlatform) => Promise<void>,
): Promise<number> {
  const platform = start();
  await prepare(platform);
  let calls = 0;
  const { outcome } = await runOn(platform, {
    ...options,
    intercept: () => {
      calls += 1;
    },
  });
  assert.equal(outcome.error, undefined);
  return calls;
}

const deployed = async (platform: FakePlatform) => {
  const { outcome } = await runOn(platform, { tag: 'v2' });
  assert.equal(outcome.result, 'deployed');
};
const staged = async (platform: FakePlatform) => {
  const { outcome } = await runOn(platform, { operation: 'stage', tag: 'v2' });
  assert.equal(outcome.result, 'staged');
};
const nothing = () => Promise.resolve();

const operations: [string, RunOptions, (platform: FakePlatform) => Promise<void>][] = [
  ['deploy', { tag: 'v2' }, nothing],
  ['deploy in steps', { tag: 'v2', policy: { shift: { steps: [5, 50], every: 2_000 } } }, nothing],
  ['stage', { operation: 'stage', tag: 'v2' }, nothing],
  ['promote', { operation: 'promote' }, staged],
  ['abort', { operation: 'abort' }, staged],
  ['rollback', { operation: 'rollback' }, deployed],
];

/** What must hold whatever happened, once the next run is through. */
function assertDefined(platform: FakePlatform, context: string): void {
  assert.deepEqual(platform.violations, [], context);
  assert.equal(platform.record, undefined, `${context}: the journal is gone`);
  assert.ok(
    platform.lock === undefined || platform.lock.expires <= platform.clock.now(),
    `${context}: the lock is gone`,
  );
  const live = platform.weights.blue === 100 ? 'blue' : 'green';
  assert.equal(platform.weights[otherColor(live)], 0, context);
  assert.equal(platform.slots[live].desired, 3, `${context}: the live color has all its instances`);
  assertScaling(platform, live, context);
}

/** What scales users' color is handed from live color to live color; the other one sleeps, or was never touched. */
function assertScaling({ scaling }: FakePlatform, live: Color, context: string): void {
  assert.equal(scaling?.[live], 'as the users want it', `${context}: scaling of the live color`);
  const idle = scaling?.[otherColor(live)] ?? '';
  assert.ok([HELD, 'as it was'].includes(idle), `${context}: scaling of the idle color: ${idle}`);
}

for (const [name, options, prepare] of operations) {
  test(`${name}: killed at any call, the next deploy converges`, async () => {
    const calls = await count(options, prepare);
    for (let k = 1; k <= calls; k += 1) {
      const platform = start();
      await prepare(platform);
      await killAt(platform, options, k);
      platform.clock.advance(120_000); // the dead run's lease ends
      const { outcome } = await runOn(platform, { tag: 'v3', id: 'run-2' });
      assert.equal(outcome.result, 'deployed', `killed at ${k}: ${outcome.error?.message}`);
      assert.equal(outcome.image, 'shop:v3');
      assertDefined(platform, `${name} killed at ${k}`);
    }
  });

  test(`${name}: killed at any call, the next rollback leads to a release that users had`, async () => {
    const calls = await count(options, prepare);
    for (let k = 1; k <= calls; k += 1) {
      const platform = start();
      await prepare(platform);
      await killAt(platform, options, k);
      platform.clock.advance(120_000);
      const { outcome } = await runOn(platform, { operation: 'rollback', id: 'run-2' });
      const context = `${name} killed at ${k}: ${outcome.result} ${outcome.error?.message ?? ''}`;
      assert.ok(outcome.result === 'rolled-back' || outcome.error?.code === 'rolled-back-release', context);
      assert.ok(['shop:v0', 'shop:v1'].includes(outcome.image), `${context}, ${outcome.image}`);
      assertDefined(platform, context);
    }
  });

  test(`${name}: cancelled at any call, the post step leaves a defined state`, async () => {
    const calls = await count(options, prepare);
    for (let k = 1; k <= calls; k += 1) {
      const platform = start();
      await prepare(platform);
      const cancel = new AbortController();
      let seen = 0;
      const { pending, outcome } = await runOn(platform, {
        ...options,
        signal: cancel.signal,
        intercept: () => {
          seen += 1;
          if (seen === k) cancel.abort(new Error('cancelled'));
        },
      });
      if (pending !== undefined) await postOn(platform, pending, options);
      const isStaged = platform.record?.record['phase'] === 'staged';
      const live = platform.weights.blue === 100 ? 'blue' : 'green';
      const context = `${name} cancelled at ${k} (${outcome.result}, ${outcome.error?.code})`;
      assert.deepEqual(platform.violations, [], context);
      assert.equal(platform.weights[otherColor(live)], 0, context);
      assert.equal(platform.slots[live].desired, 3, context);
      assertScaling(platform, live, context);
      assert.ok(
        platform.lock === undefined || isStaged || platform.lock.expires <= platform.clock.now(),
        context,
      );
    }
  });

  test(`${name}: one unanswered call anywhere is no verdict, or ends all-old`, async () => {
    const calls = await count(options, prepare);
    for (let k = 1; k <= calls; k += 1) {
      const platform = start();
      await prepare(platform);
      let seen = 0;
      await runOn(platform, {
        ...options,
        intercept: (call) => {
          seen += 1;
          if (seen === k) throw new TransientError(`no answer to ${call}`);
        },
      });
      platform.clock.advance(120_000);
      const { outcome } = await runOn(platform, { tag: 'v3', id: 'run-2' });
      assert.equal(outcome.result, 'deployed', `unanswered ${k}: ${outcome.error?.message}`);
      assertDefined(platform, `${name} unanswered at ${k}`);
    }
  });
}

/** Runs until the k-th interception, where the run stops for ever, as a killed process does. */
async function killAt(platform: FakePlatform, options: RunOptions, k: number): Promise<void> {
  let seen = 0;
  let dead = false;
  await new Promise<void>((killed) => {
    const intercept = (): Promise<void> | void => {
      seen += 1;
      if (dead || seen >= k) {
        dead = true;
        killed();
        return new Promise(() => {});
      }
    };
    void runOn(platform, { ...options, intercept }).then(() => killed());
  });
}
