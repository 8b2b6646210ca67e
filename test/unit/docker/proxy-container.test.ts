import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import type { DockerCli } from '../../../src/target/docker/docker-cli.ts';
import {
  findProxyContainer,
  isProblem,
  unanswered,
} from '../../../src/target/docker/proxy/proxy-container.ts';

const dockerWith = (...containers: unknown[]): DockerCli =>
  ({ inspect: async () => containers }) as unknown as DockerCli;

const container = (mode: string, networks: readonly string[] = []) => ({
  Id: 'x',
  State: { Running: true, Status: 'running' },
  HostConfig: { NetworkMode: mode },
  NetworkSettings: { Networks: Object.fromEntries(networks.map((one) => [one, {}])) },
});

const find = async (...containers: unknown[]) => {
  const found = await findProxyContainer(dockerWith(...containers), 'edge-1', 'edge');
  return isProblem(found) ? found : undefined;
};

test('A proxy on another network is connected to the one that counts', async () => {
  assert.equal(await find(container('edge', ['edge'])), undefined);
  assert.match((await find(container('other', ['other'])))?.fix ?? '', /docker network connect edge edge-1/);
});

for (const [mode, networks] of [
  ['host', ['host']],
  ['none', ['none']],
  ['container:0123', []],
] as const)
  test(`One with network_mode: ${mode} is not, as Docker refuses that`, async () => {
    const problem = await find(container(mode, networks));
    assert.match(problem?.message ?? '', /^The proxy’s container edge-1 has `network_mode: /);
    assert.match(problem?.fix ?? '', /^Make it again without that line, .*network edge/);
    assert.doesNotMatch(problem?.fix ?? '', /network connect/);
  });

test('An error of a proxy that is missing tells that, and of one that runs tells what it told', async () => {
  const error = new Error('no answer');
  assert.equal(await unanswered(error, dockerWith(container('edge', ['edge'])), 'edge-1'), error);
  const missing = await unanswered(error, dockerWith(), 'edge-1');
  assert.ok(missing instanceof DeployError);
  assert.match(missing.hint ?? '', /operation: setup/);
  assert.equal(missing.cause, error);
});
