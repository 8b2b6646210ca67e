import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineCutter } from '../../../src/check/lines.ts';
import { duration, excerpt, firstLines, plain } from '../../../src/text.ts';

test('plain text has no colors, control characters or direction marks', () => {
  assert.equal(plain('\u001b[31mred\u001b[0m\u0007 a\u0000b \u202egnp.exe'), 'red  a b  gnp.exe');
  assert.equal(plain('\u001b]8;;http://x\u0007link\u001b]8;;\u0007'), 'link');
});

test('an excerpt is one bounded line', () => {
  assert.equal(excerpt(' a\r\n\n b\tc '), 'a b c');
  assert.equal(excerpt('x'.repeat(300)).length, 200);
  assert.ok(excerpt('x'.repeat(300)).endsWith('…'));
  assert.ok(excerpt(`a${' '.repeat(1_000_000)}b`).endsWith('…'));
  assert.ok(excerpt('😀'.repeat(200), 10).isWellFormed());
  assert.deepEqual(firstLines('\na\n\nb\nc\n', 3), ['a', '', 'b']);
});

test('durations for people', () => {
  assert.deepEqual([50, 999, 1000, 2500, 60_000].map(duration), ['50 ms', '999 ms', '1 s', '2.5 s', '60 s']);
});

test('bytes become lines, however they arrive', () => {
  const lines: string[] = [];
  const cutter = lineCutter((line) => lines.push(line));
  for (const byte of Buffer.from('grün\r\n\nten 10%\rten 100%\nlast 😀')) cutter.write(Buffer.from([byte]));
  cutter.end();
  assert.deepEqual(lines, ['grün', '', 'ten 100%', 'last 😀']);
});

test('an endless line is broken, not collected', () => {
  const lines: string[] = [];
  const cutter = lineCutter((line) => lines.push(line));
  for (let i = 0; i < 100; i += 1) cutter.write(Buffer.alloc(1000, 'x'));
  assert.equal(lines.length, 12);
  cutter.end();
  assert.equal(lines.join('').length, 100_000);
});
