import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import { FakePlatform, HELD } from './fake-target.ts';
import { runOn } from './harness.ts';

const SHIFT = { steps: [5, 25, 50], every: 60_000 };

const start = () => {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  return platform;
};
/** The share of green over time: each with the ms since the first. */
const shares = ({ effective }: FakePlatform) => {
  const [, first, ...rest] = effective;
  return [first!, ...rest].map(({ at, weights }) => [weights.green, at - first!.at]);
};

test('the traffic moves in steps, each for `every`, and all of it comes last', async () => {
  const platform = start();
  const { outcome } = await runOn(platform, { tag: 'v2', policy: { shift: SHIFT } });
  assert.equal(outcome.result, 'deployed');
  assert.deepEqual(
    shares(platform).map(([share]) => share),
    [5, 25, 50, 100],
  );
  const times = shares(platform).map(([, at]) => at!);
  for (const [index, at] of times.slice(1).entries())
    assert.ok(at - times[index]! >= 60_000 && at - times[index]! < 70_000, `${at - times[index]!} ms`);
  assert.deepEqual(platform.violations, []);
});

test('a release that falls ill with a share of the traffic is taken back in one call', async () => {
  const platform = start();
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    policy: { shift: SHIFT },
    intercept: (call) => {
      if (call === 'health' && platform.weights.green === 25) platform.behaviors.set('shop:v2', 'crashes');
    },
  });
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'unhealthy']);
  assert.equal(outcome.liveColor, 'blue');
  assert.deepEqual(
    shares(platform).map(([share]) => share),
    [5, 25, 0],
  );
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
});

const scaled = () => {
  const platform = start();
  platform.scaling = { blue: 'fast', green: 'slow' };
  return platform;
};

test('both colors scale from the first step on, neither of them in; told once', async () => {
  const platform = scaled();
  const told: unknown[] = [];
  const looks: unknown[] = [];
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    policy: { shift: SHIFT },
    intercept: (call, when) => {
      const { green } = platform.weights;
      if (call.startsWith('scaling.share') && when === 'before') told.push([call, green]);
      if (call === 'health' && green > 0 && green < 100) looks.push({ ...platform.scaling });
    },
  });
  assert.equal(outcome.result, 'deployed');
  assert.deepEqual(told, [
    ['scaling.share from', 5],
    ['scaling.share to', 5],
  ]);
  assert.ok(looks.length > 3);
  for (const look of looks) assert.deepEqual(look, { blue: 'fast, out only', green: 'fast, out only' });
  assert.deepEqual(platform.scaling, { blue: HELD, green: 'fast' });
});

test('a step that fails: both scale as they did', async () => {
  const platform = scaled();
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    policy: { shift: SHIFT },
    intercept: (call) => {
      if (call === 'health' && platform.weights.green === 25) platform.behaviors.set('shop:v2', 'crashes');
      if (call === 'restore') assert.equal(platform.scaling?.blue, 'fast, out only', 'not in yet');
    },
  });
  assert.equal(outcome.result, 'rolled-back');
  assert.deepEqual(platform.scaling, { blue: 'fast', green: 'slow' });
});

for (const [name, prepare, options] of [
  ['all at once', () => {}, { tag: 'v2' }],
  ['in a rollback', () => {}, { operation: 'rollback', policy: { shift: SHIFT } }],
  [
    'where nothing is live',
    (platform: FakePlatform) => platform.run('blue', 'shop:v1', 0),
    { tag: 'v2', policy: { shift: SHIFT, count: 2 } },
  ],
] as const)
  test(`no scaling is shared ${name}`, async () => {
    const platform = scaled();
    prepare(platform);
    let shared = 0;
    const { outcome } = await runOn(platform, {
      ...options,
      intercept: (call) => {
        if (call.startsWith('scaling.share')) shared += 1;
      },
    });
    assert.equal(outcome.error, undefined);
    assert.equal(shared, 0);
  });

test('scaling that can not be shared is a warning: the release goes on through its steps', async () => {
  for (const code of ['aws-refused', 'no-answer']) {
    const platform = scaled();
    const { outcome, events } = await runOn(platform, {
      tag: 'v2',
      policy: { shift: SHIFT },
      intercept: (call, when) => {
        if (call === 'scaling.share from' && when === 'before')
          throw new DeployError('ConcurrentUpdate', { code });
      },
    });
    assert.equal(outcome.result, 'deployed', code);
    const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    assert.deepEqual(
      warnings.filter((text) => text.includes('may not scale with its share: ConcurrentUpdate')).length,
      1,
    );
    assert.deepEqual(platform.violations, []);
  }
});

test('promote takes the steps too; a rollback does not', async () => {
  const platform = start();
  await runOn(platform, { operation: 'stage', tag: 'v2' });
  assert.deepEqual(platform.effective, []);
  const promoted = await runOn(platform, { operation: 'promote', policy: { shift: SHIFT } });
  assert.equal(promoted.outcome.result, 'deployed');
  assert.deepEqual(
    shares(platform).map(([share]) => share),
    [5, 25, 50, 100],
  );
  platform.effective.length = 0;
  await runOn(platform, { operation: 'rollback', policy: { shift: SHIFT } });
  assert.deepEqual(
    shares(platform).map(([share]) => share),
    [0],
  );
});

test('a platform that gives all traffic to one color refuses steps before anything is changed', async () => {
  const platform = start();
  const problem = { message: 'It can’t.', fix: 'Write all-at-once.', forceable: false };
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    policy: { shift: SHIFT },
    change: (target) => ({ ...target, splitting: () => Promise.resolve([problem]) }),
  });
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'preflight']);
  assert.match(outcome.error!.message, /It can’t/);
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
});

test('somebody who moves the traffic in the middle of a step ends the run, and it goes back', async () => {
  const platform = start();
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    policy: { shift: SHIFT },
    intercept: (call, when) => {
      if (call === 'health' && when === 'after' && platform.weights.green === 25)
        platform.weights = { blue: 40, green: 60 };
    },
  });
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'foreign-weights']);
  assert.deepEqual(platform.weights, { blue: 100, green: 0 });
});

test('a first release gets all at once: there is nobody else to answer', async () => {
  const platform = new FakePlatform();
  const { outcome } = await runOn(platform, { tag: 'v1', policy: { shift: SHIFT, count: 2 } });
  assert.equal(outcome.result, 'deployed', outcome.error?.message);
  assert.deepEqual(
    shares(platform).map(([share]) => share),
    [100],
  );
  assert.deepEqual(platform.violations, []);
});
