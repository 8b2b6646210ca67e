import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { startOwnTraffic } from '../../../src/check/own-traffic.ts';
import type { Probe } from '../../../src/config/environment.ts';
import type { Clock } from '../../../src/release/clock.ts';
import { closedPort, expectation, quickClock, serve, subject } from './helpers.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
  /** 1 for the first. */
  readonly turn: number;
  /** The client's port: one for each connection. */
  readonly port: number;
}

/** Traffic to a server of its own, until so many requests were answered. */
async function traffic(
  t: TestContext,
  probe: Partial<Probe>,
  {
    count = 8,
    clock = quickClock(),
    answer = (_, response) => void response.end('ok'),
  }: {
    count?: number;
    clock?: Clock;
    answer?: (seen: Seen, response: ServerResponse) => void;
  } = {},
) {
  const seen: Seen[] = [];
  const enough = Promise.withResolvers<void>();
  const port = await serve(t, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one: Seen = {
      method: request.method!,
      path: request.url!,
      body: Buffer.concat(chunks).toString(),
      headers: request.headers,
      turn: seen.length + 1,
      port: request.socket.remotePort!,
    };
    seen.push(one);
    answer(one, response);
    if (seen.length >= count) enough.resolve();
  });
  const cancel = new AbortController();
  const own = startOwnTraffic({
    probe: { ...expectation, path: '/ping', ...probe },
    url: `http://127.0.0.1:${port}`,
    subject,
    clock,
    signal: cancel.signal,
    userAgent: 'blue-green-test',
  });
  await enough.promise;
  return { own, seen, cancel };
}

test('GET only, on a connection that is kept', async (t) => {
  const { own, seen } = await traffic(t, { headers: { 'x-who': '{color} {image-tag}' }, path: '/{color}' });
  await own.end();
  assert.deepEqual(
    [...new Set(seen.map(({ method, path, body }) => `${method} ${path} ${body}`))],
    ['GET /green '],
  );
  assert.equal(seen[0]?.headers['x-who'], 'green v2');
  assert.equal(seen[0]?.headers['user-agent'], 'blue-green-test');
  assert.equal(new Set(seen.map(({ port }) => port)).size, 1, 'each request on the same connection');
  const { sent, failed, lastFailure } = own.figures();
  assert.deepEqual([sent, failed, lastFailure], [seen.length, 0, '']);
});

test('GET and POST in turn, the POST with its body and its type', async (t) => {
  const { own, seen } = await traffic(t, {
    post: '{"ping":"{color}"}',
    headers: { 'content-type': 'application/json' },
  });
  await own.end();
  const methods = seen.map(({ method }) => method);
  assert.deepEqual(
    methods,
    methods.map((_, index) => (index % 2 === 0 ? 'GET' : 'POST')),
  );
  for (const { method, body, headers } of seen) {
    assert.equal(body, method === 'POST' ? '{"ping":"green"}' : '');
    if (method === 'POST') assert.equal(headers['content-type'], 'application/json');
  }
  assert.equal(new Set(seen.map(({ port }) => port)).size, 1);
});

test('counts what fails, by status and by broken connection, and nothing twice', async (t) => {
  const { own, seen } = await traffic(
    t,
    { post: 'x', status: 201 },
    {
      count: 12,
      answer({ method, turn }, response) {
        if (method === 'GET') response.writeHead(201).end();
        else if (turn === 2) response.destroy();
        else response.writeHead(503).end('sorry');
      },
    },
  );
  await own.end();
  const { sent, failed, lastFailure } = own.figures();
  assert.deepEqual([sent, failed], [seen.length, seen.filter(({ method }) => method === 'POST').length]);
  assert.equal(lastFailure, 'POST /ping: status 503');
});

test('nobody there: each request has failed, with the reason', async () => {
  const clock = quickClock();
  const own = startOwnTraffic({
    probe: { ...expectation, path: '/ping' },
    url: `http://127.0.0.1:${await closedPort()}`,
    subject,
    clock,
    signal: new AbortController().signal,
    userAgent: 'test',
  });
  while (own.figures().failed < 3) await new Promise((resolve) => setImmediate(resolve));
  await own.end();
  const { sent, failed, lastFailure } = own.figures();
  assert.equal(failed, sent);
  assert.match(lastFailure, /^GET \/ping: .*refused/i);
});

test('takes its time between two requests, and measures the slowest', async (t) => {
  const clock = quickClock();
  const { own } = await traffic(t, {}, { clock });
  await own.end();
  assert.deepEqual([...new Set(clock.slept)], [200]);
  // The clock stands still but for the pauses, of which each begins with a request.
  assert.ok(own.figures().worstMs <= 200, `${own.figures().worstMs} ms`);
});

test('ends: nothing new is sent, and what is under way is waited for and counts', async (t) => {
  let held: ServerResponse | undefined;
  const { own, seen } = await traffic(
    t,
    {},
    {
      count: 3,
      answer({ turn }, response) {
        if (turn === 3) held = response;
        else response.end();
      },
    },
  );
  let ended = false;
  const end = own.end().then(() => {
    ended = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(ended, false, 'it waits for the answer');
  held!.writeHead(500).end();
  await end;
  const { sent, failed } = own.figures();
  assert.deepEqual([sent, failed, seen.length], [3, 1, 3]);
});

test('a cancelled run ends at once, and what it cut off is no failure', async (t) => {
  const { own, cancel } = await traffic(t, {}, { count: 1, answer: () => {} });
  cancel.abort(new Error('cancelled'));
  await own.end();
  const { sent, failed } = own.figures();
  assert.deepEqual([sent, failed], [1, 0]);
});
