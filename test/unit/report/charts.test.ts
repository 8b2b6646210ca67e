import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorChart, shareChart } from '../../../src/report/charts.ts';
import { timelineOf } from './runs.ts';
import { stories } from './stories.ts';

/**
 * A chart's lines, read as Mermaid 11 does it (packages/mermaid/src/diagrams/xychart/parser/xychart.jison): a title and
 * an axis' name in quotes, a range, and a list of numbers for each line.
 */
function parse(chart: string) {
  const [fence, init, kind, title, x, y, ...rest] = chart.split('\n');
  assert.deepEqual([fence, kind, rest.pop()], ['```mermaid', 'xychart-beta', '```']);
  JSON.parse(/^%%\{init: (.*)\}%%$/.exec(init!)![1]!);
  assert.match(title!, /^ {2}title "[^"]+"$/);
  assert.match(x!, /^ {2}x-axis "seconds" 0 --> [1-9]\d*$/);
  const top = Number(/^ {2}y-axis 0 --> ([1-9]\d*)$/.exec(y!)![1]);
  const lines = rest.map((line) => /^ {2}line \[([\d., ]+)\]$/.exec(line)![1]!.split(', ').map(Number));
  for (const line of lines) assert.ok(line.every((value) => value >= 0 && value <= top));
  assert.equal(new Set(lines.map(({ length }) => length)).size, 1);
  return { top, blue: lines[0]!, green: lines[1]! };
}

test('the share of each color is drawn as it was', () => {
  const { blue, green } = parse(shareChart(timelineOf(stories.canary())));
  assert.deepEqual([...new Set(green)], [0, 5]);
  assert.equal(green.at(-1), 0);
  assert.ok(blue.every((value, index) => value + green[index]! === 100));
  assert.deepEqual(new Set(parse(shareChart(timelineOf(stories.deployed()))).green), new Set([0, 100]));
});

test('errors are drawn as they were counted', () => {
  const { top, blue, green } = parse(errorChart(timelineOf(stories.canary())));
  assert.equal(top, 20);
  assert.deepEqual(new Set(blue), new Set([0]));
  assert.deepEqual(new Set(green), new Set([0, 10, 20]));
});

test('where nothing moved, or nobody counted, nothing is drawn', () => {
  assert.equal(shareChart(timelineOf(stories.refused())), '');
  assert.equal(errorChart(timelineOf(stories.deployed())), '');
});
