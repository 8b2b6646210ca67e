import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assertClean, startWorld } from '../world.ts';
import { ROWS } from './facts.ts';

const TESTS = resolve(import.meta.dirname, '../..');

test('each row of what users ask for has its test', (context: TestContext) => {
  assert.deepEqual(
    Object.keys(ROWS).map(Number),
    Array.from({ length: 40 }, (_, n) => n + 1),
  );
  const missing: string[] = [];
  for (const [row, { wish, proofs = [], not }] of Object.entries(ROWS)) {
    assert.equal(proofs.length > 0, not === undefined, `row ${row} has tests, or a reason to have none`);
    for (const [file, title] of proofs) {
      const source = readFileSync(join(TESTS, file), 'utf8');
      // A title stands in quotes, or after a template's first part; or it is the key of a table.
      if (!source.includes(title)) missing.push(`row ${row}: ${file} has no test "${title}"`);
    }
    const shown =
      not === undefined ? proofs.map(([file, title]) => `${file}: ${title}`) : [`not here: ${not}`];
    context.diagnostic(`${row}. ${wish}\n    ${shown.join('\n    ')}`);
  }
  assert.deepEqual(missing, []);
});

test('row 8: once ECS is done, the traffic moves with the next look', async (context: TestContext) => {
  await using world = await startWorld({ load: false });
  const { app, sandbox } = world;
  let looks = 0;
  let shifted = false;
  sandbox.onCall((operation) => {
    shifted ||= operation === 'ModifyListener';
    if (operation !== 'DescribeServices' || shifted) return;
    const { deployments, steady } = app.service('green');
    const isHealthy = app
      .tasks('green')
      .flatMap(({ registered }) => registered)
      .every((one) => sandbox.elb.registry.health(one.targetGroupArn, one.target)?.State === 'healthy');
    const isDone = deployments.length === 1 && deployments[0]!.rolloutState === 'COMPLETED';
    if (steady && isDone && isHealthy && app.tasks('green').length === 2) looks += 1;
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  context.diagnostic(`${looks} reads of the services from when ECS is done to the shift`);
  // The look that finds it, the one in the moment before the shift, and what the steps between them read; one more
  // look may have begun before.
  assert.ok(looks > 0 && looks <= 12, `${looks} reads`);
});

test('row 27: a container that is not there: those that are, are named', async () => {
  await using world = await startWorld({ load: false, config: { ecs: { container: 'web' } } });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
  assert.match(run.log, /has no container web\..*Its containers are app: correct ecs\.container/s);
  await assertClean(world, 'blue');
});

test('row 33: targets that fall ill in the moment before the switch: traffic stays where it is', async () => {
  await using world = await startWorld({
    config: { smoke: [{ run: `${process.execPath} -e 1` }] },
    app: { graceSeconds: 0 },
  });
  const { app, sandbox } = world;
  // The journal's page `shifting` is written when everything is proven, right before the last look.
  sandbox.onCall((operation, _, input) => {
    const { tags = [] } = input as { tags?: { value: string }[] };
    if (operation !== 'TagResource' || !tags.some(({ value }) => value === 'shifting')) return;
    for (const task of app.tasks('green'))
      for (const { targetGroupArn, target } of task.registered)
        void sandbox.elb.registry.deregister(targetGroupArn, target);
  });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.deepEqual([run.exitCode, run.outputs['live-color']], [1, 'blue'], run.log);
  assert.match(run.report.error.message, /green is no longer healthy .*traffic stays where it is/);
  assert.equal(sandbox.requests.filter(({ operation }) => operation === 'ModifyListener').length, 0);
  await assertClean(world, 'blue');
  const { byVersion } = await world.usersSaw();
  assert.deepEqual(Object.keys(byVersion), ['v1']);
});

test('the live color is scaled to zero by somebody during a deployment: it goes on, and there is a way back', async () => {
  await using world = await startWorld({ load: false, images: { v3: {} } });
  const { app, sandbox } = world;
  assert.equal((await world.act({ 'image-tag': 'v2' })).outputs['live-color'], 'green');
  const off = sandbox.onCall(async (operation) => {
    if (operation !== 'DescribeTargetHealth') return;
    off();
    await sandbox.call('UpdateService', {
      cluster: app.cluster,
      service: app.services.green,
      desiredCount: 0,
    });
  });
  const run = await world.act({ 'image-tag': 'v3' });
  assert.deepEqual([run.outputs['result'], run.outputs['live-color']], ['deployed', 'blue'], run.log);
  assert.equal(app.service('blue').desiredCount, 2, 'as many as it ran when the deployment began');
  const back = await world.act({ operation: 'rollback' });
  assert.deepEqual(
    [back.outputs['result'], back.outputs['image']],
    ['rolled-back', app.image('v2')],
    back.log,
  );
  assert.equal(app.service('green').desiredCount, 2);
  await assertClean(world, 'green');
});
