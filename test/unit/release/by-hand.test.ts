import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import { allOn } from '../../../src/release/color.ts';
import { FakePlatform } from './fake-target.ts';
import { postOn, runOn } from './harness.ts';

// What people, other tools and bad luck do in between: found by a reviewer who tried to break it.

const start = () => {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  return platform;
};

test('traffic moved back by hand while the release is watched: not told as deployed, and all is as it was', async () => {
  const platform = start();
  let looks = 0;
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    intercept: (call, when) => {
      if (call !== 'health' || when !== 'after' || platform.weights.green !== 100) return;
      looks += 1;
      if (looks === 2) platform.setWeights(allOn('blue'));
    },
  });
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'foreign-weights']);
  assert.equal(outcome.image, 'shop:v1');
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
  assert.equal(
    (await runOn(platform, { tag: 'v2' })).outcome.result,
    'deployed',
    'the next run is not stuck',
  );
});

test('a staged release that somebody put live by hand stays live; nobody is stuck', async () => {
  for (const operation of ['abort', 'deploy', 'rollback'] as const) {
    const platform = start();
    await runOn(platform, { operation: 'stage', tag: 'v2' });
    platform.setWeights(allOn('green'));
    const promoted = await runOn(platform, { operation: 'promote' });
    assert.equal(promoted.outcome.error?.code, 'live-color-changed');
    const { outcome } = await runOn(platform, { operation, tag: operation === 'deploy' ? 'v3' : '' });
    if (operation === 'abort') assert.equal(outcome.result, 'unchanged');
    if (operation === 'deploy') assert.deepEqual([outcome.result, outcome.image], ['deployed', 'shop:v3']);
    if (operation === 'rollback')
      assert.deepEqual([outcome.result, outcome.image], ['rolled-back', 'shop:v1']);
    assert.equal(platform.record, undefined, operation);
  }
});

test('who only looks turns no preview, where somebody moved the traffic since', async () => {
  for (const operation of ['status', 'watch', 'promote'] as const) {
    const platform = start();
    await runOn(platform, { operation: 'stage', tag: 'v2' });
    const calls: string[] = [];
    const intercept = (call: string) => void calls.push(call);
    platform.setWeights(allOn('green'));
    const { outcome } = await runOn(platform, { operation, intercept });
    assert.equal(outcome.previewUrl, '', operation);
    assert.ok(!calls.includes('preview'), operation);
    platform.setWeights(allOn('blue'));
    assert.equal((await runOn(platform, { operation: 'status' })).outcome.previewUrl, 'http://preview');
  }
});

test('a promote that was killed while it was undone leaves nothing that is called staged', async () => {
  const platform = start();
  await runOn(platform, { operation: 'stage', tag: 'v2' });
  const cancel = new AbortController();
  let isDead = false;
  await new Promise<void>((killed) => {
    void runOn(platform, {
      operation: 'promote',
      signal: cancel.signal,
      intercept: (call, when) => {
        if (call === 'health') cancel.abort(new Error('cancelled'));
        isDead ||= call === 'restore' && when === 'after';
        if (!isDead) return;
        killed();
        return new Promise(() => {});
      },
    });
  });
  assert.equal(await postOn(platform, platform.lock!.handle, { operation: 'promote' }), 'recovered');
  assert.deepEqual([platform.record, platform.lock], [undefined, undefined]);
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
});

test('a release that was taken back is marked', async () => {
  const platform = start();
  await runOn(platform, {
    tag: 'v2',
    checks: {
      probe: () => Promise.resolve({ name: 'GET /', ok: false, detail: '500', attempts: 1, ms: 1 }),
    },
  });
  assert.deepEqual(
    [platform.slots.green.standing, platform.slots.green.standingOf],
    ['rolled-back', 'id-shop:v2'],
  );
});

test('an undo that was cut off and is done again does not mark the release that it has put back', async () => {
  const platform = start();
  platform.run('green', 'shop:v0', 0, 'was-live');
  // The process is killed when the former release is back on green.
  await new Promise<void>((killed) => {
    void runOn(platform, {
      tag: 'v2',
      checks: {
        probe: () => Promise.resolve({ name: 'GET /', ok: false, detail: '500', attempts: 1, ms: 1 }),
      },
      intercept: (call, when) => {
        if (call !== 'restore' || when !== 'after') return;
        killed();
        return new Promise(() => {});
      },
    });
  });
  platform.clock.advance(120_000); // the dead run's lease ends
  Object.assign(platform.slots.green, { standing: 'was-live', standingOf: 'id-shop:v0' });
  await runOn(platform, { operation: 'abort', id: 'run-2' });
  assert.equal(platform.record, undefined);
  assert.deepEqual(
    [platform.slots.green.standing, platform.slots.green.standingOf],
    ['was-live', 'id-shop:v0'],
  );
});

/** Until the deployment of v2 has given users the release, where its process is killed. */
const killedAfterShift = async (platform: FakePlatform) => {
  await new Promise<void>((killed) => {
    void runOn(platform, {
      tag: 'v2',
      intercept: (call, when) => {
        if (call !== 'shift' || when !== 'after') return;
        killed();
        return new Promise(() => {});
      },
    });
  });
  platform.clock.advance(120_000); // the dead run's lease ends
};

test('a rollback that names a release goes there, and does not end where undoing a dead run leads', async () => {
  const platform = start();
  platform.run('green', 'shop:v0-fixed', 0);
  await killedAfterShift(platform);
  const { outcome } = await runOn(platform, { operation: 'rollback', tag: 'v0', id: 'run-2' });
  assert.deepEqual([outcome.result, outcome.image], ['rolled-back', 'shop:v0']);

  for (const tag of ['v1', '']) {
    const other = start();
    await killedAfterShift(other);
    const ended = await runOn(other, { operation: 'rollback', tag, id: 'run-2' });
    assert.deepEqual([ended.outcome.result, ended.outcome.image], ['rolled-back', 'shop:v1'], tag);
  }
});

test('a rollback that stops half-way and is undone has failed: users have what they were to be taken from', async () => {
  const platform = start();
  await runOn(platform, { tag: 'v2' });
  let refused = false;
  const { outcome } = await runOn(platform, {
    operation: 'rollback',
    intercept: (call, when) => {
      if (call !== 'shift' || when !== 'before' || refused) return;
      refused = true;
      // The first of two listeners has moved, the second is refused.
      platform.setWeights({ blue: 50, green: 50 });
      throw new DeployError('denied', { code: 'access-denied' });
    },
  });
  assert.deepEqual(
    [outcome.result, outcome.error?.code, outcome.image],
    ['failed', 'access-denied', 'shop:v2'],
  );
});

test('a rollback that was cancelled after its shift: the post step parks the color that people fled from', async () => {
  const platform = start();
  await runOn(platform, { tag: 'v2' });
  const cancel = new AbortController();
  const { pending } = await runOn(platform, {
    operation: 'rollback',
    signal: cancel.signal,
    intercept: (call, when) => {
      if (call === 'shift' && when === 'after') cancel.abort(new Error('cancelled'));
    },
  });
  assert.ok(pending !== undefined);
  await postOn(platform, pending, { operation: 'rollback' });
  assert.equal(platform.weights.blue, 100);
  assert.equal(platform.slots.green.desired, 0);
  assert.equal(platform.slots.green.standing, 'rolled-back');
});

test('abort after a crash says what really became of it', async () => {
  for (const [phase, result] of [
    ['journal staging', 'aborted'],
    ['shift', 'rolled-back'],
    ['journal retiring', 'failed'],
  ] as const) {
    const platform = start();
    await new Promise<void>((killed) => {
      let dead = false;
      void runOn(platform, {
        tag: 'v2',
        intercept: (call, when): Promise<void> | void => {
          if (dead || (call === phase && when === 'after')) {
            dead = true;
            killed();
            return new Promise(() => {});
          }
        },
      });
    });
    platform.clock.advance(120_000);
    const { outcome } = await runOn(platform, { operation: 'abort', id: 'run-2' });
    assert.equal(outcome.result, result, phase);
    assert.equal(platform.record, undefined);
    if (result === 'failed')
      assert.deepEqual([outcome.error?.code, outcome.image], ['already-live', 'shop:v2']);
    else assert.equal(outcome.image, 'shop:v1');
  }
});

test('the lock was removed and nobody has it: taken again, to end in a defined state', async () => {
  const platform = start();
  let isRemoved = false;
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    intercept: (call, when) => {
      if (isRemoved || call !== 'shift' || when !== 'after' || platform.weights.green !== 100) return;
      platform.lock = undefined;
      isRemoved = true;
    },
  });
  assert.deepEqual([outcome.result, outcome.image], ['deployed', 'shop:v2']);
  assert.equal(platform.slots.blue.desired, 0);
  assert.equal(platform.lock, undefined);
  assert.equal(platform.record, undefined);
});

test('another attempt of the same run takes over at once', async () => {
  const platform = start();
  const owner = { id: 'acme/shop/1/1', runUrl: '', actor: '', reason: '', operation: 'deploy' };
  platform.takeLock(owner, 60_000);
  assert.equal((await runOn(platform, { tag: 'v2', id: 'acme/shop/1/1' })).outcome.error?.code, 'lock-held');
  assert.equal((await runOn(platform, { tag: 'v2', id: 'acme/shop/2/9' })).outcome.error?.code, 'lock-held');
  assert.equal((await runOn(platform, { tag: 'v2', id: 'acme/shop/1/2' })).outcome.result, 'deployed');
});

test('users get their release back however often the platform gives no answer', async () => {
  const platform = start();
  let lost = 0;
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    checks: {
      probe: () => Promise.resolve({ name: 'GET /', ok: false, detail: '500', attempts: 1, ms: 1 }),
    },
    intercept: (call, when) => {
      if (call !== 'shift' || when !== 'before' || platform.weights.green !== 100) return;
      lost += 1;
      if (lost <= 8) throw new DeployError('no answer to ModifyListener', { code: 'no-answer' });
    },
  });
  assert.equal(lost, 9);
  assert.deepEqual([outcome.result, outcome.image], ['rolled-back', 'shop:v1']);
});

test('the last look fails: what was seen last is reported', async () => {
  const platform = start();
  let ended = false;
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    intercept: (call, when) => {
      if (call === 'release' && when === 'after') ended = true;
      if (ended && call === 'inspect') throw new DeployError('expired', { code: 'credentials-refused' });
    },
  });
  assert.deepEqual([outcome.result, outcome.liveColor], ['deployed', 'green']);
});

test('cancelled when it is accepted, before that is written down: told as deployed, and not taken back afterwards', async () => {
  const platform = start();
  const cancel = new AbortController();
  const { outcome, pending } = await runOn(platform, {
    tag: 'v2',
    signal: cancel.signal,
    intercept: (call, when) => {
      if (call === 'journal retiring' && when === 'before' && !cancel.signal.aborted) {
        cancel.abort(new Error('cancelled'));
        throw new Error('cut off');
      }
    },
  });
  assert.equal(outcome.result, 'deployed');
  assert.equal(await postOn(platform, pending ?? ''), 'recovered');
  assert.equal(platform.weights.green, 100);
  assert.deepEqual([platform.slots.blue.desired, platform.record], [0, undefined]);
});

test('a rollback to nobody knows what, after a run that died while it cleared up: nothing is left running', async () => {
  const platform = start();
  await runOn(platform, {
    tag: 'v2',
    intercept: (call) => {
      if (call === 'park') throw new DeployError('dead', { code: 'dead' });
    },
  });
  assert.equal(platform.slots.blue.desired, 3);
  const { outcome } = await runOn(platform, { operation: 'rollback', tag: 'v9' });
  assert.equal(outcome.error?.code, 'unknown-release');
  assert.deepEqual(
    [platform.weights.green, platform.slots.blue.desired, platform.record],
    [100, 0, undefined],
  );
});

test('a switch that was cut off before it moved anybody is taken back all the same', async () => {
  const platform = start();
  const shifts: string[] = [];
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    intercept: (call, when) => {
      if (call !== 'shift' || when !== 'before') return;
      shifts.push(`at ${platform.weights.blue}`);
      if (shifts.length === 1) throw new DeployError('cut off', { code: 'shift-not-taken' });
    },
  });
  assert.equal(outcome.result, 'failed');
  // Some of the switch may have been made by then.
  assert.deepEqual(shifts, ['at 100', 'at 100']);
  assert.deepEqual([platform.weights.blue, platform.record], [100, undefined]);
});
