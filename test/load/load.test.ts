import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { appCode } from '../sandbox/app/code.ts';
import { type LoadOptions, startLoad } from './index.ts';

const plain: RequestListener = (request, response) => answer(request, response, 'v1');

function answer(request: IncomingMessage, response: ServerResponse, version: string): void {
  response.setHeader('x-version', version);
  const { pathname, searchParams } = new URL(request.url!, 'http://app');
  if (pathname === '/echo') request.pipe(response);
  else if (pathname === '/slow') setTimeout(() => response.end('{}'), Number(searchParams.get('ms')));
  else response.end('{}');
}

/** A server that never closes an idle connection, as the sandbox's load balancer does. */
async function startServer(listener: RequestListener, address = '127.1.2.1') {
  const server = createServer({ keepAliveTimeout: 0 }, listener);
  await once(server.listen(0, address), 'listening');
  const { port } = server.address() as { port: number };
  return {
    server,
    url: `http://shop.example.com:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const quick = {
  addresses: ['127.1.2.1'],
  slow: { inFlight: 2, ms: 200 },
  idle: { connections: 2, seconds: 0.3 },
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function run(listener: RequestListener, ms: number, options: Partial<LoadOptions> = {}) {
  await using app = await startServer(listener);
  const load = await startLoad({ url: app.url, ...quick, ...options });
  await pause(ms);
  return await load.stop();
}

test('all kinds of requests reach a sound server, and none fails', async () => {
  const seen = new Set<string>();
  const connections = new Set<unknown>();
  await using app = await startServer((request, response) => {
    seen.add(
      `${request.method} ${request.url!.split('?')[0]} ${request.headers.connection} ${request.headers.host}`,
    );
    connections.add(request.socket);
    plain(request, response);
  });
  const load = await startLoad({ url: app.url, ...quick });
  let mostInFlight = 0;
  for (const end = performance.now() + 900; performance.now() < end; await pause(50)) {
    mostInFlight = Math.max(mostInFlight, load.snapshot().inFlight);
  }
  const snapshot = load.snapshot();
  const result = await load.stop();
  const { host } = new URL(app.url);
  assert.deepEqual(
    [...seen].sort(),
    [
      `GET / close ${host}`,
      `GET / keep-alive ${host}`,
      `GET /slow close ${host}`,
      `GET /slow keep-alive ${host}`,
      `POST /echo close ${host}`,
      `POST /echo keep-alive ${host}`,
    ].sort(),
  );
  assert.equal(result.failed, 0);
  assert.deepEqual(result.failures, []);
  assert.equal(result.requests, result.byVersion.v1);
  assert.ok(result.requests > 50, `${result.requests} requests`);
  assert.ok(connections.size < result.requests, 'connections are used again');
  assert.ok(
    Object.entries(result.byConnection).every(([kind, count]) => count > 0 || kind === 'websocket'),
    JSON.stringify(result.byConnection),
  );
  assert.ok(snapshot.requests > 0 && snapshot.requests <= result.requests);
  assert.equal(snapshot.byVersion.v1, snapshot.requests);
  assert.ok(mostInFlight >= 2, 'slow requests are in flight');
  assert.equal(result.cutShort, false);
  assert.equal(await load.stop().then(({ requests }) => requests), result.requests, 'stopping twice');
});

test('seconds and buckets add up to the whole', async () => {
  let count = 0;
  const result = await run((request, response) => {
    count += 1;
    answer(request, response, count > 40 ? 'v2' : 'v1');
  }, 1200);
  assert.deepEqual(Object.keys(result.byVersion).sort(), ['v1', 'v2']);
  for (const spans of [result.bySecond, result.buckets]) {
    const sum = (key: string) => spans.reduce((total, span) => total + span[key]!, 0);
    assert.equal(sum('v1'), result.byVersion.v1);
    assert.equal(sum('v2'), result.byVersion.v2);
    assert.equal(sum('failed'), 0);
  }
  assert.deepEqual(
    result.bySecond.map(({ t }) => t),
    result.bySecond.map((_, index) => index),
  );
  assert.equal(result.buckets[3]!.t, 0.3);
});

test('error answers are failures, with all that is needed to find them', async () => {
  const result = await run((request, response) => {
    if (request.url === '/' && request.headers.connection === 'close') response.writeHead(503).end('gone');
    else plain(request, response);
  }, 500);
  assert.ok(result.failed > 0);
  assert.deepEqual(result.failedByKind, { status: result.failed });
  const [first] = result.failures;
  assert.ok(first!.at.getTime() >= result.startedAt.getTime());
  assert.deepEqual(
    { ...first, at: 0, ms: 0 },
    {
      at: 0,
      ms: 0,
      kind: 'status',
      message: 'status 503: gone',
      method: 'GET',
      connection: 'fresh',
      reused: false,
      node: '127.1.2.1',
      status: 503,
    },
  );
  assert.equal(result.requests, result.failed + result.byVersion.v1!);
});

test('a wrong echo, a reset, half an answer and silence are failures; slow ones count as such', async () => {
  const wrong = await run((request, response) => {
    if (request.url === '/echo') response.end('not what you sent');
    else plain(request, response);
  }, 400);
  assert.ok(wrong.failed > 0);
  assert.deepEqual(wrong.failedByKind, { echo: wrong.failed });

  const reset = await run((request, response) => {
    if (request.url?.startsWith('/slow')) response.write('half', () => request.socket.resetAndDestroy());
    else if (request.url === '/echo') request.socket.resetAndDestroy();
    else plain(request, response);
  }, 400);
  assert.ok(reset.slow.failed > 0 && reset.failed > reset.slow.failed);
  assert.deepEqual(reset.failedByKind, { reset: reset.failed });

  const silent = await run(
    (request, response) => void (request.url === '/' || plain(request, response)),
    400,
    { timeoutMs: 100 },
  );
  assert.ok(silent.failed > 0);
  assert.deepEqual(silent.failedByKind, { timeout: silent.failed });
});

test('a dead server is refused connections, and the first 20 are kept', async () => {
  await using app = await startServer(plain);
  const load = await startLoad({ url: app.url, ...quick });
  await pause(300);
  await app[Symbol.asyncDispose]();
  await pause(600);
  const result = await load.stop();
  assert.ok(result.failedByKind.refused! > 20, JSON.stringify(result.failedByKind));
  assert.equal(result.failures.length, 20);
  assert.ok(result.byVersion.v1! > 0);
});

test('a server that closes a connection when it is used again is found out', async () => {
  const result = await run((request, response) => {
    const { socket } = request as { socket: typeof request.socket & { used?: boolean } };
    if (socket.used) socket.resetAndDestroy();
    else plain(request, response);
    socket.used = true;
  }, 500);
  assert.ok(result.failures.length > 0);
  assert.ok(result.failures.every(({ reused, connection }) => reused && connection !== 'fresh'));
});

test('every address gets its share', async () => {
  const nodes: Record<string, number> = {};
  const count: RequestListener = (request, response) => {
    const { localAddress } = request.socket;
    nodes[localAddress!] = (nodes[localAddress!] ?? 0) + 1;
    plain(request, response);
  };
  await using app = await startServer(count, '127.0.0.1');
  const { port } = app.server.address() as { port: number };
  const second = createServer(count);
  await once(second.listen(port, '127.1.2.2'), 'listening');
  const load = await startLoad({
    ...quick,
    url: `http://shop.example.com:${port}`,
    addresses: ['127.0.0.1', '127.1.2.2'],
  });
  await pause(500);
  const result = await load.stop();
  second.close();
  second.closeAllConnections();
  assert.equal(result.failed, 0);
  assert.ok(Math.min(nodes['127.0.0.1']!, nodes['127.1.2.2']!) > result.requests / 4, JSON.stringify(nodes));
});

test('stopping waits for slow requests; the longest duration ends the load by itself', async () => {
  const result = await run(plain, 500, { slow: { inFlight: 2, ms: 700 }, longestSeconds: 0.3 });
  assert.equal(result.cutShort, true);
  assert.equal(result.failed, 0);
  assert.ok(result.slow.requests >= 1);
  assert.ok(result.seconds < 5);
});

test('only loopback', async () => {
  await assert.rejects(startLoad({ url: 'http://shop.example.com', addresses: ['10.0.0.1'] }), /loopback/);
  await assert.rejects(startLoad({ url: 'https://localhost' }), /http:/);
});

test('the load ends when whoever started it dies', async () => {
  let last = 0;
  await using app = await startServer((request, response) => {
    last = performance.now();
    plain(request, response);
  });
  const program = `
    import { startLoad } from ${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))};
    await startLoad({ url: ${JSON.stringify(app.url)}, addresses: ['127.1.2.1'] });
    process.stdout.write('started');`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(parent.stdout, 'data');
  while (last === 0) await pause(10);
  parent.kill('SIGKILL');
  const killed = performance.now();
  while (performance.now() - last < 400) {
    assert.ok(performance.now() - killed < 8000, 'requests still come');
    await pause(50);
  }
});

/** The sandbox's app, which speaks WebSocket. */
async function startApp(port: number, env: Record<string, string> = {}) {
  const app = spawn(process.execPath, ['-e', appCode()], {
    env: { VERSION: 'v1', ADDRESS: '127.1.2.3', PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const text of app.stdout) if (String(text).includes('listening')) break;
  return app;
}

test('a WebSocket hears each message again; a server that goes may say so, and one that is killed fails it', async () => {
  const { server, url } = await startServer(plain, '127.1.2.3');
  const port = Number(new URL(url).port);
  server.close();
  let app = await startApp(port);
  const load = await startLoad({
    url,
    ...quick,
    addresses: ['127.1.2.3'],
    ratePerSecond: 1,
    slow: { inFlight: 0, ms: 0 },
    idle: { connections: 0, seconds: 1 },
    webSockets: { connections: 2, everyMs: 20 },
  });
  await pause(600);
  assert.ok(load.snapshot().requests > 20, `${load.snapshot().requests} messages`);
  assert.equal(load.snapshot().failed, 0);
  const ended = once(app, 'exit');
  app.kill('SIGTERM');
  await ended;
  app = await startApp(port, { VERSION: 'v2' });
  await pause(600);
  app.kill('SIGKILL');
  await pause(300);
  const result = await load.stop();
  assert.equal(result.webSocket.drainedAt.length, 2, 'both were told');
  assert.ok(result.byVersion.v1! > 10 && result.byVersion.v2! > 10, JSON.stringify(result.byVersion));
  const kinds = result.failures
    .filter(({ connection }) => connection === 'websocket')
    .map(({ kind }) => kind);
  assert.ok(kinds.includes('reset') && kinds.includes('refused'), kinds.join());
  assert.equal(result.webSocket.messages, result.byConnection.websocket);
});

test('a WebSocket that is refused, or hears something else, is a failure', async () => {
  const sockets = { ...quick, ratePerSecond: 1, webSockets: { connections: 1, everyMs: 20 } };
  const refused = await run(plain, 300, sockets);
  assert.ok(refused.webSocket.failed > 0);
  assert.ok(
    refused.failures.every(({ kind, status }) => kind === 'status' && status === 200),
    JSON.stringify(refused.failures[0]),
  );

  await using app = await startServer(plain);
  app.server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {}).on('end', () => socket.end());
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n');
    socket.once('data', () => socket.write(Buffer.from([0x81, 2, 104, 105])));
  });
  const load = await startLoad({ url: app.url, ...sockets });
  await pause(300);
  const wrong = await load.stop();
  assert.ok(wrong.failedByKind.echo! > 0, JSON.stringify(wrong.failedByKind));
});

test('as many kept connections as asked for, and as few fresh ones', async () => {
  const connections = new Map<unknown, number>();
  await using app = await startServer((request, response) => {
    if (request.headers.connection === 'keep-alive' && request.url !== '/slow')
      connections.set(request.socket, (connections.get(request.socket) ?? 0) + 1);
    plain(request, response);
  });
  const load = await startLoad({
    url: app.url,
    ...quick,
    slow: { inFlight: 0, ms: 0 },
    idle: { connections: 0, seconds: 1 },
    kept: 12,
    fresh: 0.1,
  });
  await pause(1_000);
  const { byConnection, failed } = await load.stop();
  assert.equal(failed, 0);
  assert.equal(connections.size, 12);
  const share = byConnection.fresh / (byConnection.fresh + byConnection['keep-alive']);
  assert.ok(share > 0.05 && share < 0.15, `${share}`);
});

test('a server that is too slow is not buried under requests', async () => {
  let most = 0;
  let open = 0;
  const slowly: RequestListener = (request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.on('close', () => {
      open -= 1;
    });
    setTimeout(() => plain(request, response), 200);
  };
  const none = { slow: { inFlight: 0, ms: 0 }, idle: { connections: 0, seconds: 1 } };
  const result = await run(slowly, 1_000, { ...none, ratePerSecond: 500, mostInFlight: 10 });
  assert.equal(result.failed, 0);
  assert.ok(most <= 10, `${most} at once`);
  assert.ok(
    result.heldBack > 100 && result.requests > 10,
    `${result.requests}, ${result.heldBack} held back`,
  );
});
