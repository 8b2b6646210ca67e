import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import type { Color } from '../../../src/release/color.ts';
import type { Answered, Answers } from '../../../src/target/signals.ts';
import { TransientError } from '../../../src/target/target.ts';
import { FakePlatform } from './fake-target.ts';
import { type RunOptions, runOn, STABILIZE } from './harness.ts';

// Without `identity`, what the load balancer counts must confirm a switch before the old color is parked: here it tells
// so as AWS does, by the minute, and a minute and a half late.

const MINUTE = 60_000;
const DELAY = 90_000;
const policy = { stabilize: { ...STABILIZE, 'max-error-rate': 50 } };

interface World {
  readonly platform: FakePlatform;
  /** Every call to the counters. */
  readonly reads: number[];
}

/** How long after a shift some user still comes to the color from before, in ms; absent: nobody comes at all. */
type Laggard = number | undefined;

/** @param refuse called at each read, with whether users are on the new color */
function start(
  laggard: Laggard,
  { delay = DELAY, refuse = () => {} }: { delay?: number; refuse?: (afterShift: boolean) => void } = {},
): World {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  const { clock } = platform;
  const reads: number[] = [];
  const gotRequests = (color: Color, at: number) => {
    if (laggard === undefined) return false;
    const { effective } = platform;
    const last = effective.findLast((one) => one.at <= at)?.weights ?? { blue: 100, green: 0 };
    const lagging = effective.findLast((one) => one.at <= at - laggard)?.weights ?? { blue: 100, green: 0 };
    return last[color] > 0 || lagging[color] > 0;
  };
  const answers: Answers = {
    latency: 'p95',
    delayMs: MINUTE + delay,
    periodMs: MINUTE,
    open: (since = clock.now()) => {
      const from = Math.floor(since / MINUTE) * MINUTE;
      const count = (color: Color): Answered => {
        let requests = 0;
        for (let minute = from; minute + MINUTE + delay <= clock.now(); minute += MINUTE)
          for (let at = minute; at < minute + MINUTE; at += 1_000) requests += gotRequests(color, at) ? 1 : 0;
        return { requests, errors: 0 };
      };
      return Promise.resolve({
        read: async () => {
          reads.push(clock.now());
          refuse(platform.weights.green === 100);
          return { blue: count('blue'), green: count('green') };
        },
      });
    },
  };
  platform.signals = { answers };
  return { platform, reads };
}

/** Runs a deployment and says how long after the shift the old color was parked, in ms, and what was said. */
async function deploy({ platform }: World, options: RunOptions = {}) {
  const at = { shift: 0, park: 0 };
  const { outcome, events } = await runOn(platform, {
    tag: 'v2',
    policy,
    ...options,
    intercept: (call, when) => {
      if (when === 'after' && (call === 'shift' || call === 'park')) at[call] = platform.clock.now();
    },
  });
  assert.deepEqual(platform.violations, []);
  const said = events.flatMap((event) => (event.type === 'progress' ? [event.message] : [])).join('\n');
  return { outcome, said, after: at.park - at.shift };
}

test('counts of whole minutes prove the switch before the old color is parked', async () => {
  const world = start(5_000);
  const { outcome, said, after } = await deploy(world);
  assert.equal(outcome.result, 'deployed');
  assert.match(said, /Proven by count: green \d+ requests, blue 0\./);
  assert.ok(after >= world.platform.propagationMs + MINUTE + DELAY, `${after} ms`);
});

test('somebody still comes to the old color after the propagation time: it is not parked before that ends', async () => {
  const laggard = 70_000;
  const { outcome, said, after } = await deploy(start(laggard, { delay: 10_000 }));
  assert.equal(outcome.result, 'deployed');
  assert.match(said, /Proven by count/);
  assert.ok(after > laggard, `${after} ms`);
});

test('nobody comes, or never leaves the old color: after three minutes it goes by time, and says so', async () => {
  for (const laggard of [undefined, 3_600_000]) {
    const world = start(laggard);
    const { outcome, said, after } = await deploy(world);
    assert.equal(outcome.result, 'deployed');
    assert.match(said, /Not proven by count \(green \d+ requests, blue \d+\), going on by time/);
    assert.ok(after >= world.platform.propagationMs + 180_000, `${after} ms`);
  }
});

test('counters that throttle are no news, ones that refuse are no failure', async () => {
  let throttled = 0;
  const throttling = start(5_000, {
    refuse: (afterShift) => {
      throttled += afterShift ? 1 : 0;
      if (afterShift && throttled <= 5) throw new TransientError('Throttling');
    },
  });
  const first = await deploy(throttling);
  assert.equal(first.outcome.result, 'deployed');
  assert.match(first.said, /Proven by count/);

  let looks = 0;
  const refusing = start(5_000, {
    refuse: (afterShift) => {
      looks += afterShift ? 1 : 0;
      if (looks > 8) throw new DeployError('AWS denies it.', { code: 'access-denied' });
    },
  });
  const second = await deploy(refusing);
  assert.equal(second.outcome.result, 'deployed');
  assert.match(second.said, /Not proven by count .*going on by time: AWS denies it\./);
});

test('nothing is counted where answers are no matter, with identity, and for a rollback', async () => {
  const unasked = start(5_000);
  assert.equal((await deploy(unasked, { policy: {} })).outcome.result, 'deployed');
  assert.deepEqual(unasked.reads, []);

  const identified = start(5_000);
  const proof = { name: 'GET /', ok: true, detail: 'v2', attempts: 1, ms: 1 };
  const { said } = await deploy(identified, {
    checks: { canIdentify: true, identify: () => Promise.resolve(proof) },
  });
  assert.doesNotMatch(said, /by count/);
  const before = identified.reads.length;
  const back = await deploy(identified, { operation: 'rollback', tag: '' });
  assert.equal(back.outcome.result, 'rolled-back');
  assert.equal(identified.reads.length, before);
});
