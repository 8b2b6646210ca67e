// biome-ignore-all lint/suspicious/noExplicitAny: configs are edited in ways that no type allows
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runAction } from '../runner.ts';
import { startWorld, type World } from '../world.ts';

// Bad input: one clear error each, nothing changed anywhere, exit 1.

let world: World;
before(async () => {
  world = await startWorld({ load: false });
});
after(() => world[Symbol.asyncDispose]());

/** Runs with the input, and asserts that the refusal says all of `messages` and that AWS was told to change nothing. */
async function refused(inputs: Record<string, string>, ...messages: RegExp[]): Promise<void> {
  const from = world.sandbox.requests.length;
  const run = await world.act({ 'image-tag': 'v2', ...inputs });
  assert.equal(run.exitCode, 1, run.log);
  assert.equal(run.outputs['result'], 'failed');
  assert.match(run.outputs['duration-seconds'] ?? '', /^\d+$/);
  assert.equal(run.report.result, 'failed');
  const errors = run.log.split('\n').filter((line) => line.startsWith('::error'));
  assert.equal(errors.length, 1, `one error: ${run.log}`);
  for (const message of messages) assert.match(errors[0] ?? '', message);
  assert.deepEqual([run.postExitCode, run.postLog], [0, ''], 'the post step does not say it again');
  assert.doesNotMatch(run.log, /^\s+at .*:\d+:\d+/m, 'no stack trace');
  const changes = world.sandbox.requests
    .slice(from)
    .filter(({ operation, status }) => status === 200 && !/^(Describe|List|Get)/.test(operation))
    .map(({ operation }) => operation)
    // The lock is taken and given back; it is no change to anything that users or the app have.
    .filter((operation) => !['CreateRule', 'DeleteRule', 'AddTags'].includes(operation));
  assert.deepEqual(changes, []);
  assert.deepEqual(await world.app.rules(), []);
  assert.deepEqual(world.app.weights(), { blue: 100, green: 0 });
}

const edited = (edit: (config: any) => void): string => {
  const config = JSON.parse(world.config);
  edit(config);
  return JSON.stringify(config, null, 1);
};
const production = (edit: (environment: any) => void) => ({
  config: edited((config) => edit(config.environments.production)),
});

test('missing environment', () => refused({ environment: '' }, /environment is missing/));
test('unknown environment: those that exist are named', () =>
  refused({ environment: 'prod' }, /prod\b/, /production/));
test('unknown operation', () =>
  refused({ operation: 'redeploy' }, /operation is "redeploy": use one of deploy, stage/));
test('empty image tag', () => refused({ 'image-tag': '' }, /image-tag is empty/));
test('image tag with shell characters', () =>
  refused({ 'image-tag': 'v2; rm -rf /' }, /image-tag is "v2; rm -rf \/"/));
test('image and image-tag', () => refused({ image: 'shop:v2' }, /image and image-tag are both set/));
test('image without a tag', () => refused({ image: 'shop', 'image-tag': '' }, /add the tag or digest/));
test('force that is neither true nor false', () =>
  refused({ force: 'yes' }, /force is "yes": write true or false/));
test('a webhook that is no URL is not quoted', async () => {
  const run = await world.act({ 'image-tag': 'v2', 'slack-webhook-url': 'hooks.slack.example/T0SECRET' });
  assert.equal(run.exitCode, 1);
  assert.match(run.log, /slack-webhook-url is not a URL/);
  assert.doesNotMatch(run.log, /T0SECRET/);
});
test('an ssh-key that is none is not quoted', async () => {
  const run = await world.act({
    'image-tag': 'v2',
    'ssh-key': '-----BEGIN OPENSSH PRIVATE KEY-----\nT0PSECRET\n-----END',
  });
  assert.equal(run.exitCode, 1);
  assert.match(run.log, /ssh-key is a private key that is cut off/);
  assert.doesNotMatch(run.log, /T0PSECRET/);
});
test('all wrong inputs at once', () =>
  refused({ environment: '', force: 'maybe' }, /environment is missing.*force is/));
test('a config that is not there', () => refused({ config: 'nowhere.yml' }, /nowhere\.yml/));
test('bad YAML, with its line', () => refused({ config: 'app: shop\nenvironments: [a\n' }, /line \d/i));
test('wrong types', () =>
  refused(
    production((environment) => {
      environment.health = { timeout: 'soon' };
      environment.retire = { keep: -1 };
    }),
    /health\.timeout/,
    /soon/,
    /retire\.keep/,
  ));
test('unknown key, with the nearest', () =>
  refused(
    production((environment) => {
      environment.stabilise = {};
    }),
    /stabilise/,
    /stabilize/,
  ));
test('a key that is not supported yet', () =>
  refused(
    production((environment) => {
      environment.health = { path: '/health' };
    }),
    /health\.path/,
    /not supported yet/,
  ));
test('unknown cluster', () =>
  refused(
    production(({ ecs }) => {
      ecs.cluster = 'prod';
    }),
    /no ECS cluster prod in us-east-1/,
    /ecs\.cluster/,
  ));
test('unknown service', () =>
  refused(
    production(({ ecs }) => {
      ecs.services = { blue: 'shop-blue', green: 'shop-gren' };
    }),
    /no ECS service shop-gren/,
    /ecs\.services\.green/,
  ));
test('unknown listener', () =>
  refused(
    production(({ ecs }) => {
      ecs.listeners = [`${ecs.listeners[0].slice(0, -4)}dead`];
    }),
    /no listener or rule/,
    /ecs\.listeners/,
  ));
test('wrong region', () =>
  refused(
    production(({ ecs }) => {
      ecs.region = 'eu-west-1';
      ecs.listeners = [ecs.listeners[0].replace('us-east-1', 'eu-west-1')];
    }),
    /in eu-west-1/,
  ));
test('target groups of a foreign listener', async () => {
  const { elb } = world.sandbox;
  const foreign = (Name: string) =>
    elb.createTargetGroup({ Name, Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1', TargetType: 'ip' })
      .TargetGroupArn;
  const groups = { blue: foreign('other-blue'), green: foreign('other-green') };
  await refused(
    production(({ ecs }) => {
      ecs['target-groups'] = groups;
    }),
    /is the target group of neither color/,
    /ecs\.target-groups/,
  );
});
test('access denied: the missing permission is named', async () => {
  const { sandbox } = world;
  for (const [denied, shown] of [
    ['ecs:DescribeServices', /ecs:DescribeServices/],
    ['elasticloadbalancing:CreateRule', /elasticloadbalancing:CreateRule/],
    ['ecs:RegisterTaskDefinition', /ecs:RegisterTaskDefinition/],
    ['ecs:UpdateService', /ecs:UpdateService/],
  ] as const) {
    sandbox.faults.add({ operation: denied.split(':')[1]!, call: 'every', kind: 'refuse' });
    try {
      const run = await world.act({ 'image-tag': 'v2' });
      assert.equal(run.exitCode, 1);
      assert.match(run.log, shown);
      assert.match(run.log, /Allow .* in the policy of the role/);
      assert.deepEqual(world.app.weights(), { blue: 100, green: 0 });
    } finally {
      sandbox.faults.clear();
    }
  }
});
test('no AWS credentials', async () => {
  const run = await world.act(
    { 'image-tag': 'v2' },
    { env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' } },
  );
  assert.equal(run.exitCode, 1);
  assert.match(run.log, /There are no AWS credentials/);
  assert.match(run.log, /id-token: write/);
});
test('nothing at all, not even a sandbox', async () => {
  const run = await runAction({ inputs: {} });
  assert.equal(run.exitCode, 1);
  assert.match(run.log, /^::error::environment is missing.*image-tag is empty/);
  assert.equal(run.log.trim().split('\n').length, 1);
});
