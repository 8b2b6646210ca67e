import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, beforeEach, test } from 'node:test';
import type { Task } from '@aws-sdk/client-ecs';
import { connect } from '../../../src/target/ecs/aws.ts';
import { LogTail } from '../../../src/target/ecs/log-tail.ts';
import type { TaskDefinition, TaskDefinitions } from '../../../src/target/ecs/task-definitions.ts';

// CloudWatch Logs as far as these tests need it: one answer for each call, and what was asked.
const answers: object[] = [];
const asked: { group: string; stream: string; region: string }[] = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { logGroupName: group, logStreamName: stream } = JSON.parse(body);
  const region = /Credential=[^/]+\/\d+\/([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  asked.push({ group, stream, region });
  const answer = answers.shift() ?? { events: [] };
  const { __type: error } = answer as { __type?: string };
  response.writeHead(error === undefined ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(answer));
});
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
process.env['AWS_ACCESS_KEY_ID'] = 'KEY';
process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  answers.length = 0;
  asked.length = 0;
});

const task: Task = {
  taskArn: 'arn:aws:ecs:us-east-1:1:task/production/0123',
  taskDefinitionArn: 'shop:1',
  startedAt: new Date(),
  containers: [
    { name: 'sidecar', exitCode: 0, runtimeId: 'docker-1' },
    { name: 'app', exitCode: 1, runtimeId: 'docker-2' },
  ],
};
const options = { 'awslogs-group': '/ecs/shop', 'awslogs-stream-prefix': 'shop' };

async function tail(logConfiguration?: object, of: Task = task, preferred = 'sidecar') {
  const definition = {
    content: {
      containerDefinitions: [
        { name: 'sidecar', logConfiguration },
        { name: 'app', logConfiguration },
      ],
    },
  } as unknown as TaskDefinition;
  const logs = new LogTail(connect('us-east-1'), {
    get: async () => definition,
  } as unknown as TaskDefinitions);
  try {
    return await logs.read(of, preferred);
  } finally {
    logs.close();
  }
}
const events = (...messages: string[]) => ({
  events: messages.map((message, timestamp) => ({ timestamp, message })),
});

test('the last lines of the container that failed, from the region that its log goes to', async () => {
  answers.push(events(...Array.from({ length: 30 }, (_, line) => `line ${line}\n`), 'stack:\n  at main\n'));
  const found = await tail({ logDriver: 'awslogs', options: { ...options, 'awslogs-region': 'eu-west-1' } });
  assert.deepEqual(asked, [{ group: '/ecs/shop', stream: 'shop/app/0123', region: 'eu-west-1' }]);
  assert.equal(found?.source, '/ecs/shop shop/app/0123');
  assert.equal(found?.lines.length, 20);
  assert.deepEqual(found?.lines.slice(-3), ['line 29', 'stack:', '  at main']);
});

test('without a prefix, as on EC2, the stream has the id of the container', async () => {
  answers.push(events('x'));
  await tail({ logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/shop' } });
  assert.deepEqual(asked[0], { group: '/ecs/shop', stream: 'docker-2', region: 'us-east-1' });
});

test('a log that comes late is waited for once', async () => {
  answers.push(
    { __type: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' },
    events('late'),
  );
  assert.deepEqual((await tail({ logDriver: 'awslogs', options }))?.lines, ['late']);
});

test('what can not be read is a remark', async () => {
  const remark = async (...of: Parameters<typeof tail>) => (await tail(...of))?.remark;
  assert.match((await remark())!, /^log of app: the task definition keeps none/);
  assert.equal(
    await remark({ logDriver: 'splunk' }),
    'log of app: it goes to splunk, which is not read here',
  );
  assert.equal(asked.length, 0);
  const denied = {
    __type: 'AccessDeniedException',
    message: 'not authorized to perform: logs:GetLogEvents on resource: x',
  };
  answers.push(denied);
  assert.equal(
    await remark({ logDriver: 'awslogs', options }),
    'log of app: not read: AWS denies logs:GetLogEvents.',
  );
  assert.equal(
    await remark({ logDriver: 'awslogs', options }),
    'log of app: /ecs/shop shop/app/0123 is empty',
  );
});

test('a task that never started has no log', async () => {
  const { startedAt: _, ...rest } = task;
  const never = { ...rest, containers: [{ name: 'app', reason: 'CannotPullContainerError' }] };
  assert.equal(await tail({ logDriver: 'awslogs', options }, never), undefined);
  const running = { ...task, containers: [{ name: 'sidecar' }, { name: 'app' }] };
  answers.push(events('x'));
  await tail({ logDriver: 'awslogs', options }, running, 'app');
  assert.equal(asked[0]?.stream, 'shop/app/0123', 'the container behind the load balancer');
});
