import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  DescribeListenersCommandOutput,
  DescribeRulesCommandOutput,
  DescribeTagsCommandOutput,
  ModifyListenerCommandOutput,
  ModifyRuleCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { call, forward, newStage, type Stage } from './testing.ts';

const header = (value: string) => [
  { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-blue-green-preview', Values: [value] } },
];

function createRule(stage: Stage, priority: number, rest: object = {}) {
  const usual = {
    ListenerArn: stage.listenerArn,
    Conditions: header('nonce'),
    Actions: forward([stage.green, 1]),
  };
  return stage.elb.createRule({ ...usual, Priority: priority, ...rest });
}

const rules = (stage: Stage, input: object = { ListenerArn: stage.listenerArn }) =>
  call<DescribeRulesCommandOutput>(stage.elb, 'DescribeRules', input);

test('ARNs have the form that AWS gives them', async () => {
  await using stage = await newStage();
  const place = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
  const id = '[0-9a-f]{16}';
  assert.match(stage.loadBalancerArn, new RegExp(`^${place}:loadbalancer/app/prod/${id}$`));
  assert.match(stage.listenerArn, new RegExp(`^${place}:listener/app/prod/${id}/${id}$`));
  assert.match(
    createRule(stage, 1).RuleArn!,
    new RegExp(`^${place}:listener-rule/app/prod/${id}/${id}/${id}$`),
  );
  assert.match(stage.blue, new RegExp(`^${place}:targetgroup/blue/${id}$`));
  assert.ok(
    stage.listenerArn.includes(stage.loadBalancerArn.split('/').at(-1)!),
    'a listener has its load balancer in its ARN',
  );
});

test('ModifyListener replaces the whole list of actions and leaves the rest', async () => {
  await using stage = await newStage();
  const { Listeners } = call<ModifyListenerCommandOutput>(stage.elb, 'ModifyListener', {
    ListenerArn: stage.listenerArn,
    DefaultActions: forward([stage.green, 1]),
  });
  assert.deepEqual(Listeners![0], {
    ...stage.listener,
    DefaultActions: [
      {
        Type: 'forward',
        TargetGroupArn: stage.green,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: stage.green, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ],
  });
  const described = call<DescribeListenersCommandOutput>(stage.elb, 'DescribeListeners', {
    ListenerArns: [stage.listenerArn],
  });
  assert.deepEqual(described.Listeners, Listeners, 'the API shows it at once');
});

test('a refused change changes nothing', async () => {
  await using stage = await newStage();
  const input = { ListenerArn: stage.listenerArn, Port: 8443, DefaultActions: forward([stage.green, 1000]) };
  assert.throws(() => call(stage.elb, 'ModifyListener', input), { name: 'ValidationError' });
  const { Listeners } = call<DescribeListenersCommandOutput>(stage.elb, 'DescribeListeners', {
    LoadBalancerArn: stage.loadBalancerArn,
  });
  assert.deepEqual(Listeners, [stage.listener]);
});

test('listeners: one per port, HTTPS with a certificate, unknown ones are errors', async () => {
  await using stage = await newStage();
  const input = { LoadBalancerArn: stage.loadBalancerArn, DefaultActions: forward([stage.blue, 1]) };
  await stage.elb.createListener({ ...input, Protocol: 'HTTP', Port: 80 });
  await assert.rejects(stage.elb.createListener({ ...input, Protocol: 'HTTP', Port: 80 }), {
    name: 'DuplicateListener',
  });
  await assert.rejects(stage.elb.createListener({ ...input, Protocol: 'HTTPS', Port: 443 }), {
    name: 'CertificateNotFound',
  });
  const missing = `${stage.listenerArn.slice(0, -16)}${'0'.repeat(16)}`;
  assert.throws(() => call(stage.elb, 'DescribeListeners', { ListenerArns: [missing] }), {
    name: 'ListenerNotFound',
  });
  assert.throws(() => call(stage.elb, 'ModifyListener', { ListenerArn: missing }), {
    name: 'ListenerNotFound',
  });
  assert.throws(() => call(stage.elb, 'ModifyListener', { ListenerArn: 'storefront' }), {
    name: 'ValidationError',
  });
  assert.throws(() => call(stage.elb, 'DescribeListeners', {}), { name: 'ValidationError' });
  const lost = {
    LoadBalancerArn:
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/x/0000000000000000',
  };
  assert.throws(() => call(stage.elb, 'DescribeListeners', lost), { name: 'LoadBalancerNotFound' });
});

test('a priority is taken once: this is the lock', async () => {
  await using stage = await newStage();
  const first = createRule(stage, 1, { Tags: [{ Key: 'owner', Value: 'run 1' }] });
  assert.throws(() => createRule(stage, 1), {
    name: 'PriorityInUse',
    message: "Priority '1' is currently in use",
  });
  const tags = call<DescribeTagsCommandOutput>(stage.elb, 'DescribeTags', { ResourceArns: [first.RuleArn] });
  assert.deepEqual(tags.TagDescriptions![0]!.Tags, [{ Key: 'owner', Value: 'run 1' }]);
  call(stage.elb, 'DeleteRule', { RuleArn: first.RuleArn });
  const second = createRule(stage, 1);
  assert.notEqual(second.RuleArn, first.RuleArn);
  for (const [operation, input] of [
    ['DeleteRule', { RuleArn: first.RuleArn }],
    ['ModifyRule', { RuleArn: first.RuleArn }],
    ['AddTags', { ResourceArns: [first.RuleArn], Tags: [{ Key: 'a' }] }],
    ['DescribeTags', { ResourceArns: [first.RuleArn] }],
    ['DescribeRules', { RuleArns: [first.RuleArn] }],
  ] as const) {
    assert.throws(
      () => call(stage.elb, operation, input),
      { name: 'RuleNotFound' },
      `${operation} of a rule that was stolen`,
    );
  }
});

test('rules are shown by priority, the default one last', async () => {
  await using stage = await newStage();
  createRule(stage, 20);
  createRule(stage, 3);
  const shown = rules(stage).Rules!;
  assert.deepEqual(
    shown.map(({ Priority, IsDefault }) => [Priority, IsDefault]),
    [
      ['3', false],
      ['20', false],
      ['default', true],
    ],
  );
  assert.deepEqual(shown[2]!.Actions, stage.listener.DefaultActions);
  assert.deepEqual(shown[2]!.Conditions, []);
});

test('the default rule is changed through its listener only', async () => {
  await using stage = await newStage();
  const RuleArn = rules(stage).Rules![0]!.RuleArn!;
  assert.equal(rules(stage, { RuleArns: [RuleArn] }).Rules![0]!.IsDefault, true);
  const refused = { name: 'OperationNotPermitted', message: `Default rule '${RuleArn}' cannot be modified` };
  assert.throws(
    () => call(stage.elb, 'ModifyRule', { RuleArn, Actions: forward([stage.green, 1]) }),
    refused,
  );
  assert.throws(
    () => call(stage.elb, 'SetRulePriorities', { RulePriorities: [{ RuleArn, Priority: 1 }] }),
    refused,
  );
  assert.throws(() => call(stage.elb, 'DeleteRule', { RuleArn }), { name: 'OperationNotPermitted' });
});

test('ModifyRule keeps conditions and transforms that it does not name', async () => {
  await using stage = await newStage();
  const Transforms = [
    { Type: 'url-rewrite', UrlRewriteConfig: { Rewrites: [{ Regex: '^/a', Replace: '/b' }] } },
  ];
  const rule = createRule(stage, 5, { Transforms });
  const modify = (input: object) =>
    call<ModifyRuleCommandOutput>(stage.elb, 'ModifyRule', { RuleArn: rule.RuleArn, ...input }).Rules![0]!;
  const changed = modify({ Actions: forward([stage.blue, 1], [stage.green, 3]) });
  assert.deepEqual({ ...changed, Actions: rule.Actions }, rule);
  assert.equal(changed.Actions![0]!.TargetGroupArn, undefined);
  assert.deepEqual(modify({ Conditions: header('other') }).Actions, changed.Actions);
  assert.throws(() => modify({ Transforms, ResetTransforms: true }), { name: 'ValidationError' });
  assert.deepEqual(modify({ ResetTransforms: true }).Transforms, []);
});

test('SetRulePriorities lets two rules change places, and refuses conflicts', async () => {
  await using stage = await newStage();
  const [one, two, three] = [1, 2, 3].map((priority) => createRule(stage, priority).RuleArn!);
  const set = (...pairs: [string, number][]) =>
    call<DescribeRulesCommandOutput>(stage.elb, 'SetRulePriorities', {
      RulePriorities: pairs.map(([RuleArn, Priority]) => ({ RuleArn, Priority })),
    });
  assert.deepEqual(
    set([one!, 2], [two!, 1]).Rules!.map((rule) => rule.Priority),
    ['2', '1'],
  );
  assert.throws(() => set([one!, 3]), { name: 'PriorityInUse' });
  assert.throws(() => set([one!, 7], [three!, 7]), { name: 'PriorityInUse' });
  assert.throws(() => set([one!, 0]), { name: 'ValidationError' });
  assert.deepEqual(
    rules(stage)
      .Rules!.map((rule) => rule.RuleArn)
      .slice(0, 3),
    [two, one, three],
  );
});

test('pages: every rule once, and no marker after the last', async () => {
  await using stage = await newStage();
  for (let priority = 1; priority <= 6; priority += 1) createRule(stage, priority);
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const page = rules(stage, { ListenerArn: stage.listenerArn, PageSize: 3, Marker });
    seen.push(...page.Rules!.map((rule) => rule.Priority!));
    Marker = page.NextMarker;
  } while (Marker);
  assert.deepEqual(seen, ['1', '2', '3', '4', '5', '6', 'default']);
  for (const PageSize of [0, 401]) {
    assert.throws(() => rules(stage, { ListenerArn: stage.listenerArn, PageSize }), {
      name: 'ValidationError',
    });
  }
  assert.throws(() => rules(stage, { ListenerArn: stage.listenerArn, Marker: 'nonsense' }), {
    name: 'ValidationError',
  });
});

test('conditions: at least one, at most five values, known fields; both forms of host and path are shown', async () => {
  await using stage = await newStage();
  const values = (count: number) => Array.from({ length: count }, (_, index) => `/${index}`);
  for (const Conditions of [
    [],
    [{ Field: 'cookie', Values: ['a'] }],
    [{ Field: 'path-pattern' }],
    [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: '', Values: ['a'] } }],
    [{ Field: 'path-pattern', PathPatternConfig: { Values: values(6) } }],
  ]) {
    assert.throws(() => createRule(stage, 9, { Conditions }), { name: 'ValidationError' });
  }
  const { Conditions } = createRule(stage, 9, { Conditions: [{ Field: 'path-pattern', Values: ['/a*'] }] });
  assert.deepEqual(Conditions, [
    { Field: 'path-pattern', Values: ['/a*'], PathPatternConfig: { Values: ['/a*'] } },
  ]);
});

test('at most 100 rules', async () => {
  await using stage = await newStage();
  for (let priority = 1; priority <= 100; priority += 1) createRule(stage, priority);
  assert.throws(() => createRule(stage, 101), { name: 'TooManyRules' });
});
