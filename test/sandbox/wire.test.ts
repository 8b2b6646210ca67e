import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeClustersCommand, DescribeServicesCommand, ListClustersCommand } from '@aws-sdk/client-ecs';
import {
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { clients, rawEcs } from './testing.ts';
import type { FaultKind } from './wire/faults.ts';
import { schemaViolations } from './wire/schema-check.ts';
import { schemasOf, serviceByName } from './wire/services.ts';

let sandbox: Sandbox;
let sdk: ReturnType<typeof clients>;
before(async () => {
  sandbox = await startSandbox({ scale: 0.01 });
  sdk = clients(sandbox);
  await sandbox.call('CreateCluster', { clusterName: 'production' });
});
after(() => sandbox.close());

const describeCluster = (client = sdk) =>
  client.ecs.send(new DescribeClustersCommand({ clusters: ['production', 'nowhere'] }));

test('AWS JSON: input and answer survive, timestamps are dates', async () => {
  const { clusters, failures } = await describeCluster();
  assert.equal(clusters?.[0]?.clusterName, 'production');
  assert.deepEqual(failures, [
    { arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/nowhere', reason: 'MISSING' },
  ]);
});

test('Query: numbers, lists and absent lists arrive with their types, answers have their wrapper', async () => {
  const created = await sdk.elb.send(
    new CreateTargetGroupCommand({
      Name: 'typed',
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: 'vpc-1',
      TargetType: 'ip',
      HealthCheckEnabled: true,
      HealthCheckIntervalSeconds: 7,
      HealthCheckPath: '/health?a=1&b=2',
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  );
  const group = created.TargetGroups?.[0] as TargetGroup;
  assert.equal(group.Port, 8080);
  assert.equal(group.HealthCheckIntervalSeconds, 7);
  assert.equal(group.HealthCheckEnabled, true);
  assert.equal(group.HealthCheckPath, '/health?a=1&b=2');
  assert.deepEqual(group.LoadBalancerArns, []);
  const logged = sandbox.requests.findLast(({ operation }) => operation === 'CreateTargetGroup')!;
  assert.equal(logged.input['Port'], 8080);
  assert.deepEqual(logged.input['Tags'], [{ Key: 'team', Value: 'shop' }]);
  const none = await sdk.elb.send(new DescribeLoadBalancersCommand({ Names: [] }));
  assert.deepEqual(none.LoadBalancers, []);
  assert.deepEqual(sandbox.requests.at(-1)?.input['Names'], []);
});

test('errors have the spelling of their service', async () => {
  await assert.rejects(
    sdk.ecs.send(new DescribeServicesCommand({ cluster: 'nowhere', services: ['x'] })),
    (error: Error) => error.name === 'ClusterNotFoundException' && error.message === 'Cluster not found.',
  );
  await assert.rejects(
    sdk.elb.send(new DescribeTargetGroupsCommand({ Names: ['nowhere'] })),
    (error: Error & { Code?: string }) => error.name === 'TargetGroupNotFoundException',
  );
  await assert.rejects(
    sdk.cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName: 'none', StateValue: 'OK', StateReason: 'test' }),
    ),
    (error: Error) => error.name === 'ResourceNotFound',
  );
});

test('a request without a signature is refused', async () => {
  const answer = await fetch(sandbox.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' },
    body: '{}',
  });
  assert.equal(answer.status, 403);
  assert.match(await answer.text(), /MissingAuthenticationToken/);
});

test('another region has other resources: none', async () => {
  const elsewhere = clients(sandbox, 'eu-west-1');
  assert.deepEqual((await elsewhere.ecs.send(new ListClustersCommand())).clusterArns, []);
  assert.equal((await describeCluster(elsewhere)).clusters?.length, 0);
  for (const client of Object.values(elsewhere)) client.destroy();
});

test('an operation that the sandbox lacks is an error, and so is one that AWS lacks', async () => {
  for (const operation of ['RunTask', 'MakeCoffee']) {
    const answer = await rawEcs(sandbox, operation, {});
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /UnknownOperationException/);
  }
});

const faultErrors: [FaultKind, ecs: RegExp, elb: RegExp][] = [
  ['refuse', /AccessDeniedException/, /^AccessDenied$/],
  ['throttle', /ThrottlingException/, /^Throttling$/],
  ['expired', /ExpiredTokenException/, /^ExpiredToken$/],
  ['error', /ServerException/, /^InternalFailure$/],
  ['html', /SyntaxError/, /^Unknown$/],
  ['reset', /Error/, /Error/],
];
for (const [kind, ecs, elb] of faultErrors) {
  test(`fault: ${kind}`, async () => {
    sandbox.faults.add({ operation: 'ListClusters', call: 1, kind });
    sandbox.faults.add({ operation: 'DescribeLoadBalancers', call: 1, kind });
    await assert.rejects(sdk.ecs.send(new ListClustersCommand()), { name: ecs });
    await assert.rejects(sdk.elb.send(new DescribeLoadBalancersCommand()), { name: elb });
    // Only the first call was struck.
    await sdk.ecs.send(new ListClustersCommand());
    await sdk.elb.send(new DescribeLoadBalancersCommand());
    sandbox.faults.clear();
  });
}

test('fault: lost runs the operation, reset does not', async () => {
  const exists = async (name: string) =>
    (await sandbox.call<{ clusters: object[] }>('DescribeClusters', { clusters: [name] })).clusters.length ===
    1;
  const create = (clusterName: string) => rawEcs(sandbox, 'CreateCluster', { clusterName });
  sandbox.faults.add({ operation: 'CreateCluster', call: 1, kind: 'lost' });
  sandbox.faults.add({ operation: 'CreateCluster', call: 2, kind: 'reset' });
  await assert.rejects(create('lost'));
  await assert.rejects(create('reset'));
  assert.equal(await exists('lost'), true);
  assert.equal(await exists('reset'), false);
  assert.equal(sandbox.requests.at(-1)?.status, 0);
  sandbox.faults.clear();
});

test('fault: hang never answers, delay answers later, ranges count', async () => {
  sandbox.faults.add({ operation: '*', call: { from: 2, times: 1 }, kind: 'hang' });
  await sdk.ecs.send(new ListClustersCommand());
  await assert.rejects(sdk.ecs.send(new ListClustersCommand(), { abortSignal: AbortSignal.timeout(100) }), {
    name: 'AbortError',
  });
  sandbox.faults.clear();
  sandbox.faults.add({ operation: 'ListClusters', call: 'every', kind: 'delay', milliseconds: 60 });
  const start = performance.now();
  await sdk.ecs.send(new ListClustersCommand());
  assert.ok(performance.now() - start >= 50);
  sandbox.faults.clear();
});

test('a hook sees each call before it runs, and `before` of a fault is called when it strikes', async () => {
  const seen: string[] = [];
  const off = sandbox.onCall((operation, k) => void seen.push(`${operation} ${k > 0}`));
  let struck = 0;
  sandbox.faults.add({
    operation: 'GetCallerIdentity',
    call: 1,
    kind: 'throttle',
    before: () => {
      struck += 1;
    },
  });
  await assert.rejects(sdk.sts.send(new GetCallerIdentityCommand()), { name: 'Throttling' });
  off();
  await sdk.sts.send(new GetCallerIdentityCommand());
  assert.deepEqual(seen, ['GetCallerIdentity true']);
  assert.equal(struck, 1);
  sandbox.faults.clear();
});

test('permissions: what is not allowed is refused in the words of IAM', async () => {
  sandbox.allowed = new Set(['ecs:ListClusters', 'ecs:RegisterTaskDefinition']);
  await sdk.ecs.send(new ListClustersCommand());
  await assert.rejects(
    sdk.ecs.send(new DescribeServicesCommand({ cluster: 'production', services: ['shop-blue'] })),
    {
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::123456789012:assumed-role/deploy/session is not authorized to perform: ' +
        'ecs:DescribeServices on resource: arn:aws:ecs:us-east-1:123456789012:service/production/shop-blue ' +
        'because no identity-based policy allows the ecs:DescribeServices action',
    },
  );
  await assert.rejects(sdk.elb.send(new DescribeLoadBalancersCommand()), { name: 'AccessDenied' });
  await assert.rejects(sdk.cloudwatch.send(new DescribeAlarmsCommand()), { name: /AccessDenied/ });
  await sdk.sts.send(new GetCallerIdentityCommand());
  const register = (input: object) =>
    rawEcs(sandbox, 'RegisterTaskDefinition', input).then((answer) => answer.text());
  const definition = { family: 'f', containerDefinitions: [{ name: 'a', image: 'b', memory: 128 }] };
  assert.match(await register(definition), /taskDefinitionArn/);
  assert.match(await register({ ...definition, tags: [{ key: 'a', value: 'b' }] }), /ecs:TagResource/);
  const executionRoleArn = 'arn:aws:iam::123456789012:role/execution';
  assert.match(
    await register({ ...definition, executionRoleArn }),
    /"ClientException".*iam:PassRole on resource: arn:aws:iam::123456789012:role.execution/,
  );
  sandbox.allowed = undefined;
});

test('wrong types in a request are refused, which the SDK would let through', async () => {
  const answer = await rawEcs(sandbox, 'UpdateService', { service: 'shop-blue', desiredCount: '3' });
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /SerializationException.*desiredCount: expected a number/);
});

test('the schema check finds unknown members, wrong types and lists that are none', () => {
  const { output } = schemasOf(serviceByName('ecs'), 'DescribeServices')!;
  const check = (value: unknown) => schemaViolations(output, value, 'DescribeServices');
  assert.deepEqual(check({ services: [{ serviceName: 'a', createdAt: new Date() }], failures: [] }), []);
  assert.deepEqual(check({ services: [{ desiredCount: '2' }] }), [
    'DescribeServices.services[0].desiredCount: expected a number, got "2"',
  ]);
  assert.deepEqual(check({ services: [{ createdAt: 1 }], service: {} }), [
    'DescribeServices.services[0].createdAt: expected a Date, got 1',
    'DescribeServices.service: unknown member',
  ]);
  assert.deepEqual(check({ services: {} }), ['DescribeServices.services: expected a list, got {}']);
});

test('every operation of the sandbox is one that the SDK knows', () => {
  const all = {
    ecs: sandbox.ecs.operations,
    elasticloadbalancing: sandbox.elb.operations,
    'application-autoscaling': sandbox.autoscaling.operations,
    cloudwatch: sandbox.cloudwatch.operations,
  } as const;
  for (const [service, operations] of Object.entries(all))
    for (const name of Object.keys(operations))
      assert.ok(schemasOf(serviceByName(service as keyof typeof all), name), `${service}:${name}`);
});

test('an answer against the schema is a mistake that close() reports', async () => {
  const other = await startSandbox();
  const client = clients(other);
  (other.ecs.operations as Record<string, unknown>)['ListClusters'] = () => ({ clusterArns: [1] });
  await assert.rejects(client.ecs.send(new ListClustersCommand()), /clusterArns\[0\]: expected a string/);
  await assert.rejects(other.close(), /expected a string/);
});
