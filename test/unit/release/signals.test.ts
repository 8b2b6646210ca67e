import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OwnTraffic } from '../../../src/check/check.ts';
import type { PerColor } from '../../../src/release/color.ts';
import type { Job } from '../../../src/release/policy.ts';
import type { AlarmState, Answered } from '../../../src/target/signals.ts';
import { TransientError } from '../../../src/target/target.ts';
import { FakePlatform } from './fake-target.ts';
import { type RunOptions, runOn, STABILIZE } from './harness.ts';

const LONG_AGO = 1_600_000_000_000;

const start = () => {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  return platform;
};
const run = (platform: FakePlatform, own: Partial<Job['policy']['stabilize']>, options: RunOptions = {}) =>
  runOn(platform, {
    tag: 'v2',
    ...options,
    policy: { stabilize: { ...STABILIZE, ...own }, ...options.policy },
  });
const warnings = ({ events }: Awaited<ReturnType<typeof run>>) =>
  events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));

const alarm = (state: AlarmState['state'], since = LONG_AGO): AlarmState => ({
  name: 'shop-5xx',
  state,
  reason: `it is ${state}`,
  since,
  windowMs: 1_000,
});
/** An alarm that is what `now` says; `history` is why it went off meanwhile. */
function withAlarm(platform: FakePlatform, now: () => AlarmState[], history?: string) {
  platform.signals = {
    alarms: {
      read: () => Promise.resolve(now()),
      wentOff: () => Promise.resolve(history),
    },
  };
}
const ALARMS = { alarms: { blue: ['shop-5xx'], green: ['shop-5xx'] } };

test('an alarm that goes off takes the release back', async () => {
  const platform = start();
  withAlarm(platform, () => [platform.weights.green > 0 ? alarm('alarm', Date.now()) : alarm('ok')]);
  const { outcome } = await run(platform, ALARMS);
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'alarm']);
  assert.match(outcome.error!.message, /The alarm shop-5xx went off: it is alarm\./);
});

test('quiet alarms say so', async () => {
  const platform = start();
  withAlarm(platform, () => [alarm('ok')]);
  const { outcome, events } = await run(platform, ALARMS);
  assert.equal(outcome.result, 'deployed');
  const watched = events.find((event) => event.type === 'step-finished' && event.step === 'stabilize');
  assert.match(watched?.type === 'step-finished' ? watched.detail : '', /1 alarm quiet/);
});

test('an alarm that was off before does not count until it has been OK', async () => {
  const platform = start();
  withAlarm(platform, () => [alarm('alarm')]);
  const ran = await run(platform, ALARMS);
  assert.equal(ran.outcome.result, 'deployed');
  assert.match(warnings(ran).join(), /shop-5xx is in ALARM already/);

  const again = start();
  let looks = 0;
  withAlarm(again, () => {
    looks += again.weights.green > 0 ? 1 : 0;
    return [looks === 1 ? alarm('ok', LONG_AGO + 1) : alarm('alarm', LONG_AGO + looks)];
  });
  assert.equal((await run(again, ALARMS)).outcome.error?.code, 'alarm');
});

test('an alarm that was off before, recovered and went off again between two looks counts', async () => {
  const platform = start();
  withAlarm(platform, () => [alarm('alarm', platform.weights.green > 0 ? LONG_AGO + 1 : LONG_AGO)]);
  const { outcome } = await run(platform, ALARMS);
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'alarm']);
});

test('an alarm that went off and recovered between two looks is noticed', async () => {
  const platform = start();
  withAlarm(
    platform,
    () => [alarm('ok', platform.weights.green > 0 ? LONG_AGO + 1 : LONG_AGO)],
    'threshold crossed',
  );
  const { outcome } = await run(platform, ALARMS);
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'alarm']);
  assert.match(outcome.error!.message, /threshold crossed; it has recovered since/);

  // No data in between is no alarm.
  const other = start();
  withAlarm(other, () => [alarm('ok', other.weights.green > 0 ? LONG_AGO + 1 : LONG_AGO)]);
  assert.equal((await run(other, ALARMS)).outcome.result, 'deployed');
});

test('an alarm without data means what insufficient-data says', async () => {
  for (const [means, result] of [
    ['ignore', 'deployed'],
    ['fail', 'rolled-back'],
  ] as const) {
    const platform = start();
    withAlarm(platform, () => [alarm('insufficient-data')]);
    const { outcome } = await run(platform, { ...ALARMS, 'insufficient-data': means });
    assert.equal(outcome.result, result);
    if (means === 'fail') assert.equal(outcome.error?.code, 'alarm-without-data');
  }
});

test('a name that no alarm has is refused before anything is changed', async () => {
  const platform = start();
  withAlarm(platform, () => []);
  const { outcome } = await run(platform, ALARMS);
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'preflight']);
  assert.match(outcome.error!.message, /There is no alarm shop-5xx/);
  assert.equal(platform.slots.green.release?.image, 'shop:v0');
});

test('promote refuses such a name too, and what is staged stays', async () => {
  const platform = start();
  assert.equal((await runOn(platform, { operation: 'stage', tag: 'v2' })).outcome.result, 'staged');
  withAlarm(platform, () => []);
  const { outcome } = await run(platform, ALARMS, { operation: 'promote', tag: '' });
  assert.deepEqual([outcome.result, outcome.error?.code], ['failed', 'preflight']);
  assert.equal(platform.slots.green.release?.image, 'shop:v2');
  platform.signals = {};
  const again = await runOn(platform, { operation: 'promote' });
  assert.deepEqual([again.outcome.result, again.outcome.image], ['deployed', 'shop:v2']);
});

test('alarms and counts where there are none are refused before anything is changed', async () => {
  assert.match((await run(start(), ALARMS)).outcome.error!.message, /no alarms to look at/);
  assert.match((await run(start(), { 'max-error-rate': 1 })).outcome.error!.message, /Nothing here counts/);
});

test('a watch that is shorter than an alarm’s own window is warned of', async () => {
  const platform = start();
  withAlarm(platform, () => [{ ...alarm('ok'), windowMs: 300_000 }]);
  const ran = await run(platform, ALARMS);
  assert.match(
    warnings(ran).join(),
    /shop-5xx needs 300 s to tell anything, and the release is watched for 5 s/,
  );
});

test('so is a step that is shorter; an alarm that sums up others is as slow as the slowest of them', async () => {
  const platform = start();
  const all = [
    { ...alarm('ok'), windowMs: 0, parts: ['a', 'b'] },
    { ...alarm('ok'), name: 'a', windowMs: 1_000 },
    { ...alarm('ok'), name: 'b', windowMs: 0, parts: ['c'] },
    { ...alarm('ok'), name: 'c', windowMs: 90_000 },
  ];
  platform.signals = {
    alarms: {
      read: (names) => Promise.resolve(all.filter(({ name }) => names.includes(name))),
      wentOff: () => Promise.resolve(undefined),
    },
  };
  const ran = await run(
    platform,
    { ...ALARMS, for: 120_000 },
    {
      policy: { shift: { steps: [5], every: 60_000 } },
    },
  );
  assert.deepEqual(warnings(ran), [
    'The alarm shop-5xx needs 90 s to tell anything, and each step is watched for 60 s: raise shift.every.',
  ]);
});

test('signals that give no answer are no verdict, and do not keep the rest from being looked at', async () => {
  const platform = start();
  let asked = 0;
  withAlarm(platform, () => {
    asked += 1;
    if (platform.weights.green > 0) throw new TransientError('throttled');
    return [alarm('ok')];
  });
  const ran = await run(platform, ALARMS);
  assert.equal(ran.outcome.result, 'deployed');
  assert.ok(asked > 3);
  const told = ran.events.filter(
    (event) => event.type === 'progress' && /No news of the alarms/.test(event.message),
  );
  assert.equal(told.length, 1);
  const watched = ran.events.find((event) => event.type === 'step-finished' && event.step === 'stabilize');
  assert.equal(watched?.type === 'step-finished' && watched.detail, 'no news of the alarms');

  const ill = start();
  withAlarm(ill, () => {
    if (ill.weights.green > 0) throw new TransientError('throttled');
    return [alarm('ok')];
  });
  const { outcome } = await run(ill, ALARMS, {
    intercept: (call) => {
      if (call === 'health' && ill.weights.green === 100) ill.behaviors.set('shop:v2', 'crashes');
    },
  });
  assert.equal(outcome.result, 'rolled-back');
});

test('a history that gives no answer does not hide another alarm that is off', async () => {
  const platform = start();
  const names = ['flickers', 'shop-5xx'];
  platform.signals = {
    alarms: {
      read: () => {
        const isMoved = platform.weights.green > 0;
        return Promise.resolve([
          { ...alarm('ok', isMoved ? LONG_AGO + 1 : LONG_AGO), name: 'flickers' },
          alarm(isMoved ? 'alarm' : 'ok', isMoved ? LONG_AGO + 1 : LONG_AGO),
        ]);
      },
      wentOff: () =>
        platform.weights.green > 0
          ? Promise.reject(new TransientError('throttled'))
          : Promise.resolve(undefined),
    },
  };
  const { outcome } = await run(platform, { alarms: { blue: names, green: names } });
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'alarm']);
});

/** What the load balancer counts by the time of the n-th look. */
function withAnswers(platform: FakePlatform, count: (look: number) => PerColor<Answered>) {
  let looks = 0;
  platform.signals = {
    answers: {
      latency: 'p95',
      delayMs: 0,
      open: () =>
        Promise.resolve({
          read: () => {
            looks += 1;
            return Promise.resolve(count(looks));
          },
        }),
    },
  };
}
const NONE: Answered = { requests: 0, errors: 0 };

test('more errors than allowed, and than on the old color, take the release back', async () => {
  const cases: [string, PerColor<Answered>, string][] = [
    [
      '20 % of its own',
      { blue: { requests: 900, errors: 0 }, green: { requests: 100, errors: 20 } },
      'rolled-back',
    ],
    ['as allowed', { blue: { requests: 900, errors: 0 }, green: { requests: 100, errors: 1 } }, 'deployed'],
    [
      'both do badly',
      { blue: { requests: 900, errors: 270 }, green: { requests: 100, errors: 20 } },
      'deployed',
    ],
    [
      'too few to tell',
      { blue: { requests: 900, errors: 0 }, green: { requests: 49, errors: 20 } },
      'deployed',
    ],
    ['nothing to compare with', { blue: NONE, green: { requests: 100, errors: 20 } }, 'rolled-back'],
  ];
  for (const [name, colors, result] of cases) {
    const platform = start();
    withAnswers(platform, () => colors);
    const { outcome } = await run(platform, { 'max-error-rate': 1 });
    assert.equal(outcome.result, result, name);
    if (result === 'rolled-back') assert.equal(outcome.error?.code, 'error-rate', name);
  }
});

test('the figures of an error rate are told, those of the old color too', async () => {
  const platform = start();
  withAnswers(platform, () => ({ blue: { requests: 900, errors: 9 }, green: { requests: 100, errors: 20 } }));
  const { outcome, events } = await run(platform, { 'max-error-rate': 1 });
  assert.match(
    outcome.error!.message,
    /20 % of the answers of green are errors \(20 of 100, 1 % on blue at the same time\)/,
  );
  assert.equal(events.filter((event) => event.type === 'answers').length, 1);
});

test('what only fails under more traffic is not hidden by what went well under little', async () => {
  const platform = start();
  const healthy: Answered = { requests: 10_000, errors: 0 };
  withAnswers(platform, () =>
    platform.weights.green <= 5
      ? { blue: healthy, green: healthy }
      : { blue: healthy, green: { requests: 10_100, errors: 60 } },
  );
  const { outcome } = await run(
    platform,
    { 'max-error-rate': 1 },
    { policy: { shift: { steps: [5, 50], every: 3_000 } } },
  );
  assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'error-rate']);
});

test('answers that take too long take the release back, unless the old color is as slow', async () => {
  const cases: [number | undefined, number | undefined, string][] = [
    [900, 100, 'rolled-back'],
    [900, 1_000, 'deployed'],
    [700, 100, 'deployed'],
    [undefined, 100, 'deployed'],
    [900, undefined, 'rolled-back'],
  ];
  for (const [green, blue, result] of cases) {
    const platform = start();
    const measured = (latencyMs: number | undefined) => ({
      requests: 100,
      errors: 0,
      ...(latencyMs !== undefined && { latencyMs }),
    });
    withAnswers(platform, () => ({ blue: measured(blue), green: measured(green) }));
    const { outcome } = await run(platform, { 'max-latency': 800 });
    assert.equal(outcome.result, result, `${green} against ${blue}`);
    if (result === 'rolled-back') assert.equal(outcome.error?.code, 'latency');
  }
});

test('a release that becomes unhealthy with the last look is not accepted unseen', async () => {
  for (const duration of [0, 5_000]) {
    const platform = start();
    let shiftedAt = Number.POSITIVE_INFINITY;
    const { outcome } = await run(
      platform,
      { for: duration },
      {
        intercept: (call, when) => {
          const now = platform.clock.now();
          if (call === 'shift' && when === 'after') shiftedAt = Math.min(shiftedAt, now);
          if (call === 'health' && now >= shiftedAt + duration)
            platform.behaviors.set('shop:v2', 'never-healthy');
        },
      },
    );
    assert.deepEqual([outcome.result, outcome.error?.code], ['rolled-back', 'unhealthy'], `${duration} ms`);
  }
});

test('a probe that fails once, with the last look, is one failed probe', async () => {
  const platform = start();
  let probes = 0;
  const probe = () => {
    probes += 1;
    return Promise.resolve({ name: 'GET /', ok: probes !== 1, detail: '', attempts: 1, ms: 1 });
  };
  const { outcome } = await run(platform, { for: 0 }, { checks: { probe } });
  assert.deepEqual([outcome.result, probes], ['deployed', 2]);
});

test('a probe that takes long to fail is no silence of the platform', async () => {
  const platform = start();
  let probes = 0;
  const probe = () => {
    probes += 1;
    if (probes === 1) platform.clock.advance(70_000);
    return Promise.resolve({ name: 'GET /', ok: probes !== 1, detail: '', attempts: 1, ms: 1 });
  };
  const { outcome } = await run(platform, {}, { checks: { probe } });
  assert.deepEqual([outcome.result, outcome.error?.message], ['deployed', undefined]);
});

/** Traffic of our own of which so many requests failed before the weights moved, and `failed` in all once they had. */
const ownTraffic = (platform: FakePlatform, failed: number, failedBefore = 0) => {
  let isEnded = false;
  const failures = () => (platform.effective.length > 0 ? failed : failedBefore);
  const traffic: OwnTraffic = {
    figures: () => ({
      ...{ sent: 40, failed: failures(), worstMs: 12 },
      lastFailure: failures() > 0 ? 'GET /: status 502' : '',
    }),
    end: () => {
      isEnded = true;
      return Promise.resolve();
    },
  };
  return { start: () => traffic, isEnded: () => isEnded };
};

test('requests of our own that fail while the traffic moves count as probes', async () => {
  for (const [failed, allowed, result] of [
    [0, 0, 'deployed'],
    [1, 0, 'rolled-back'],
    [1, 1, 'deployed'],
    [2, 1, 'rolled-back'],
  ] as const) {
    const platform = start();
    const own = ownTraffic(platform, failed);
    const ran = await run(platform, { 'max-failed-probes': allowed }, { checks: { ownTraffic: own.start } });
    assert.equal(ran.outcome.result, result, `${failed} of ${allowed}`);
    assert.ok(own.isEnded());
    assert.deepEqual(
      ran.events.find((event) => event.type === 'own-traffic'),
      { type: 'own-traffic', ...own.start().figures() },
    );
    if (result === 'rolled-back') assert.match(ran.outcome.error!.message, /status 502/);
  }
});

test('requests of our own that failed before the traffic moved are no failure of the release that mends it', async () => {
  for (const shift of [
    { steps: [], every: 0 },
    { steps: [50], every: 2_000 },
  ]) {
    const platform = start();
    const own = ownTraffic(platform, 30, 2);
    const ran = await run(platform, {}, { checks: { ownTraffic: own.start }, policy: { shift } });
    assert.equal(ran.outcome.result, 'deployed', ran.outcome.summary);
    assert.match(warnings(ran).join(), /2 of 40 requests of our own failed before any user had the release/);
  }
});

test('our own traffic ends with the shift, also with one that fails', async () => {
  const platform = start();
  const own = ownTraffic(platform, 0);
  await run(
    platform,
    {},
    {
      checks: { ownTraffic: own.start },
      policy: { shift: { steps: [5], every: 10_000 } },
      intercept: (call) => {
        if (call === 'health' && platform.weights.green === 5) platform.behaviors.set('shop:v2', 'crashes');
      },
    },
  );
  assert.ok(own.isEnded());
});
