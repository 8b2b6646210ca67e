import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDuration } from '../../../src/config/duration.ts';

const VALID: [string, number][] = [
  ['0s', 0],
  ['500ms', 500],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['090s', 90_000],
  ['999999999h', 999999999 * 3_600_000],
];
for (const [text, ms] of VALID) test(`${text} is ${ms} ms`, () => assert.equal(parseDuration(text), ms));

// biome-ignore format: a list of words
const INVALID = [
  '', '30', 's', '-1s', '+1s', '1.5s', '1e3ms', ' 30s', '30s ', '30 s', '30S', '1d', '1m30s', '1m 30s', '30s\n', '٣s',
  `${'9'.repeat(400)}s`, '__proto__', '1toString', '0x10s',
];
for (const text of INVALID)
  test(`${JSON.stringify(text.slice(0, 20))} is no duration`, () =>
    assert.equal(parseDuration(text), undefined));

const FORMATTED: [number, string][] = [
  [0, '0s'],
  [-5, '0s'],
  [450, '450ms'],
  [1000, '1s'],
  [90_000, '1m 30s'],
  [3_600_000, '1h'],
  [3_661_001, '1h 1m 1s 1ms'],
  [59_999.6, '1m'],
  [90_000_000, '25h'],
];
for (const [ms, text] of FORMATTED) test(`${ms} ms is ${text}`, () => assert.equal(formatDuration(ms), text));

test('the parts of what is formatted add up to what was given', () => {
  for (let i = 0; i < 2000; i++) {
    const ms = Math.floor(Math.random() ** 4 * 100 * 3_600_000);
    const parts = formatDuration(ms).split(' ');
    assert.equal(
      parts.reduce((sum, part) => sum + parseDuration(part)!, 0),
      ms,
    );
  }
});
