import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type BlueGreenApp, blueGreenApp } from '../../sandbox/blue-green-app.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { callsByOperation, callTable } from '../calls.ts';
import { runAction } from '../runner.ts';

// Twenty apps of one account are deployed at once, as after a change to what they all use. All of them share the
// account's token buckets, at AWS's own sizes and in real seconds, while tasks here start twenty times quicker than
// on AWS: much more of a crush than there would be.

const CROWD = 20;
// Each run of the action watches for the end of this process.
process.setMaxListeners(CROWD + 10);

/** Tiny: what is tested is the budget, and twenty runs share the machine as well. */
const APP = { live: { count: 1 }, healthCheck: { intervalSeconds: 20, timeoutSeconds: 10 } } as const;
const CONFIG = {
  identity: { header: 'x-version', value: '{image-tag}' },
  smoke: [{ path: '/health', timeout: '20s' }],
  health: { timeout: '3m', interval: '3s' },
  stabilize: { for: '5s', interval: '5s' },
  retire: { drain: '1s' },
};

interface Deployed {
  readonly ms: number;
  readonly failure: string | undefined;
}

async function deploy(sandbox: Sandbox, app: BlueGreenApp): Promise<Deployed> {
  const begun = performance.now();
  const { exitCode, outputs, log } = await runAction({
    inputs: { environment: 'production', config: lines(app.config(CONFIG)), 'image-tag': 'v2' },
    env: sandbox.env,
  });
  const ms = performance.now() - begun;
  const good = exitCode === 0 && outputs['result'] === 'deployed' && outputs['live-color'] === 'green';
  return { ms, failure: good ? undefined : `${app.app}: ${log}` };
}

/** A config of one line would be taken for a path. */
const lines = (json: string) => JSON.stringify(JSON.parse(json), null, 1);

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

test('twenty deployments at once in one account', { timeout: 175_000 }, async (context: TestContext) => {
  await using sandbox = await startSandbox({ accountBuckets: true });
  const lone = await blueGreenApp(sandbox, { ...APP, app: 'alone' });
  const crowd = await Promise.all(
    Array.from({ length: CROWD }, (_, index) => blueGreenApp(sandbox, { ...APP, app: `shop-${index + 1}` })),
  );

  const alone = await deploy(sandbox, lone);
  assert.equal(alone.failure, undefined);
  const callsAlone = callsByOperation(sandbox.requests.splice(0));

  const begun = performance.now();
  const together = await Promise.all(crowd.map((app) => deploy(sandbox, app)));
  const took = performance.now() - begun;
  const requests = sandbox.requests.splice(0);
  const throttled = requests.filter((request) => request.throttled);
  const each = new Map([...callsByOperation(requests)].map(([name, calls]) => [name, calls / CROWD]));
  const times = together.map(({ ms }) => ms).sort((a, b) => a - b);
  context.diagnostic(
    [
      '',
      callTable({ alone: callsAlone, 'of 20': each }, (calls) => String(Math.round(calls * 10) / 10)),
      `throttled: ${throttled.length} of ${requests.length} calls`,
      ...[...callsByOperation(throttled)].map(([name, calls]) => `  ${name} ${calls}`),
      `one alone took ${seconds(alone.ms)}; twenty at once took ${seconds(took)}, the quickest ${seconds(times[0]!)}, the median ${seconds(times[CROWD / 2]!)}`,
    ].join('\n'),
  );

  assert.deepEqual(
    together.flatMap(({ failure }) => failure ?? []),
    [],
  );
  assert.ok(throttled.length > 0, 'the budget was short, or this test shows nothing');
  for (const app of crowd) {
    assert.deepEqual(app.weights(), { blue: 0, green: 100 });
    assert.equal(app.service('blue').desiredCount, 0);
    assert.deepEqual(await app.rules(), [], 'the lock is gone');
  }
});
