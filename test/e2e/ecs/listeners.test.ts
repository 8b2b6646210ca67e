import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  addListener,
  addRule,
  configWith,
  describe,
  forwardOf,
  loadAt,
  toBoth,
  weightsAt,
  withoutWeights,
} from '../listeners.ts';
import { SIDE_BY_SIDE } from '../side-by-side.ts';
import { assertClean, startWorld, type World } from '../world.ts';

// Listeners as they are in production (facts/ecs.md 3 row 36, 4d): several of them, with logins, hosts and paths. All
// move together or not at all, and keep everything but the weights.

const quick = {
  identity: { header: 'x-version', value: '{image-tag}' },
  stabilize: { for: '300ms', interval: '100ms' },
  lock: { ttl: '30s' },
};

const oidc: Action = {
  Type: 'authenticate-oidc',
  Order: 10,
  AuthenticateOidcConfig: {
    Issuer: 'https://login.example.com',
    AuthorizationEndpoint: 'https://login.example.com/authorize',
    TokenEndpoint: 'https://login.example.com/token',
    UserInfoEndpoint: 'https://login.example.com/me?a=1&b=<2>',
    ClientId: 'shop',
    ClientSecret: 'only AWS knows it',
    Scope: 'openid email',
    AuthenticationRequestExtraParams: { display: 'page', prompt: 'login & consent' },
  },
};
const cognito: Action = {
  Type: 'authenticate-cognito',
  Order: 3,
  AuthenticateCognitoConfig: {
    UserPoolArn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_A',
    UserPoolClientId: 'shop',
    UserPoolDomain: 'shop',
    SessionTimeout: 3600,
    OnUnauthenticatedRequest: 'deny',
  },
};
/** A type, and members, that came after this action was built: the SDK's types do not have them. */
const jwt = {
  Type: 'jwt-validation',
  Order: 1,
  JwtValidationConfig: {
    Issuer: 'https://login.example.com',
    JwksEndpoint: 'https://login.example.com/jwks',
    AdditionalClaims: [{ Name: 'scope', Format: 'space-separated-values', Values: ['a', 'b & c'] }],
    NewerThanThisAction: { Deep: ['one', 'two & <three>'], Flag: 'true' },
  },
  AlsoNewer: 'ünï "quoted"',
} as Action;

/** The world's own listener, and one on HTTPS with four rules of different kinds; all carry traffic. */
async function production(world: World): Promise<{ secure: string; rules: string[]; all: string[] }> {
  const spare = world.sandbox.elb.createTargetGroup({
    Name: 'maintenance',
    Protocol: 'HTTP',
    Port: 8080,
    VpcId: 'vpc-0a1b2c3d4e5f60718',
    TargetType: 'ip',
  }).TargetGroupArn!;
  const withSpare = toBoth(world, 'blue', 2, {
    TargetGroupStickinessConfig: { Enabled: false, DurationSeconds: 77 },
  });
  withSpare.ForwardConfig!.TargetGroups!.unshift({ TargetGroupArn: spare, Weight: 0 });
  const secure = await addListener(world, [oidc, toBoth(world, 'blue', 20)]);
  const rule = (priority: number, host: string, actions: Action[], more = {}) =>
    addRule(world, { listener: secure, priority, host, actions, more });
  const rules = [
    await rule(10, 'a.sandbox', [cognito, toBoth(world, 'blue', 4)]),
    await rule(11, 'b.sandbox', [jwt, withSpare]),
    await rule(12, 'c.sandbox', [{ Type: 'forward', TargetGroupArn: world.app.targetGroups.blue }], {
      Transforms: [
        {
          Type: 'url-rewrite',
          UrlRewriteConfig: { Rewrites: [{ Regex: '^/old/(.*)$', Replace: '/$1' }] },
        },
      ],
    }),
    await addRule(world, {
      listener: secure,
      priority: 13,
      path: '/api/*',
      actions: [toBoth(world, 'blue', 1)],
    }),
  ];
  await world.sandbox.elb.settled();
  return { secure, rules, all: [world.app.listener, secure, ...rules] };
}

suite('listeners that move together', { concurrency: SIDE_BY_SIDE }, () => {
  test('several listeners and rules move together, and keep all but the weights', async () => {
    await using world = await startWorld({ config: quick, images: { v3: {} } });
    const { secure, all } = await production(world);
    const before = await Promise.all(all.map((arn) => withoutWeights(world, arn)));
    const config = configWith(world, { listeners: all });
    const loads = await Promise.all(
      ['a.sandbox', 'b.sandbox', 'c.sandbox'].map((host) => loadAt(world, secure, host)),
    );
    await using _loads = {
      [Symbol.asyncDispose]: async () => {
        await Promise.all(loads.map((load) => load.stop()));
      },
    };
    const deployed = await world.act({ 'image-tag': 'v2', config });
    assert.equal(deployed.outputs['result'], 'deployed', deployed.log);
    for (const arn of all) assert.deepEqual(await weightsAt(world, arn), [0, 100], arn);
    const back = await world.act({ operation: 'rollback', config });
    assert.equal(back.outputs['result'], 'rolled-back', back.log);
    for (const arn of all) assert.deepEqual(await weightsAt(world, arn), [100, 0], arn);
    assert.deepEqual(await Promise.all(all.map((arn) => withoutWeights(world, arn))), before);
    await assertClean(world, 'blue');
    for (const load of loads) {
      const { failed, failures, byVersion } = await load.stop();
      assert.equal(failed, 0, JSON.stringify(failures.slice(0, 3)));
      assert.ok((byVersion['v2'] ?? 0) > 0, JSON.stringify(byVersion));
    }
    await world.usersSaw();
    const shifts = world.sandbox.requests.filter(({ operation }) =>
      /^Modify(Listener|Rule)$/.test(operation),
    );
    // One rule had to be given its second target group first.
    assert.equal(
      shifts.length,
      1 + 2 * all.length,
      'each once for each shift, and nothing that was right already',
    );
  });

  test('one of several is refused, and the way back of another too: said, recorded, and made good by the next run', async () => {
    await using world = await startWorld({ config: quick });
    const { all } = await production(world);
    const config = configWith(world, { listeners: all });
    // The first ModifyRule completes a forward. Of those that shift, the second is refused, and all after it, also the
    // one that would give the first one back: as when a policy changes under the run.
    world.sandbox.faults.add({ operation: 'ModifyRule', call: { from: 3, times: 99 }, kind: 'refuse' });
    const run = await world.act({ 'image-tag': 'v2', config });
    assert.deepEqual([run.exitCode, run.outputs['live-color']], [1, 'blue'], run.log);
    assert.match(run.log, /AWS denies elasticloadbalancing:ModifyRule/);
    assert.match(run.log, /Give traffic back to blue/);
    assert.deepEqual(await weightsAt(world, world.app.listener), [100, 0]);
    world.sandbox.faults.clear();
    const next = await world.act({ 'image-tag': 'v2', config });
    assert.equal(next.outputs['result'], 'deployed', next.log);
    for (const arn of all) assert.deepEqual(await weightsAt(world, arn), [0, 100], arn);
    await assertClean(world, 'green');
    await world.usersSaw();
  });

  test('one of several is refused: what has moved is given back at once, and the release dropped', async () => {
    await using world = await startWorld({ config: quick });
    const { secure } = await production(world);
    const config = configWith(world, { listeners: [world.app.listener, secure] });
    world.sandbox.faults.add({ operation: 'ModifyListener', call: 2, kind: 'refuse' });
    const run = await world.act({ 'image-tag': 'v2', config });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'rolled-back'], run.log);
    for (const arn of [world.app.listener, secure]) assert.deepEqual(await weightsAt(world, arn), [100, 0]);
    assert.equal(world.app.service('green').desiredCount, 0);
    await assertClean(world, 'blue');
    await world.usersSaw();
  });

  for (const kind of ['reset', 'lost'] as const) {
    test(`killed between two listeners (${kind}): the next run gives the first one back`, async () => {
      await using world = await startWorld({ config: quick, images: { v3: {} } });
      const { secure } = await production(world);
      const listeners = [world.app.listener, secure];
      const config = configWith(world, { listeners });
      let kill = () => {};
      world.sandbox.faults.add({
        operation: 'ModifyListener',
        call: kind === 'reset' ? 2 : 1,
        kind,
        before: () => kill(),
      });
      const killed = await world.act(
        { 'image-tag': 'v2', config },
        {
          post: false,
          onStart: (handle) => {
            kill = handle.kill;
          },
        },
      );
      assert.equal(killed.exitCode, null);
      assert.deepEqual(await weightsAt(world, listeners[0]!), [0, 100], 'half-way');
      assert.deepEqual(await weightsAt(world, listeners[1]!), [100, 0]);
      world.sandbox.faults.clear();
      for (const { RuleArn } of await world.app.rules())
        await world.sandbox.call('AddTags', {
          ResourceArns: [RuleArn],
          Tags: [{ Key: 'blue-green:expires', Value: '2020-01-01T00:00:00.000Z' }],
        });
      const status = await world.act({ operation: 'status', config });
      assert.match(status.log, /unfinished \(shifting\)/);
      const next = await world.act({ 'image-tag': 'v3', config });
      assert.equal(next.outputs['result'], 'deployed', next.log);
      assert.match(next.log, /Give traffic back to blue/);
      for (const arn of listeners) assert.deepEqual(await weightsAt(world, arn), [0, 100]);
      await assertClean(world, 'green');
      await world.usersSaw();
    });
  }

  test('listeners that disagree, and not by our doing, are refused', async () => {
    await using world = await startWorld({ load: false });
    const other = await addListener(world, [toBoth(world, 'green', 1)]);
    const config = configWith(world, { listeners: [world.app.listener, other] });
    const run = await world.act({ 'image-tag': 'v2', config });
    assert.equal(run.exitCode, 1);
    assert.match(run.log, /leads to the same color/);
    assert.deepEqual(await weightsAt(world, other), [0, 100]);
  });

  test('the weights that users wrote, 1 and 0, are as good as ours', async () => {
    await using world = await startWorld({ load: false, config: quick });
    const action = forwardOf(await describe(world, world.app.listener));
    action.ForwardConfig!.TargetGroups![0]!.Weight = 1;
    await world.sandbox.call('ModifyListener', { ListenerArn: world.app.listener, DefaultActions: [action] });
    const run = await world.act({ 'image-tag': 'v2' });
    assert.equal(run.outputs['result'], 'deployed', run.log);
    await assertClean(world, 'green');
  });

  test('a rule that would swallow the preview is found, with the priority to set', async () => {
    await using world = await startWorld({ load: false });
    const { app } = world;
    const before = async (rule: { host?: string; path?: string }) => {
      const arn = await addRule(world, {
        listener: app.listener,
        priority: 5,
        actions: [toBoth(world, 'blue', 1)],
        ...rule,
      });
      const run = await world.act({
        'image-tag': 'v2',
        config: configWith(world, { 'preview-priority': 9, listeners: [app.listener, arn] }),
      });
      await world.sandbox.call('DeleteRule', { RuleArn: arn });
      return run;
    };
    for (const rule of [{ host: '*.sandbox' }, { host: 'shop.sandbox', path: '/api/*' }]) {
      const run = await before(rule);
      assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed']);
      assert.match(run.log, /comes before the preview rule \(priority 5/);
      assert.match(run.log, /Set ecs\.preview-priority to a free priority below 5/);
      assert.equal(
        /force: true/.test(run.log),
        'path' in rule,
        'only where some of the requests get through',
      );
    }
    const elsewhere = await before({ host: 'other.sandbox' });
    assert.equal(elsewhere.outputs['result'], 'deployed', elsewhere.log);
  });

  test('url must lead to the listener that has the preview rule', async () => {
    await using world = await startWorld({ load: false });
    const other = await addListener(world, [toBoth(world, 'blue', 1)]);
    const listeners = [other, world.app.listener];
    const inputs = { 'image-tag': 'v2', config: configWith(world, { listeners }) };
    const run = await world.act(inputs);
    assert.equal(run.exitCode, 1);
    assert.match(run.log, /leads to the listener on HTTP:\d+, but the preview rule stands on the first/);
    assert.ok(
      run.log.includes(`Put ${world.app.listener} first in ecs.listeners. Or go on with force: true.`),
    );
    const forced = await world.act({ ...inputs, force: 'true' });
    assert.equal(forced.outputs['result'], 'deployed', forced.log);
  });

  test('listeners of two load balancers are refused', async () => {
    await using world = await startWorld({ load: false });
    const { elb } = world.sandbox;
    const LoadBalancerArn = elb.createLoadBalancer({ Name: 'second' }).LoadBalancerArn!;
    const group = elb.createTargetGroup({
      Name: 'other',
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: 'vpc-0a1b2c3d4e5f60718',
      TargetType: 'ip',
    }).TargetGroupArn!;
    const other = await elb.createListener({
      LoadBalancerArn,
      Protocol: 'HTTP',
      Port: undefined,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: group }],
    });
    const run = await world.act({
      'image-tag': 'v2',
      config: configWith(world, { listeners: [world.app.listener, other.ListenerArn] }),
    });
    assert.equal(run.exitCode, 1);
    assert.match(run.log, /target group of neither color/);
  });
});
