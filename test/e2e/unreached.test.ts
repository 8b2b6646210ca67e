import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { runAction } from './runner.ts';
import { slack } from './slack.ts';

// A host that is down is news for everybody who is told of deployments, and not only for readers of the log.

test('an SSH host that can’t be reached: log, outputs, report, summary and Slack say so, once each', async () => {
  await using hook = await slack();
  const port = await freePort();
  const host = `ssh://deploy@127.0.0.1:${port}`;
  const config = {
    app: 'shop',
    environments: {
      production: {
        docker: {
          host,
          'known-hosts': `[127.0.0.1]:${port} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAh/qOfq2FYQe9roYfKScFCx1q6AqP3XpfHSVAtADRKk`,
          ...{ image: 'registry.example.com/shop', service: 'web', port: 3000, network: 'edge' },
          proxy: { alias: { name: 'shop' } },
        },
        slack: {},
      },
    },
  };
  const run = await runAction({
    inputs: {
      environment: 'production',
      'image-tag': 'v2',
      config: JSON.stringify(config, null, 1),
      'slack-webhook-url': hook.url,
    },
  });
  assert.equal(run.exitCode, 1, run.log);
  assert.equal(run.log.match(/^::error/gm)?.length, 1, run.log);
  assert.match(run.log, new RegExp(`deploy v2, shop / production, on Docker on ${host}`));
  assert.equal(run.outputs['result'], 'failed');
  const { code, message } = run.report.error;
  assert.ok(['host-unreachable', 'ssh-missing'].includes(code), run.log);
  assert.ok(run.summary.includes(message.slice(0, 20)), run.summary);
  assert.equal(hook.messages.length, 1);
  const told = JSON.stringify(hook.messages[0]);
  assert.ok(told.includes('production') && told.includes('Not deployed'), told);
  assert.equal(run.postLog, '');
});

/** Where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
