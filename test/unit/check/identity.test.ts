import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { CONSECUTIVE, type IdentityContext, identifyOnce } from '../../../src/check/identity.ts';
import { systemClock } from '../../../src/release/clock.ts';
import { closedPort, identity, never, serve, subject } from './helpers.ts';

const context = (addresses: readonly string[], more: Partial<IdentityContext> = {}): IdentityContext => ({
  clock: systemClock,
  signal: never,
  resolve: async () => addresses,
  userAgent: 'test',
  ...more,
});

/** A node of a load balancer that gives each request to the next version of its list, and stays at the last. */
const node =
  (versions: readonly (string | undefined)[], asked: string[] = []): RequestListener =>
  (request, response) => {
    const version = versions[Math.min(asked.length, versions.length - 1)];
    asked.push(`${request.headers.host}${request.url} ${request.socket.remotePort}`);
    if (version !== undefined) response.setHeader('x-version', version);
    response.end();
  };

async function two(t: TestContext, one: RequestListener, other: RequestListener): Promise<string> {
  const port = await serve(t, one, '127.0.0.2');
  await serve(t, other, '127.0.0.3', port);
  return `http://shop.example.com:${port}`;
}

const both = ['127.0.0.2', '127.0.0.3'];

test('ok when each address answered five times in a row as the release, on fresh connections', async (t) => {
  const asked: string[] = [];
  const url = await two(t, node(['v2'], asked), node(['v2'], asked));
  const { ms, ...result } = await identifyOnce(
    { ...identity, path: '/v/{color}' },
    url,
    subject,
    'is',
    context(both),
  );
  assert.deepEqual(result, {
    name: 'GET /v/green at each address of shop.example.com',
    ok: true,
    detail: '2 addresses answered with x-version: v2, 5 times in a row each',
    attempts: 2 * CONSECUTIVE,
  });
  assert.equal(new Set(asked).size, 2 * CONSECUTIVE);
  assert.ok(asked.every((request) => request.startsWith(`${new URL(url).host}/v/green `)));
});

test('one address that lags is named, and is asked no longer than needed', async (t) => {
  const asked: string[] = [];
  const url = await two(t, node(['v2']), node(['v1', 'v2', 'v2', 'v1', 'v2'], asked));
  const look = () => identifyOnce(identity, url, subject, 'is', context(both));
  const lagging =
    '127.0.0.3 answered 200 with x-version: v1; expected x-version: v2 (1 of 2 addresses as expected)';
  assert.equal((await look()).detail, lagging);
  assert.equal(asked.length, 1);
  // Two good answers, then one of the old release: nothing is carried over to the next look.
  assert.equal((await look()).detail, lagging);
  assert.equal(asked.length, 4);
  assert.equal((await look()).ok, true);
});

test('addresses that left DNS do not count, new ones do', async (t) => {
  const url = await two(t, node(['v2']), node(['v1']));
  const known = [...both];
  const look = () => identifyOnce(identity, url, subject, 'is', context(known));
  assert.equal((await look()).ok, false);
  known.pop();
  assert.equal((await look()).ok, true);
  known.push('127.0.0.3');
  assert.equal((await look()).ok, false);
});

test('an address that does not answer is named', async (t) => {
  const port = await serve(t, node(['v2']), '127.0.0.2');
  const url = `http://shop.example.com:${port}`;
  const { ok, detail } = await identifyOnce(identity, url, subject, 'is', context(both));
  assert.equal(ok, false);
  assert.match(
    detail,
    /^127\.0\.0\.3 did not answer: the connection was refused \(ECONNREFUSED 127\.0\.0\.3:\d+\)/,
  );
});

test('after the traffic was taken back, no address may answer as the release', async (t) => {
  const url = await two(t, node(['v2', 'v1']), node([undefined]));
  const look = () => identifyOnce(identity, url, subject, 'is-not', context(both));
  assert.equal(
    (await look()).detail,
    '127.0.0.2 answered 200 with x-version: v2; expected anything but x-version: v2 (1 of 2 addresses as expected)',
  );
  const { ok, detail } = await look();
  assert.deepEqual(
    [ok, detail],
    [true, '2 addresses no longer answered with x-version: v2, 5 times in a row each'],
  );
});

test("a load balancer's own 502 does not prove that the release is gone", async (t) => {
  let version: string | undefined;
  const port = await serve(t, (_, response) => {
    if (version !== undefined) response.setHeader('x-version', version);
    response.writeHead(502).end();
  });
  const look = () => identifyOnce(identity, `http://127.0.0.1:${port}`, subject, 'is-not', context([]));
  assert.match((await look()).detail, /^127\.0\.0\.1 answered 502 with no x-version/);
  version = 'v1';
  assert.equal((await look()).ok, true);
});

test('IPv6 addresses are not held against a machine without IPv6', async (t) => {
  const port = await serve(t, node(['v2']), '127.0.0.2');
  // A multicast address: to it, no machine has a way for TCP.
  const nowhere = 'ff02::1';
  const url = `http://shop.example.com:${port}`;
  const { ok, detail } = await identifyOnce(identity, url, subject, 'is', context(['127.0.0.2', nowhere]));
  assert.equal(ok, true, detail);
  assert.match(detail, /^1 address answered .*; 1 IPv6 not asked, as this machine has no IPv6$/);
  assert.equal((await identifyOnce(identity, url, subject, 'is', context([nowhere]))).ok, false);
});

test('a name that can not be resolved is said so', async () => {
  const look = (more: Partial<IdentityContext>) =>
    identifyOnce(identity, 'https://shop.invalid', subject, 'is', context([], more));
  const notFound = Object.assign(new Error('x'), { code: 'ENOTFOUND', hostname: 'shop.invalid' });
  assert.equal(
    (await look({ resolve: () => Promise.reject(notFound) })).detail,
    'shop.invalid could not be resolved: the name does not exist in DNS (ENOTFOUND shop.invalid)',
  );
  assert.deepEqual(
    [(await look({})).ok, (await look({})).detail],
    [false, 'shop.invalid could not be resolved: it has no address'],
  );
  assert.equal(
    (await look({ resolve: () => new Promise(() => {}), timeout: 20 })).detail,
    'shop.invalid could not be resolved: no answer within 20 ms',
  );
});

test('an abort ends the lookup and the requests', async (t) => {
  const reason = new Error('cancelled');
  const controller = new AbortController();
  const hangs = () => {
    setImmediate(() => controller.abort(reason));
    return new Promise<never>(() => {});
  };
  const { signal } = controller;
  await assert.rejects(
    identifyOnce(identity, 'http://shop.invalid', subject, 'is', context([], { signal, resolve: hangs })),
    reason,
  );
  const later = new AbortController();
  const port = await serve(t, () => later.abort(reason));
  await assert.rejects(
    identifyOnce(identity, `http://127.0.0.1:${port}`, subject, 'is', context([], { signal: later.signal })),
    reason,
  );
});

test('a literal address is asked as it is', async () => {
  const port = await closedPort();
  const resolve = () => assert.fail('resolved');
  const { detail } = await identifyOnce(
    identity,
    `http://[::1]:${port}`,
    subject,
    'is',
    context([], { resolve }),
  );
  assert.match(detail, /^::1 did not answer/);
});
