import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseYaml } from '../../../src/config/yaml.ts';
import { refusal } from './helper.ts';

const parse = (text: string) => parseYaml({ name: 'a.yml', text });
const refused = async (text: string) => (await refusal((async () => parse(text))())).message;

test('plain data', () => {
  assert.deepEqual(parse('\uFEFFa: 1\r\nb: [x, {c: yes}]\r\nd: 2026-01-01\r\ne:\r\n').data, {
    a: 1,
    b: ['x', { c: 'yes' }],
    d: '2026-01-01',
    e: null,
  });
  assert.equal(parse('').data, null);
  assert.deepEqual(parse('1: a\ntrue: b').data, { 1: 'a', true: 'b' });
});

test('anchors and aliases', () => {
  const parsed = parse('a: &x [1, 2]\nb: *x\nc:\n  d: *x\n');
  assert.deepEqual(parsed.data, { a: [1, 2], b: [1, 2], c: { d: [1, 2] } });
  assert.deepEqual(parsed.find(['c', 'd', 1]), { steps: 3, line: 1, offset: 10 });
});

test('where things are', () => {
  const { find } = parse('a:\n  b:\n    - x: 1\n      y: 2\n    - z\n');
  const TABLE: [(string | number)[], number, number][] = [
    [[], 0, 1],
    [['a'], 1, 1],
    [['a', 'b'], 2, 2],
    [['a', 'b', 0], 3, 3],
    [['a', 'b', 0, 'y'], 4, 4],
    [['a', 'b', 1], 3, 5],
    [['a', 'b', 7], 2, 2],
    [['a', 'none', 'deeper'], 1, 1],
    [['toString'], 0, 1],
    [['a', 'b', 'length'], 2, 2],
  ];
  for (const [path, steps, line] of TABLE) {
    const found = find(path);
    assert.deepEqual({ steps: found.steps, line: found.line }, { steps, line }, path.join('.'));
  }
});

// biome-ignore format: one each
const REFUSED: [string, string][] = [
  ['a: 1\nb: 2\na: 3\n', 'a.yml is not readable YAML: line 3, column 1: this key is there twice: keep one: "a: 3".'],
  [
    'a:\n\tb: 1\n',
    'a.yml is not readable YAML: line 2, column 1: tabs are not allowed as indentation: use spaces: "b: 1".',
  ],
  ['a: !include x\n', 'a.yml is not readable YAML: line 1, column 4: tags are not supported: write the plain value: "a: !include x".'],
  ['a: 1\n---\nb: 1\n', 'a.yml is not readable YAML: line 2, column 1: a second document starts here: keep one: "---".'],
  ['a: &x 1\nb:\n  <<: *x\n', 'a.yml is not readable YAML: line 3, column 3: `<<` is not supported: write what environments share under `defaults`: "<<: *x".'],
  ['a: *x\n', 'a.yml is not readable YAML: line 1, column 4: there is no anchor &x before this: "a: *x".'],
  ['a: 1\n__proto__: {x: 1}\n', 'a.yml is not readable YAML: line 2, column 1: `__proto__` can not be a key: "__proto__: {x: 1}".'],
  ['"__proto__": 1\n', 'a.yml is not readable YAML: line 1, column 1: `__proto__` can not be a key: "\\"__proto__\\": 1".'],
  ['{a: 1}: 2\n', 'a.yml is not readable YAML: line 1, column 1: a key must be a plain word: "{a: 1}: 2".'],
  ['? \n: 2\n', 'a.yml is not readable YAML: line 1, column 3: a key must be a plain word: "?".'],
];
for (const [text, message] of REFUSED)
  test(`refuses ${JSON.stringify(text)}`, async () => assert.equal(await refused(text), message));

test('everything that is wrong, once a line, in order', async () => {
  assert.equal(await refused('a: 1\na: "x\nb: [\n b: }\n').then((text) => text.split('\n').length > 2), true);
  const message = await refused('c:\n\tx: 1\na: 1\na: 2\n');
  assert.match(
    message,
    /^a\.yml is not readable YAML:\n {2}line 2, column 1: .*\n {2}line 4, column 1: .*"a: 2"$/,
  );
});

test('aliases of aliases do not multiply', async () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 12; i++)
    lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
  const began = performance.now();
  assert.match(
    await refused(lines.join('\n')),
    /line \d+, column \d+: there are more than 10000 values: "a3: /,
  );
  assert.ok(performance.now() - began < 10_000);
});

test('an alias of its own parent ends', async () => {
  assert.match(await refused('a: &x\n  b: *x\n'), /nested more than 20 levels deep|there is no anchor/);
});

test('deep nesting is refused, however deep', async () => {
  assert.match(
    await refused('['.repeat(30) + ']'.repeat(30)),
    /line 1, column 22: this is nested more than 20 levels deep/,
  );
  for (const depth of [5_000, 200_000]) {
    const message = await refused('['.repeat(depth) + ']'.repeat(depth));
    assert.match(message, /nested too deeply|nested more than 20 levels/);
    assert.ok(message.length < 300);
  }
  assert.match(await refused('{a: '.repeat(50_000)), /nested too deeply|not readable/);
});

test('a long line is cut', async () => {
  const message = await refused(`a: 1\na: ${'x'.repeat(100_000)}\n`);
  assert.ok(message.length < 200, message);
});
