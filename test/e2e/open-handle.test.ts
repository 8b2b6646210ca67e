import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAction } from './runner.ts';

/** A timer, as a connection to a host that is gone would be, in the action's own process. */
const OPEN = `data:text/javascript,${encodeURIComponent('setInterval(() => {}, 60_000)')}`;

test('a run ends when its work is done, whatever is open still', async () => {
  const run = await runAction({
    inputs: { config: 'app: shop\nenvironments: {}', environment: 'production' },
    env: { NODE_OPTIONS: `--import=${OPEN}` },
  });
  assert.equal(run.exitCode, 1, run.log);
  assert.equal(run.postExitCode, 0, run.postLog);
  assert.match(run.log, /^::error::/m);
  assert.equal(run.outputs['result'], 'failed');
});
