import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
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
    idleCount: 1,
  });
  operator = newOperator(sandbox, app);
});
after(() => sandbox.close());

test('an image that cannot be pulled: stop reason, failedTasks, circuit breaker, rollback', async () => {
  const good = primary(await operator.service('shop-green'));
  const id = await operator.update('shop-green', {
    taskDefinition: await operator.revision('missing', 'nowhere'),
  });
  const failed = await eventually(async () => {
    const deployment = await operator.deployment('shop-green', id);
    return deployment?.rolloutState === 'FAILED' && deployment;
  }, 'failed');
  assert.equal(failed.status, 'ACTIVE');
  assert.equal(failed.rolloutStateReason, 'ECS deployment circuit breaker: tasks failed to start.');
  assert.ok(failed.failedTasks! >= 3);
  const [task] = await eventually(async () => {
    const tasks = await operator.stoppedTasks('shop-green', id);
    return tasks.length >= 3 && tasks;
  }, 'stopped tasks');
  assert.equal(task?.stopCode, 'TaskFailedToStart');
  assert.match(
    task!.stoppedReason!,
    /^CannotPullContainerError: .*failed to resolve ref .*nowhere: not found$/,
  );
  assert.match(task!.containers![0]!.reason!, /^CannotPullContainerError/);
  assert.equal(task?.containers?.[0]?.exitCode, undefined);
  const back = primary(await operator.service('shop-green'));
  assert.equal(back.taskDefinition, good.taskDefinition);
  assert.notEqual(back.id, good.id);
  assert.match(back.rolloutStateReason!, /rolling back to deploymentId ecs-svc/);
  await app.steady('green');
  const service = await operator.service('shop-green');
  assert.equal(service.deployments?.length, 1);
  assert.ok(messages(service).some((message) => message.includes('was unable to place a task')));
  const { serviceDeployments } = await operator.ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [service.currentServiceDeployment!] }),
  );
  assert.equal(serviceDeployments?.[0]?.status, 'ROLLBACK_SUCCESSFUL');
  assert.equal(serviceDeployments?.[0]?.deploymentCircuitBreaker?.status, 'TRIGGERED');
});

test('a container that exits at once never runs: exit code, essential container', async () => {
  sandbox.addImage(app.image('exits'), { env: { EXIT_AT_START: '3' } });
  const id = await operator.update('shop-green', {
    taskDefinition: await operator.revision('exits', 'exits'),
  });
  const [task] = await eventually(async () => {
    const tasks = await operator.stoppedTasks('shop-green', id);
    return tasks.length > 0 && tasks;
  }, 'stopped');
  assert.equal(task?.stopCode, 'EssentialContainerExited');
  assert.equal(task?.stoppedReason, 'Essential container in task exited');
  assert.equal(task?.containers?.[0]?.exitCode, 3);
  assert.equal(task?.startedAt, undefined);
  assert.match(task!.containers![0]!.imageDigest!, /^sha256:[0-9a-f]{64}$/);
  await app.steady('green');
});

test('a crash after the start is replaced, and the circuit breaker does not see it', async () => {
  sandbox.addImage(app.image('crashes'), { env: { HEALTH: 'never', CRASH_AFTER_MS: '60', EXIT_CODE: '7' } });
  const id = await operator.update('shop-green', {
    taskDefinition: await operator.revision('crashes', 'crashes'),
  });
  const tasks = await eventually(async () => {
    const stopped = await operator.stoppedTasks('shop-green', id);
    return stopped.length >= 4 && stopped;
  }, 'crash loop');
  assert.ok(tasks.every((task) => task.containers?.[0]?.exitCode === 7 && task.startedAt));
  const deployment = await operator.deployment('shop-green', id);
  assert.equal(deployment?.rolloutState, 'IN_PROGRESS');
  assert.equal(deployment?.failedTasks, 0);
});

test('out of memory: 137, and a reason', async () => {
  sandbox.addImage(app.image('greedy'), { env: { OOM: '30' } });
  const id = await operator.update('shop-green', {
    taskDefinition: await operator.revision('greedy', 'greedy'),
  });
  const [task] = await eventually(async () => {
    const tasks = await operator.stoppedTasks('shop-green', id);
    return tasks.length > 0 && tasks;
  }, 'killed');
  assert.equal(task?.containers?.[0]?.exitCode, 137);
  assert.equal(task?.containers?.[0]?.reason, 'OutOfMemoryError: Container killed due to memory usage');
});

test('failed health checks: tasks are replaced, counted, and the deployment is stopped by the user', async () => {
  sandbox.addImage(app.image('sick'), { env: { HEALTH: 'never' } });
  const id = await operator.update('shop-green', { taskDefinition: await operator.revision('sick', 'sick') });
  const [task] = await eventually(async () => {
    const tasks = await operator.stoppedTasks('shop-green', id);
    return tasks.length > 0 && tasks;
  }, 'replaced');
  assert.equal(task?.stopCode, 'ServiceSchedulerInitiated');
  assert.equal(
    task?.stoppedReason,
    `Task failed ELB health checks in (target-group ${app.targetGroups.green})`,
  );
  const service = await operator.service('shop-green');
  assert.ok(
    messages(service).some((message) =>
      /\(port 8080\) is unhealthy in \(target-group .* due to \(reason /.test(message),
    ),
  );
  assert.ok(primary(service).failedTasks! >= 1 || primary(service).id !== id);
  const { serviceDeployments } = await operator.ecs.send(
    new ListServiceDeploymentsCommand({
      cluster: app.cluster,
      service: 'shop-green',
      status: ['IN_PROGRESS'],
      createdAt: { after: primary(service).createdAt },
    }),
  );
  assert.equal(serviceDeployments?.length, 1);
  const { serviceDeploymentArn, targetServiceRevisionArn } = serviceDeployments![0]!;
  const { serviceRevisions } = await operator.ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [targetServiceRevisionArn!] }),
  );
  assert.match(serviceRevisions![0]!.taskDefinition!, /sick:1$/);
  await operator.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
  await app.steady('green');
  assert.deepEqual(app.versionsRunning('green'), ['v1']);
});

test('without a rollback the circuit breaker leaves the deployment stalled', async () => {
  const breaker = { deploymentCircuitBreaker: { enable: true, rollback: false } };
  const taskDefinition = await operator.revision('stalled', 'nowhere');
  const id = await operator.update('shop-green', { taskDefinition, deploymentConfiguration: breaker });
  await eventually(
    async () => (await operator.deployment('shop-green', id))?.rolloutState === 'FAILED',
    'failed',
  );
  const service = await operator.service('shop-green');
  assert.equal(primary(service).id, id);
  assert.deepEqual(app.versionsRunning('green'), ['v1']);
  const started = sandbox.ecs.world.tasks.size;
  await new Promise((done) => setTimeout(done, 300));
  assert.equal(sandbox.ecs.world.tasks.size, started);
  await operator.update('shop-green', { desiredCount: 0 });
  await eventually(async () => (await operator.service('shop-green')).runningCount === 0, 'scaled down');
});
