import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Following, TransientError } from '../../../src/target/target.ts';
import { FakePlatform } from './fake-target.ts';
import { runOn } from './harness.ts';

// A proxy that took the switch, and users who do not follow it, by its own count.

const DETAIL = 'blue has them all';

/** `seen` is what is known at each look, counted from 0, once green has all of the traffic. */
function start(seen: (look: number) => Following): FakePlatform {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  let looks = 0;
  platform.following = () => (platform.weights.green === 100 ? seen(looks++) : { follows: 'unknown' });
  return platform;
}
const astray = (look: number): Following => ({ follows: false, elsewhere: 1 + look, detail: DETAIL });
const partly = (look: number): Following => ({ follows: 'partly', elsewhere: 1 + look, detail: DETAIL });
const warned = ({ events }: Awaited<ReturnType<typeof runOn>>): boolean =>
  events.some((event) => event.type === 'warning' && event.message.endsWith(`${DETAIL}.`));

test('a release that users never come to is taken back, however healthy it is, and what they have goes on', async () => {
  const platform = start(astray);
  const { outcome } = await runOn(platform, { tag: 'v2' });
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'not-followed']);
  assert.match(outcome.error?.message ?? '', /requests do not follow the switch: .*: blue has them all\./);
  assert.deepEqual([outcome.liveColor, platform.slots.blue.desired], ['blue', 3]);
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
  assert.deepEqual(platform.violations, []);
});

test('some that come late to the old color do no harm, and it keeps running as long as they come', async () => {
  const running: number[] = [];
  const platform = start((look) => {
    running.push(platform.slots.blue.desired);
    return look % 3 === 0 ? partly(look) : { follows: true };
  });
  const { outcome } = await runOn(platform, { tag: 'v2' });
  assert.equal(outcome.result, 'deployed');
  assert.ok(running.length > 1 && running.every((count) => count === 3), running.join());
});

test('one that nobody follows is told, and is no verdict', async () => {
  const ran = await runOn(
    start(() => astray(0)),
    { tag: 'v2' },
  );
  assert.equal(ran.outcome.result, 'deployed');
  assert.ok(warned(ran));
});

test('some that never stop coming take a release back, unless they are said to be nobody', async () => {
  for (const force of [false, true]) {
    const ran = await runOn(start(partly), { tag: 'v2', force });
    assert.deepEqual(
      [ran.outcome.result, ran.outcome.error?.code],
      force ? ['deployed', undefined] : ['rolled-back', 'not-converged'],
    );
    assert.ok(warned(ran));
  }
});

test('a rollback goes back to the color that users did not leave; some that stay do not keep it', async () => {
  const platform = start(astray);
  const { outcome } = await runOn(platform, { operation: 'rollback' });
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'not-followed']);
  assert.equal(platform.slots.blue.desired, 3);

  const few = start(partly);
  const ran = await runOn(few, { operation: 'rollback' });
  assert.equal(ran.outcome.result, 'rolled-back');
  assert.ok(warned(ran));
  assert.deepEqual([few.slots.blue.desired, few.record], [0, undefined], 'nothing is left for the next run');
});

test('a count that can not be had is no verdict, on no way', async () => {
  for (const options of [{ tag: 'v2' }, { operation: 'rollback' }] as const) {
    const platform = start(() => {
      throw new TransientError('the tunnel is down');
    });
    const { outcome } = await runOn(platform, options);
    assert.equal(outcome.error, undefined, outcome.error?.message);
    assert.deepEqual([outcome.liveColor, platform.slots.blue.desired], ['green', 0]);
  }
});
