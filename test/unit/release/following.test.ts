import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakePlatform } from './fake-target.ts';
import { runOn } from './harness.ts';

// A proxy that took the switch, and users who do not follow it, by its own count.

const start = () => {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  return platform;
};
const ASTRAY = { follows: false, detail: 'blue has them all' };

test('a release that users never come to is taken back, however healthy it is, and what they have goes on', async () => {
  const platform = start();
  platform.following = () => (platform.weights.green === 100 ? ASTRAY : { follows: 'unknown' });
  const { outcome } = await runOn(platform, { tag: 'v2' });
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'not-followed']);
  assert.match(outcome.error?.message ?? '', /requests do not follow the switch: .*: blue has them all\./);
  assert.deepEqual([outcome.liveColor, platform.slots.blue.desired], ['blue', 3]);
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
  assert.deepEqual(platform.violations, []);
});

test('some that come late to the old color do no harm, and it keeps running as long as they come', async () => {
  const platform = start();
  let looks = 0;
  const running: number[] = [];
  platform.following = () => {
    if (platform.weights.green !== 100) return { follows: true };
    running.push(platform.slots.blue.desired);
    looks += 1;
    return looks % 3 === 1 ? ASTRAY : { follows: true };
  };
  const { outcome } = await runOn(platform, { tag: 'v2' });
  assert.equal(outcome.result, 'deployed');
  assert.ok(looks > 1 && running.every((count) => count === 3), running.join());
});

test('a rollback goes back to the color that users did not leave', async () => {
  const platform = start();
  platform.following = () => (platform.weights.green === 100 ? ASTRAY : { follows: 'unknown' });
  const { outcome } = await runOn(platform, { operation: 'rollback' });
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'not-followed']);
  assert.equal(platform.slots.blue.desired, 3);
});
