import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workersIn } from '../../../src/target/docker/proxy/haproxy-workers.ts';

// As `docker top edge -eo pid,ppid,args` shows them.

const MASTER = ['100', '7', 'haproxy -sf 8 -x /run/x -W -db -f /etc/haproxy/haproxy.cfg'];

test('workers are those of HAProxy that have no children, however it was started', () => {
  assert.deepEqual(workersIn([MASTER, ['101', '100', 'haproxy -W -db -f a.cfg']]), ['101']);
  const after = [MASTER, ['101', '100', 'haproxy -W'], ['150', '100', 'haproxy -sf 101 -W']];
  assert.deepEqual(workersIn(after), ['101', '150']);
  const init = ['90', '7', '/sbin/docker-init -- haproxy -W'];
  assert.deepEqual(workersIn([init, ['100', '90', 'haproxy -W'], ['101', '100', 'haproxy -W']]), ['101']);
  assert.deepEqual(
    workersIn([['5', '1', '/usr/local/sbin/haproxy -db -f a.cfg']]),
    ['5'],
    'without a master',
  );
  assert.deepEqual(workersIn([MASTER, ['101', '100', 'haproxy'], ['102', '100', 'rsyslogd -n']]), ['101']);
});
