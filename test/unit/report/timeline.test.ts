import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allOn } from '../../../src/release/color.ts';
import { commitUrl, readRunContext, rollbackUrl, tempFolder } from '../../../src/report/context.ts';
import { describeFailure, evidence } from '../../../src/report/failure.ts';
import { address, elapsed, shortImage, span } from '../../../src/report/format.ts';
import { redact } from '../../../src/report/redact.ts';
import { collectTimeline, runTime } from '../../../src/report/timeline.ts';
import { BEGIN, script, situation, timelineOf } from './runs.ts';
import { stories } from './stories.ts';

test('a finished step belongs to the newest that began under its name', () => {
  const { steps } = timelineOf(stories.takenBack());
  assert.deepEqual(
    steps.filter(({ step }) => step === 'undo').map(({ title, ok, ms }) => [title, ok, ms]),
    [
      ['Give traffic back to blue', true, 400],
      ['Put green back as it was', true, 1_200],
    ],
  );
});

test('the same weights seen again are no news; a step that ended unseen is kept', () => {
  const run = script();
  for (let count = 0; count < 3; count++)
    run.emit({ type: 'situation', situation: situation('blue', { live: 'v1' }) });
  run.emit({ type: 'weights', weights: allOn('green') });
  run.emit({ type: 'weights', weights: allOn('green') });
  run.emit({ type: 'step-finished', step: 'drain', ok: true, detail: '', ms: 5 });
  const { weights, steps } = timelineOf(run.events);
  assert.deepEqual(weights, [
    { at: BEGIN, weights: allOn('blue') },
    { at: BEGIN, weights: allOn('green') },
  ]);
  assert.deepEqual(steps, [
    { step: 'drain', title: 'drain', startedAt: BEGIN - 5, ok: true, detail: '', ms: 5 },
  ]);
});

test('an endless run does not fill the memory', () => {
  const { timeline, listener } = collectTimeline();
  for (let count = 0; count < 6_000; count++) listener({ at: count, type: 'progress', message: 'x' });
  assert.equal(timeline.notes.length + timeline.dropped, 6_000);
  assert.equal(timeline.notes.length, 5_000);
  assert.equal(runTime(timeline), 5_999);
});

test('lengths of time read well', () => {
  const spans = [
    0, 999, 1_000, 2_540, 9_949, 9_950, 59_499, 59_500, 72_000, 3_599_400, 3_600_000, 3_720_000,
  ].map(span);
  assert.deepEqual(spans, [
    '0 ms',
    '999 ms',
    '1 s',
    '2.5 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 0 s',
    '1 min 12 s',
    '59 min 59 s',
    '1 h 0 min',
    '1 h 2 min',
  ]);
  assert.deepEqual([-1, 7_999, 3_723_000].map(elapsed), ['00:00', '00:07', '1:02:03']);
});

test('images have short names', () => {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  for (const [image, name] of [
    ['registry.example.com:5000/team/shop:v2', 'shop:v2'],
    [`registry.example.com/shop:v2@${digest}`, 'shop:v2'],
    [`registry.example.com:5000/shop@${digest}`, 'shop@sha256:0123456789ab'],
    ['', ''],
  ] as const)
    assert.equal(shortImage(image), name);
});

test('only addresses of the web are linked, and nothing in them ends a link', () => {
  assert.equal(address('https://a.example/x?y=%20z'), 'https://a.example/x?y=%20z');
  assert.equal(address('https://a.example/(x)|"<b>`'), 'https://a.example/%28x%29%7C%22%3Cb%3E%60');
  for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'nothing', ''])
    assert.equal(address(bad), '#');
});

test('the run is known from its environment, and empty outside of one', () => {
  const run = readRunContext({
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_ACTOR: 'ann',
    GITHUB_TRIGGERING_ACTOR: 'bob',
    GITHUB_SHA: 'abc',
  });
  assert.equal(run.runUrl, 'https://github.com/acme/shop/actions/runs/1/attempts/2');
  assert.equal(run.actor, 'bob');
  assert.equal(rollbackUrl(run), 'https://github.com/acme/shop/actions/workflows/rollback.yml');
  assert.equal(commitUrl(run), 'https://github.com/acme/shop/commit/abc');
  const none = readRunContext({});
  assert.deepEqual([none.runUrl, rollbackUrl(none), commitUrl(none)], ['', '', '']);
  assert.equal(tempFolder({ RUNNER_TEMP: '/t' }), '/t');
  assert.notEqual(tempFolder({}), '');
});

test('of too much evidence both ends are kept', () => {
  const details = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  const lines = evidence({ details: ['reason\n\u001b[31mred\u001b[0m', ...details] }, 12);
  assert.deepEqual(lines.slice(0, 4), ['reason', 'red', 'line 0', '… 91 more lines …']);
  assert.equal(lines.length, 12);
  assert.equal(lines.at(-1), 'line 99');
});

test('a failure is told in one line each', () => {
  assert.equal(describeFailure({ message: 'a\nb', hint: 'c\r\nd' }), 'a b\nc d');
  assert.equal(describeFailure({ message: 'a', hint: undefined }), 'a');
});

test('secrets are taken out, also as JSON writes them; short ones are not', () => {
  const secrets = ['hook"secret', 'abc'];
  assert.equal(redact(JSON.stringify({ a: 'x hook"secret abc' }), secrets), '{"a":"x *** abc"}');
});
