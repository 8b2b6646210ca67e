import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { EngineApi } from '../../../src/target/docker/engine-api.ts';
import { LocalHost } from '../../../src/target/docker/local-host.ts';
import { TransientError } from '../../../src/target/target.ts';

const folder = mkdtempSync(join(tmpdir(), 'engine-api-'));
after(() => rmSync(folder, { recursive: true }));

/** As `docker system dial-stdio`: connects its standard streams to the engine. Leaves a line for each connection. */
const DIAL = `#!${process.execPath}
const fs = require('node:fs');
fs.appendFileSync(process.env.ENGINE + '.dialed', 'one\\n');
const socket = require('node:net').connect(process.env.ENGINE);
process.stdin.pipe(socket).pipe(process.stdout);
`;
writeFileSync(join(folder, 'docker'), DIAL);
chmodSync(join(folder, 'docker'), 0o755);

let number = 0;

/** A real server on a socket, and the API on its way to it. */
async function engineOf(listener: RequestListener, limit: number) {
  const path = join(folder, `${++number}.sock`);
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(path, done));
  const api = new EngineApi({
    host: new LocalHost(undefined),
    env: () => ({ PATH: `${folder}:${process.env['PATH']}`, ENGINE: path }),
    version: () => Promise.resolve('1.43'),
    limits: { answer: limit, change: limit },
  });
  return {
    api,
    dialed: () => readFileSync(`${path}.dialed`, 'utf8').trim().split('\n').length,
    async [Symbol.asyncDispose]() {
      api.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const answered: RequestListener = (request, response) => {
  if (request.url === '/v1.43/silent') return;
  response.end('{}');
};

test('an engine that is silent on a connection from before is asked once, and given up at the limit', async () => {
  let asked = 0;
  await using engine = await engineOf((request, response) => {
    if (request.url === '/v1.43/silent') asked += 1;
    answered(request, response);
  }, 10_000);
  await engine.api.get('/well');
  await assert.rejects(engine.api.get('/silent'), TransientError);
  assert.equal(asked, 1);
});

test('a connection from before that broke is replaced, within the same limit', async () => {
  let broken = 0;
  await using engine = await engineOf((request, response) => {
    if (request.url === '/v1.43/broken' && ++broken === 1) request.socket.destroy();
    else answered(request, response);
  }, 10_000);
  await engine.api.get('/well');
  assert.deepEqual(await engine.api.get('/broken'), {});
  assert.equal(broken, 2);
  await assert.rejects(
    (async () => {
      broken = 0;
      await engine.api.post('/broken', {});
    })(),
    TransientError,
    'what may have been done is not asked for again',
  );
});

test('who waits for a connection waits no longer than who has one', async () => {
  let asked = 0;
  await using engine = await engineOf(() => {
    asked += 1;
  }, 10_000);
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => engine.api.get('/silent')));
  assert.ok(all.every(({ status }) => status === 'rejected'));
  assert.equal(asked, 4, 'none after the limit of those before it');
});

test('nothing is connected once it is closed, and whoever waits is told at once', async () => {
  await using engine = await engineOf(answered, 60_000);
  const all = Promise.allSettled(Array.from({ length: 12 }, () => engine.api.get('/silent')));
  while (!dialedAll()) await new Promise((done) => setTimeout(done, 20));
  const closed = Date.now();
  engine.api.close();
  for (const one of await all) assert.ok(one.status === 'rejected' && one.reason instanceof TransientError);
  assert.ok(Date.now() - closed < 30_000, 'and not at the limit');
  await assert.rejects(engine.api.get('/well'), TransientError);
  // Time for a process to begin, were there one.
  await new Promise((done) => setTimeout(done, 500));
  assert.equal(engine.dialed(), 4);

  function dialedAll(): boolean {
    try {
      return engine.dialed() === 4;
    } catch {
      return false;
    }
  }
});
