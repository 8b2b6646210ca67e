import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runAction } from './runner.ts';
import { startWorld, type World } from './world.ts';

// What people forget: each is said in one line, first of all, with the YAML to add.

const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const ARN =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';
const configOf = (environment: object) =>
  JSON.stringify({ app: 'shop', environments: { production: environment } }, null, 1);
const ecs = (more: object = {}) =>
  configOf({
    ecs: {
      ...{ region: 'us-east-1', cluster: 'production', image: 'registry.example.com/shop' },
      ...{ services: { blue: 'shop-blue', green: 'shop-green' }, listeners: [ARN], ...more },
    },
  });
const docker = (more: object = {}) =>
  configOf({
    docker: {
      ...{ image: 'registry.example.com/shop', service: 'web', port: 3000, network: 'edge' },
      ...{ proxy: { alias: { name: 'shop' } }, ...more },
    },
  });

let world: World;
/** A GitHub that lets the job read, and not write. */
const github = createServer((_, response) => {
  response.writeHead(403, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ message: 'Resource not accessible by integration' }));
});
let empty: string;
before(async () => {
  world = await startWorld({ load: false });
  await new Promise<void>((done) => github.listen(0, '127.0.0.1', done));
  empty = await mkdtemp(join(tmpdir(), 'blue-green-'));
});
after(async () => {
  await world[Symbol.asyncDispose]();
  github.close();
  await rm(empty, { recursive: true });
});

interface Case {
  readonly forgotten: string;
  readonly inputs: () => Record<string, string>;
  readonly env?: () => Record<string, string>;
  readonly workspace?: () => string;
  /** In one line of the log. */
  readonly says: RegExp;
  readonly adds: RegExp;
  /** What comes of it; `failed` where nothing is said. */
  readonly result?: string;
}

const cases: readonly Case[] = [
  {
    forgotten: 'actions/checkout',
    inputs: () => ({}),
    workspace: () => empty,
    says: /^::error::\.github\/blue-green\.yml is not there, because the workspace is empty/,
    adds: / - uses: actions\/checkout@v5/,
  },
  {
    forgotten: 'actions/checkout, where an earlier step left files',
    inputs: () => ({}),
    says: /^::error::There is no config at .*\/\.github\/blue-green\.yml/,
    adds: /`- uses: actions\/checkout@v5` before this step/,
  },
  {
    forgotten: 'id-token: write',
    inputs: () => ({ config: ecs({ role: ROLE }) }),
    says: /^::error.*this job may not ask GitHub for the token/,
    adds: /permissions: \{ id-token: write, contents: read \}/,
  },
  {
    forgotten: 'AWS credentials',
    inputs: () => ({ config: ecs() }),
    says: /^::error.*There are no AWS credentials/,
    adds: /- uses: aws-actions\/configure-aws-credentials@v5.*permissions: \{ id-token: write, contents: read \}/,
  },
  {
    forgotten: 'the right region',
    inputs: () => ({ config: world.config.replaceAll('us-east-1', 'eu-west-1') }),
    env: () => world.env as Record<string, string>,
    says: /^::error.*There is no ECS cluster \S+ in eu-west-1/,
    adds: /AWS_REGION is us-east-1: if the cluster is there, write `region: us-east-1` under `ecs:`/,
  },
  {
    forgotten: 'Docker on the runner',
    inputs: () => ({ config: docker() }),
    env: () => ({ PATH: empty }),
    says: /^::error.*There is no `docker` command on this runner/,
    adds: /runs-on: ubuntu-latest/,
  },
  {
    forgotten: 'deployments: write',
    inputs: () => ({ config: world.config, 'github-token': 'ghs_token' }),
    env: () => ({
      ...world.env,
      GITHUB_API_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
    }),
    says: /^GitHub is not told of this deployment, as the token may not/,
    adds: /add `deployments: write` under `permissions:` of the job/,
    result: 'deployed',
  },
  {
    forgotten: 'the Slack secret, in a called workflow',
    inputs: () => {
      const config = JSON.parse(world.config);
      config.environments.production.slack = { on: ['failure'] };
      return { config: JSON.stringify(config, null, 1), operation: 'status', 'image-tag': '' };
    },
    env: () => world.env as Record<string, string>,
    says: /^::warning::The config has a section `slack`, and nobody is told: slack-webhook-url is empty/,
    adds: /`slack-webhook-url: \$\{\{ secrets\.SLACK_WEBHOOK_URL \}\}`.*`secrets: inherit`/,
    result: '',
  },
  {
    forgotten: 'the SSH key’s secret, in a called workflow',
    inputs: () => ({
      config: docker({ host: 'ssh://deploy@127.0.0.1:9', 'known-hosts': `SHA256:${'A'.repeat(43)}` }),
    }),
    env: () => ({ RUNNER_ENVIRONMENT: 'github-hosted' }),
    says: /^::warning::There is no key for ssh:\/\/deploy@127\.0\.0\.1:9: ssh-key is empty/,
    adds: /`ssh-key: \$\{\{ secrets\.SSH_KEY \}\}`.*`secrets: inherit`/,
  },
];

for (const { forgotten, inputs, env, workspace, says, adds, result = 'failed' } of cases)
  test(`forgotten: ${forgotten}`, async (t) => {
    const run = await runAction({
      inputs: { environment: 'production', 'image-tag': 'v2', ...inputs() },
      env: env?.(),
      ...(workspace && { workspace: workspace() }),
    });
    assert.equal(run.outputs['result'] ?? '', result, run.log);
    const lines = run.log.split('\n');
    const line = lines.find((one) => says.test(one));
    assert.ok(line !== undefined, run.log);
    assert.match(line, adds);
    t.diagnostic(`${forgotten}: ${line}`);
    if (result === 'deployed') return;
    // Said first: nothing was asked, tried or grouped before it.
    const before = lines.slice(0, lines.indexOf(line)).filter((one) => one.startsWith('::group::'));
    assert.ok(before.length <= 1, run.log);
  });
