import { DeployError } from '../../../src/errors.ts';
import { allOn, type Color, otherColor, share } from '../../../src/release/color.ts';
import type { EventBody } from '../../../src/release/events.ts';
import type { Situation } from '../../../src/release/situation.ts';
import { crash, image, outcome, script, situation } from './runs.ts';

function opening(run: ReturnType<typeof script>, before: Situation, to: string): void {
  const from = before.live;
  const live = before.colors[from];
  run.step('lock', 'Take the lock', 420);
  run.step(
    'inspect',
    'Look at the target',
    310,
    `${from} is live with ${live.release?.image ?? 'nothing'}`,
    true,
    [{ type: 'situation', situation: before }],
  );
  run.step('preflight', 'Look for what would go wrong', 1_250);
  run.emit({
    type: 'intent',
    from,
    to: otherColor(from),
    image: image(to),
    release: 'storefront:8',
    previousImage: live.desired > 0 ? (live.release?.image ?? '') : '',
    count: 3,
  });
  run.step(
    'stage',
    `Start 3 of ${image(to)} on ${otherColor(from)}`,
    640,
    `storefront:8 on ${otherColor(from)}`,
  );
}

function proven(run: ReturnType<typeof script>, color: Color): void {
  run.step('healthy', `Wait until ${color} is healthy`, 42_000, '3 of 3 healthy', true, [
    { type: 'health', color, ready: 0, wanted: 3, detail: '0 of 3 healthy; 3 pending' },
    {
      type: 'health',
      color,
      ready: 1,
      wanted: 3,
      detail: '1 of 3 healthy; 2 initial (Elb.InitialHealthChecking)',
    },
    { type: 'health', color, ready: 3, wanted: 3, detail: '3 of 3 healthy' },
  ]);
}

function smoked(run: ReturnType<typeof script>): void {
  run.step('smoke', 'Smoke tests', 1_900, '2 passed', true, [
    {
      type: 'check',
      purpose: 'smoke',
      check: { name: 'GET /health', ok: true, detail: '200', attempts: 2, ms: 1_040 },
    },
    { type: 'output', line: 'cart: 12 tests passed' },
    {
      type: 'check',
      purpose: 'smoke',
      check: { name: 'npm run test:smoke', ok: true, detail: 'exit code 0', attempts: 1, ms: 800 },
    },
  ]);
}

const probe = (ok: boolean): EventBody => ({
  type: 'check',
  purpose: 'stabilize',
  check: {
    name: 'GET /health',
    ok,
    detail: ok ? '200' : '503 instead of 200',
    attempts: 1,
    ms: ok ? 12 : 31,
  },
});

const answers = (blue: number, blueErrors: number, green: number, greenErrors: number): EventBody => ({
  type: 'answers',
  latency: 'p95',
  colors: {
    blue: { requests: blue, errors: blueErrors, latencyMs: 80 },
    green: { requests: green, errors: greenErrors, latencyMs: 95.4 },
  },
});

/** The story of each kind of run, as the procedure tells it. */
export const stories = {
  deployed() {
    const run = script();
    opening(run, situation('blue', { live: 'v1', idle: 'v0' }), 'v2');
    proven(run, 'green');
    smoked(run);
    run.step('shift', 'Switch traffic to green', 2_300, 'blue 0 %, green 100 %', true, [
      { type: 'weights', weights: allOn('green') },
    ]);
    run.step('stabilize', 'Watch green', 30_000, '3 probes, 0 failed', true, [
      probe(true),
      probe(true),
      probe(true),
    ]);
    run.step('drain', 'Let blue finish its requests', 8_000);
    run.step('retire', 'Park blue', 900, 'blue is parked');
    run.emit({ type: 'outcome', outcome: outcome({}) });
    return run.events;
  },
  refused() {
    const run = script();
    opening(run, situation('blue', { live: 'v1', idle: 'v0' }), 'v2');
    run.step('healthy', 'Wait until green is healthy', 12_300, crash.message, false, [
      { type: 'health', color: 'green', ready: 0, wanted: 3, detail: '0 of 3 healthy; 3 pending' },
      {
        type: 'health',
        color: 'green',
        ready: 0,
        wanted: 3,
        detail: '0 of 3 healthy; 3 stopped (exit code 1)',
      },
    ]);
    run.step('undo', 'Put green back as it was', 1_800);
    const live = {
      liveColor: 'blue',
      idleColor: 'green',
      image: image('v1'),
      release: 'storefront:7',
    } as const;
    const previous = { previousImage: image('v0'), previousRelease: 'storefront:6' };
    run.emit({
      type: 'outcome',
      outcome: outcome({ ...live, ...previous, result: 'failed', error: crash, summary: crash.message }),
    });
    return run.events;
  },
  takenBack() {
    const run = script();
    const error = new DeployError('2 of 3 probes failed on green, the last: 503 instead of 200.', {
      code: 'probe-failed',
      hint: 'The traffic goes back to the former release. Look at the new one through its log, then deploy again.',
      details: ['{"error":"no database"}'],
    });
    opening(run, situation('blue', { live: 'v1', idle: 'v0' }), 'v2');
    proven(run, 'green');
    run.step('shift', 'Switch traffic to green', 2_300, 'blue 0 %, green 100 %', true, [
      { type: 'weights', weights: allOn('green') },
    ]);
    run.step('stabilize', 'Watch green', 15_000, error.message, false, [
      probe(true),
      probe(false),
      probe(false),
    ]);
    run.step('undo', 'Give traffic back to blue', 400, 'blue 100 %, green 0 %', true, [
      { type: 'weights', weights: allOn('blue') },
    ]);
    run.step('drain', 'Let green finish its requests', 5_000);
    run.step('undo', 'Put green back as it was', 1_200);
    const live = {
      liveColor: 'blue',
      idleColor: 'green',
      image: image('v1'),
      release: 'storefront:7',
    } as const;
    const previous = { previousImage: image('v0'), previousRelease: 'storefront:6' };
    run.emit({
      type: 'outcome',
      outcome: outcome({ ...live, ...previous, result: 'rolled-back', error, summary: error.message }),
    });
    return run.events;
  },
  canary() {
    const run = script();
    const error = new DeployError(
      '20 % of the answers of green are errors (20 of 100, 0 % on blue at the same time).',
      {
        code: 'error-rate',
        hint: 'stabilize.max-error-rate is 1 %. Look at the release’s log, mend it, then deploy again.',
      },
    );
    opening(run, situation('blue', { live: 'v1', idle: 'v0' }), 'v2');
    proven(run, 'green');
    run.step('shift', 'Shift traffic to green in 4 steps', 62_300, error.message, false, [
      { type: 'weights', weights: share('green', 5) },
      { type: 'progress', message: 'Watching green with 5 % of the traffic.' },
      answers(900, 0, 40, 4),
      answers(1_900, 0, 100, 20),
      { type: 'own-traffic', sent: 300, failed: 1, worstMs: 84, lastFailure: 'GET /health: status 500' },
    ]);
    run.step('undo', 'Give traffic back to blue', 400, 'blue 100 %, green 0 %', true, [
      { type: 'weights', weights: allOn('blue') },
    ]);
    const live = {
      liveColor: 'blue',
      idleColor: 'green',
      image: image('v1'),
      release: 'storefront:7',
    } as const;
    const previous = { previousImage: image('v0'), previousRelease: 'storefront:6' };
    run.emit({
      type: 'outcome',
      outcome: outcome({ ...live, ...previous, result: 'rolled-back', error, summary: error.message }),
    });
    return run.events;
  },
  rolledBack() {
    const run = script();
    opening(run, situation('green', { live: 'v2', idle: 'v1' }), 'v1');
    proven(run, 'blue');
    run.step('shift', 'Switch traffic to blue', 1_100, 'blue 100 %, green 0 %', true, [
      { type: 'weights', weights: allOn('blue') },
    ]);
    run.step('drain', 'Let green finish its requests', 3_000);
    run.step('retire', 'Park green', 700, 'green is parked');
    run.emit({
      type: 'outcome',
      outcome: outcome({
        result: 'rolled-back',
        liveColor: 'blue',
        idleColor: 'green',
        image: image('v1'),
        previousImage: image('v2'),
        release: 'storefront:6',
        previousRelease: 'storefront:7',
        summary: 'v1 is live again, on blue.',
      }),
    });
    return run.events;
  },
  first() {
    const run = script();
    opening(run, situation('blue', {}), 'v1');
    proven(run, 'green');
    run.step('shift', 'Switch traffic to green', 1_100, 'blue 0 %, green 100 %', true, [
      { type: 'weights', weights: allOn('green') },
    ]);
    const none = { previousImage: '', previousRelease: '' };
    run.emit({
      type: 'outcome',
      outcome: outcome({ ...none, image: image('v1'), summary: 'v1 is live on green.' }),
    });
    return run.events;
  },
  staged() {
    const run = script();
    opening(run, situation('blue', { live: 'v1', idle: 'v0' }), 'v2');
    proven(run, 'green');
    const previewUrl = 'http://lb.example.com';
    run.emit({ type: 'preview', url: previewUrl, headers: { 'x-blue-green-preview': 'n0nce' } });
    const live = {
      liveColor: 'blue',
      idleColor: 'green',
      image: image('v1'),
      release: 'storefront:7',
    } as const;
    run.emit({ type: 'outcome', outcome: outcome({ ...live, result: 'staged', previewUrl }) });
    return run.events;
  },
};
