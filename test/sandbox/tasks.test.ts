import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeTasksCommand,
  ListServicesCommand,
  ListTasksCommand,
  type ListTasksCommandInput,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { type BlueGreenApp, blueGreenApp } from './blue-green-app.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { clients, describeService, eventually, messages } from './testing.ts';

let sandbox: Sandbox;
let app: BlueGreenApp;
let ecs: ReturnType<typeof clients>['ecs'];
before(async () => {
  sandbox = await startSandbox({ scale: 0.02 });
  ecs = clients(sandbox).ecs;
  sandbox.addImage('sidecar:1');
  app = await blueGreenApp(sandbox, {
    taskDefinition: {
      containerDefinitions: [
        {
          name: 'sidecar',
          image: 'sidecar:1',
          essential: false,
          environment: [{ name: 'SIGTERM', value: 'ignore' }],
          stopTimeout: 5,
        },
      ],
    },
  });
});
after(() => sandbox.close());

const list = (input: Omit<ListTasksCommandInput, 'cluster'>) =>
  ecs.send(new ListTasksCommand({ cluster: app.cluster, ...input }));
const describe = async (arn: string) =>
  (await ecs.send(new DescribeTasksCommand({ cluster: app.cluster, tasks: [arn], include: ['TAGS'] })))
    .tasks![0]!;
const startWorker = async (name: string, taskDefinition: object) => {
  await sandbox.call('RegisterTaskDefinition', { family: name, ...taskDefinition });
  await ecs.send(
    new CreateServiceCommand({
      cluster: app.cluster,
      serviceName: name,
      taskDefinition: name,
      desiredCount: 1,
    }),
  );
};

test('a running task: address, network interface, containers, deployment', async () => {
  const { taskArns } = await list({ serviceName: 'shop-blue', desiredStatus: 'RUNNING' });
  assert.equal(taskArns?.length, 2);
  const task = await describe(taskArns![0]!);
  const service = await describeService(ecs, 'shop-blue');
  assert.equal(task.lastStatus, 'RUNNING');
  assert.equal(task.group, 'service:shop-blue');
  assert.equal(task.startedBy, service.deployments![0]!.id);
  const address = task.attachments![0]!.details!.find(({ name }) => name === 'privateIPv4Address')!.value;
  assert.match(address!, /^127\.\d+\.\d+\.\d+$/);
  assert.equal(task.containers![0]!.networkInterfaces![0]!.privateIpv4Address, address);
  const answer = await fetch(`http://${address}:8080/`);
  const body = { version: 'v1', color: 'blue', ok: true, task: task.taskArn!.split('/').at(-1) };
  assert.deepEqual(await answer.json(), body);
  assert.deepEqual((await list({ startedBy: task.startedBy })).taskArns, taskArns);
  await assert.rejects(list({ startedBy: task.startedBy, serviceName: 'shop-blue' }), /only filter/);
  await assert.rejects(list({ serviceName: 'none' }), { name: 'ServiceNotFoundException' });
});

test('a task that a user stops is drained, then killed if it does not go, and replaced', async () => {
  const [arn] = (await list({ serviceName: 'shop-blue' })).taskArns!;
  const running = await describe(arn!);
  const address = running.containers![0]!.networkInterfaces![0]!.privateIpv4Address;
  const slow = fetch(`http://${address}:8080/slow?ms=150`).then((answer) => answer.status);
  await ecs.send(new StopTaskCommand({ cluster: app.cluster, task: arn, reason: 'a drill' }));
  const task = await eventually(async () => {
    const seen = await describe(arn!);
    return seen.lastStatus === 'STOPPED' && seen;
  }, 'stopped');
  assert.equal(task.stopCode, 'UserInitiated');
  assert.equal(task.stoppedReason, 'a drill');
  assert.equal(await slow, 200);
  const [main, sidecar] = task.containers!;
  assert.equal(main?.exitCode, 0);
  assert.equal(sidecar?.exitCode, 137);
  assert.equal(sidecar?.reason, undefined);
  assert.ok(!(await list({ serviceName: 'shop-blue' })).taskArns!.includes(arn!));
  await eventually(async () => (await describeService(ecs, 'shop-blue')).runningCount === 2, 'replaced');
});

test('no room: the service says so, and goes on when there is', async () => {
  sandbox.ecs.world.options.capacity = 0;
  await ecs.send(new UpdateServiceCommand({ cluster: app.cluster, service: 'shop-green', desiredCount: 1 }));
  await eventually(
    async () => messages(await describeService(ecs, 'shop-green'))[0]!.includes('was unable to place a task'),
    'an event',
  );
  sandbox.ecs.world.options.capacity = 100;
  await app.steady('green');
});

test("a container's own health check: HEALTHY, or the task is replaced", async () => {
  sandbox.addImage('checked:ok');
  sandbox.addImage('checked:sick', { env: { HEALTH: 'never' } });
  const definition = (tag: string) => ({
    containerDefinitions: [
      {
        name: 'app',
        image: `checked:${tag}`,
        memory: 128,
        portMappings: [{ containerPort: 9000 }],
        healthCheck: { command: ['CMD-SHELL', 'curl -f localhost/health'], interval: 5, retries: 2 },
      },
    ],
  });
  await startWorker('checked-ok', definition('ok'));
  await eventually(
    async () => (await describeService(ecs, 'checked-ok')).deployments![0]!.rolloutState === 'COMPLETED',
    'healthy',
  );
  const [arn] = (await list({ serviceName: 'checked-ok' })).taskArns!;
  assert.equal((await describe(arn!)).healthStatus, 'HEALTHY');
  await startWorker('checked-sick', definition('sick'));
  const [sick] = await eventually(async () => {
    const { taskArns } = await list({ serviceName: 'checked-sick', desiredStatus: 'STOPPED' });
    return taskArns!.length > 0 && taskArns!;
  }, 'replaced');
  assert.equal((await describe(sick!)).stoppedReason, 'Task failed container health checks');
  for (const service of ['checked-ok', 'checked-sick'])
    await ecs.send(new DeleteServiceCommand({ cluster: app.cluster, service, force: true }));
  await eventually(async () => {
    const { serviceArns } = await ecs.send(new ListServicesCommand({ cluster: app.cluster }));
    return serviceArns!.length === 2;
  }, 'deleted');
});

test('CreateService refuses a target group without a load balancer, and the same name twice', async () => {
  const group = sandbox.elb.createTargetGroup({
    Name: 'lonely',
    Protocol: 'HTTP',
    Port: 80,
    VpcId: 'vpc-1',
    TargetType: 'ip',
  });
  const create = (serviceName: string, targetGroupArn: string) =>
    ecs.send(
      new CreateServiceCommand({
        cluster: app.cluster,
        serviceName,
        taskDefinition: 'shop',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }],
      }),
    );
  await assert.rejects(create('lonely', group.TargetGroupArn!), /does not have an associated load balancer/);
  await assert.rejects(create('shop-blue', app.targetGroups.blue), /not idempotent/);
});
