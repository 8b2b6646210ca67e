import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { registerTaskDefinition } from '../../sandbox/blue-green-setup.ts';
import { type NativeWorld, PAUSE, startNativeWorld } from '../native-world.ts';
import { asMade, asPlanned, changing, planOf } from '../planned.ts';
import { planActions } from '../policy.ts';
import type { ActionRun } from '../runner.ts';

// `operation: plan` where ECS itself moves the traffic: nothing is changed, and the deployment does what the plan says.

async function plan(world: NativeWorld, inputs: Record<string, string> = {}): Promise<ActionRun> {
  const { sandbox } = world;
  const from = sandbox.requests.length;
  sandbox.allowed = planActions();
  const run = await world.act({ operation: 'plan', 'image-tag': 'v2', ...inputs });
  sandbox.allowed = undefined;
  const operations = sandbox.requests.slice(from).map(({ operation }) => operation);
  assert.deepEqual(
    operations.filter((operation) => !/^(Describe|List|BatchGet)/.test(operation)),
    [],
    run.log,
  );
  return run;
}

async function deploysAsPlanned(context: TestContext, world: NativeWorld): Promise<void> {
  const planned = await plan(world);
  assert.deepEqual([planned.exitCode, planned.outputs['result']], [0, 'planned'], planned.log);
  const from = world.sandbox.requests.length;
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.exitCode, 0, run.log);
  const made = changing(world.sandbox.requests.slice(from)).map((request) =>
    asMade(request, { groups: { blue: '', green: '' }, listeners: [] }),
  );
  const { calls } = planOf(planned);
  assert.deepEqual(made, calls.map(asPlanned), calls.join('\n'));
  context.diagnostic(`${made.length} calls, as planned:\n${calls.join('\n')}`);
}

for (const [name, deployment] of [
  ['without a pause', {}],
  ['with a pause for the smoke tests', PAUSE('POST_TEST_TRAFFIC_SHIFT')],
  ['with three pauses', PAUSE('POST_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT')],
] as const)
  test(`the deployment makes the calls of its plan: ${name}`, async (context) => {
    await using world = await startNativeWorld({ load: false, app: { deployment } });
    await deploysAsPlanned(context, world);
  });

test('what is live already', async (context) => {
  await using world = await startNativeWorld({ load: false });
  await world.act({ 'image-tag': 'v2' });
  const run = await plan(world);
  assert.match(run.report.summary, /v2 is live already, on green/);
  await deploysAsPlanned(context, world);
});

test('what is wrong beforehand: all of it', async () => {
  await using world = await startNativeWorld({
    load: false,
    config: { smoke: [{ path: '/health' }] },
  });
  world.app.record().desiredCount = 0;
  const run = await plan(world);
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'planned'], run.log);
  const messages = run.report.plan.problems.map(({ message }: { message: string }) => message);
  assert.deepEqual(messages.length, 2, messages.join('\n'));
  assert.match(messages[0], /has a desired count of 0/);
  assert.match(messages[1], /does not wait for the smoke tests/);
});

test('what would show only once tasks start: a secret that is gone, an image for another processor', async () => {
  await using world = await startNativeWorld({
    load: false,
    sandbox: { ecr: true },
    images: { v2: { platforms: ['linux/arm64'] } },
  });
  for (const { json } of world.sandbox.ecs.world.taskDefinitions.values())
    Object.assign(json.containerDefinitions[0]!, { secrets: [{ name: 'KEY', valueFrom: '/shop/key' }] });
  const run = await plan(world);
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'planned'], run.log);
  const messages = run.report.plan.problems.map(({ message }: { message: string }) => message);
  assert.equal(messages.length, 2, messages.join('\n'));
  assert.match(
    messages[0],
    /shop:v2 is built for linux\/arm64, and task definition shop:1 runs on linux\/amd64/,
  );
  assert.match(messages[1], /Parameter \/shop\/key does not exist/);
  const deployed = await world.act({ 'image-tag': 'v2' });
  assert.equal(deployed.report.error.code, 'preflight', deployed.log);
});

test('a deployment of somebody else, and a staged release of ours', async () => {
  await using world = await startNativeWorld({
    load: false,
    app: { deployment: PAUSE('POST_TEST_TRAFFIC_SHIFT') },
  });
  const { app, sandbox } = world;
  const staged = await world.act({ operation: 'stage', 'image-tag': 'v3' });
  assert.equal(staged.outputs['result'], 'staged', staged.log);
  const run = await plan(world);
  assert.deepEqual(run.report.plan.first, ['v3 is staged: drop it first.']);
  assert.deepEqual([run.exitCode, run.report.plan.from], [0, 'blue'], run.log);
  assert.equal((await world.act({ operation: 'abort' })).outputs['result'], 'aborted');
  const taskDefinition = await registerTaskDefinition(sandbox, app.app, app.image('v3'));
  await sandbox.call('UpdateService', { cluster: app.cluster, service: app.service, taskDefinition });
  while (app.rollout().native?.stage !== 'POST_TEST_TRAFFIC_SHIFT')
    await new Promise((done) => setTimeout(done, 20));
  const busy = await plan(world);
  assert.deepEqual([busy.exitCode, busy.outputs['result']], [1, 'planned'], busy.log);
  assert.match(busy.log, /PROBLEM: The platform is deploying .*shop:v3, and not for this action/);
});
