import assert from 'node:assert/strict';
import { test } from 'node:test';
import { socketAddress } from '../../../src/target/docker/proxy/haproxy-socket.ts';
import {
  parseMap,
  parseServerNames,
  parseStats,
  readEntry,
  withEntry,
} from '../../../src/target/docker/proxy/haproxy-tables.ts';
import {
  isAnonymous,
  mountOf,
  type ProxyContainer,
} from '../../../src/target/docker/proxy/proxy-container.ts';
import { tarOf } from '../../../src/target/docker/proxy/tar.ts';

test('statistics are read by the names of their columns, wherever these are', () => {
  const text = `# pxname,new,svname,qcur,scur,stot,status,lastchg,check_status,addr,
shop,x,green-1,1,2,30,UP,7,L7OK,10.0.0.2:3000,
shop,x,green-2,0,0,0,UP 1/3,0,* L7OK,10.0.0.3:3000,
shop,x,green-3,0,0,0,MAINT (resolution),9,,,
shop,x,BACKEND,3,4,30,UP,7,,,
`;
  const stats = parseStats(text);
  assert.deepEqual(stats[0], {
    name: 'green-1',
    current: 2,
    queued: 1,
    given: 30,
    status: 'UP',
    check: 'L7OK',
    address: '10.0.0.2:3000',
    lastChange: 7,
  });
  // A check is on its way: what counts is what the last one said. And `UP 1/3` is not `UP`.
  assert.equal(stats[1]?.check, 'L7OK');
  assert.equal(stats[1]?.status, 'UP 1/3');
  assert.equal(stats[2]?.address, '');
  assert.equal(stats[3]?.name, 'BACKEND');
  assert.deepEqual(parseStats(''), []);
});

test('servers’ names and ports', () => {
  const text = `1
# be_id be_name srv_id srv_name srv_fqdn srv_port
3 shop 1 green-1 shop-green 3000
3 shop 2 fixed - 8080
`;
  assert.deepEqual(parseServerNames(text), [
    { host: 'shop-green', port: 3000 },
    { host: '', port: 8080 },
  ]);
});

test('entries of a map', () => {
  assert.deepEqual(parseMap('0x7f8b74287900 shop-production shop-production-green\n0x1 other  x'), [
    ['shop-production', 'shop-production-green'],
    ['other', 'x'],
  ]);
  assert.deepEqual(parseMap(''), []);
});

test('a map file keeps all but the one entry', () => {
  const cases: readonly (readonly [before: string, after: string])[] = [
    ['', 'shop green\n'],
    ['# live\n', '# live\nshop green\n'],
    ['other blue', 'other blue\nshop green\n'],
    ['# shop red\n\tshop   blue  \nother blue\n', '# shop red\nshop green\nother blue\n'],
    ['shop blue\r\nother blue\r\n', 'shop green\r\nother blue\r\n'],
    // The second would stay in HAProxy's memory after a reload, as another entry.
    ['shop blue\nother x\nshop red\n', 'shop green\nother x\n'],
    ['shop-2 blue\nshop\n', 'shop-2 blue\nshop green\n'],
    // Bytes that are no UTF-8 are read as one character each.
    ['# caf\u00e9\nshop blue', '# caf\u00e9\nshop green'],
  ];
  for (const [before, after] of cases) {
    assert.equal(withEntry(before, 'shop', 'green'), after);
    assert.equal(withEntry(after, 'shop', 'green'), after);
    assert.equal(readEntry(after, 'shop'), 'green');
  }
  assert.equal(readEntry('# shop green\nshopping x\n', 'shop'), undefined);
});

test('addresses of the admin socket', () => {
  assert.deepEqual(socketAddress('/run/haproxy/admin.sock'), { path: '/run/haproxy/admin.sock' });
  assert.deepEqual(socketAddress('tcp://127.0.0.1:9999'), { host: '127.0.0.1', port: 9999 });
  assert.deepEqual(socketAddress('tcp://[::1]:9999'), { host: '::1', port: 9999 });
});

test('which mount a path is in', () => {
  const mount = (Destination: string, more: object = {}) => ({
    Type: 'bind',
    Source: '/x',
    Destination,
    RW: true,
    ...more,
  });
  const container = {
    Mounts: [mount('/'), mount('/maps'), mount('/maps/deep/')],
  } as unknown as ProxyContainer;
  assert.equal(mountOf(container, '/maps/active.map')?.Destination, '/maps');
  assert.equal(mountOf(container, '/maps/deep/active.map')?.Destination, '/maps/deep/');
  assert.equal(mountOf(container, '/mapsactive.map')?.Destination, '/');
  assert.equal(mountOf({ ...container, Mounts: [mount('/maps')] }, '/mapsactive.map'), undefined);
  assert.equal(isAnonymous(mount('/maps', { Type: 'volume', Name: 'a'.repeat(64) })), true);
  assert.equal(isAnonymous(mount('/maps', { Type: 'volume', Name: 'edge_maps' })), false);
});

test('an archive of one file', () => {
  const archive = tarOf('active.map', {
    content: Buffer.from('shop green\n'),
    mode: 0o640,
    modified: 1_700_000_000_999,
  });
  assert.equal(archive.length, 512 + 512 + 1024);
  const text = (offset: number, length: number) => archive.toString('latin1', offset, offset + length);
  assert.equal(text(0, 11), 'active.map\0');
  assert.equal(text(100, 8), '0000640\0');
  assert.equal(Number.parseInt(text(124, 11), 8), 11);
  assert.equal(Number.parseInt(text(136, 11), 8), 1_700_000_000);
  assert.equal(text(257, 8), 'ustar\u000000');
  assert.equal(text(512, 11), 'shop green\n');
  assert.throws(() => tarOf('x'.repeat(101), { content: Buffer.alloc(0), mode: 0, modified: 0 }), RangeError);
});
