import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import { afterEach, test } from 'node:test';
import type { Dialed, DockerHost } from '../../../src/target/docker/host.ts';
import { type ProbeRequest, probe } from '../../../src/target/docker/probe.ts';
import { TransientError } from '../../../src/target/target.ts';

const open: (net.Server | http.Server)[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    if (server instanceof http.Server) server.closeAllConnections();
  }
});

async function listen<T extends net.Server>(server: T): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}
const hostWith = (dial: (port: number) => Dialed): DockerHost => ({
  description: 'a host',
  env: {},
  dial: (address) => Promise.resolve(dial('port' in address ? address.port : 0)),
  url: () => Promise.reject(new Error('not asked for')),
  close: () => Promise.resolve(),
});
const direct = hostWith((port) => ({ host: '127.0.0.1', port }));
const ask = (port: number, more: Partial<ProbeRequest> = {}) =>
  probe({ host: direct, address: '127.0.0.1', port, path: '/health', timeout: 5_000, ...more });
const answering = (status: number, body = '') =>
  listen(http.createServer((_, response) => response.writeHead(status, { location: '/x' }).end(body)));

test('2xx and 3xx are health, the rest is told with the beginning of its body', async () => {
  for (const status of [200, 204, 302, 399])
    assert.equal((await ask(await answering(status))).ok, true, `${status}`);
  for (const status of [400, 404, 500, 503]) {
    const { ok, text, refused } = await ask(
      await answering(status, `no\n\u001b[31mdatabase\u0000 ${'x'.repeat(9_000)}`),
    );
    assert.equal(ok, false);
    assert.equal(refused, false);
    assert.match(text, new RegExp(`^GET /health answered ${status}: no database x+…$`));
    assert.ok(text.length < 300);
  }
  assert.equal((await ask(await answering(500))).text, 'GET /health answered 500');
});

test('it asks for exactly the path, at the container’s own address', async () => {
  let asked = '';
  const port = await listen(
    http.createServer(({ url, headers, method }, response) => {
      asked = `${method} ${url} ${headers.host}`;
      response.end();
    }),
  );
  await ask(port, { path: '/up?deep=1&x=%20' });
  assert.equal(asked, `GET /up?deep=1&x=%20 127.0.0.1:${port}`);
});

test('nobody there is refused; somebody who hangs up, or says nothing, is not health', async () => {
  const gone = net.createServer();
  const port = await listen(gone);
  await new Promise((resolve) => gone.close(resolve));
  assert.deepEqual(await ask(port), { ok: false, text: 'GET /health: connection refused', refused: true });
  assert.equal((await ask(port, { path: undefined })).refused, true);
  const rude = await listen(net.createServer((socket) => socket.destroy()));
  assert.equal((await ask(rude)).ok, false);
  const silent = await listen(net.createServer());
  assert.deepEqual(await ask(silent, { timeout: 100 }), {
    ok: false,
    text: 'GET /health: no answer within 100 ms',
    refused: false,
  });
  const nonsense = await listen(net.createServer((socket) => socket.end('SSH-2.0-hello\r\n')));
  assert.equal((await ask(nonsense)).ok, false);
});

test('an address that takes no connection is not one that hangs', async () => {
  const { port, end } = await deaf();
  try {
    for (const [path, what] of [
      ['/health', 'GET /health'],
      [undefined, `connection to port ${port}`],
    ])
      assert.deepEqual(await ask(port, { path, timeout: 300 }), {
        ok: false,
        text: `${what}: no connection within 300 ms`,
        refused: false,
      });
  } finally {
    end();
  }
});

/** Somebody whose queue of connections is full: the kernel answers no more of them, as a firewall that drops does. */
async function deaf(): Promise<{ readonly port: number; end(): void }> {
  const child = spawn(process.execPath, [
    '-e',
    `const server = require('node:net').createServer();
    server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
      require('node:fs').writeSync(1, server.address().port + '\\n');
      process.kill(process.pid, 'SIGSTOP');
    });`,
  ]);
  const port = Number(await new Promise((resolve) => child.stdout.once('data', resolve)));
  const fillers = Array.from({ length: 5 }, () =>
    net.connect({ host: '127.0.0.1', port }).on('error', () => {}),
  );
  await new Promise((resolve) => fillers[0]!.once('connect', resolve));
  // Those that are queued are so at once.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    port,
    end() {
      for (const one of fillers) one.destroy();
      child.kill('SIGKILL');
    },
  };
}

test('an endless body of an error keeps nobody', async () => {
  const port = await listen(
    http.createServer((_, response) => {
      response.writeHead(500);
      const more = () => response.write('x'.repeat(1_000), () => setImmediate(more));
      more();
    }),
  );
  assert.match((await ask(port)).text, /answered 500: x/);
  const slow = await listen(http.createServer((_, response) => response.writeHead(500).write('part')));
  assert.equal((await ask(slow, { timeout: 100 })).ok, false);
});

test('without a path a connection is enough', async () => {
  const port = await listen(net.createServer());
  assert.equal((await ask(port, { path: undefined })).ok, true);
});

test('through a tunnel, a connection that is closed again was none', async () => {
  const silent = await listen(net.createServer());
  const closing = await listen(net.createServer((socket) => setTimeout(() => socket.destroy(), 50)));
  const speaking = await listen(net.createServer((socket) => socket.write('220 hello\r\n')));
  const through = (port: number, path?: string) =>
    probe({
      host: hostWith(() => ({ host: '127.0.0.1', port })),
      address: '10.0.0.9',
      port: 3000,
      path,
      timeout: 5_000,
    });
  assert.equal((await through(silent)).ok, true);
  assert.equal((await through(speaking)).ok, true);
  const { ok, refused } = await through(closing);
  assert.deepEqual({ ok, refused }, { ok: false, refused: true });
  assert.equal((await through(closing, '/health')).refused, true);
  let host = '';
  const web = await listen(
    http.createServer(({ headers }, response) => {
      host = headers.host ?? '';
      response.end();
    }),
  );
  assert.equal((await through(web, '/')).ok, true);
  assert.equal(host, '10.0.0.9:3000');
});

test('where the tunnel itself broke under the question, there is no verdict', async () => {
  const closing = await listen(net.createServer((socket) => socket.destroy()));
  const asked: string[] = [];
  const broken: DockerHost = {
    ...hostWith(() => ({ host: '127.0.0.1', port: closing })),
    tunnel: () => {
      asked.push('before');
      return async () => {
        asked.push('after');
        throw new TransientError('broke');
      };
    },
  };
  const through = (path?: string) =>
    probe({ host: broken, address: '10.0.0.9', port: 3000, path, timeout: 5_000 });
  await assert.rejects(through('/health'), TransientError);
  await assert.rejects(through(), TransientError);
  assert.deepEqual(asked, ['before', 'after', 'before', 'after']);
});
