import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransientError } from '../../../src/target/target.ts';
import { FakePlatform } from './fake-target.ts';
import { postOn, runOn, STABILIZE } from './harness.ts';

// A platform that throttles did nothing of what it was asked for: whatever it was, it is asked for again, and the
// answer decides nothing.

const start = () => {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  return platform;
};

for (const throttled of [
  'lock.acquire',
  'renew',
  'createRelease',
  'journal staging',
  'prepare',
  'start',
  'shift',
  'mark',
  'park',
  'journal clear',
  'release',
]) {
  test(`${throttled} is throttled five times in a row`, async () => {
    const platform = start();
    let left = 5;
    const { outcome } = await runOn(platform, {
      tag: 'v2',
      intercept: (call, when) => {
        if (call !== throttled || when !== 'before' || left === 0) return;
        left -= 1;
        throw new TransientError('Rate exceeded');
      },
    });
    assert.deepEqual([outcome.result, outcome.error], ['deployed', undefined]);
    assert.deepEqual(platform.violations, []);
    assert.equal(platform.lock, undefined);
    assert.equal(platform.record, undefined);
  });
}

test('the post step is throttled five times in a row where it takes the lock up again', async () => {
  const platform = start();
  const cancel = new AbortController();
  const { pending } = await runOn(platform, {
    tag: 'v2',
    signal: cancel.signal,
    intercept: (call, when) => {
      if (call === 'shift' && when === 'after') cancel.abort(new Error('cancelled'));
    },
  });
  let left = 5;
  const intercept = (call: string) => {
    if (call !== 'lock.resume' || left === 0) return;
    left -= 1;
    throw new TransientError('Rate exceeded');
  };
  assert.equal(await postOn(platform, pending ?? '', { intercept }), 'recovered');
  assert.deepEqual([platform.record, platform.lock], [undefined, undefined]);
});

test('a change that is throttled for ever is given up, and put back', async () => {
  const platform = start();
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    intercept: (call, when) => {
      if (call === 'start' && when === 'before') throw new TransientError('Rate exceeded');
    },
  });
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'platform-unreachable']);
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
  assert.equal(platform.record, undefined);
});

test('nothing is changed any more once a lease that could not be renewed has ended', async () => {
  const platform = start();
  let taken = Number.NaN;
  const late: string[] = [];
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    policy: { stabilize: { ...STABILIZE, for: 120_000 } },
    intercept: (call, when) => {
      const now = platform.clock.now();
      if (call === 'lock.acquire' && when === 'after') taken = now;
      if (call === 'renew') throw new TransientError('Rate exceeded');
      if (when === 'before' && now - taken > 61_000 && /^(?:shift|mark|park|journal)/.test(call))
        late.push(call);
    },
  });
  assert.deepEqual(late, []);
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'platform-unreachable']);
  assert.notEqual(platform.record, undefined, 'the next run deals with what is left');
});

test('a throttled lock is not told as one that another run holds', async () => {
  const { outcome } = await runOn(start(), {
    tag: 'v2',
    intercept: (call) => {
      if (call === 'lock.acquire') throw new TransientError('Rate exceeded');
    },
  });
  assert.equal(outcome.error?.code, 'platform-unreachable');
});

test('changes that follow each other share a renewal of the lease, later ones do not', async () => {
  const platform = start();
  const calls: { call: string; at: number }[] = [];
  await runOn(platform, {
    tag: 'v2',
    intercept: (call, when) => {
      if (when === 'before') calls.push({ call, at: platform.clock.now() });
    },
  });
  const changes = /^(createRelease|journal|prepare|start|shift|mark|park)/;
  for (const { call, at } of calls.filter((one) => changes.test(one.call))) {
    const renewed = calls.findLast((one) => one.call === 'renew' && one.at <= at);
    assert.ok(renewed !== undefined && at - renewed.at < 1_000, `${call}: renewed a moment before`);
  }
  const renewals = calls.filter(({ call }) => call === 'renew').length;
  assert.ok(renewals < calls.filter(({ call }) => changes.test(call)).length, `${renewals} renewals`);
});
