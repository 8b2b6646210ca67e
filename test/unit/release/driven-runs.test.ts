import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import { TransientError } from '../../../src/target/target.ts';
import { driven, FakeDrivenPlatform, GATE } from './fake-driven.ts';
import { postOn, type RunOptions, runOn } from './harness.ts';

// Whole runs on a platform that brings releases up and moves the traffic by itself.

function start() {
  const platform = new FakeDrivenPlatform();
  platform.run('blue', 'shop:v1', 2);
  return platform;
}

const on = (platform: FakeDrivenPlatform, options: RunOptions): RunOptions => ({
  ...options,
  change: (target) => driven(platform, target, options.intercept),
});

const act = (platform: FakeDrivenPlatform, options: RunOptions) => runOn(platform, on(platform, options));

const post = (platform: FakeDrivenPlatform, handle: string | undefined, options: RunOptions = {}) =>
  postOn(platform, handle ?? '', on(platform, options));

/** Ends with what the platform has then: the release that users have, and nothing that is left to do. */
const settled = ({ weights, slots, record, lock }: FakeDrivenPlatform) => ({
  users: slots[weights.blue === 100 ? 'blue' : 'green'].release?.image,
  left: [record, lock].filter((thing) => thing !== undefined),
});

test('a deployment, and a rollback after it', async () => {
  const platform = start();
  const { outcome } = await act(platform, { tag: 'v2' });
  assert.deepEqual([outcome.result, outcome.image], ['deployed', 'shop:v2']);
  const back = await act(platform, { operation: 'rollback' });
  assert.deepEqual([back.outcome.result, back.outcome.image], ['rolled-back', 'shop:v1']);
  assert.deepEqual(settled(platform), { users: 'shop:v1', left: [] });
  assert.deepEqual([platform.rejected, platform.violations], [['id-shop:v2'], []]);
});

test('the post step is throttled five times in a row where it takes the lock up again', async () => {
  const platform = start();
  const cancel = new AbortController();
  const { pending } = await act(platform, {
    tag: 'v2',
    signal: cancel.signal,
    intercept: () => {
      if (platform.weights.green === 100) cancel.abort(new Error('cancelled'));
    },
  });
  let left = 5;
  const intercept = (call: string) => {
    if (call !== 'lock.resume' || left === 0) return;
    left -= 1;
    throw new TransientError('Rate exceeded');
  };
  assert.equal(await post(platform, pending, { intercept }), 'recovered');
  assert.deepEqual(settled(platform), { users: 'shop:v1', left: [] });
  assert.deepEqual(platform.rejected, ['id-shop:v2']);
});

/** With v2 staged, until its promote is cancelled where it looks whether v2 is still healthy. */
async function promoteCancelled(options: Pick<RunOptions, 'intercept'> = {}) {
  const platform = start();
  platform.pausePoints = [GATE];
  const staged = await act(platform, { operation: 'stage', tag: 'v2' });
  assert.deepEqual([staged.outcome.result, platform.previewKept], ['staged', true]);
  const cancel = new AbortController();
  const ran = act(platform, {
    operation: 'promote',
    signal: cancel.signal,
    intercept: (call, when) => {
      if (call === 'health') cancel.abort(new Error('cancelled'));
      return options.intercept?.(call, when);
    },
  });
  return { platform, ran };
}

test('a promote that was cancelled before its shift leaves nothing that is called staged', async () => {
  const { platform, ran } = await promoteCancelled();
  const { pending, outcome } = await ran;
  assert.equal(outcome.result, 'failed');
  assert.equal(await post(platform, pending, { operation: 'promote' }), 'recovered');
  assert.deepEqual(settled(platform), { users: 'shop:v1', left: [] });
  assert.equal(platform.observe('rollout-1').state, 'gone-back');
});

test('a promote that was killed before it did anything leaves what is staged, with its preview', async () => {
  const { promise: death, resolve: killed } = Promise.withResolvers<void>();
  let isDead = false;
  const { platform } = await promoteCancelled({
    intercept: (call) => {
      isDead ||= call === 'callBack';
      if (!isDead) return;
      killed();
      return new Promise(() => {});
    },
  });
  await death;
  assert.equal(await post(platform, platform.lock?.handle, { operation: 'promote' }), 'nothing-to-do');
  assert.equal(platform.previewKept, true);
  assert.equal(platform.observe('rollout-1').at, GATE.name);
});

/** Until the deployment of v2 has come to where `isThere`; then its process is killed. */
async function killedOnce(platform: FakeDrivenPlatform, isThere: () => boolean) {
  const { promise: death, resolve: killed } = Promise.withResolvers<void>();
  let isDead = false;
  void act(platform, {
    tag: 'v2',
    intercept: () => {
      isDead ||= isThere();
      if (!isDead) return;
      killed();
      return new Promise(() => {});
    },
  });
  await death;
}

test('a rollback that names a release goes there, and does not end where undoing a dead run leads', async () => {
  for (const [tag, image, when] of [
    ['v0', 'shop:v0', 'shifted'],
    ['v0', 'shop:v0', 'shifting'],
    ['v1', 'shop:v1', 'shifting'],
    ['', 'shop:v1', 'shifting'],
    ['v1', 'shop:v1', 'shifted'],
  ] as const) {
    const platform = start();
    await killedOnce(platform, () =>
      when === 'shifted' ? platform.weights.green === 100 : platform.record?.record['phase'] === when,
    );
    const { outcome } = await act(platform, {
      operation: 'rollback',
      tag,
      id: 'run-2',
      runStatus: () => Promise.resolve('completed'),
    });
    assert.deepEqual([outcome.result, outcome.image], ['rolled-back', image], `${tag}, ${when}`);
    assert.deepEqual(settled(platform), { users: image, left: [] });
  }
});

test('a rollback that is undone has failed: users have what they were to be taken from', async () => {
  const platform = start();
  await act(platform, { tag: 'v2' });
  let refused = false;
  const { outcome } = await act(platform, {
    operation: 'rollback',
    intercept: (call) => {
      if (call !== 'observe' || platform.weights.blue === 0 || refused) return;
      refused = true;
      throw new DeployError('denied', { code: 'access-denied' });
    },
  });
  assert.deepEqual(
    [outcome.result, outcome.error?.code, outcome.image],
    ['failed', 'access-denied', 'shop:v2'],
  );
  assert.deepEqual(settled(platform), { users: 'shop:v2', left: [] });
});

test('what fails while the platform clears up is told by where the rollout stands then', async () => {
  for (const [what, befalls, expected] of [
    [
      'went back',
      (platform: FakeDrivenPlatform) => platform.callBack('rollout-1'),
      ['rolled-back', 'platform-rolled-back', 'shop:v1', ['id-shop:v2']],
    ],
    [
      'was stopped',
      (platform: FakeDrivenPlatform) => platform.giveUp(),
      ['failed', 'platform-stalled', 'shop:v2', ['id-shop:v2']],
    ],
    [
      'goes on',
      () => {
        throw new DeployError('denied', { code: 'access-denied' });
      },
      ['deployed', undefined, 'shop:v2', []],
    ],
  ] as const) {
    const platform = start();
    let isOver = false;
    const { outcome, pending } = await act(platform, {
      tag: 'v2',
      intercept: (call) => {
        if (call !== 'observe' || platform.record?.record['phase'] !== 'retiring' || isOver) return;
        isOver = true;
        befalls(platform);
      },
    });
    const { result, error, image } = outcome;
    assert.deepEqual([result, error?.code, image, platform.rejected], expected, what);
    if (pending !== undefined) assert.equal(await post(platform, pending), 'recovered', what);
    assert.deepEqual(settled(platform), { users: image, left: [] }, what);
  }
});

test('a rollback that calls back at once asks again where the answer was lost', async () => {
  const platform = start();
  await killedOnce(platform, () => platform.weights.green === 100);
  let left = 2;
  const { outcome, events } = await act(platform, {
    operation: 'rollback',
    id: 'run-2',
    runStatus: () => Promise.resolve('completed'),
    intercept: (call, when) => {
      if (call !== 'callBack' || when !== 'after' || left === 0) return;
      left -= 1;
      throw new DeployError('no usable answer', { code: 'no-answer' });
    },
  });
  assert.deepEqual([outcome.result, outcome.image, left], ['rolled-back', 'shop:v1', 0]);
  assert.equal(events.filter(({ type }) => type === 'intent').length, 1);
  assert.deepEqual(settled(platform), { users: 'shop:v1', left: [] });
});

test('a release that can no longer be called back at once is rolled back, which is told once', async () => {
  const platform = start();
  await killedOnce(platform, () => platform.weights.green === 100);
  const { outcome, events } = await act(platform, {
    operation: 'rollback',
    id: 'run-2',
    runStatus: () => Promise.resolve('completed'),
    intercept: (call, when) => {
      if (call !== 'callBack' || when !== 'before') return;
      platform.clock.advance(60_000);
      assert.equal(platform.newest()?.state, 'done');
    },
  });
  assert.deepEqual([outcome.result, outcome.image], ['rolled-back', 'shop:v1']);
  const intents = events.filter((event) => event.type === 'intent');
  assert.deepEqual(
    intents.map(({ from, to, image, previousImage }) => [from, to, image, previousImage]),
    [['green', 'blue', 'shop:v1', 'shop:v2']],
  );
  assert.deepEqual(settled(platform), { users: 'shop:v1', left: [] });
});

test('what there is to say of how the release was made is said', async () => {
  const platform = start();
  const remark = 'The registry told no digest.';
  const { events } = await runOn(platform, {
    tag: 'v2',
    change: (target) => ({
      ...driven(platform, target),
      createRelease: async (request) => ({ ...(await target.createRelease(request)), remarks: [remark] }),
    }),
  });
  assert.ok(events.some((event) => event.type === 'progress' && event.message === remark));
});

test('a rollout that somebody else’s took the place of is neither taken back nor barred', async () => {
  const platform = start();
  let isReplaced = false;
  const { outcome } = await act(platform, {
    tag: 'v2',
    intercept: (call) => {
      if (platform.weights.green !== 100 || call !== 'observe' || isReplaced) return;
      isReplaced = true;
      platform.replace();
    },
  });
  assert.ok(isReplaced);
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'superseded']);
  assert.deepEqual(platform.rejected, []);
  assert.deepEqual([platform.record, platform.lock], [undefined, undefined]);
});
