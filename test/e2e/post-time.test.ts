import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { sshd } from '../docker/lab/sshd.ts';
import { runAction } from './runner.ts';

/** The whole time of the post step, in ms, becomes a second: whatever else waits keeps its time. */
const SHORT = `data:text/javascript,${encodeURIComponent(`
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (done, ms, ...more) => setTimeout(done, ms === 270_000 ? 1_000 : ms, ...more);
`)}`;

test('the time of the post step counts from its beginning, also where the way to the host is what takes it', {
  skip: sshd.skip,
}, async (t) => {
  // It takes connections, and greets nobody.
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.after(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const key = `${'A'.repeat(20)}C3NzaC1lZDI1NTE5AAAAIJ`;
  const config = {
    app: 'shop',
    environments: {
      production: {
        docker: {
          host: `ssh://deploy@127.0.0.1:${port}`,
          'known-hosts': `[127.0.0.1]:${port} ssh-ed25519 ${key}`,
          image: 'ghcr.io/acme/shop',
          service: 'web',
          port: 3000,
          network: 'edge',
          proxy: {
            haproxy: { socket: '/run/haproxy/admin.sock', map: '/maps/active.map', container: 'edge' },
          },
        },
      },
    },
  };
  const run = await runAction({
    inputs: { operation: 'rollback', config: JSON.stringify(config, null, 1), environment: 'production' },
    // As a main step that was killed leaves it.
    env: { STATE_isPost: 'true', STATE_pending: 'lock', NODE_OPTIONS: `--import=${SHORT}` },
    post: false,
  });
  assert.equal(run.exitCode, 1, run.log);
  assert.match(run.log, /The time of the post step is over/);
});
