import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definitionChanges } from '../../../src/target/ecs/definition-changes.ts';
import { differentAttributes, newerRevision } from '../../../src/target/ecs/plan-notes.ts';
import { scalingCalls } from '../../../src/target/ecs/plan-scaling.ts';
import { ALL_SUSPENDED, type ScalingState } from '../../../src/target/ecs/scaling-state.ts';
import type { Definition, TaskDefinition } from '../../../src/target/ecs/task-definitions.ts';

const definition = (container: object, more: object = {}, tags: Definition['tags'] = []): Definition => ({
  family: 'shop',
  content: {
    family: 'shop',
    ...more,
    containerDefinitions: [{ name: 'app', image: 'shop:v1', ...container }],
  },
  tags,
});
const revision = (number: number, one: Definition): TaskDefinition => ({
  ...one,
  arn: `arn:aws:ecs:us-east-1:123456789012:task-definition/shop:${number}`,
});

test('what differs is told by its path, and by the names of members of lists', () => {
  const before = definition({ cpu: 256 }, { cpu: '512' }, [{ key: 'team', value: 'a' }]);
  const after = definition({ image: 'shop:v2', memory: 64 }, { cpu: '512' }, [{ key: 'team', value: 'b' }]);
  assert.deepEqual(definitionChanges(before, after), [
    { what: 'containerDefinitions[app].image', from: 'shop:v1', to: 'shop:v2' },
    { what: 'containerDefinitions[app].cpu', from: '256', to: '' },
    { what: 'tags[team].value', from: 'a', to: 'b' },
    { what: 'containerDefinitions[app].memory', from: '', to: '64' },
  ]);
  assert.deepEqual(definitionChanges(before, before), []);
});

test('another order of members with names is no change; of those without it is', () => {
  const env = [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ];
  assert.deepEqual(
    definitionChanges(definition({ environment: env }), definition({ environment: env.toReversed() })),
    [],
  );
  const [command] = definitionChanges(
    definition({ command: ['a', 'b'] }),
    definition({ command: ['b', 'a'] }),
  );
  assert.deepEqual(command, {
    what: 'containerDefinitions[app].command[0]',
    from: '(not shown)',
    to: '(not shown)',
  });
});

test('what may be a secret is never shown', () => {
  const secret = (value: string) => ({
    environment: [{ name: 'PASSWORD', value }],
    command: ['--password', value],
    dockerLabels: { token: value },
    logConfiguration: { options: { 'splunk-token': value } },
    healthCheck: { command: [value] },
  });
  const changes = definitionChanges(definition(secret('T0PSECRET')), definition(secret('0THERSECRET')));
  assert.equal(changes.length, 5);
  assert.doesNotMatch(JSON.stringify(changes), /SECRET/);
  assert.ok(changes.some(({ what }) => what === 'containerDefinitions[app].environment[PASSWORD].value'));
});

test('a newer revision counts where it differs in more than what releases change', () => {
  const live = revision(3, definition({}));
  const tagged = [{ key: 'blue-green:image-tag', value: 'v2' }];
  assert.deepEqual(newerRevision(live, revision(4, definition({ image: 'shop@sha256:0' }, {}, tagged))), []);
  assert.deepEqual(newerRevision(live, revision(2, definition({}, { cpu: '1024' }))), []);
  assert.match(
    newerRevision(live, revision(4, definition({ image: 'shop:v9' }, { cpu: '1024' })))[0] ?? '',
    /^shop:4 is newer than shop:3, which is live, and differs in cpu: /,
  );
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`field${i}`, i]));
  assert.match(newerRevision(live, revision(4, definition({}, many)))[0] ?? '', /field9 and 20 more/);
});

test('attributes in which the target groups differ', () => {
  const attributes = (seconds: string, more: [string, string][] = []) =>
    new Map([['deregistration_delay.timeout_seconds', seconds], ...more]);
  assert.deepEqual(differentAttributes(attributes('30'), attributes('30')), []);
  assert.match(
    differentAttributes(attributes('30'), attributes('300', [['slow_start.duration_seconds', '60']]))[0] ??
      '',
    /timeout_seconds \(blue 30, green 300\), slow_start\.duration_seconds \(blue none, green 60\)/,
  );
});

const awake: ScalingState = {
  min: 2,
  max: 6,
  suspended: { in: false, out: false, scheduled: true },
};
const options = {
  to: 'green' as const,
  names: { blue: 'shop-blue', green: 'shop-green' },
  counts: { blue: 3, green: 0 },
  count: 3,
  isShared: false,
};

test('no scalable target, no calls', () => {
  assert.deepEqual(scalingCalls({ blue: undefined, green: undefined }, options), {
    check: [],
    hold: [],
    share: [],
    handOver: [],
    complete: [],
  });
});

test('a sleeping color takes the bounds over, scaling in last', () => {
  const asleep: ScalingState = { min: 1, max: 4, suspended: ALL_SUSPENDED, before: awake.suspended };
  const { check, hold, handOver, complete } = scalingCalls({ blue: awake, green: asleep }, options);
  const call = 'application-autoscaling:RegisterScalableTarget';
  assert.deepEqual(check, [`${call} shop-blue: as it is, to find out whether that is allowed`]);
  assert.deepEqual(hold, []);
  assert.deepEqual(handOver, [
    `${call} shop-green: min 2, max 6, suspended in+scheduled`,
    'ecs:TagResource shop-blue: notes what was suspended before',
    `${call} shop-blue: min 2, max 6, suspended in+out+scheduled`,
  ]);
  assert.deepEqual(complete, [
    `${call} shop-green: min 2, max 6, suspended scheduled`,
    'ecs:UntagResource shop-green: what was suspended before',
  ]);
});

test('in steps both grow and neither shrinks, before the rest is handed over', () => {
  const asleep: ScalingState = { min: 1, max: 4, suspended: ALL_SUSPENDED, before: awake.suspended };
  const inSteps = { ...options, isShared: true };
  const { share, handOver } = scalingCalls({ blue: awake, green: asleep }, inSteps);
  const call = 'application-autoscaling:RegisterScalableTarget';
  assert.deepEqual(share, [
    `${call} shop-blue: min 2, max 6, suspended in+scheduled`,
    `${call} shop-green: min 2, max 6, suspended in+scheduled`,
  ]);
  assert.deepEqual(handOver, [
    'ecs:TagResource shop-blue: notes what was suspended before',
    `${call} shop-blue: min 2, max 6, suspended in+out+scheduled`,
  ]);
  const beyond = scalingCalls(
    { blue: awake, green: asleep },
    { ...inSteps, counts: { blue: 7, green: 0 }, count: 7 },
  );
  assert.deepEqual([beyond.share.length, beyond.handOver.length], [0, 3], 'nothing is pulled down');
  const onlyIn: ScalingState = { ...awake, suspended: { in: false, out: true, scheduled: true } };
  const last = scalingCalls({ blue: onlyIn, green: asleep }, inSteps);
  assert.deepEqual(last.handOver, ['ecs:TagResource shop-blue: notes what was suspended before']);
});

test('bounds that a count is outside of give way', () => {
  const { hold } = scalingCalls({ blue: undefined, green: { ...awake, max: 2 } }, options);
  assert.match(hold[0] ?? '', /shop-green: min 2, max 3, suspended in\+out\+scheduled/);
  assert.match(hold[1] ?? '', /ecs:UpdateService shop-green: desiredCount 3/);
});
