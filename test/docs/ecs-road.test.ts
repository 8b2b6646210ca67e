import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { snippetsIn } from '../../scripts/validate-workflows.ts';
import { runAction } from '../e2e/runner.ts';
import { requirement } from '../requirements.ts';
import { createService, createTargetGroup, registerTaskDefinition } from '../sandbox/blue-green-setup.ts';
import { startSandbox } from '../sandbox/sandbox.ts';

// docs/ecs.md, from one service to a rollback: its own commands, by AWS's own command line, its own config.

const ROOT = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/ecs.md'), 'utf8');

const aws = requirement('aws', () =>
  [join(ROOT, '.tmp/aws/bin'), ...(process.env['PATH'] ?? '').split(delimiter)]
    .map((folder) => join(folder, 'aws'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
);

test('the road of docs/ecs.md, from one service to a rollback, leads there', {
  skip: aws.skip,
}, async (t) => {
  await using sandbox = await startSandbox();
  const folder = mkdtempSync(join(tmpdir(), 'road-'));
  try {
    // What the reader has: one service behind one listener.
    const repository = `${sandbox.account}.dkr.ecr.${sandbox.region}.amazonaws.com/storefront`;
    for (const tag of ['v1', 'v2']) sandbox.addImage(`${repository}:${tag}`);
    await sandbox.call('CreateCluster', { clusterName: 'production' });
    const taskDefinition = await registerTaskDefinition(sandbox, 'storefront', `${repository}:v1`);
    const blue = await createTargetGroup(sandbox, 'storefront', {});
    const balancer = sandbox.elb.createLoadBalancer({
      Name: 'prod',
      Subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
    });
    const listener = await sandbox.elb.createListener({
      LoadBalancerArn: balancer.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: undefined,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: blue }],
    });
    const arn = await createService(
      sandbox,
      {},
      {
        ...{ cluster: 'production', serviceName: 'storefront', taskDefinition },
        ...{ targetGroupArn: blue, desiredCount: 2 },
      },
    );
    const service = () => sandbox.ecs.world.services.get(arn)!;
    while (!service().steady) await new Promise((done) => setTimeout(done, 10));

    const script = /```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    assert.match(script, /create-service/);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: folder,
      env: {
        ...sandbox.env,
        PATH: `${dirname(aws.get())}${delimiter}${process.env['PATH']}`,
        HOME: folder,
        AWS_DEFAULT_REGION: sandbox.region,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_PAGER: '',
      },
    });
    const printed = stdout.trim().split('\n').at(-1) ?? '';
    assert.equal(printed, listener.ListenerArn);
    t.diagnostic(`the commands made a second group and service, and printed ${printed}`);

    const config = parse(snippetsIn(page).find(({ path }) => path === '.github/blue-green.yml')?.text ?? '');
    const { production } = config.environments;
    const { port, addresses } = sandbox.elb.endpoint(printed);
    // Only what is of the reader's own differs.
    production.url = `http://${addresses[0]}:${port}`;
    production.ecs.listeners = [printed];
    production.ecs.image = repository;
    Object.assign(production, {
      health: { timeout: '40s', interval: '200ms' },
      stabilize: { for: '500ms', interval: '250ms' },
      retire: { drain: '500ms' },
    });
    production.ecs.propagation = '1s';
    const users = async () => (await (await fetch(production.url)).json()) as { version: string };
    for (const [inputs, result, version] of [
      [{ 'image-tag': 'v2' }, 'deployed', 'v2'],
      [{ operation: 'rollback' }, 'rolled-back', 'v1'],
    ] as const) {
      const run = await runAction({
        inputs: { environment: 'production', config: JSON.stringify(config, null, 1), ...inputs },
        env: sandbox.env,
      });
      assert.equal(run.outputs['result'], result, run.log);
      assert.equal((await users()).version, version);
      t.diagnostic(`${result}: users have ${version}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the Terraform commands name what the example has', () => {
  const commands = /```console\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const read = (file: string) => readFileSync(join(ROOT, 'examples/terraform-ecs', file), 'utf8');
  const variables = [...read('variables.tf').matchAll(/variable "(\w+)" \{([^}]*)\}/g)];
  const required = variables.filter(([, , body]) => !/default/.test(body!)).map(([, name]) => name!);
  const named = [...commands.matchAll(/-var '?(\w+)=/g)].map(([, name]) => name!);
  assert.deepEqual(named.toSorted(), required.toSorted());
  for (const [, name] of commands.matchAll(/terraform output -raw (\w+)/g))
    assert.match(read('outputs.tf'), new RegExp(`output "${name}"`));
});
