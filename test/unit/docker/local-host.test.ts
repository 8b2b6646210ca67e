import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LocalHost } from '../../../src/target/docker/local-host.ts';

const PROXY = { host: '127.0.0.1', port: 9999 };

test('Loopback is the engine’s own where that is elsewhere, and no way leads there', async () => {
  for (const address of [PROXY, { host: 'localhost', port: 2019 }, { host: '::1', port: 2019 }])
    assert.throws(() => new LocalHost('tcp://docker.example.com:2376').dial(address), {
      code: 'host-unreachable',
      message: `${address.host}:${address.port} is an address of the host of tcp://docker.example.com:2376 itself, which can’t be reached from here.`,
      hint: /ssh:\/\/ host/,
    });
});

test('Everything else is dialed as it is', async () => {
  for (const host of [
    'unix:///var/run/docker.sock',
    'tcp://127.0.0.1:2375',
    'tcp://localhost:2375',
    'tcp://[::1]:2375',
  ])
    assert.deepEqual(await new LocalHost(host).dial(PROXY), PROXY);
  const container = { host: '10.0.0.5', port: 3000 };
  assert.deepEqual(await new LocalHost('tcp://docker.example.com:2376').dial(container), container);
});
