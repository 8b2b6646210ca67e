import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Task } from '@aws-sdk/client-ecs';
import { type BlueGreenApp, blueGreenApp } from './blue-green-app.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { eventually, newOperator, type Operator } from './testing.ts';

let sandbox: Sandbox;
let app: BlueGreenApp;
let operator: Operator;
let logs: CloudWatchLogsClient;
before(async () => {
  sandbox = await startSandbox({ scale: 0.02 });
  app = await blueGreenApp(sandbox);
  operator = newOperator(sandbox, app);
  logs = new CloudWatchLogsClient({
    endpoint: sandbox.endpoint,
    region: sandbox.region,
    maxAttempts: 1,
    credentials: { accessKeyId: 'ASIASANDBOX000000000', secretAccessKey: 'sandbox-secret' },
  });
});
after(() => sandbox.close());

const logConfiguration = {
  logDriver: 'awslogs' as const,
  options: { 'awslogs-group': '/ecs/shop', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'shop' },
};

/** The first task of a deployment of `tag` that has stopped. */
async function stopped(tag: string, container = {}): Promise<Task> {
  const taskDefinition = await operator.revision(`logs-${tag}`, tag, container);
  const id = await operator.update('shop-green', { taskDefinition, desiredCount: 1 });
  return eventually(async () => (await operator.stoppedTasks('shop-green', id))[0], `${tag} stopped`);
}

test('what a container wrote is in its stream; without its group it never starts', async () => {
  sandbox.addImage(app.image('exits'), { env: { EXIT_AT_START: '3' } });
  const refused = await stopped('exits', { logConfiguration });
  assert.match(refused.stoppedReason!, /^ResourceInitializationError: .*log group does not exist/);
  assert.equal(refused.stopCode, 'TaskFailedToStart');

  await sandbox.call('CreateLogGroup', { logGroupName: '/ecs/shop' });
  const exited = await stopped('exits', { logConfiguration });
  const read = (logStreamName: string, logGroupName = '/ecs/shop') =>
    logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, limit: 50, startFromHead: false }));
  const { events } = await read(`shop/app/${exited.taskArn!.split('/').at(-1)}`);
  assert.deepEqual(
    events?.map(({ message }) => message),
    ['cannot start: EXIT_AT_START is 3'],
  );
  assert.ok(Date.now() - events![0]!.timestamp! < 60_000);
  await assert.rejects(read('shop/app/other'), { name: 'ResourceNotFoundException', message: /log stream/ });
  await assert.rejects(read('x', '/ecs/other'), { name: 'ResourceNotFoundException', message: /log group/ });
});

test('reasons of AWS that are no fault of the application', async () => {
  for (const [tag, behavior, reason] of [
    ['denied', { pull: 'denied' }, /403 Forbidden/],
    ['arm', { pull: 'other-platform' }, /descriptor matching platform 'linux\/amd64'/],
    ['far', { pull: 'unreachable' }, /i\/o timeout/],
  ] as const) {
    sandbox.addImage(app.image(tag), behavior);
    assert.match((await stopped(tag)).stoppedReason!, reason);
  }
  const secrets = [{ name: 'KEY', valueFrom: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key' }];
  assert.match((await stopped('v1', { secrets })).stoppedReason!, /can't find the specified secret/);
  sandbox.addImage(app.image('other-cpu'), { architecture: 'ARM64' });
  assert.equal((await stopped('other-cpu')).containers?.[0]?.exitCode, 1);
});

test('a target in a zone that the load balancer does not have is not used', async () => {
  await operator.update('shop-green', {
    taskDefinition: await operator.revision('elsewhere', 'v2'),
    desiredCount: 1,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-of-another-zone'] } },
  });
  const health = await eventually(() => {
    const [task] = app.tasks('green').filter(({ start }) => start.subnet === 'subnet-of-another-zone');
    const [registered] = task?.registered ?? [];
    return registered && sandbox.elb.registry.health(registered.targetGroupArn, registered.target);
  }, 'registered');
  assert.deepEqual([health.State, health.Reason], ['unused', 'Target.NotInUse']);
  assert.match(health.Description!, /Availability Zone/);
});
