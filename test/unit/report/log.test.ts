import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventBody } from '../../../src/release/events.ts';
import { harmless } from '../../../src/report/console.ts';
import { endScreen } from '../../../src/report/end-screen.ts';
import { createLog } from '../../../src/report/log.ts';
import { captureLog, commandsIn } from './capture.ts';
import { BEGIN, HOSTILE, info, timelineOf } from './runs.ts';
import { stories } from './stories.ts';

for (const [name, story] of Object.entries(stories))
  test(`groups of a run that ends ${name} open and close in turn`, (t) => {
    const log = createLog();
    const seen = captureLog(t);
    for (const event of story()) log.listener(event);
    log.close();
    const groups = commandsIn(seen.lines());
    assert.ok(groups.length > 0);
    for (const [index, command] of groups.entries())
      assert.equal(command, index % 2 === 0 ? 'group' : 'endgroup');
    assert.equal(groups.length % 2, 0);
  });

test('what a step came to stands outside of its group, and so does the reason of a failure', (t) => {
  const log = createLog();
  const seen = captureLog(t);
  const events = stories.refused();
  for (const event of events) log.listener(event);
  log.close();
  let inside = false;
  const outside: string[] = [];
  for (const line of seen.lines()) {
    if (line.startsWith('::group::')) inside = true;
    else if (line.startsWith('::endgroup::')) inside = false;
    else if (!inside) outside.push(line);
  }
  assert.ok(
    outside.includes(
      '00:14  Healthy FAILED after 12 s: green is not healthy: 3 of 3 tasks stopped with exit code 1',
    ),
    outside.join('\n'),
  );
  const screen = endScreen(info(), timelineOf(events));
  assert.ok(screen.length < 25, 'more than one screen');
  for (const part of [
    /^Not deployed\. .*v2 never reached users/,
    /exit code 1/,
    /ECONNREFUSED/,
    /what to do {3}Look at/,
  ])
    assert.ok(
      screen.some((line) => part.test(line)),
      `${part} in\n${screen.join('\n')}`,
    );
});

test('an open group is closed when the run ends in its midst', (t) => {
  const log = createLog();
  const seen = captureLog(t);
  log.listener({ at: BEGIN, type: 'step-started', step: 'healthy', title: 'Wait' });
  log.close();
  log.close();
  assert.deepEqual(commandsIn(seen.lines()), ['group', 'endgroup']);
});

test('no text from outside is taken for a command, nor holds control characters', (t) => {
  const log = createLog();
  const seen = captureLog(t);
  const bodies: EventBody[] = [
    { type: 'step-started', step: 'smoke', title: HOSTILE },
    { type: 'output', line: '::set-output name=result::deployed' },
    { type: 'output', line: '  ::add-mask::a' },
    { type: 'output', line: 'then ##[endgroup]' },
    { type: 'progress', message: '::stop-commands::x' },
    { type: 'progress', message: 'a\r\n::error::second line\n##[error]third' },
    { type: 'health', color: 'green', ready: 0, wanted: 1, detail: HOSTILE },
    {
      type: 'check',
      purpose: 'smoke',
      check: {
        name: HOSTILE,
        ok: false,
        detail: HOSTILE,
        attempts: 1,
        ms: 1,
        output: ['::error::body', '##[group]x'],
      },
    },
    { type: 'preview', url: `http://x/\n::error::`, headers: { a: '\n::error::b' } },
    { type: 'step-finished', step: 'smoke', ok: false, detail: HOSTILE, ms: 1 },
    { type: 'warning', message: '\n::error::x\n##[error]' },
  ];
  for (const body of bodies) log.listener({ at: BEGIN, ...body });
  log.close();
  const commands = commandsIn(seen.lines());
  assert.deepEqual(commands, ['group', 'endgroup', 'warning']);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  assert.doesNotMatch(seen.text(), /[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
});

test('a text is harmless by itself, whatever stands before it in a line', () => {
  for (const [text, shown] of [
    ['::error::x', ': :error::x'],
    [' \u00a0\u3000::add-mask::x', ' \u00a0\u3000: :add-mask::x'],
    ['a ##[group]b ##[x]', 'a ## [group]b ## [x]'],
    ['a::b', 'a::b'],
    ['\u001b]0;title\u0007x\u001b[31my', 'xy'],
  ] as const)
    assert.equal(harmless(text), shown);
});

test('it is never silent for more than 15 s while a step runs, and says what it waits for', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: BEGIN });
  const log = createLog();
  const seen = captureLog(t);
  const emit = (body: EventBody) => log.listener({ at: Date.now(), ...body });
  emit({ type: 'step-started', step: 'healthy', title: 'Wait until green is healthy' });
  emit({ type: 'health', color: 'green', ready: 1, wanted: 3, detail: '1 of 3 healthy; 2 initial' });
  for (let second = 0, before = 0; second < 120; second++) {
    t.mock.timers.tick(1_000);
    if (second % 15 !== 14) continue;
    const now = seen.lines().length;
    assert.ok(now > before, `silent until second ${second}`);
    before = now;
  }
  assert.equal(
    seen.lines().at(-1),
    '... Wait until green is healthy: 2 min 0 s so far; last: green: 1 of 3 healthy; 2 initial',
  );
  log.close();
  const after = seen.lines().length;
  t.mock.timers.tick(60_000);
  assert.equal(seen.lines().length, after, 'the heart beats on after the end');
});

test('a line restarts the heartbeat: who speaks is not asked', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: BEGIN });
  const log = createLog();
  const seen = captureLog(t);
  for (let count = 0; count < 10; count++) {
    log.listener({ at: Date.now(), type: 'progress', message: `looking ${count}` });
    t.mock.timers.tick(10_000);
  }
  log.close();
  assert.equal(seen.lines().length, 10);
});
