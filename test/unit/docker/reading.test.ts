import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseListening } from '../../../src/target/docker/listening.ts';
import { merge } from '../../../src/target/docker/log-tail.ts';
import { packTar, unpackTar } from '../../../src/target/docker/scrap-tar.ts';

test('a tar comes out as it went in', () => {
  const files = { 'lease/0': '2026', 'a.json': 'ü€😀'.repeat(1_000), empty: '', block: 'x'.repeat(512) };
  const tar = packTar(files);
  assert.equal(tar.length % 512, 0);
  assert.deepEqual(Object.fromEntries(unpackTar(tar)), files);
  // As the Docker CLI's answer comes: through a string.
  assert.deepEqual(Object.fromEntries(unpackTar(Buffer.from(tar.toString('utf8'), 'utf8'))), files);
});

test('of a tar that was cut off, what is whole counts', () => {
  const tar = packTar({ first: 'one', second: 'y'.repeat(600) });
  for (let length = 0; length < tar.length; length += 1) {
    const names = [...unpackTar(tar.subarray(0, length)).keys()];
    assert.deepEqual(
      names,
      length < 515 ? [] : length < 1536 + 600 ? ['first'] : ['first', 'second'],
      `${length}`,
    );
  }
  assert.equal(unpackTar(Buffer.alloc(0)).size, 0);
});

test('the streams of a log are one, by time, and harmless', () => {
  assert.deepEqual(
    merge([
      '2026-11-23T23:00:00.1Z out 1',
      '2026-11-23T23:00:00.300000001Z out 3',
      '',
      '2026-11-23T23:00:00.2Z err \u001b[31m2\u001b[0m',
      '2026-11-23T23:00:00.300000000Z err   indented',
      '2026-11-23T23:00:00.4Z',
      'error from daemon in stream: something',
    ]),
    ['out 1', 'err 2', 'err   indented', 'out 3', ''],
  );
  const many = Array.from(
    { length: 80 },
    (_, index) => `2026-11-23T23:00:${String(index % 60).padStart(2, '0')}Z x`,
  );
  assert.equal(merge(many).length, 50);
  assert.ok(merge([`2026-11-23T23:00:00Z ${'x'.repeat(100_000)}`])[0]!.length <= 500);
});

test('listening sockets, as the kernel writes them', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   2: 0B00007F:85FB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   3: 0200210A:0BB8 0100210A:D431 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000
   1: 00000000000000000000000001000000:0051 00000000000000000000000000000000:0000 0A 00000000:00000000
   2: 0000000000000000FFFF00000100007F:0052 00000000000000000000000000000000:0000 0A 00000000:00000000
`;
  assert.deepEqual(parseListening(table), [
    '0.0.0.0:3000',
    '127.0.0.1:8080',
    '127.0.0.1:82',
    '[::1]:81',
    '[::]:80',
  ]);
  assert.deepEqual(parseListening(''), []);
  assert.deepEqual(parseListening('garbage : 0A\nx y z 0A'), []);
});
