import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DockerHost } from '../../../src/target/docker/host.ts';
import { HaproxySocket } from '../../../src/target/docker/proxy/haproxy-socket.ts';

const host = {
  description: 'this machine',
  env: {},
  dial: (address) => Promise.resolve(address),
  url: () => Promise.reject(new Error('unused')),
  close: () => Promise.resolve(),
} satisfies DockerHost;

async function speaking(answers: readonly (string | Error)[]) {
  const path = join(tmpdir(), `haproxy-${process.pid}-${Math.random().toString(36).slice(2)}.sock`);
  const commands: string[] = [];
  let next = 0;
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      commands.push(data.toString());
      const answer = answers[next++] ?? '';
      if (answer instanceof Error) socket.destroy();
      else socket.end(answer);
    });
  });
  await new Promise<void>((done) => server.listen(path, done));
  return {
    commands,
    socket: new HaproxySocket(host, path),
    async [Symbol.asyncDispose]() {
      await new Promise((done) => server.close(done));
    },
  };
}

test('words are escaped, and no word can begin another command', async () => {
  await using haproxy = await speaking(['\n', 'admin\n\n']);
  assert.equal(await haproxy.socket.ask('set', 'map', '/my maps/a.map', 'a;b', 'c\\d'), '');
  assert.deepEqual(haproxy.commands, ['set map /my\\ maps/a.map a\\;b c\\\\d\n']);
  await assert.rejects(haproxy.socket.ask('set', 'x\nclear map y'), TypeError);
  assert.equal(await haproxy.socket.ask('show', 'cli', 'level'), 'admin');
});

test('what HAProxy refuses is told apart', async () => {
  const refusals = {
    'Permission denied\n\n': 'haproxy-not-admin',
    'Unknown map identifier. Please use #<id> or <file>.\n\n': 'haproxy-map-unknown',
    'No such proxy.\n\n': 'haproxy-backend-missing',
    "Can't find backend.\n\n": 'haproxy-backend-missing',
    "Unknown command: 'x', but maybe one of the following ones is a better match:\n\n": 'haproxy-refused',
  };
  await using haproxy = await speaking(Object.keys(refusals));
  for (const code of Object.values(refusals)) await assert.rejects(haproxy.socket.ask('x'), { code });
});

test('half an answer is no answer; nothing at all is news only where it answered before', async () => {
  await using cut = await speaking(['# pxname,svname\nshop,gr', '', 'admin\n\n', '', new Error('reset')]);
  await assert.rejects(cut.socket.ask('show', 'stat'), { name: 'TransientError' });
  await assert.rejects(cut.socket.ask('show', 'stat'), { code: 'haproxy-unreachable' });
  assert.equal(await cut.socket.ask('show', 'cli', 'level'), 'admin');
  await assert.rejects(cut.socket.ask('show', 'stat'), { name: 'TransientError' });
  await assert.rejects(cut.socket.ask('show', 'stat'), { name: 'TransientError' });
});

test('an answer that comes in drops and does not end is given up', async () => {
  const path = join(tmpdir(), `haproxy-${process.pid}-drops.sock`);
  const server = createServer((socket) => {
    const timer = setInterval(() => socket.write('a'), 50);
    socket.on('error', () => {}).on('close', () => clearInterval(timer));
  });
  await new Promise<void>((done) => server.listen(path, done));
  const started = Date.now();
  await assert.rejects(new HaproxySocket(host, path, 500).ask('show', 'stat'), /no answer within 0\.5 s/);
  assert.ok(Date.now() - started < 5_000, `${Date.now() - started} ms`);
  await new Promise((done) => server.close(done));
});
