import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../sandbox/contract.ts';
import { startTokenEndpoint } from '../oidc.ts';
import { assertClean, startWorld } from '../world.ts';

// Credentials for long runs (facts/ecs.md 3 row 28, 4i): the action's own, renewed while it runs; and what an expired
// token means to whoever has none.

const ROLE = 'arn:aws:iam::123456789012:role/deploy/blue-green';
const own = { ecs: { role: ROLE } };
const audienceOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).aud;

test('with ecs.role the action gets credentials of its own, and no others', async () => {
  await using github = await startTokenEndpoint();
  await using world = await startWorld({ config: own });
  const run = await world.act({ 'image-tag': 'v2' }, { env: github.env });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  const { assumed } = world.sandbox.sessions;
  assert.equal(assumed.length, 1, 'one for all clients, and it holds');
  assert.deepEqual(
    [assumed[0]?.RoleArn, assumed[0]?.RoleSessionName, assumed[0]?.DurationSeconds],
    [ROLE, 'blue-green-acme-shop-4711', 3600],
  );
  assert.equal(assumed[0]?.WebIdentityToken, github.tokens[0]);
  assert.equal(audienceOf(github.tokens[0]!), 'sts.amazonaws.com');
  // The runner masks it.
  assert.ok(run.log.includes(`::add-mask::${github.tokens[0]}`));
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('a run that outlives its credentials several times over: renewed while it runs', async () => {
  await using github = await startTokenEndpoint();
  await using world = await startWorld({
    config: { ...own, stabilize: { for: '8s', interval: '250ms' } },
  });
  world.sandbox.sessions.lifetimeMs = 3_000;
  const run = await world.act({ 'image-tag': 'v2' }, { env: github.env });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  const { assumed } = world.sandbox.sessions;
  // When they are renewed, to the moment: test/unit/ecs/role-credentials.test.ts.
  assert.ok(assumed.length >= 3, `${assumed.length} sessions`);
  assert.equal(new Set(github.tokens).size, github.tokens.length, 'each with a token of its own');
  console.log(
    `a run of ${run.outputs['duration-seconds']} s with credentials of 3 s: ${assumed.length} sessions`,
  );
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('credentials that end before their time: others are fetched, and the call is made again', async () => {
  await using github = await startTokenEndpoint();
  await using world = await startWorld({ config: own });
  let revoked = 0;
  world.sandbox.onCall((operation, k) => {
    if (!['UpdateService', 'ModifyListener', 'DescribeTargetHealth'].includes(operation) || k !== 1) return;
    world.sandbox.sessions.revoke();
    revoked += 1;
  });
  const run = await world.act({ 'image-tag': 'v2' }, { env: github.env });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.equal(revoked, 3);
  assert.equal(world.sandbox.sessions.assumed.length, 4);
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('GitHub or STS not answering is no verdict: the old ones are used while they hold, and asked again', async () => {
  await using github = await startTokenEndpoint();
  await using world = await startWorld({
    config: { ...own, stabilize: { for: '4s', interval: '250ms' } },
  });
  const { sessions } = world.sandbox;
  sessions.lifetimeMs = 3_000;
  world.sandbox.onCall((operation) => {
    if (operation !== 'ModifyListener') return;
    github.isDown = true;
    sessions.refusal = new ApiError('IDPCommunicationError', 'no answer from the provider');
    setTimeout(() => {
      github.isDown = false;
    }, 3_500);
    setTimeout(() => {
      sessions.refusal = undefined;
    }, 5_000);
  });
  const run = await world.act({ 'image-tag': 'v2' }, { env: github.env });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  assert.match(run.log, /No answer \((GitHub gave no OIDC token|sts:AssumeRoleWithWebIdentity)/);
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('without id-token: write: said first, with what to add, and nothing is asked', async () => {
  await using world = await startWorld({ config: own, load: false });
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.exitCode, 1);
  assert.match(run.log, /ecs\.role is set, and this job may not ask GitHub for the token/);
  assert.match(run.log, /permissions: \{ id-token: write, contents: read \}/);
  assert.deepEqual(world.sandbox.requests, []);
});

for (const [name, refusal, hint] of [
  [
    'the trust policy',
    new ApiError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403),
    /trust policy: .* with aud sts\.amazonaws\.com and sub repo:acme@1\/shop@2:environment:production/,
  ],
  [
    'an account without GitHub’s provider',
    new ApiError(
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
    ),
    /Create an IAM identity provider for https:\/\/token\.actions\.githubusercontent\.com/,
  ],
] as const)
  test(`a role that can not be assumed, because of ${name}: told with what to do`, async () => {
    await using github = await startTokenEndpoint();
    await using world = await startWorld({ config: own, load: false });
    world.sandbox.sessions.refusal = refusal;
    const run = await world.act({ 'image-tag': 'v2' }, { env: github.env });
    assert.equal(run.outputs['result'], 'failed', run.log);
    assert.equal(run.report.error.code, 'role-refused');
    assert.match(
      run.log,
      /AWS does not let this job assume arn:aws:iam::123456789012:role\/deploy\/blue-green/,
    );
    assert.match(run.log, hint);
  });

for (const [moment, operation, weights] of [
  ['while the release starts', 'DescribeTargetHealth', { blue: 100, green: 0 }],
  ['while users have it', 'ModifyListener', { blue: 0, green: 100 }],
] as const)
  test(`credentials of the environment that expire ${moment}: told as such, and the next run goes on`, async () => {
    await using world = await startWorld();
    const off = world.sandbox.onCall((called) => {
      if (called !== operation) return;
      off();
      setTimeout(() => world.sandbox.faults.add({ operation: '*', call: 'every', kind: 'expired' }), 150);
    });
    const slow = JSON.parse(world.config);
    slow.environments.production.stabilize = { for: '30s', interval: '250ms' };
    slow.environments.production.health = { timeout: '40s', interval: '200ms', 'stable-for': '2s' };
    const run = await world.act({ 'image-tag': 'v2', config: JSON.stringify(slow, null, 1) });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
    assert.equal(run.report.error.code, 'credentials-expired');
    assert.equal(run.report.error.message, 'The AWS credentials have expired.');
    assert.match(run.report.error.hint, /says nothing of the release.*ecs\.role.*id-token: write/s);
    assert.doesNotMatch(run.log, /unhealthy:|rolled back/);
    assert.deepEqual(world.app.weights(), weights, 'users stay where they are');
    world.sandbox.faults.clear();
    for (const { RuleArn } of await world.app.rules())
      await world.sandbox.call('AddTags', {
        ResourceArns: [RuleArn],
        Tags: [{ Key: 'blue-green:expires', Value: '2020-01-01T00:00:00.000Z' }],
      });
    const next = await world.act({ 'image-tag': 'v2' });
    assert.equal(next.outputs['result'], 'deployed', next.log);
    await assertClean(world, 'green');
    await world.usersSaw();
  });
