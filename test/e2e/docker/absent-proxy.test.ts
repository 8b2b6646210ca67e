import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { docker } from '../../docker/lab/parts.ts';
import { startDockerWorld } from '../../docker/lab/world.ts';

// The first run of somebody who has not run `operation: setup`: whatever it is, it says so.

for (const proxy of ['haproxy', 'caddy'] as const)
  describe(`without a container of ${proxy}`, { skip: docker.skip }, () => {
    test('it is told that there is none, and what makes one; when it is down, how to start it', async () => {
      await using world = await startDockerWorld({ proxy });
      const { container } = JSON.parse(world.config).environments.production.docker.proxy[proxy];
      const asks = ['plan', 'deploy', 'status', 'rollback'] as const;
      if (proxy === 'haproxy') {
        await world.engine.docker(['stop', container]);
        const { report } = await world.act({ operation: 'plan', 'image-tag': 'v2' });
        assert.equal(report.error.message, `The proxy’s container ${container} is exited, not running.`);
        assert.match(report.error.hint, new RegExp(`docker start ${container}`));
      }
      await world.engine.docker(['rm', '--force', container]);
      for (const operation of asks) {
        const run = await world.act({ operation, ...(operation === 'status' ? {} : { 'image-tag': 'v2' }) });
        assert.deepEqual([run.exitCode, run.report.error?.code], [1, 'proxy-missing'], run.log);
        assert.equal(run.report.error.message, `There is no container ${container} for the proxy.`);
        assert.match(run.report.error.hint, /operation: setup/);
      }
      assert.deepEqual(await world.containers('blue'), []);
      assert.deepEqual(await world.containers('green'), []);
    });
  });
