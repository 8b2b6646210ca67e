import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { recognizeOnce } from '../../../src/check/recognition.ts';
import { closedPort, identity, never, quickClock, serve, subject } from './helpers.ts';

const START = 1_000_000;

async function recognize(
  t: TestContext,
  answer: RequestListener | number,
  more: { propagation?: number } = {},
) {
  const port = typeof answer === 'number' ? answer : await serve(t, answer);
  const clock = quickClock();
  const told: string[] = [];
  const preview = {
    url: `http://127.0.0.1:${port}`,
    headers: { 'x-blue-green-preview': 'nonce' },
    since: START,
  };
  const context = {
    ...{ clock, signal: never, progress: (text: string) => told.push(text), userAgent: 'test' },
    ...{ propagation: 0, timeout: 5000, ...more },
  };
  const result = await recognizeOnce({ ...identity, path: '/v/{color}' }, preview, subject, context);
  return { ...result, told };
}

/** Answers with the next version of the list, and stays at the last. */
const versions = (...all: (string | undefined)[]): RequestListener => {
  let asked = 0;
  return (_, response) => {
    const version = all[Math.min(asked, all.length - 1)];
    asked += 1;
    if (version !== undefined) response.setHeader('X-Version', version);
    response.end();
  };
};

test('one answer of the release, through the preview, is enough', async (t) => {
  const asked: string[] = [];
  const {
    told,
    ms: _,
    ...result
  } = await recognize(t, (request, response) => {
    asked.push(`${request.url} ${request.headers['x-blue-green-preview']}`);
    response.setHeader('X-Version', 'v2').writeHead(404).end();
  });
  assert.deepEqual(result, {
    name: 'GET /v/green for x-version',
    ok: true,
    detail: '404, x-version: v2',
    attempts: 1,
  });
  assert.deepEqual(asked, ['/v/green nonce']);
  assert.deepEqual(told, []);
});

test('while nodes still lead past the preview, answers of the live release are no verdict', async (t) => {
  const late = await recognize(t, versions(...Array<string>(15).fill('v1'), 'v2'), { propagation: 20_000 });
  assert.deepEqual([late.ok, late.attempts, late.told.length], [true, 16, 1]);
  const never = await recognize(t, versions('v1'), { propagation: 20_000 });
  assert.deepEqual([never.ok, never.ms], [false, 20_000]);
  assert.equal(never.detail, '200 with x-version: v1, expected x-version: v2');
});

test('a header that is not there is told, with the one that has the value', async (t) => {
  const missing = await recognize(t, versions(undefined));
  assert.deepEqual(
    [missing.ok, missing.ms, missing.detail],
    [false, 10_000, '200 with no x-version, expected x-version: v2'],
  );
  const misspelt = await recognize(t, (_, response) => response.setHeader('X-App-Version', 'v2').end());
  assert.equal(misspelt.detail, '200 with no x-version, expected x-version: v2; it is in x-app-version');
  const cookies = await recognize(t, (_, response) => response.setHeader('set-cookie', ['a=b', 'v2']).end());
  assert.match(cookies.detail, /; it is in set-cookie$/);
});

test('a release that does not answer gets its attempts, and no more', async (t) => {
  const nobody = await recognize(t, await closedPort());
  assert.deepEqual([nobody.ok, nobody.attempts], [false, 6]);
  assert.match(nobody.detail, /^the connection was refused/);
  const broken = await recognize(t, (_, response) => response.writeHead(503).end());
  assert.deepEqual([broken.ok, broken.attempts], [false, 6]);
  assert.equal(broken.detail, '503 with no x-version, expected x-version: v2');
});
