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

const told = async (environment: object, inputs: Readonly<Record<string, string>>) =>
  emptySecrets(
    readInputs({ INPUT_ENVIRONMENT: 'production', 'INPUT_IMAGE-TAG': 'v2', ...inputs }),
    await loadEnvironment({
      config: JSON.stringify({ app: 'shop', environments: { production: environment } }, null, 1),
      workspace: '/',
      environment: 'production',
    }),
  ).map(({ line, isWanted }) => `${isWanted ? 'warning' : 'note'}: ${line.split(/[:,]/)[0]}`);

const SLACK = 'INPUT_SLACK-WEBHOOK-URL';
const KEY = 'INPUT_SSH-KEY';
const SLACK_NOTE = 'note: Slack is not told';
const mention = { slack: { mention: '<!here>' } };

const table: [what: string, environment: object, inputs: Record<string, string>, told: string[]][] = [
  ['nothing is handed over', { ecs }, {}, []],
  ['the webhook arrives', { ecs, ...mention }, { [SLACK]: 'https://hooks.slack.example/x' }, []],
  ['the webhook’s secret is empty', { ecs }, { [SLACK]: '' }, [SLACK_NOTE]],
  [
    'it is empty, and the config counts on it',
    { ecs, ...mention },
    { [SLACK]: ' ' },
    ['warning: Slack is not told'],
  ],
  [
    'it is not handed over, and the config counts on it',
    { ecs, ...mention },
    {},
    ['warning: Slack is not told'],
  ],
  ['the key’s secret is empty', { docker }, { [KEY]: '' }, ['warning: ssh-key is empty']],
  ['the key is not handed over: an agent has it', { docker }, {}, []],
  ['the key is in a file', { docker: { ...docker, 'identity-file': '~/.ssh/id' } }, { [KEY]: '' }, []],
  [
    'no host needs the key',
    { docker: { ...docker, host: undefined, 'known-hosts': undefined } },
    { [KEY]: '' },
    [],
  ],
  ['no ECS needs the key', { ecs }, { [KEY]: '' }, []],
  ['both are empty', { docker }, { [KEY]: '', [SLACK]: '' }, [SLACK_NOTE, 'warning: ssh-key is empty']],
];

for (const [what, environment, inputs, expected] of table)
  test(`empty secrets: ${what}`, async () => assert.deepEqual(await told(environment, inputs), expected));

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
