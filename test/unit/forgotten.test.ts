import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadEnvironment } from '../../src/config/load.ts';
import { emptySecrets } from '../../src/forgotten.ts';
import { readInputs } from '../../src/inputs.ts';

const ARN =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';
const ecs = {
  region: 'us-east-1',
  cluster: 'production',
  image: 'registry.example.com/shop',
  services: { blue: 'shop-blue', green: 'shop-green' },
  listeners: [ARN],
};
const docker = {
  host: 'ssh://deploy@app-1.example.com',
  'known-hosts': '.github/known_hosts',
  image: 'registry.example.com/shop',
  service: 'web',
  port: 3000,
  network: 'edge',
  proxy: { alias: { name: 'shop' } },
};

const told = async (
  environment: object,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = HOSTED,
) =>
  emptySecrets(
    readInputs({ INPUT_ENVIRONMENT: 'production', 'INPUT_IMAGE-TAG': 'v2', ...inputs }),
    await loadEnvironment({
      config: JSON.stringify({ app: 'shop', environments: { production: environment } }, null, 1),
      workspace: '/',
      environment: 'production',
    }),
    env,
  ).map((line) => /(\S+) is empty/.exec(line)?.[1]);

const HOSTED = { RUNNER_ENVIRONMENT: 'github-hosted' };
const URL = { 'INPUT_SLACK-WEBHOOK-URL': 'https://hooks.slack.example/x' };
const SLACK = 'slack-webhook-url';
const slack = { mention: '<!here>' };
const file = { ...docker, 'identity-file': '~/.ssh/id' };
const local = { ...docker, host: undefined, 'known-hosts': undefined };

const table: [
  what: string,
  environment: object,
  inputs: Record<string, string>,
  told: string[],
  env?: Record<string, string>,
][] = [
  ['nobody wants Slack', { ecs }, {}, []],
  ['the webhook arrives', { ecs, slack }, URL, []],
  ['it does not, and the config counts on it', { ecs, slack }, {}, [SLACK]],
  ['what tells Slack nothing anyway', { ecs, slack }, { INPUT_OPERATION: 'plan' }, []],
  ['a section with nothing in it counts', { ecs, slack: {} }, {}, [SLACK]],
  ['no key for an ssh host', { docker }, {}, ['ssh-key']],
  ['an agent has the key', { docker }, {}, [], { ...HOSTED, SSH_AUTH_SOCK: '/tmp/agent' }],
  ['the runner is one’s own', { docker }, {}, [], { RUNNER_ENVIRONMENT: 'self-hosted' }],
  ['the key is in a file', { docker: file }, {}, []],
  ['the host is this one', { docker: local }, {}, []],
  ['both', { docker, slack }, {}, [SLACK, 'ssh-key']],
];

for (const [what, environment, inputs, expected, env] of table)
  test(`empty secrets: ${what}`, async () =>
    assert.deepEqual(await told(environment, inputs, env), expected));

test('what proves an ssh host may come from the job, and is stronger than the file’s', async () => {
  const { 'known-hosts': _, ...unproven } = docker;
  const load = (environment: object, knownHosts: string, asked = 'production') =>
    loadEnvironment({
      config: JSON.stringify(
        { app: 'shop', environments: { production: { docker: environment }, staging: { ecs } } },
        null,
        1,
      ),
      ...{ workspace: '/', environment: asked, knownHosts },
    });
  const proof = async (environment: object, knownHosts: string) => {
    const { target } = await load(environment, knownHosts);
    return target.kind === 'docker' && target.docker['known-hosts'];
  };
  assert.equal(await proof(unproven, 'hosts'), 'hosts');
  assert.equal(await proof(docker, 'hosts'), 'hosts');
  assert.equal(await proof(docker, ''), '.github/known_hosts');
  await assert.rejects(load(unproven, ''), /docker\.known-hosts is missing/);
  // Another job has it.
  assert.equal((await load(unproven, '', 'staging')).name, 'staging');
});

test('a private key as known-hosts is refused, and not quoted', () => {
  const given = '-----BEGIN OPENSSH PRIVATE KEY-----\nT0PSECRET';
  assert.throws(
    () => readInputs({ INPUT_ENVIRONMENT: 'x', 'INPUT_IMAGE-TAG': 'v2', 'INPUT_KNOWN-HOSTS': given }),
    (error: Error) => /known-hosts has a private key/.test(error.message) && !/T0PSECRET/.test(error.message),
  );
});
