import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentages } from '../../../src/target/ecs/forward.ts';
import { withRolledBack } from '../../../src/target/ecs/standings.ts';
import { journalTags } from '../../../src/target/ecs/tags.ts';

// Where AWS cuts off or refuses, and what is written must be right all the same.

test('the tag of releases that were taken back never outgrows what AWS takes, whatever their names', () => {
  const family = `my-company-checkout-production-${'x'.repeat(40)}`;
  let tag = '';
  for (let revision = 1; revision <= 20; revision += 1) {
    const service = { tags: [{ key: 'blue-green:rolled-back', value: tag }] };
    const [value] = Object.values(withRolledBack(service, `${family}:${revision}`));
    tag = value ?? '';
    assert.ok(tag.length <= 256, `${tag.length}`);
    assert.ok(tag.endsWith(`${family}:${revision}`));
  }
  assert.ok(tag.split(' ').length > 1, 'as many as there is room for');
});

test('an image that is too long for a tag goes without its own tag: the digest says which it is', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const repository = `123456789012.dkr.ecr.us-east-1.amazonaws.com/${'r'.repeat(60)}`;
  const short = { image: `${repository}:v1@${digest}`, 'image-tag': 'v1' };
  assert.deepEqual(Object.values(journalTags(short)), [short.image, 'v1']);
  const [image] = Object.values(journalTags({ image: `${repository}:${'t'.repeat(100)}@${digest}` }));
  assert.equal(image, `${repository}@${digest}`);
});

test('a share below half a percent is no 0, and one above 99.5 no 100', () => {
  const groups = { blue: 'arn:blue', green: 'arn:green' };
  const forward = (blue: number, green: number) => ({
    Type: 'forward' as const,
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: groups.blue, Weight: blue },
        { TargetGroupArn: groups.green, Weight: green },
      ],
    },
  });
  assert.deepEqual(percentages(forward(999, 1), groups), { blue: 99, green: 1 });
  assert.deepEqual(percentages(forward(0, 7), groups), { blue: 0, green: 100 });
  assert.deepEqual(percentages(forward(1, 1), groups), { blue: 50, green: 50 });
  assert.deepEqual(percentages(forward(0, 0), groups), { blue: 0, green: 0 });
});
