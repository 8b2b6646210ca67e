import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gantt } from '../../../src/report/gantt.ts';
import { HOSTILE, timelineOf } from './runs.ts';
import { stories } from './stories.ts';

/**
 * A chart's tasks, read as Mermaid 11 does it (packages/mermaid/src/diagrams/gantt/parser/gantt.jison): a task is a
 * text without `#:\n;` and data without `#\n;`, of which the first rule of the lexer that fits must be the text's.
 */
function parse(chart: string) {
  const lines = chart.split('\n');
  assert.equal(lines.shift(), '```mermaid');
  assert.equal(lines.pop(), '```');
  assert.deepEqual(lines.splice(0, 4), [
    'gantt',
    '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
    '  axisFormat %H:%M:%S',
    '  todayMarker off',
  ]);
  const sections: string[] = [];
  const tasks = lines.flatMap((line, index) => {
    if (index % 2 === 0) {
      assert.match(line, /^ {2}section [A-Z][a-z]+( \d+)?$/);
      sections.push(line.trim());
      return [];
    }
    const [, text = '', mark, id, start = '', end = ''] =
      /^ {4}([^#:;%`{}]+) :(done|crit), (s\d+), ([\d-]+ [\d:.]+), ([\d-]+ [\d:.]+)$/.exec(line) ??
      assert.fail(`not a task: ${line}`);
    // No keyword of the lexer, no date and no comment begins like this.
    assert.match(text, /^\d+(\.\d)? (ms|s|min|h) /);
    for (const time of [start, end])
      assert.match(time, /^2000-01-\d\d \d\d:\d\d:\d\d\.\d\d\d$/, 'dayjs reads the date format strictly');
    assert.ok(end > start, `${line} has no length`);
    return [{ text, mark, id }];
  });
  assert.equal(new Set(sections).size, sections.length, 'sections of the same name count as one');
  return tasks;
}

for (const [name, story] of Object.entries(stories))
  test(`the chart of a run that ends ${name} is valid`, () => {
    const { steps } = timelineOf(story());
    const tasks = parse(gantt(steps, 0));
    assert.equal(tasks.length, steps.length);
    assert.deepEqual(
      tasks.map((task) => task.mark),
      steps.map((step) => (step.ok ? 'done' : 'crit')),
    );
  });

test('hostile titles stay titles', () => {
  const titles = [
    HOSTILE,
    'title x',
    'section y',
    'gantt',
    'call z()',
    'click a href "b"',
    '2020-01-01',
    '%% comment',
    '%%{init: {"theme": "dark"}}%%',
    'accTitle: x',
    'excludes weekends',
    'a:b;c#d,e%f',
    '```\nflowchart LR',
    '',
    '\u0000',
  ];
  const steps = titles.map((title, index) => ({
    step: 'stage' as const,
    title,
    startedAt: index,
    ok: true,
    ms: 0,
  }));
  assert.equal(parse(gantt(steps, 100)).length, titles.length);
});

test('a step that never ended is critical and lasts until the end of the run', () => {
  const steps = [{ step: 'healthy' as const, title: 'Wait', startedAt: 1_000 }];
  assert.match(gantt(steps, 61_000), /1 min 0 s - Wait :crit, s0, .*00:00:00\.000, .*00:01:00\.000/);
});

test('no steps, no chart', () => assert.equal(gantt([], 0), ''));
