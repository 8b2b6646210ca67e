import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Answer, type HttpRequest, type NoAnswer, send } from '../../../src/check/http.ts';
import { closedPort, never, serve, serveTcp } from './helpers.ts';
import { selfSigned } from './self-signed.ts';

const ask = (url: string, more: Partial<HttpRequest> = {}): Promise<Answer | NoAnswer> =>
  send({
    url: new URL(url),
    headers: {},
    timeout: 5000,
    userAgent: 'blue-green-deploy/1.2.3',
    signal: never,
    ...more,
  });

async function answered(url: string, more?: Partial<HttpRequest>): Promise<Answer> {
  const answer = await ask(url, more);
  assert.equal(answer.kind, 'answer', JSON.stringify(answer));
  return answer as Answer;
}

async function unanswered(url: string, more?: Partial<HttpRequest>): Promise<string> {
  const answer = await ask(url, more);
  assert.equal(answer.kind, 'no-answer', JSON.stringify(answer));
  return (answer as NoAnswer).reason;
}

const echo = (t: TestContext, host?: string, port?: number) =>
  serve(
    t,
    (request, response) => {
      response.setHeader('x-port', String(request.socket.remotePort));
      response.end(
        JSON.stringify({ url: request.url, headers: request.headers, at: request.socket.localAddress }),
      );
    },
    host,
    port,
  );

test('headers, user agent, path and query arrive; each request has a connection of its own', async (t) => {
  const port = await echo(t);
  const first = await answered(`http://127.0.0.1:${port}/a%20b?q=1`, {
    headers: { Accept: 'application/json' },
  });
  const { url, headers } = JSON.parse(first.body);
  assert.equal(url, '/a%20b?q=1');
  assert.equal(headers.host, `127.0.0.1:${port}`);
  assert.equal(headers['user-agent'], 'blue-green-deploy/1.2.3');
  assert.equal(headers.accept, 'application/json');
  assert.equal(headers.connection, 'close');
  const second = await answered(`http://127.0.0.1:${port}/`);
  assert.notEqual(first.headers['x-port'], second.headers['x-port']);
});

test('a connection that is kept collects no listeners', async (t) => {
  const port = await echo(t);
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const count = async () => {
    await answered(`http://127.0.0.1:${port}/`, { agent });
    await nextTurn(); // until the agent has it back
    const [socket, ...others] = Object.values(agent.freeSockets).flat();
    assert.deepEqual(others, []);
    return socket!.listenerCount('lookup') + socket!.listenerCount('connect');
  };
  const first = await count();
  assert.equal(await count(), first);
  assert.equal(await count(), first);
});

test('credentials of the URL are sent', async (t) => {
  const port = await echo(t);
  const { headers } = JSON.parse((await answered(`http://me:p%40ss@127.0.0.1:${port}/`)).body);
  assert.equal(headers.authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
});

test('a given address is connected to, and the name kept', async (t) => {
  const port = await echo(t, '127.0.0.2');
  const answer = await answered(`http://shop.example.com:${port}/`, { address: '127.0.0.2' });
  const { headers, at } = JSON.parse(answer.body);
  assert.deepEqual([headers.host, at], [`shop.example.com:${port}`, '127.0.0.2']);
});

test('the Host header can be set', async (t) => {
  const port = await echo(t);
  const answer = await answered(`http://127.0.0.1:${port}/`, { headers: { Host: 'shop.example.com' } });
  assert.equal(JSON.parse(answer.body).headers.host, 'shop.example.com');
});

test('a proxy in the environment is not used', async (t) => {
  const port = await echo(t);
  const before = process.env['HTTP_PROXY'];
  process.env['HTTP_PROXY'] = `http://127.0.0.1:${await closedPort()}`;
  t.after(() => {
    if (before === undefined) delete process.env['HTTP_PROXY'];
    else process.env['HTTP_PROXY'] = before;
  });
  assert.equal((await answered(`http://127.0.0.1:${port}/`)).status, 200);
});

test('a redirect is an answer', async (t) => {
  let asked = 0;
  const port = await serve(t, (_, response) => {
    asked += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const answer = await answered(`http://127.0.0.1:${port}/`);
  assert.deepEqual([answer.status, answer.headers.location, asked], [302, '/elsewhere', 1]);
});

test('a huge body is read up to the bound', async (t) => {
  const port = await serve(t, (_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
    };
    response.on('drain', more);
    more();
  });
  const answer = await answered(`http://127.0.0.1:${port}/`);
  assert.deepEqual([answer.body.length, answer.truncated], [1024 * 1024, true]);
  const exact = await serve(t, (_, response) => response.end('12345'));
  const whole = await answered(`http://127.0.0.1:${exact}/`, { maxBody: 5 });
  assert.deepEqual([whole.body, whole.truncated], ['12345', false]);
});

test('each stage at which an answer can hang is named', async (t) => {
  const timeout = 150;
  const silent = await serveTcp(t, () => {});
  assert.equal(
    await unanswered(`http://127.0.0.1:${silent}/`, { timeout }),
    'no answer within 150 ms (waiting for the response headers)',
  );
  assert.equal(
    await unanswered(`https://127.0.0.1:${silent}/`, { timeout }),
    'no answer within 150 ms (in the TLS handshake)',
  );
  const headersOnly = await serveTcp(t, (socket) =>
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab'),
  );
  assert.equal(
    await unanswered(`http://127.0.0.1:${headersOnly}/`, { timeout }),
    'the body did not end within 150 ms (2 bytes so far)',
  );
  const drip = await serve(t, (_, response) => {
    const timer = setInterval(() => response.write('.'), 10);
    response.on('close', () => clearInterval(timer));
  });
  assert.match(
    await unanswered(`http://127.0.0.1:${drip}/`, { timeout }),
    /^the body did not end within 150 ms \(\d+ bytes so far\)$/,
  );
});

test('closed, broken, refused, foreign', async (t) => {
  const closes = await serveTcp(t, (socket) => socket.on('data', () => socket.resetAndDestroy()));
  assert.match(
    await unanswered(`http://127.0.0.1:${closes}/`),
    /^the connection was closed without an answer/,
  );
  const ends = await serveTcp(t, (socket) => socket.on('data', () => socket.end()));
  assert.match(await unanswered(`http://127.0.0.1:${ends}/`), /^the connection was closed without an answer/);
  const breaks = await serveTcp(t, (socket) =>
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab')),
  );
  assert.equal(
    await unanswered(`http://127.0.0.1:${breaks}/`),
    'the connection broke in the middle of the answer, after 2 bytes of the body',
  );
  const port = await closedPort();
  assert.equal(
    await unanswered(`http://127.0.0.1:${port}/`),
    `the connection was refused (ECONNREFUSED 127.0.0.1:${port})`,
  );
  const ssh = await serveTcp(t, (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
  assert.match(await unanswered(`http://127.0.0.1:${ssh}/`), /^what came back is not HTTP \(HPE_\w+\)$/);
  const upgrade = await serveTcp(t, (socket) =>
    socket.on('data', () =>
      socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ),
  );
  assert.equal((await answered(`http://127.0.0.1:${upgrade}/`)).status, 101);
});

test('a header that can not be sent is a failed request, not a crash', async () => {
  assert.match(
    await unanswered('http://127.0.0.1:1/', { headers: { 'x-a': 'b\nc' } }),
    /Invalid character in header/,
  );
});

test('TLS failures say what is wrong, and the server name is the name, not the address', async (t) => {
  const names: string[] = [];
  const server = createTlsServer({
    ...selfSigned,
    SNICallback(name, done) {
      names.push(name);
      done(null);
    },
  });
  server.listen(0, '127.0.0.1').on('tlsClientError', () => {});
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const address = '127.0.0.1';
  assert.equal(
    await unanswered(`https://shop.example.com:${port}/`, { address }),
    'TLS failed: the certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)',
  );
  await unanswered(`https://127.0.0.1:${port}/`, { headers: { host: `other.example.com:${port}` } });
  await unanswered(`https://127.0.0.1:${port}/`);
  assert.deepEqual(names, ['shop.example.com', 'other.example.com']);

  const plainPort = await serve(t, (_, response) => response.end());
  assert.equal(
    await unanswered(`https://127.0.0.1:${plainPort}/`),
    'TLS failed: what answers there does not speak TLS (is it http?)',
  );
});

test('an abort ends it at every stage, with the reason of the abort', async (t) => {
  const reason = new Error('cancelled');
  const before = new AbortController();
  before.abort(reason);
  await assert.rejects(ask('http://127.0.0.1:1/', { signal: before.signal }), reason);
  for (const said of ['', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab']) {
    const controller = new AbortController();
    let gone: Promise<unknown> | undefined;
    const port = await serveTcp(t, (socket) => {
      gone = new Promise((resolve) => socket.on('close', resolve));
      socket.on('data', () => {
        socket.write(said);
        setImmediate(() => controller.abort(reason));
      });
    });
    await assert.rejects(ask(`http://127.0.0.1:${port}/`, { signal: controller.signal }), reason);
    await gone;
  }
});
