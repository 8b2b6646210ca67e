import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assertClean, startWorld, type World } from '../e2e/world.ts';
import { act, runWorkflow, type Transcript } from './act.ts';

// The three uses that README shows, copied from there as a user would, on a real runner. What act lacks, and what takes
// its place, is said in act.ts.

const README = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
const workflows = [...README.matchAll(/```yaml\n(# \.github\/workflows\/[\s\S]*?)```/g)].map(
  ([, text]) => text!,
);
const [push, rollback, reusable] = workflows as [string, string, string];
const VARS = { AWS_ROLE: 'arn:aws:iam::123456789012:role/deploy', AWS_REGION: 'us-east-1' };

test('push step, reusable workflow, manual rollback, as README has them, on a real runner', {
  skip: act.skip,
}, async (t) => {
  await using world = await startWorld({ images: { v3: {} } });

  const pushed = await run(t, 'push step', world, 'push', push.replace(/\$\{\{ github\.sha \}\}/, 'v2'));
  assert.equal(pushed.outputs['result'], 'deployed', pushed.log);
  assert.equal(pushed.outputs['live-color'], 'green');

  const called = await run(
    t,
    'reusable workflow',
    world,
    'push',
    reusable.replace(/\$\{\{ github\.sha \}\}/, 'v3'),
  );
  assert.equal(called.outputs['result'], 'deployed', called.log);
  assert.equal(called.outputs['live-color'], 'blue');

  const inputs = { environment: 'production', reason: 'checkout is slow' };
  const back = await run(t, 'manual rollback', world, 'workflow_dispatch', rollback, inputs);
  assert.equal(back.outputs['result'], 'rolled-back', back.log);
  assert.equal(back.outputs['live-color'], 'green');
  assert.match(back.log, /Reason: checkout is slow/);

  await assertClean(world, 'green');
  await world.usersSaw();
});

test('a release that is refused fails the job, and the outputs say so', { skip: act.skip }, async (t) => {
  await using world = await startWorld({ images: { v3: { env: { HEALTH: 'status:500' } } } });
  const refused = await run(
    t,
    'refused release',
    world,
    'push',
    push.replace(/\$\{\{ github\.sha \}\}/, 'v3'),
  );
  assert.equal(refused.exitCode, 1, refused.log);
  assert.equal(refused.outputs['result'], 'failed');
  assert.equal(refused.outputs['live-color'], 'blue');
  assert.match(refused.log, /Job failed/);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('a drill deploys what is live once more, and rolls back', { skip: act.skip }, async (t) => {
  await using world = await startWorld();
  const caller = `on: { workflow_dispatch: {} }
permissions: {}
jobs:
  drill:
    uses: OWNER/blue-green-deploy/.github/workflows/drill.yml@v1
    permissions: { contents: read, id-token: write, actions: read }
    with: { environment: production }
`;
  const drill = await run(t, 'drill', world, 'workflow_dispatch', caller);
  assert.equal(drill.exitCode, 0, drill.log);
  assert.match(
    drill.log,
    /drill passed: true; deploy: deployed in \d+ s; rollback: rolled-back in \d+ s; live: blue, green, blue/,
  );
  await assertClean(world, 'blue');
  await world.usersSaw();
});

async function run(
  t: TestContext,
  name: string,
  world: World,
  event: 'push' | 'workflow_dispatch',
  workflow: string,
  inputs?: Record<string, string>,
): Promise<Transcript> {
  const path = '.github/workflows/workflow.yml';
  const transcript = await runWorkflow({
    files: { [path]: workflow, '.github/blue-green.yml': world.config },
    ...{ event, workflow: path, inputs, vars: VARS, env: world.env },
  });
  const { result, 'live-color': live } = transcript.outputs;
  t.diagnostic(`act, ${name}: exit ${transcript.exitCode}, result=${result}, live-color=${live}`);
  const steps = transcript.log.split('\n').filter((line) => /[⭐✅❌🏁]/u.test(line));
  for (const line of steps) t.diagnostic(line.trim());
  return transcript;
}
