import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DescribeTagsCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { call, newElb, newGroup } from './testing.ts';

test('tags are added, replaced, removed, and shown for each resource', () => {
  const elb = newElb();
  const [one, other] = [newGroup(elb, 'one'), newGroup(elb, 'other')];
  const tagsOf = (arn: string) =>
    call<DescribeTagsCommandOutput>(elb, 'DescribeTags', { ResourceArns: [arn] }).TagDescriptions![0]!.Tags;
  const add = (...Tags: { Key: string; Value?: string }[]) =>
    call(elb, 'AddTags', { ResourceArns: [one, other], Tags });
  add({ Key: 'phase', Value: 'stage' }, { Key: 'owner', Value: 'Zoë +1 https://a.b/c' });
  add({ Key: 'phase', Value: 'shift' }, { Key: 'empty' });
  const wanted = [
    { Key: 'phase', Value: 'shift' },
    { Key: 'owner', Value: 'Zoë +1 https://a.b/c' },
    { Key: 'empty', Value: '' },
  ];
  assert.deepEqual(tagsOf(one), wanted);
  assert.deepEqual(tagsOf(other), wanted);
  call(elb, 'RemoveTags', { ResourceArns: [one], TagKeys: ['owner', 'never there'] });
  assert.deepEqual(
    tagsOf(one)!.map(({ Key }) => Key),
    ['phase', 'empty'],
  );
});

test('what AWS does not take as a tag is refused, and nothing of the call is kept', () => {
  const elb = newElb();
  const arn = newGroup(elb, 'blue');
  const add = (...Tags: { Key: string; Value?: string }[]) =>
    call(elb, 'AddTags', { ResourceArns: [arn], Tags });
  const many = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `key-${index}` }));
  assert.throws(
    () => add({ Key: 'json', Value: '{"a":1}' }),
    { name: 'ValidationError' },
    'braces and quotes',
  );
  assert.throws(() => add({ Key: 'list', Value: 'a,b' }), { name: 'ValidationError' }, 'commas');
  assert.throws(() => add({ Key: 'a'.repeat(129) }), { name: 'ValidationError' });
  assert.throws(() => add({ Key: 'a', Value: 'a'.repeat(257) }), { name: 'ValidationError' });
  assert.throws(() => add({ Key: 'aws:mine' }), { name: 'ValidationError' });
  assert.throws(() => add({ Key: 'twice' }, { Key: 'twice' }), { name: 'DuplicateTagKeys' });
  assert.throws(() => add(...many(51)), { name: 'TooManyTags' });
  add(...many(50));
  add({ Key: 'key-0', Value: 'one that is there already' });
  assert.throws(() => add({ Key: 'key-50' }), { name: 'TooManyTags' });
});

test('tags of at most 20 resources are shown at once, and every one must exist', () => {
  const elb = newElb();
  const describe = (ResourceArns: string[]) =>
    call<DescribeTagsCommandOutput>(elb, 'DescribeTags', { ResourceArns });
  const arns = Array.from({ length: 21 }, (_, index) => newGroup(elb, `group-${index}`));
  assert.equal(describe(arns.slice(0, 20)).TagDescriptions!.length, 20);
  assert.throws(() => describe(arns), { name: 'ValidationError' });
  assert.throws(() => describe([]), { name: 'ValidationError' });
  assert.throws(() => describe([`${arns[0]!.slice(0, -16)}${'0'.repeat(16)}`]), {
    name: 'TargetGroupNotFound',
  });
  assert.throws(() => describe(['arn:aws:ecs:us-east-1:123456789012:service/a/b']), {
    name: 'ValidationError',
  });
});
