import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { type BlueGreenApp, blueGreenApp } from './blue-green-app.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { eventually, messages, newOperator, type Operator, primary } from './testing.ts';

let sandbox: Sandbox;
let app: BlueGreenApp;
let operator: Operator;
before(async () => {
  sandbox = await startSandbox({ scale: 0.02 });
  app = await blueGreenApp(sandbox, {
    circuitBreaker: { enable: true, rollback: true },
    graceSeconds: 0,
  });
  operator = newOperator(sandbox, app);
});
after(() => sandbox.close());

test('a rolling deployment: new tasks, healthy, old ones drained, completed, said in events', async () => {
  const before = await operator.service('shop-blue');
  assert.equal(before.runningCount, 2);
  const id = await operator.update('shop-blue', { taskDefinition: await operator.revision('rolling', 'v2') });
  assert.match(id, /^ecs-svc\/\d{19}$/);
  assert.notEqual(id, primary(before).id);
  await eventually(
    async () => (await operator.deployment('shop-blue', id))?.rolloutState === 'COMPLETED',
    'completed',
  );
  const service = await operator.service('shop-blue');
  assert.equal(service.deployments?.length, 1);
  assert.equal(service.runningCount, 2);
  assert.deepEqual(app.versionsRunning('blue'), ['v2']);
  const said = messages(service);
  assert.match(said[0]!, /^\(service shop-blue\) has reached a steady state\.$/);
  for (const text of [
    /has started 2 tasks: \(task [0-9a-f]{32}\) \(task [0-9a-f]{32}\)\.$/,
    /registered 1 targets in \(target-group arn:aws:/,
    /\(service shop-blue, taskSet ecs-svc\/\d+\) has begun draining connections on \d tasks\.$/,
    /has stopped \d running tasks/,
  ])
    assert.ok(
      said.some((message) => text.test(message)),
      String(text),
    );
  const answer = await fetch(`${app.url}/`);
  assert.equal(answer.headers.get('x-version'), 'v2');
  const [task] = await operator.stoppedTasks('shop-blue', primary(before).id!);
  assert.equal(task?.stopCode, 'ServiceSchedulerInitiated');
  assert.equal(task?.stoppedReason, `Scaling activity initiated by (deployment ${id})`);
  assert.equal(task?.containers?.[0]?.exitCode, 0);
});

test('desiredCount alone starts tasks, and no deployment; DescribeServices may be late', async () => {
  const before = primary(await operator.service('shop-green'));
  const answer = await operator.ecs.send(
    new UpdateServiceCommand({ cluster: app.cluster, service: 'shop-green', desiredCount: 1 }),
  );
  assert.equal(answer.service?.desiredCount, 1);
  assert.equal((await operator.service('shop-green')).desiredCount, 0);
  await eventually(async () => (await operator.service('shop-green')).desiredCount === 1, 'shown');
  const after = primary(await operator.service('shop-green'));
  assert.equal(after.id, before.id);
  assert.equal(after.rolloutState, 'COMPLETED');
  await app.steady('green');
  const forced = await operator.update('shop-green', { forceNewDeployment: true });
  assert.notEqual(forced, before.id);
  await operator.update('shop-green', { desiredCount: 0 });
  await eventually(async () => (await operator.service('shop-green')).runningCount === 0, 'scaled down');
});

test('PRIMARY is not reliably the first in the list', async () => {
  await app.steady('green');
  await operator.update('shop-green', { desiredCount: 1, forceNewDeployment: true });
  await app.steady('green');
  const id = await operator.update('shop-green', { forceNewDeployment: true });
  const positions = new Set<number>();
  await eventually(async () => {
    const { deployments } = await operator.service('shop-green');
    if (deployments!.length === 2)
      positions.add(deployments!.findIndex((deployment) => deployment.id === id));
    return positions.size === 2;
  }, 'both positions');
  await app.steady('green');
});
