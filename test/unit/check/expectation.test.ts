import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, judgeIdentity } from '../../../src/check/expectation.ts';
import type { Answer } from '../../../src/check/http.ts';
import type { BodyExpectation } from '../../../src/config/environment.ts';
import { expectation, identity, subject } from './helpers.ts';

const answer = (status: number, body = '', headers: Answer['headers'] = {}): Answer => ({
  kind: 'answer',
  status,
  headers,
  body,
  truncated: false,
});
const text = (value: string): BodyExpectation => ({ kind: 'text', text: value });
const pattern = (source: string, flags = ''): BodyExpectation => ({ kind: 'pattern', source, flags });

const cases: [Answer, number, BodyExpectation | undefined, boolean, string][] = [
  [answer(200, 'hi'), 200, undefined, true, '200'],
  [answer(204), 204, undefined, true, '204'],
  [
    answer(503, 'Service\n Unavailable'),
    200,
    undefined,
    false,
    '503, expected 200; the body is: Service Unavailable',
  ],
  [answer(500), 200, undefined, false, '500, expected 200; the body is empty'],
  [
    answer(301, '', { location: 'https://shop.example.com/health' }),
    200,
    undefined,
    false,
    '301 to https://shop.example.com/health (redirects are not followed), expected 200; the body is empty',
  ],
  [answer(301, '', { location: '/x' }), 301, undefined, true, '301'],
  [answer(200, '{"ok":true}'), 200, text('"ok":true'), true, `200, the body contains '"ok":true'`],
  [
    answer(200, '{"ok":false}'),
    200,
    text('"ok":true'),
    false,
    `200, but the body does not contain '"ok":true'; the body is: {"ok":false}`,
  ],
  [answer(200, 'release v2'), 200, text('{image-tag}'), true, "200, the body contains 'v2'"],
  [answer(200, 'OK'), 200, pattern('^ok$', 'i'), true, '200, the body matches /^ok$/i'],
  [
    answer(200, 'a.b'),
    200,
    pattern('{image-tag}'),
    false,
    '200, but the body does not match /v2/; the body is: a.b',
  ],
  [answer(200, 'x'), 200, pattern('a', 'g'), false, '200, but the body does not match /a/g; the body is: x'],
];

test('status and body', () => {
  for (const [came, status, body, ok, detail] of cases) {
    const result = judge(came, { ...expectation, status, ...(body && { body }) }, subject);
    assert.deepEqual([result.ok, result.detail], [ok, detail]);
  }
});

test('a tag is matched literally in a pattern', () => {
  const values = { color: 'green', imageTag: 'v1.2' };
  const body = pattern('^{image-tag}$');
  assert.equal(judge(answer(200, 'v1.2'), { ...expectation, body }, values).ok, true);
  assert.equal(judge(answer(200, 'v1x2'), { ...expectation, body }, values).ok, false);
});

test('a long or many-lined body is shown as output, without control characters', () => {
  const page = `<h1>\u001b[1mError\u001b[0m</h1>\n${'at line\n'.repeat(50)}`;
  const result = judge(answer(500, page), expectation, subject);
  assert.equal(result.output?.length, 20);
  assert.equal(result.output?.[0], '<h1>Error</h1>');
  assert.match(result.detail, /^500, expected 200; the body is: <h1>Error<\/h1> at line at line .*…$/);
});

test('what was not read is not judged in silence', () => {
  const cut: Answer = { ...answer(200, 'beginning'), truncated: true };
  const { ok, detail } = judge(cut, { ...expectation, body: text('end') }, subject);
  assert.equal(ok, false);
  assert.match(detail, /; only its beginning was read$/);
});

test('an expression that would take years is given up', () => {
  const body = pattern('^(a+)+$');
  const { ok, detail } = judge(answer(200, `${'a'.repeat(40)}!`), { ...expectation, body }, subject);
  assert.equal(ok, false);
  assert.match(detail, /matching \/\^\(a\+\)\+\$\/ took longer than 1000 ms: simplify/);
});

test('identity is compared exactly, after trimming', () => {
  const verdict = (value: string | undefined, wanted = '{image-tag}') =>
    judgeIdentity(
      answer(200, '', { 'x-version': value }),
      { ...identity, header: 'X-Version', value: wanted },
      subject,
    );
  assert.equal(verdict(' v2 ').verdict, 'subject');
  assert.equal(verdict('v2', ' {image-tag}').verdict, 'subject');
  assert.equal(verdict('v20').verdict, 'other');
  assert.equal(verdict('V2').verdict, 'other');
  assert.equal(verdict('').verdict, 'other');
  assert.equal(verdict('green/v2', '{color}/{image-tag}').verdict, 'subject');
  assert.deepEqual(verdict(undefined), {
    verdict: 'absent',
    got: 'no X-Version',
    expected: 'X-Version: v2',
  });
});
