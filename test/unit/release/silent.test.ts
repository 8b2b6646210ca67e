import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abandonable } from '../../../src/release/session.ts';
import type { Target } from '../../../src/target/target.ts';
import { FakePlatform } from './fake-target.ts';
import { runOn } from './harness.ts';

// A platform that takes a question and does not answer it, for longer than any limit here.

const silence = () => new Promise<never>(() => {});

test('what is abandoned is told with the signal’s reason, and what comes of it later troubles nobody', async () => {
  const controller = new AbortController();
  const late = Promise.withResolvers<string>();
  const answer = abandonable(controller.signal, () => late.promise);
  controller.abort(new Error('over'));
  await assert.rejects(answer, /over/);
  late.reject(new Error('too late'));
  await new Promise(setImmediate);
  await assert.rejects(abandonable(controller.signal, assert.fail), /over/);
  assert.equal(await abandonable(new AbortController().signal, async () => 'answer'), 'answer');
});

test('the last look at a silent platform takes ten seconds, and what was seen before is reported', async (t) => {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  // AbortSignal.timeout keeps no process, and here is nothing else that would.
  const alive = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(alive));
  let isSilent = false;
  const started = Date.now();
  const { outcome, events } = await runOn(platform, {
    tag: 'v2',
    intercept: (call, when) => {
      // The run's last act.
      if (call === 'release' && when === 'after') isSilent = true;
    },
    change: (target) =>
      new Proxy<Target>(target, {
        get: (own, name) => {
          if (name === 'inspect' && isSilent) return silence;
          const value = Reflect.get(own, name);
          return typeof value === 'function' ? value.bind(own) : value;
        },
      }),
  });
  const took = Date.now() - started;
  assert.ok(took > 9_000 && took < 20_000, `${took} ms`);
  assert.deepEqual([outcome.result, outcome.liveColor], ['deployed', 'green']);
  assert.ok(
    events.some(
      ({ type, ...event }) => type === 'warning' && /seen before the end/.test(JSON.stringify(event)),
    ),
  );
});
