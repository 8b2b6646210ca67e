import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assertClean, startWorld, type World } from '../e2e/world.ts';
import { blueGreenApp } from '../sandbox/blue-green-app.ts';
import { act, describe, jobsOf, runWorkflow, type Transcript, type WorkflowRun } from './act.ts';

// The three uses that README shows, copied from there as a user would, on a real runner. What act lacks, and what takes
// its place, is said in act.ts.

const ROOT = resolve(import.meta.dirname, '../..');
const README = readFileSync(resolve(ROOT, 'README.md'), 'utf8');
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

test('a scheduled drill, as examples/ has it, deploys what is live once more, and rolls back', {
  skip: act.skip,
}, async (t) => {
  await using world = await startWorld();
  const caller = example('drill').replace('environment: staging', 'environment: production');
  const drill = await run(t, 'drill', world, 'schedule', caller);
  assert.equal(drill.exitCode, 0, drill.log);
  assert.match(
    drill.log,
    /drill passed: true; deploy: deployed in \d+ s; rollback: rolled-back in \d+ s; live: blue, green, blue/,
  );
  await assertClean(world, 'blue');
  await world.usersSaw();
});

test('staging, then production after an approval; one click back: as examples/ has it', {
  skip: act.skip,
}, async (t) => {
  await using world = await startWorld({ images: { v3: {} } });
  const stage = await blueGreenApp(world.sandbox, {
    app: 'stage',
    cluster: 'staging',
    versions: ['v1', 'v2', 'v3'],
  });
  const { environments } = JSON.parse(world.config);
  const { services, listener, repository, cluster, url } = stage;
  const ecs = { ...environments.production.ecs, services, listeners: [listener], cluster, image: repository };
  environments.staging = { ...environments.production, url, ecs };
  const config = JSON.stringify({ app: 'shop', environments }, null, 1);
  const caller = (tag: string) => example('deploy-with-approval').replaceAll(/\$\{\{ github\.sha \}\}/g, tag);

  const approved = await run(t, 'approval', { ...world, config }, 'push', caller('v2'));
  assert.equal(approved.exitCode, 0, approved.log);
  assert.deepEqual(stage.weights(), { blue: 0, green: 100 });
  const [staging, ...production] = jobsOf(approved);
  assert.equal(staging, 'deploy staging');
  assert.deepEqual(production, ['stage production', 'approve production', 'promote production']);
  await assertClean(world, 'green');

  const refused = await run(t, 'no approval', { ...world, config }, 'push', caller('v3'), {}, (workflow) =>
    // A reviewer who refuses: that job fails.
    workflow.replace('run: echo "Approved."', 'run: exit 1'),
  );
  assert.equal(refused.exitCode, 1, refused.log);
  assert.deepEqual(stage.weights(), { blue: 100, green: 0 }, 'staging has it');
  assert.deepEqual(jobsOf(refused).slice(1), ['stage production', 'approve production', 'drop production']);
  assert.match(refused.log, /v3 was dropped before users saw it/);
  assert.equal(refused.outputs['result'], 'aborted');
  await assertClean(world, 'green');

  const inputs = { environment: 'production', reason: 'checkout is slow' };
  const back = await run(
    t,
    'one click',
    { ...world, config },
    'workflow_dispatch',
    example('rollback'),
    inputs,
  );
  assert.equal(back.outputs['result'], 'rolled-back', back.log);
  await assertClean(world, 'blue');
  await world.usersSaw();
});

const example = (name: string) => readFileSync(resolve(ROOT, `examples/workflows/${name}.yml`), 'utf8');

async function run(
  t: TestContext,
  name: string,
  world: Pick<World, 'config' | 'env'>,
  event: WorkflowRun['event'],
  workflow: string,
  inputs?: Record<string, string>,
  edit?: WorkflowRun['edit'],
): Promise<Transcript> {
  const path = '.github/workflows/workflow.yml';
  const transcript = await runWorkflow({
    files: { [path]: workflow, '.github/blue-green.yml': world.config },
    ...{ event, workflow: path, inputs, vars: VARS, env: world.env, edit },
  });
  for (const line of describe(name, transcript)) t.diagnostic(line);
  return transcript;
}
