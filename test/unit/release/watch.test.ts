import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarms } from '../../../src/release/watch/alarms.ts';
import type { AlarmState, Alarms, Answered } from '../../../src/target/signals.ts';
import { TransientError } from '../../../src/target/target.ts';
import { FakePlatform } from './fake-target.ts';
import { type Ran, type RunOptions, runOn, STABILIZE } from './harness.ts';

const MINUTE = 60_000;
/** How long the release is live when it is looked at, unless a test says otherwise. */
const AGE = 10 * MINUTE;

const WATCHED = {
  ...STABILIZE,
  alarms: { blue: ['5xx-blue'], green: ['5xx-green'] },
};

/** v2 went live on green a while ago; v1 is parked on blue. */
function start(age: number | 'unknown' = AGE): FakePlatform {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 0);
  platform.run('green', 'shop:v2', 3);
  platform.weights = { blue: 0, green: 100 };
  if (age !== 'unknown') platform.slots.green.liveSince = platform.clock.now() - age;
  return platform;
}

const watchOn = (platform: FakePlatform, options: RunOptions = {}): Promise<Ran> =>
  runOn(platform, { operation: 'watch', ...options });

const stabilize = (more: object) => ({ stabilize: { ...WATCHED, ...more } });

/** One alarm, which is what it is told to be, with a history. */
function alarmOf(
  platform: FakePlatform,
  state: Partial<AlarmState>,
  history: readonly number[] = [],
): Alarms {
  const asked: number[] = [];
  const now = platform.clock.now();
  return Object.assign(
    {
      read: (names: readonly string[]) =>
        Promise.resolve(
          names.map((name) => ({
            name,
            state: 'ok' as const,
            reason: 'Threshold Crossed',
            since: now - 24 * 60 * MINUTE,
            windowMs: MINUTE,
            ...state,
          })),
        ),
      wentOff: (_: string, since: number) => {
        asked.push(since);
        return Promise.resolve(history.some((at) => at > since) ? 'it crossed the threshold' : undefined);
      },
    },
    { asked },
  );
}

const changes = (calls: readonly string[]) =>
  calls.filter((call) => !['inspect', 'health', 'lock.read', 'diagnose'].includes(call));

async function callsOf(platform: FakePlatform, options: RunOptions = {}) {
  const calls: string[] = [];
  const ran = await watchOn(platform, {
    ...options,
    intercept: (call, when) => {
      if (when === 'before') calls.push(call);
    },
  });
  return { ...ran, calls };
}

test('a release that does well stays, and the summary says what was looked at', async () => {
  const platform = start();
  platform.signals = {
    alarms: alarmOf(platform, {}),
    answers: answersOf({ requests: 4_000, errors: 3, latencyMs: 80 }),
  };
  const { outcome, calls } = await callsOf(platform, {
    policy: stabilize({ 'max-error-rate': 1 }),
    checks: { probe: () => Promise.resolve(check(true)) },
  });
  assert.deepEqual([outcome.result, outcome.error], ['unchanged', undefined]);
  assert.match(
    outcome.summary,
    /^v2 on green, live for 10 min, does well: 3 of 3 healthy; 1 alarm quiet; green answered 4000, 3 with errors, in 80 ms; 1 probe, 0 failed\.$/,
  );
  assert.deepEqual(changes(calls), []);
  assert.ok(calls.length <= 4, calls.join());
});

test('after watch.window, and where nobody knows since when, it does nothing at once', async () => {
  for (const [age, why] of [
    [61 * MINUTE, /went live 61 min ago, longer than watch.window/],
    ['unknown', /Nobody wrote down/],
  ] as const) {
    const platform = start(age);
    platform.behaviors.set('shop:v2', 'crashes');
    const { outcome, calls } = await callsOf(platform);
    assert.deepEqual([outcome.result, outcome.error], ['unchanged', undefined]);
    assert.match(outcome.summary, why);
    assert.deepEqual(calls, ['inspect']);
  }
});

test('a run that is under way watches itself', async () => {
  const platform = start();
  platform.behaviors.set('shop:v2', 'crashes');
  platform.takeLock({ id: 'run-9/1', runUrl: '', actor: 'bob', reason: '', operation: 'deploy' }, MINUTE);
  const held = await callsOf(platform);
  assert.deepEqual([held.outcome.result, changes(held.calls)], ['unchanged', []]);
  assert.match(held.outcome.summary, /At work: deploy by bob/);

  // The lock of a dead one keeps nobody away.
  platform.clock.advance(2 * MINUTE);
  assert.equal((await watchOn(platform)).outcome.result, 'rolled-back');

  const staged = new FakePlatform();
  staged.run('green', 'shop:v1', 3);
  staged.weights = { blue: 0, green: 100 };
  staged.slots.green.liveSince = staged.clock.now();
  assert.equal((await runOn(staged, { operation: 'stage', tag: 'v2' })).outcome.result, 'staged');
  staged.behaviors.set('shop:v1', 'crashes');
  const during = await callsOf(staged);
  assert.deepEqual([during.outcome.result, changes(during.calls)], ['unchanged', ['preview']]);
  assert.match(during.outcome.summary, /v2 is staged on blue: nothing is watched/);
});

test('a release that crashes is taken back: the run fails and says why', async () => {
  const platform = start();
  platform.behaviors.set('shop:v2', 'crashes');
  const { outcome, pending } = await watchOn(platform);
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'unhealthy']);
  assert.deepEqual([outcome.liveColor, outcome.image], ['blue', 'shop:v1']);
  assert.equal(platform.slots.green.standing, 'rolled-back');
  assert.deepEqual([platform.lock, platform.record, pending], [undefined, undefined, undefined]);
  assert.deepEqual(platform.violations, []);
});

test('a failed probe is asked again before it decides, also where it looks once', async () => {
  for (const [answers, result] of [
    [[false, true], 'unchanged'],
    [[false, false, false], 'rolled-back'],
  ] as const) {
    const platform = start();
    const left: boolean[] = [...answers];
    const { outcome } = await watchOn(platform, {
      checks: { probe: () => Promise.resolve(check(left.shift() ?? assert.fail('asked too often'))) },
      policy: stabilize({ 'max-failed-probes': answers.length - 1 }),
    });
    assert.equal(outcome.result, result);
    assert.equal(left.length, 0);
    if (result === 'rolled-back') assert.equal(outcome.error?.code, 'probe-failed');
  }
});

test('too few healthy instances once is no verdict, twice it is', async () => {
  for (const [unhealthyLooks, result] of [
    [1, 'unchanged'],
    [2, 'rolled-back'],
  ] as const) {
    const platform = start();
    let looks = 0;
    const { outcome } = await watchOn(platform, {
      intercept: (call, when) => {
        if (call !== 'health' || when !== 'before') return;
        looks += 1;
        platform.behaviors.set('shop:v2', looks <= unhealthyLooks ? 'never-healthy' : 'good');
      },
    });
    assert.equal(outcome.result, result);
  }
});

test('watch.for: it looks for that long, and stops when another run begins', async () => {
  const platform = start();
  const begun = platform.clock.now();
  const policy = { watch: { window: 60 * MINUTE, for: 30_000 } };
  const quiet = await callsOf(platform, { policy });
  assert.equal(quiet.outcome.result, 'unchanged');
  assert.ok(platform.clock.now() - begun >= 30_000);

  let looks = 0;
  const { outcome } = await watchOn(platform, {
    policy,
    intercept: (call, when) => {
      if (call !== 'health' || when !== 'before') return;
      looks += 1;
      if (looks < 4) return;
      platform.weights = { blue: 100, green: 0 };
      platform.behaviors.set('shop:v2', 'crashes');
    },
    checks: { probe: () => Promise.resolve(check(true)) },
  });
  // What was seen in the very look in which it lost the traffic is checked once more, with the lock.
  assert.deepEqual([outcome.result, outcome.error], ['unchanged', undefined]);
  assert.match(outcome.summary, /users do not have v2 on green any more/);
  assert.deepEqual(platform.weights, { blue: 100, green: 0 });
});

test('with nothing to go back to, it fails and says both', async () => {
  for (const [standing, why] of [
    ['unknown', /never live/],
    ['rolled-back', /was rolled back from/],
  ] as const) {
    const platform = start();
    platform.run('blue', 'shop:v1', 0, standing);
    platform.behaviors.set('shop:v2', 'crashes');
    // `force` and a tag are a person's to give, for a rollback that they look at.
    const { outcome } = await watchOn(platform, { force: true, tag: 'v0' });
    assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'not-taken-back']);
    assert.match(outcome.error?.message ?? '', /^v2 on green does not do well: green is not healthy: exit 1/);
    assert.match(outcome.error?.message ?? '', why);
    assert.equal(platform.weights.green, 100);
    assert.equal(platform.lock, undefined);
  }
});

test('a former release that does not start leaves users what they have', async () => {
  const platform = start();
  platform.behaviors.set('shop:v1', 'crashes');
  const { outcome } = await watchOn(platform, { checks: { probe: () => Promise.resolve(check(false)) } });
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'not-taken-back']);
  assert.match(
    outcome.error?.message ?? '',
    /probes failed on green.*It was not taken back: blue is not healthy/,
  );
  assert.equal(platform.weights.green, 100);
});

test('another run that takes the lock in the moment before is left to its work', async () => {
  const platform = start();
  platform.behaviors.set('shop:v2', 'crashes');
  const { outcome } = await watchOn(platform, {
    intercept: (call, when) => {
      if (call === 'lock.acquire' && when === 'before')
        platform.takeLock(
          { id: 'run-9/1', runUrl: '', actor: 'bob', reason: '', operation: 'deploy' },
          MINUTE,
        );
    },
  });
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'not-taken-back']);
  assert.match(outcome.error?.message ?? '', /exit 1.*deploy by bob is under way here/);
  assert.equal(platform.weights.green, 100);
});

test('a platform that can not be asked is no verdict', async () => {
  for (const mute of ['inspect', 'health', 'alarms'] as const) {
    const platform = start();
    platform.signals = {
      alarms: { ...alarmOf(platform, {}) },
    };
    let reads = 0;
    const read = platform.signals.alarms!.read;
    platform.signals = {
      alarms: {
        ...platform.signals.alarms!,
        read: (names) => {
          reads += 1;
          return mute === 'alarms' && reads > 1
            ? Promise.reject(new TransientError('Throttling'))
            : read(names);
        },
      },
    };
    const { outcome } = await watchOn(platform, {
      policy: stabilize({}),
      intercept: (call, when) => {
        if (call === mute && when === 'before') throw new TransientError('Throttling');
      },
    });
    assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'platform-unreachable'], mute);
    assert.equal(platform.weights.green, 100);
    assert.equal(platform.lock, undefined);
  }
});

test('an alarm that went off after the release went live counts, one from before does not', async () => {
  const ago = (minutes: number) => new FakePlatform().clock.now() - minutes * MINUTE;
  for (const [what, state, history, result] of [
    ['went off since', { state: 'alarm', since: ago(5) }, [], 'rolled-back'],
    ['was off before', { state: 'alarm', since: ago(15) }, [ago(15)], 'unchanged'],
    ['went off since, and recovered', { state: 'ok', since: ago(2) }, [ago(5)], 'rolled-back'],
    ['was off before, and recovered since', { state: 'ok', since: ago(2) }, [ago(15)], 'unchanged'],
    ['has been quiet', { state: 'ok', since: ago(90) }, [ago(100)], 'unchanged'],
    ['has no data since', { state: 'insufficient-data', since: ago(3) }, [], 'unchanged'],
    [
      'went off, and has no data since',
      { state: 'insufficient-data', since: ago(3) },
      [ago(4)],
      'rolled-back',
    ],
  ] as const) {
    const platform = start();
    platform.signals = { alarms: alarmOf(platform, state, history) };
    const { outcome } = await watchOn(platform, { policy: stabilize({}) });
    assert.deepEqual(
      [outcome.result, outcome.error?.code],
      [result, result === 'unchanged' ? undefined : 'alarm'],
      what,
    );
  }
});

test('the alarms of the live color are asked for, from when users got the release on', async () => {
  const platform = start();
  const known = alarmOf(platform, { since: platform.clock.now() - MINUTE }) as Alarms & { asked: number[] };
  const session = { emit: () => {}, clock: platform.clock, signal: new AbortController().signal };
  const job = { policy: { stabilize: WATCHED } };
  const watching = { ...session, job, target: { signals: { alarms: known } } } as unknown as Parameters<
    typeof alarms
  >[0];
  const since = platform.clock.now() - AGE;
  const sensor = await alarms(watching, 'green', since);
  await sensor?.look({ last: true });
  await sensor?.look({ last: true });
  assert.deepEqual(known.asked, [since], 'its history once, and from then on');
});

test('an alarm without data that must have some is a failure, and no reason to take a release back', async () => {
  const platform = start();
  platform.signals = { alarms: alarmOf(platform, { state: 'insufficient-data' }) };
  const { outcome } = await watchOn(platform, { policy: stabilize({ 'insufficient-data': 'fail' }) });
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'alarm-without-data']);
  assert.equal(platform.weights.green, 100);
});

test('an alarm that does not exist is not called quiet', async () => {
  const platform = start();
  platform.signals = { alarms: { ...alarmOf(platform, {}), read: () => Promise.resolve([]) } };
  const { outcome } = await watchOn(platform, { policy: stabilize({}) });
  assert.deepEqual([outcome.result, outcome.error?.message], ['failed', 'There is no alarm 5xx-green.']);
  assert.equal(platform.weights.green, 100);
});

test('errors that were counted since it went live take it back', async () => {
  const platform = start();
  const opened: (number | undefined)[] = [];
  platform.signals = { answers: answersOf({ requests: 1_000, errors: 200 }, opened) };
  const since = platform.slots.green.liveSince;
  const { outcome } = await watchOn(platform, { policy: stabilize({ 'max-error-rate': 1 }) });
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'error-rate']);
  assert.deepEqual(opened, [since]);
});

test('before a first release nobody answers: our own traffic waits for the next one', async () => {
  const platform = new FakePlatform();
  let begun = 0;
  const checks = {
    ownTraffic: () => {
      begun += 1;
      const figures = () => ({ sent: 3, failed: 0, worstMs: 1, lastFailure: '' });
      return { figures, end: () => Promise.resolve() };
    },
  };
  assert.equal((await runOn(platform, { tag: 'v1', checks })).outcome.result, 'deployed');
  assert.equal(begun, 0);
  assert.equal((await runOn(platform, { tag: 'v2', checks })).outcome.result, 'deployed');
  assert.equal(begun, 1);
});

test('a deploy writes down when all users got the release; who loses them loses the time', async () => {
  const platform = start();
  const before = platform.clock.now();
  const ran = await runOn(platform, { tag: 'v3' });
  assert.equal(ran.outcome.result, 'deployed');
  const given = platform.effective.at(-1)?.at;
  assert.equal(platform.slots.blue.liveSince, given);
  assert.ok((given ?? 0) > before && (given ?? 0) < platform.clock.now(), 'not at the end of the run');
  assert.equal(platform.slots.green.liveSince, undefined);
  await runOn(platform, { operation: 'rollback' });
  assert.equal(platform.slots.green.liveSince, platform.effective.at(-1)?.at);
  assert.equal(platform.slots.blue.liveSince, undefined);
});

const check = (ok: boolean) => ({
  name: 'GET /',
  ok,
  detail: ok ? '200' : 'status 500',
  attempts: 1,
  ms: 1,
});

const answersOf = (green: Answered, opened: (number | undefined)[] = []) => ({
  latency: 'p95' as const,
  delayMs: MINUTE,
  open: (since?: number) => {
    opened.push(since);
    return Promise.resolve({ read: () => Promise.resolve({ blue: { requests: 0, errors: 0 }, green }) });
  },
});
