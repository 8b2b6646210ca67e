import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckResult } from '../../../src/release/events.ts';
import { FakePlatform } from './fake-target.ts';
import { type Ran, runOn, STABILIZE } from './harness.ts';

const start = () => {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  return platform;
};

const check = (ok: boolean): CheckResult => ({
  name: 'GET /health',
  ok,
  detail: ok ? '200' : '500',
  attempts: 1,
  ms: 1,
});
const steps = ({ events }: Ran) =>
  events.flatMap((event) => (event.type === 'step-started' ? [event.step] : []));

test('deploy goes through every step, in order, and the release runs as many as the live color did', async () => {
  const platform = start();
  const ran = await runOn(platform, { tag: 'v2' });
  assert.deepEqual(steps(ran), [
    ...['lock', 'inspect', 'preflight', 'stage', 'healthy', 'smoke'],
    ...['shift', 'stabilize', 'drain', 'retire'],
  ]);
  assert.equal(ran.outcome.result, 'deployed');
  assert.deepEqual(
    [ran.outcome.liveColor, ran.outcome.image, ran.outcome.previousImage],
    ['green', 'shop:v2', 'shop:v1'],
  );
  assert.equal(platform.slots.green.desired, 3);
  assert.equal(platform.slots.blue.desired, 0);
  assert.equal(platform.lock, undefined);
  assert.deepEqual(platform.violations, []);
});

test('retire.keep leaves instances of the old color warm', async () => {
  for (const [keep, warm] of [
    [1, 1],
    [5, 3],
    ['all', 3],
  ] as const) {
    const platform = start();
    await runOn(platform, { tag: 'v2', policy: { retire: { drain: 0, keep } } });
    assert.equal(platform.slots.blue.desired, warm);
  }
});

test('deploy of what is live is unchanged, and deploys again with force', async () => {
  const platform = start();
  assert.equal((await runOn(platform, { tag: 'v1' })).outcome.result, 'unchanged');
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
  assert.equal((await runOn(platform, { tag: 'v1', force: true })).outcome.result, 'deployed');
});

test('a release that never becomes healthy leaves everything as it was', async () => {
  const platform = start();
  platform.behaviors.set('shop:v2', 'never-healthy');
  const { outcome } = await runOn(platform, { tag: 'v2' });
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'health-timeout']);
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
  assert.equal(platform.slots.green.desired, 0);
  assert.equal(platform.effective.length, 0, 'traffic was never touched');
});

test('a crash is told with its evidence, long before the time-out', async () => {
  const platform = start();
  platform.behaviors.set('shop:v2', 'crashes');
  const begun = platform.clock.now();
  const { outcome } = await runOn(platform, { tag: 'v2' });
  assert.equal(outcome.error?.code, 'unhealthy');
  assert.deepEqual(outcome.error.details, ['task a: exit 1']);
  assert.ok(platform.clock.now() - begun < 10_000);
});

test('a failing smoke test refuses the release', async () => {
  const platform = start();
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    checks: { smokeTests: 1, smoke: () => Promise.resolve({ ok: false, failed: check(false) }) },
  });
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'smoke-failed']);
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
  assert.equal(platform.effective.length, 0);
});

test('a release that fails while it is watched is taken back: traffic first, then the idle color', async () => {
  const platform = start();
  const ran = await runOn(platform, { tag: 'v2', checks: { probe: () => Promise.resolve(check(false)) } });
  assert.deepEqual([ran.outcome.result, ran.outcome.error?.code], ['rolled-back', 'probe-failed']);
  assert.deepEqual(steps(ran).slice(-4), ['stabilize', 'undo', 'drain', 'undo']);
  assert.equal(platform.weights.blue, 100);
  assert.equal(platform.slots.green.release?.image, 'shop:v0', 'a rollback would lead to the release before');
  assert.deepEqual(platform.violations, []);
});

test('as many probes may fail as stabilize.max-failed-probes says', async () => {
  const platform = start();
  const answers = [false, true, false, true, true, true];
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    policy: { stabilize: { ...STABILIZE, 'max-failed-probes': 2 } },
    checks: { probe: () => Promise.resolve(check(answers.shift() ?? true)) },
  });
  assert.equal(outcome.result, 'deployed');
});

test('with identity, the shift counts only once the answers prove it', async () => {
  const platform = start();
  let asked = 0;
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    checks: {
      canIdentify: true,
      identify: () => {
        asked += 1;
        return Promise.resolve(check(asked > 3));
      },
    },
  });
  assert.equal(outcome.result, 'deployed');
  assert.equal(asked, 4);
});

test('with identity, the idle color is asked who it is before anything is tested or moved', async () => {
  for (const operation of ['deploy', 'stage'] as const) {
    const platform = start();
    const asked: string[] = [];
    const ran = await runOn(platform, {
      operation,
      tag: 'v2',
      checks: {
        canIdentify: true,
        smokeTests: 1,
        smoke: () => Promise.reject(new Error('not yet')),
        identify: () => Promise.reject(new Error('not yet')),
        recognize: ({ color, imageTag }, { url }) => {
          asked.push(`${color} ${imageTag} ${url}`);
          return Promise.resolve({ ...check(false), detail: '200 with no x-versoin' });
        },
      },
    });
    assert.deepEqual(asked, ['green v2 http://preview']);
    assert.deepEqual([ran.outcome.result, ran.outcome.error?.code], ['failed', 'identity-wrong']);
    assert.match(ran.outcome.summary, /^green does not answer as identity says: 200 with no x-versoin\.$/);
    assert.deepEqual(steps(ran).slice(4), ['healthy', 'smoke', 'undo']);
    assert.equal(platform.effective.length, 0, 'traffic was never touched');
    assert.equal(platform.slots.green.release?.image, 'shop:v0');
    assert.equal(platform.lock, undefined);
  }
});

test('without identity, nobody is asked', async () => {
  const recognize = () => Promise.reject(new Error('asked'));
  const { outcome } = await runOn(start(), { tag: 'v2', checks: { recognize } });
  assert.equal(outcome.result, 'deployed');
});

test('a release with its digest is found by its tag, and {image-tag} is that tag', async () => {
  const platform = start();
  const image = `shop:v0@sha256:${'a'.repeat(64)}`;
  platform.run('green', image, 0);
  let subject = '';
  const { outcome } = await runOn(platform, {
    operation: 'rollback',
    tag: 'v0',
    checks: {
      canIdentify: true,
      identify: ({ imageTag }) => {
        subject = imageTag;
        return Promise.resolve(check(true));
      },
    },
  });
  assert.deepEqual([outcome.result, outcome.image, subject], ['rolled-back', image, 'v0']);
  assert.equal((await runOn(platform, { operation: 'rollback', tag: 'v0' })).outcome.result, 'unchanged');
});

test('with identity that never comes, the traffic goes back', async () => {
  const platform = start();
  const { outcome } = await runOn(platform, {
    tag: 'v2',
    checks: {
      canIdentify: true,
      identify: (_, expectation) => Promise.resolve(check(expectation === 'is-not')),
    },
  });
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'not-converged']);
  assert.equal(outcome.liveColor, 'blue');
});

test('rollback goes to the release before; a second one is refused without force', async () => {
  const platform = start();
  await runOn(platform, { tag: 'v2' });
  const first = await runOn(platform, { operation: 'rollback' });
  assert.deepEqual([first.outcome.result, first.outcome.image], ['rolled-back', 'shop:v1']);
  assert.equal(first.outcome.error, undefined);
  const second = await runOn(platform, { operation: 'rollback' });
  assert.equal(second.outcome.error?.code, 'rolled-back-release');
  assert.equal(second.outcome.image, 'shop:v1');
  const forced = await runOn(platform, { operation: 'rollback', force: true });
  assert.deepEqual([forced.outcome.result, forced.outcome.image], ['rolled-back', 'shop:v2']);
});

test('rollback to a named release, parked or found', async () => {
  const platform = start();
  await runOn(platform, { tag: 'v2' });
  assert.equal((await runOn(platform, { operation: 'rollback', tag: 'v0' })).outcome.image, 'shop:v0');
  const unknown = await runOn(platform, { operation: 'rollback', tag: 'v9' });
  assert.equal(unknown.outcome.error?.code, 'unknown-release');
  assert.equal((await runOn(platform, { operation: 'rollback', tag: 'v0' })).outcome.result, 'unchanged');
});

test('first deployment ever: both colors empty; there is nothing to roll back to', async () => {
  const platform = new FakePlatform();
  const { outcome } = await runOn(platform, { tag: 'v1' });
  assert.deepEqual([outcome.result, outcome.liveColor, outcome.previousImage], ['deployed', 'green', '']);
  assert.equal(platform.slots.green.desired, 1);
  const back = await runOn(platform, { operation: 'rollback' });
  assert.equal(back.outcome.error?.code, 'nothing-to-roll-back-to');
});

test('stage, then promote in another run', async () => {
  const platform = start();
  const staged = await runOn(platform, { operation: 'stage', tag: 'v2' });
  assert.equal(staged.outcome.result, 'staged');
  assert.equal(staged.outcome.liveColor, 'blue');
  assert.equal(staged.outcome.previewUrl, 'http://preview');
  assert.equal(platform.previewKept, true);
  const other = await runOn(platform, { operation: 'promote', tag: 'v7' });
  assert.equal(other.outcome.error?.code, 'other-release-staged');
  const promoted = await runOn(platform, { operation: 'promote' });
  assert.deepEqual([promoted.outcome.result, promoted.outcome.image], ['deployed', 'shop:v2']);
  assert.equal((await runOn(platform, { operation: 'promote' })).outcome.error?.code, 'nothing-staged');
});

test('stage, then abort: the parked release is back', async () => {
  const platform = start();
  await runOn(platform, { operation: 'stage', tag: 'v2' });
  const aborted = await runOn(platform, { operation: 'abort' });
  assert.equal(aborted.outcome.result, 'aborted');
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
  assert.equal((await runOn(platform, { operation: 'abort' })).outcome.result, 'unchanged');
});

test('an abort that names a release leaves another one alone, and its preview', async () => {
  const platform = start();
  await runOn(platform, { operation: 'stage', tag: 'v3' });
  const other = await runOn(platform, { operation: 'abort', tag: 'v2' });
  assert.equal(other.outcome.error?.code, 'other-release-staged');
  assert.equal(platform.slots.green.release?.image, 'shop:v3');
  assert.equal(platform.previewKept, true);
  assert.equal((await runOn(platform, { operation: 'abort', tag: 'v3' })).outcome.result, 'aborted');
});

test('a deploy drops what is staged', async () => {
  const platform = start();
  await runOn(platform, { operation: 'stage', tag: 'v2' });
  const { outcome } = await runOn(platform, { tag: 'v3' });
  assert.deepEqual([outcome.result, outcome.image], ['deployed', 'shop:v3']);
});

test('a promoted release that fails is taken back, and the parked one with it', async () => {
  const platform = start();
  await runOn(platform, { operation: 'stage', tag: 'v2' });
  const { outcome } = await runOn(platform, {
    operation: 'promote',
    checks: { probe: () => Promise.resolve(check(false)) },
  });
  assert.equal(outcome.result, 'rolled-back');
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
});

test('the lock: held, waited for, taken over from a dead run, lost', async () => {
  const held = () => {
    const platform = start();
    const owner = {
      id: 'x',
      runUrl: 'https://github.example/runs/x',
      actor: 'bob',
      reason: 'fix',
      operation: 'deploy',
    };
    platform.takeLock(owner, 60_000);
    return platform;
  };
  const refused = await runOn(held(), { tag: 'v2' });
  assert.equal(refused.outcome.error?.code, 'lock-held');
  assert.match(
    refused.outcome.error.message,
    /deploy by bob \(https:\/\/github\.example\/runs\/x\) is under way/,
  );
  assert.equal(refused.outcome.liveColor, 'blue', 'the live color is told all the same');

  const waits = await runOn(held(), {
    tag: 'v2',
    policy: { lock: { wait: 120_000, ttl: 60_000 } },
  });
  assert.equal(waits.outcome.result, 'deployed', 'the lease ended meanwhile');

  const dead = await runOn(held(), { tag: 'v2', runStatus: () => Promise.resolve('completed') });
  assert.equal(dead.outcome.result, 'deployed');

  const platform = start();
  const lost = await runOn(platform, {
    tag: 'v2',
    intercept: (call) => {
      if (call === 'health' && platform.lock?.owner.id === 'run-1') {
        platform.lock = undefined;
        platform.takeLock({ id: 'thief', runUrl: '', actor: '', reason: '', operation: 'deploy' }, 60_000);
      }
    },
  });
  assert.equal(lost.outcome.error?.code, 'lock-lost');
  assert.equal(platform.lock?.owner.id, 'thief');
  assert.equal(platform.effective.length, 0, 'it stopped before the next change');
});

test('weights that nobody of ours left are refused', async () => {
  const platform = start();
  platform.weights = { blue: 70, green: 30 };
  const { outcome } = await runOn(platform, { tag: 'v2' });
  assert.equal(outcome.error?.code, 'foreign-weights');
});

test('a rollback that died with its release live is finished, not undone', async () => {
  const platform = start();
  await runOn(platform, { tag: 'v2' });
  const cancel = new AbortController();
  await runOn(platform, {
    operation: 'rollback',
    signal: cancel.signal,
    intercept: (call, when) => {
      if (call === 'shift' && when === 'after') cancel.abort(new Error('cancelled'));
    },
  });
  assert.equal(platform.weights.blue, 100);
  platform.clock.advance(120_000);
  const { outcome } = await runOn(platform, { operation: 'rollback' });
  assert.deepEqual([outcome.result, outcome.image], ['rolled-back', 'shop:v1']);
  assert.equal(platform.slots.blue.standing, 'was-live');
  assert.equal(platform.slots.green.standing, 'rolled-back');
});

test('status changes nothing and says what is under way', async () => {
  const platform = start();
  await runOn(platform, { operation: 'stage', tag: 'v2' });
  const before = JSON.stringify([platform.slots, platform.weights, platform.lock]);
  const { outcome } = await runOn(platform, { operation: 'status' });
  assert.equal(outcome.summary, 'blue is live (blue 100 %, green 0 %). v2 is staged on green.');
  assert.equal(JSON.stringify([platform.slots, platform.weights, platform.lock]), before);
});
