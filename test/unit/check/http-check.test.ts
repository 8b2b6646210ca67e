import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, checkOnce, type HttpCheck } from '../../../src/check/http-check.ts';
import { expectation, identity, never, serve, subject } from './helpers.ts';

const check = (url: string, more: Partial<HttpCheck> = {}) =>
  checkOnce({ url, expected: expectation, values: subject, userAgent: 'test', signal: never, ...more });

test('color and tag are filled in; the way in is stronger than the headers of the test', async (t) => {
  const port = await serve(t, (request, response) =>
    response.end(`${request.url} ${request.headers['x-a']} ${request.headers['x-way']}`),
  );
  const expected = {
    ...expectation,
    headers: { 'X-A': '{image-tag}', 'X-Way': 'mine' },
    body: { kind: 'text', text: '/green/v2 v2 theirs' } as const,
  };
  const result = await check(`http://127.0.0.1:${port}/{color}/{image-tag}`, {
    expected,
    wayIn: { 'x-way': 'theirs' },
  });
  assert.deepEqual(result, { ok: true, detail: "200, the body contains '/green/v2 v2 theirs'" });
});

test('an address that is none is a failed attempt', async () => {
  assert.deepEqual(await check('http://{color}:http/'), {
    ok: false,
    detail: 'http://green:http/ is not a URL',
  });
});

const proofs: [number, string | undefined, { ok: boolean; elsewhere?: true; detail: RegExp }][] = [
  [200, 'v2', { ok: true, detail: /^200, x-version: v2$/ }],
  [404, 'v2', { ok: false, detail: /^404, expected 200; the body is: page$/ }],
  [
    200,
    'v1',
    {
      ok: false,
      elsewhere: true,
      detail:
        /^200 with x-version: v1, expected x-version: v2: the request went to another release, past the preview rule$/,
    },
  ],
  [500, 'v1', { ok: false, elsewhere: true, detail: /^500 with x-version: v1, expected x-version: v2/ }],
  [
    200,
    undefined,
    {
      ok: false,
      elsewhere: true,
      detail: /^200 with no x-version, .*either .* past the preview rule, or the release/,
    },
  ],
  [404, undefined, { ok: false, elsewhere: true, detail: /^404 with no x-version/ }],
  [503, undefined, { ok: false, detail: /^503, expected 200; the body is: page$/ }],
];

test('with an identity, only answers of the release count', async (t) => {
  let next: [number, string | undefined] = [200, undefined];
  const port = await serve(t, (_, response) => {
    if (next[1] !== undefined) response.setHeader('X-Version', next[1]);
    response.writeHead(next[0]).end('page');
  });
  for (const [status, version, wanted] of proofs) {
    next = [status, version];
    const { ok, elsewhere, detail } = await check(`http://127.0.0.1:${port}/`, { identity });
    assert.deepEqual([ok, elsewhere], [wanted.ok, wanted.elsewhere], detail);
    assert.match(detail, wanted.detail);
  }
  next = [503, undefined];
  const expected = { ...expectation, status: 503 };
  assert.equal((await check(`http://127.0.0.1:${port}/`, { identity, expected })).elsewhere, true);
});

test('paths are put below the base', () => {
  assert.equal(below('https://shop.example.com', '/health'), 'https://shop.example.com/health');
  assert.equal(
    below('https://shop.example.com/app/?x=1#y', '/h?z={color}'),
    'https://shop.example.com/app/h?z={color}',
  );
  assert.equal(below('http://a:b@[::1]:81', '/'), 'http://a:b@[::1]:81/');
});
