import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  Action,
  Listener,
  ModifyListenerCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { call, forward, newGroup, newStage, type Stage, setAttribute } from './testing.ts';

const fixed: Action = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } };

const oidc = {
  Issuer: 'https://login.example.com',
  AuthorizationEndpoint: 'https://login.example.com/authorize',
  TokenEndpoint: 'https://login.example.com/token',
  UserInfoEndpoint: 'https://login.example.com/user',
  ClientId: 'storefront',
};

function modify(stage: Stage, DefaultActions: unknown, listenerArn = stage.listenerArn): Listener {
  return call<ModifyListenerCommandOutput>(stage.elb, 'ModifyListener', {
    ListenerArn: listenerArn,
    DefaultActions,
  }).Listeners![0]!;
}

async function secureListener(stage: Stage): Promise<string> {
  const listener = await stage.elb.createListener({
    LoadBalancerArn: stage.loadBalancerArn,
    Protocol: 'HTTPS',
    Port: 443,
    Certificates: [{ CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1' }],
    DefaultActions: [
      { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { ...oidc, ClientSecret: 'hush' } },
      { ...forward([stage.blue, 1])[0]!, Order: 2 },
    ],
  });
  return listener.ListenerArn!;
}

test('weights are whole numbers from 0 to 999, and groups at most five, each once', async () => {
  await using stage = await newStage();
  for (const weight of [-1, 1000, 1.5]) {
    assert.throws(() => modify(stage, forward([stage.blue, weight], [stage.green, 1])), {
      name: 'ValidationError',
    });
  }
  modify(stage, forward([stage.blue, 0], [stage.green, 999]));
  const many = Array.from({ length: 6 }, (_, index) => [newGroup(stage.elb, `group-${index}`), 1] as const);
  assert.throws(() => modify(stage, forward(...many)), { name: 'ValidationError' });
  modify(stage, forward(...many.slice(0, 5)));
  assert.throws(() => modify(stage, forward([stage.blue, 1], [stage.blue, 2])), { name: 'ValidationError' });
});

test('exactly one action ends the list, and it is the last', async () => {
  await using stage = await newStage();
  const [to] = forward([stage.blue, 1]);
  for (const actions of [
    [],
    [
      { ...fixed, Order: 1 },
      { ...to, Order: 2 },
    ],
    [fixed, to],
    [{ Type: 'lambda' }],
    [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '302' } }],
    [{ Type: 'forward' }],
  ]) {
    assert.throws(() => modify(stage, actions), { name: 'ValidationError' }, JSON.stringify(actions));
  }
  const redirect = { Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } };
  assert.throws(
    () => modify(stage, [redirect]),
    { name: 'InvalidLoadBalancerAction' },
    'a redirect to itself',
  );
});

test('a single target group is shown in both forms, several as ForwardConfig only', async () => {
  await using stage = await newStage();
  const single = modify(stage, [{ Type: 'forward', TargetGroupArn: stage.blue }]).DefaultActions![0]!;
  assert.equal(single.TargetGroupArn, stage.blue);
  assert.deepEqual(single.ForwardConfig!.TargetGroups, [{ TargetGroupArn: stage.blue, Weight: 1 }]);
  assert.deepEqual(modify(stage, [single]).DefaultActions, [single], 'what is shown can be sent back');
  const several = modify(stage, forward([stage.blue, 1], [stage.green, 1])).DefaultActions![0]!;
  assert.equal('TargetGroupArn' in several, false);
  // What a careless client sends that changes weights in what it read.
  const both = { ...single, ForwardConfig: several.ForwardConfig };
  assert.throws(() => modify(stage, [both]), { name: 'ValidationError' });
});

test('a target group must exist, and belongs to one load balancer', async () => {
  await using stage = await newStage();
  const missing = `${stage.blue.slice(0, -16)}${'0'.repeat(16)}`;
  assert.throws(() => modify(stage, forward([missing, 1])), { name: 'TargetGroupNotFound' });
  const other = stage.elb.createLoadBalancer({ Name: 'other' }).LoadBalancerArn!;
  const input = {
    LoadBalancerArn: other,
    Protocol: 'HTTP',
    DefaultActions: forward([stage.blue, 1]),
  } as const;
  await assert.rejects(stage.elb.createListener(input), { name: 'TargetGroupAssociationLimit' });
});

test('the client secret is never shown, and survives only when it is kept or given', async () => {
  await using stage = await newStage();
  const arn = await secureListener(stage);
  const [login, to] = modify(stage, undefined, arn).DefaultActions!;
  assert.equal('ClientSecret' in login!.AuthenticateOidcConfig!, false);
  assert.equal('UseExistingClientSecret' in login!.AuthenticateOidcConfig!, false);
  assert.equal(login!.AuthenticateOidcConfig!.SessionCookieName, 'AWSELBAuthSessionCookie');
  const withLogin = (extra: object) => [
    { ...login, AuthenticateOidcConfig: { ...login!.AuthenticateOidcConfig, ...extra } },
    to,
  ];
  const refused = { name: 'InvalidLoadBalancerAction' };
  assert.throws(() => modify(stage, withLogin({}), arn), refused, 'neither');
  assert.throws(
    () => modify(stage, withLogin({ ClientSecret: 'hush', UseExistingClientSecret: true }), arn),
    refused,
    'both',
  );
  assert.deepEqual(modify(stage, withLogin({ UseExistingClientSecret: true }), arn).DefaultActions, [
    login,
    to,
  ]);
  modify(stage, withLogin({ ClientSecret: 'new' }), arn);
  modify(stage, withLogin({ UseExistingClientSecret: true }), arn);
  const Conditions = [{ Field: 'path-pattern', Values: ['/x'] }];
  const create = (extra: object) =>
    stage.elb.createRule({
      ListenerArn: arn,
      Priority: 1,
      Conditions,
      Actions: withLogin(extra) as Action[],
    });
  assert.throws(() => create({ UseExistingClientSecret: true }), refused, 'a new rule has no secret yet');
  create({ ClientSecret: 'hush' });
});

test('logins are for HTTPS listeners', async () => {
  await using stage = await newStage();
  const login = {
    Type: 'authenticate-oidc',
    Order: 1,
    AuthenticateOidcConfig: { ...oidc, ClientSecret: 'hush' },
  };
  assert.throws(() => modify(stage, [login, { ...forward([stage.blue, 1])[0], Order: 2 }]), {
    name: 'InvalidLoadBalancerAction',
  });
});

test('actions are kept in their order, whatever order they came in', async () => {
  await using stage = await newStage();
  const arn = await secureListener(stage);
  const [login, to] = modify(stage, undefined, arn).DefaultActions!;
  const kept = {
    ...login,
    AuthenticateOidcConfig: { ...login!.AuthenticateOidcConfig, UseExistingClientSecret: true },
  };
  assert.deepEqual(modify(stage, [to, kept], arn).DefaultActions, [login, to]);
});

test('target stickiness with several groups needs group stickiness, from both ends', async () => {
  await using stage = await newStage();
  const refused = { name: 'InvalidConfigurationRequest' };
  assert.throws(() => setAttribute(stage.elb, stage.blue, 'stickiness.enabled', 'true'), refused);
  modify(stage, forward([stage.blue, 1]));
  setAttribute(stage.elb, stage.blue, 'stickiness.enabled', 'true');
  const [several] = forward([stage.blue, 1], [stage.green, 0]);
  assert.throws(() => modify(stage, [several]), refused);
  const sticky = (config: object) => [
    { ...several, ForwardConfig: { ...several!.ForwardConfig, TargetGroupStickinessConfig: config } },
  ];
  assert.throws(() => modify(stage, sticky({ Enabled: true })), { name: 'ValidationError' });
  const stored = modify(stage, sticky({ Enabled: true, DurationSeconds: 60 })).DefaultActions![0]!;
  assert.deepEqual(stored.ForwardConfig!.TargetGroupStickinessConfig, { Enabled: true, DurationSeconds: 60 });
});
