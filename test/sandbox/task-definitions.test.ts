import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTagsForResourceCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { clients, rawEcs } from './testing.ts';

let sandbox: Sandbox;
let ecs: ReturnType<typeof clients>['ecs'];
before(async () => {
  sandbox = await startSandbox({ scale: 0.01 });
  ecs = clients(sandbox).ecs;
});
after(() => sandbox.close());

const container = { name: 'app', image: 'shop:v1', memory: 128 };
const register = (family: string, more: object = {}) =>
  ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions: [container], ...more }));

test('revisions count up, a family means its newest ACTIVE one, tags stand beside', async () => {
  const first = await register('count', { tags: [{ key: 'team', value: 'shop' }] });
  assert.equal(first.taskDefinition?.revision, 1);
  assert.ok(first.taskDefinition?.registeredAt instanceof Date);
  assert.deepEqual(first.tags, [{ key: 'team', value: 'shop' }]);
  const second = await register('count');
  assert.equal(
    second.taskDefinition?.taskDefinitionArn,
    first.taskDefinition?.taskDefinitionArn?.replace(/1$/, '2'),
  );
  const describe = (taskDefinition: string) =>
    ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
  assert.equal((await describe('count')).taskDefinition?.revision, 2);
  assert.deepEqual((await describe('count:1')).tags, [{ key: 'team', value: 'shop' }]);
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'count:2' }));
  assert.equal((await describe('count')).taskDefinition?.revision, 1);
  assert.equal((await describe('count:2')).taskDefinition?.status, 'INACTIVE');
  await assert.rejects(describe('nothing'), {
    name: 'ClientException',
    message: 'Unable to describe task definition.',
  });
});

test('ListTaskDefinitions by family, sorted, in pages', async () => {
  for (let revision = 1; revision <= 3; revision += 1) await register('list');
  const list = (more: object) => ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: 'list', ...more }));
  const names = (arns: string[] = []) => arns.map((arn) => arn.split('/')[1]);
  assert.deepEqual(names((await list({})).taskDefinitionArns), ['list:1', 'list:2', 'list:3']);
  const page = await list({ sort: 'DESC', maxResults: 2 });
  assert.deepEqual(names(page.taskDefinitionArns), ['list:3', 'list:2']);
  const rest = await list({ sort: 'DESC', maxResults: 2, nextToken: page.nextToken });
  assert.deepEqual(names(rest.taskDefinitionArns), ['list:1']);
});

test('members that the SDK does not know come back as they were sent', async () => {
  const call = async (operation: string, input: object) => {
    const answer = await rawEcs(sandbox, operation, input);
    assert.equal(answer.status, 200);
    return (await answer.json()) as { taskDefinition: Record<string, unknown> };
  };
  const given = {
    brandNew: { deep: [1, null, 'x'] },
    containerDefinitions: [{ ...container, newer: 12345678901 }],
  };
  await call('RegisterTaskDefinition', { family: 'new', ...given });
  const { taskDefinition } = await call('DescribeTaskDefinition', { taskDefinition: 'new' });
  assert.deepEqual(taskDefinition['brandNew'], given.brandNew);
  assert.equal((taskDefinition['containerDefinitions'] as { newer: number }[])[0]?.newer, 12345678901);
  assert.equal(typeof taskDefinition['registeredAt'], 'number');
});

test('what ECS refuses is refused', async () => {
  const refused: [object, RegExp][] = [
    [{ family: 'bad name' }, /Family/],
    [{ containerDefinitions: [] }, /Container list cannot be empty/],
    [{ containerDefinitions: [{ name: 'a', memory: 1 }] }, /image should not be null/],
    [{ containerDefinitions: [container, container] }, /not unique/],
    [{ containerDefinitions: [{ ...container, essential: false }] }, /essential/],
    [{ requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc' }, /cpu and memory/],
  ];
  for (const [more, message] of refused)
    await assert.rejects(register('refused', more), { name: 'ClientException', message });
  const readOnly = { family: 'f', containerDefinitions: [container], revision: 3 };
  const answer = await rawEcs(sandbox, 'RegisterTaskDefinition', readOnly);
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /ClientException.*revision/);
});

test('tags: merged, removed, and held to the rules of AWS', async () => {
  const { taskDefinition } = await register('tags', { tags: [{ key: 'a', value: '1' }] });
  const resourceArn = taskDefinition!.taskDefinitionArn!;
  const tag = (tags: { key: string; value: string }[]) =>
    ecs.send(new TagResourceCommand({ resourceArn, tags }));
  const list = async () => (await ecs.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
  await tag([
    { key: 'a', value: '2' },
    { key: 'b:c', value: 'x y_./=+-@é' },
  ]);
  assert.deepEqual(await list(), [
    { key: 'a', value: '2' },
    { key: 'b:c', value: 'x y_./=+-@é' },
  ]);
  await ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
  assert.deepEqual(
    (await list())?.map(({ key }) => key),
    ['b:c'],
  );
  const refused = [
    [{ key: 'json', value: '{"a":1}' }],
    [{ key: 'k'.repeat(129), value: '' }],
    [{ key: 'k', value: 'v'.repeat(257) }],
    [{ key: 'aws:mine', value: 'v' }],
    Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: '' })),
  ];
  for (const tags of refused) await assert.rejects(tag(tags), { name: 'InvalidParameterException' });
  assert.equal((await list())?.length, 1);
});
