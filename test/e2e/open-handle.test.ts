import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runAction } from './runner.ts';
import { startWorld } from './world.ts';

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

test('a run ends when its work is done, whatever a smoke test’s command left behind', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'stray-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const own = join(folder, 'pid');
  // It leaves the command's process group, so nobody finds it, and holds the pipe to the action.
  const stray = `setsid sh -c 'echo $$ > ${own}; exec sleep 300' & while [ ! -s ${own} ]; do sleep 0.1; done`;
  await using world = await startWorld({
    load: false,
    app: { live: { count: 1 } },
    config: { smoke: [{ run: ['sh', '-c', stray], retries: 0 }] },
  });
  const started = Date.now();
  const run = await world.act({ 'image-tag': 'v2' }).finally(() => {
    // Throws if it was gone before, and the test has shown nothing.
    process.kill(Number(readFileSync(own, 'utf8')), 'SIGKILL');
  });
  const took = Date.now() - started;
  assert.equal(run.exitCode, 0, run.log);
  assert.equal(run.outputs['result'], 'deployed');
  assert.ok(took < 60_000, `${took} ms: ${run.log}`);
});
