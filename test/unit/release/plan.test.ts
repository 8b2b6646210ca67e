import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import type { Plan } from '../../../src/release/events.ts';
import { encodeJournal, type Journal } from '../../../src/release/journal.ts';
import type { Problem } from '../../../src/target/target.ts';
import { FakePlatform, type Intercept } from './fake-target.ts';
import { type Ran, type RunOptions, runOn } from './harness.ts';

const start = () => {
  const platform = new FakePlatform();
  platform.run('blue', 'shop:v1', 3);
  platform.run('green', 'shop:v0', 0);
  return platform;
};

function planOf({ events }: Ran): Plan {
  const [event, ...others] = events.filter((one) => one.type === 'plan');
  assert.ok(event?.type === 'plan' && others.length === 0, 'one plan');
  return event.plan;
}

/** Calls of the fake that look, and the renewals of the lease. */
const LOOKS = /^(inspect|health|diagnose|plan|lock\.read|findRelease|preview|renew|scaling\.save)$/;

async function withCalls(platform: FakePlatform, options: RunOptions): Promise<[Ran, readonly string[]]> {
  const calls: string[] = [];
  const intercept: Intercept = (call, when) => {
    // Of a change of both colors' scaling, the fake's own second half.
    if (when === 'before' && !LOOKS.test(call) && !/^scaling\.\w+ from$/.test(call))
      calls.push(call.replace(/ to$/, ''));
  };
  return [await runOn(platform, { ...options, intercept }), calls];
}

const state = ({ slots, weights, record, lock, scaling }: FakePlatform) =>
  structuredClone({ slots, weights, record, lock, scaling });

/** Plans, asserts that nothing was changed, and returns the plan. */
async function planned(platform: FakePlatform, options: RunOptions = {}): Promise<[Plan, Ran]> {
  const before = state(platform);
  const [ran, calls] = await withCalls(platform, { tag: 'v2', ...options, operation: 'plan' });
  assert.deepEqual(
    calls.filter((call) => call !== 'preflight'),
    [],
    'nothing but looks',
  );
  assert.deepEqual(state(platform), before);
  assert.equal(ran.pending, undefined);
  assert.equal(ran.outcome.result, 'planned');
  return [planOf(ran), ran];
}

const problem = (message: string, forceable = false): Problem => ({
  message,
  fix: `Mend ${message}.`,
  forceable,
});

test('what goes where, from what to what, and how many', async () => {
  const [plan, { outcome, events }] = await planned(start());
  assert.deepEqual(
    [plan.from, plan.to, plan.previousImage, plan.image, plan.previousRelease, plan.release, plan.count],
    ['blue', 'green', 'shop:v1', 'shop:v2', 'id-shop:v1', '', 3],
  );
  assert.deepEqual([plan.first, plan.problems], [[], []]);
  assert.deepEqual([outcome.error, outcome.liveColor, outcome.image], [undefined, 'blue', 'shop:v1']);
  assert.ok(!events.some(({ type }) => type === 'intent'), 'nobody is told of a deployment');
});

const scales = (platform: FakePlatform) => {
  platform.scaling = { blue: 'fast', green: 'slow' };
};
const gradual = { shift: { steps: [5, 50], every: 1_000 } };
for (const [name, policy, prepare] of [
  ['at once', {}, () => {}],
  ['in steps', gradual, () => {}],
  ['with some kept warm', { retire: { drain: 0, keep: 2 } }, () => {}],
  ['the first one ever', {}, (platform: FakePlatform) => platform.run('blue', 'shop:v0', 0)],
  ['autoscaling handed over', {}, scales],
  ['autoscaling shared in steps', gradual, scales],
  [
    'the first one ever takes no steps',
    gradual,
    (platform: FakePlatform) => {
      platform.run('blue', 'shop:v0', 0);
      scales(platform);
    },
  ],
] as const)
  test(`the deployment makes exactly the calls of its plan: ${name}`, async () => {
    const platform = start();
    prepare(platform);
    const [plan] = await planned(platform, { policy });
    // What the fake can't scale it is not asked about.
    const calls = plan.calls.filter((call) => platform.scaling !== undefined || !call.startsWith('scaling'));
    const [{ outcome }, made] = await withCalls(platform, { tag: 'v2', policy });
    assert.equal(outcome.result, 'deployed');
    assert.deepEqual(made, calls);
    assert.ok(made.length > 10);
  });

test('what is live already: nothing but the lock, unless it is forced', async () => {
  const platform = start();
  const [plan, { outcome }] = await planned(platform, { tag: 'v1' });
  assert.match(outcome.summary, /shop:v1 is live already, on blue: a deployment would change nothing/);
  assert.equal(outcome.error, undefined);
  const [{ outcome: deployed }, made] = await withCalls(platform, { tag: 'v1' });
  assert.deepEqual([deployed.result, made], ['unchanged', plan.calls]);
  const [forced] = await planned(platform, { tag: 'v1', force: true });
  assert.ok(forced.calls.includes('start'));
});

test('all that stands in the way is told with its fix, and the exit is a failure', async () => {
  const platform = start();
  platform.problems = [problem('one'), problem('two', true)];
  const policy = {
    stabilize: {
      for: 5_000,
      interval: 1_000,
      'max-failed-probes': 1,
      alarms: { blue: [], green: ['shop-5xx'] },
      'insufficient-data': 'ignore' as const,
      'max-error-rate': 1,
      'min-requests': 50,
    },
  };
  const [plan, { outcome }] = await planned(platform, { policy });
  assert.deepEqual(
    plan.problems.map(({ message }) => message),
    [
      'one',
      'two',
      'There are no alarms to look at where this is deployed.',
      'Nothing here counts what users are answered, color by color.',
    ],
  );
  assert.equal(outcome.error?.code, 'preflight');
  assert.match(outcome.error?.message ?? '', /4 things stand in the way/);
  assert.match(outcome.error?.details[1] ?? '', /^two Mend two\. Or go on with force: true\.$/);
  const [overruled, { outcome: forced, events }] = await planned(platform, { force: true });
  assert.deepEqual(
    overruled.problems.map(({ message }) => message),
    ['one'],
  );
  assert.equal(forced.error?.message, 'one');
  assert.ok(events.some((event) => event.type === 'warning' && /^two Going on/.test(event.message)));
});

test('a look that is refused is a problem like any other, and told once', async () => {
  const denied = new DeployError('AWS denies ecs:X.', { code: 'access-denied', hint: 'Allow ecs:X.' });
  const intercept: Intercept = (call) => {
    if (call === 'lock.read' || call === 'preflight' || call === 'plan') throw denied;
  };
  const ran = await runOn(start(), { operation: 'plan', tag: 'v2', intercept });
  assert.equal(ran.outcome.result, 'planned');
  assert.deepEqual(planOf(ran).problems, [
    { message: 'AWS denies ecs:X.', fix: 'Allow ecs:X.', forceable: false },
  ]);
  assert.equal(ran.outcome.error?.message, 'AWS denies ecs:X.');
});

test('without an answer there is no plan', async () => {
  const intercept: Intercept = (call) => {
    if (call === 'inspect') throw new DeployError('No such service.', { code: 'service-not-found' });
  };
  const ran = await runOn(start(), { operation: 'plan', tag: 'v2', intercept });
  assert.deepEqual([ran.outcome.result, ran.outcome.error?.code], ['failed', 'service-not-found']);
  assert.ok(!ran.events.some(({ type }) => type === 'plan'));
  const mistake: Intercept = (call) => {
    if (call === 'plan') throw new TypeError('a mistake of ours');
  };
  const broken = await runOn(start(), { operation: 'plan', tag: 'v2', intercept: mistake });
  assert.deepEqual([broken.outcome.result, broken.outcome.error?.code], ['failed', 'unexpected']);
});

test('weights that nobody here has set', async () => {
  const platform = start();
  platform.weights = { blue: 60, green: 40 };
  const [plan] = await planned(platform);
  assert.match(plan.problems[0]?.message ?? '', /Traffic is split, blue 60 % and green 40 %/);
});

const journal = (more: Partial<Journal>): Journal => ({
  operation: 'deploy',
  phase: 'staging',
  from: 'blue',
  image: 'shop:v9',
  imageTag: 'v9',
  release: 'id-shop:v9',
  parkedRelease: 'id-shop:v0',
  parkedCount: 0,
  scaling: { blue: '', green: '' },
  ...more,
});

for (const [name, left, weights, live, first] of [
  ['staged', { phase: 'staged' }, 'blue', 'blue', 'v9 is staged on green: drop it first.'],
  ['dead while it staged', {}, 'blue', 'blue', 'An earlier deploy of v9 ended half-way: undo it.'],
  [
    'dead with users on it',
    { phase: 'shifting' },
    'green',
    'blue',
    'An earlier deploy of v9 ended half-way: undo it.',
  ],
  [
    'dead once accepted',
    { phase: 'retiring' },
    'green',
    'green',
    'An earlier deploy of v9 ended half-way: finish it.',
  ],
] as const)
  test(`what another run left behind comes first: ${name}`, async () => {
    const platform = start();
    platform.run('green', 'shop:v9', 3);
    platform.record = { color: 'green', record: encodeJournal(journal(left)) };
    platform.weights = weights === 'blue' ? { blue: 100, green: 0 } : { blue: 0, green: 100 };
    const [plan] = await planned(platform);
    assert.deepEqual(plan.first, [first]);
    assert.equal(plan.from, live);
    assert.equal(plan.previousImage, live === 'blue' ? 'shop:v1' : 'shop:v9');
    assert.deepEqual(plan.problems, []);
    // And that is how it comes.
    const deployed = await runOn(platform, { tag: 'v2' });
    assert.equal(deployed.outcome.result, 'deployed');
    assert.equal(deployed.outcome.liveColor, plan.to);
    const intent = deployed.events.find((event) => event.type === 'intent');
    assert.ok(intent?.type === 'intent');
    assert.deepEqual([intent.from, intent.to, intent.count], [plan.from, plan.to, plan.count]);
  });

test('another run at work is said, and no problem; a dead one’s lock is not', async () => {
  const platform = start();
  const owner = {
    id: 'run-7',
    runUrl: 'https://github.example/7',
    actor: 'bea',
    reason: '',
    operation: 'deploy',
  };
  platform.takeLock(owner, 60_000);
  const [plan, { outcome }] = await planned(platform);
  assert.match(plan.first[0] ?? '', /^deploy by bea \(https:\/\/github\.example\/7\) is at work/);
  assert.equal(outcome.error, undefined);
  platform.clock.advance(120_000);
  const [later] = await planned(platform);
  assert.deepEqual(later.first, []);
});
