import assert from 'node:assert/strict';
import type { DockerSettings, EcsSettings, Environment } from '../../../src/config/environment.ts';
import { loadEnvironment } from '../../../src/config/load.ts';
import { DeployError } from '../../../src/errors.ts';

export const LISTENER =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';
export const RULE =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee';
export const targetGroup = (name: string, region = 'us-east-1') =>
  `arn:aws:elasticloadbalancing:${region}:123456789012:targetgroup/${name}/73e2d6bc24d8a067`;

export const ecs = {
  region: 'us-east-1',
  cluster: 'main',
  image: 'registry.example.com/shop',
  services: { blue: 'shop-blue', green: 'shop-green' },
  listeners: [LISTENER],
};

export const docker = {
  image: 'registry.example.com/shop',
  service: 'web',
  port: 3000,
  network: 'edge',
  proxy: { haproxy: { socket: '/run/haproxy/admin.sock', map: '/maps/active.map', container: 'edge' } },
};

type Keys = Record<string, unknown>;

/** Loads the YAML as the environment `production`. */
export const loadText = (
  config: string,
  { environment = 'production', workspace = '/nowhere', region = '', dockerHost = '' } = {},
) => loadEnvironment({ config, environment, workspace, region, dockerHost });

/** Loads an environment with these keys beside (or instead of) a valid `ecs`. */
export const load = (keys: Keys = {}, ecsKeys: Keys = {}): Promise<Environment> =>
  loadText(
    JSON.stringify(
      { app: 'shop', environments: { production: { ecs: { ...ecs, ...ecsKeys }, ...keys } } },
      null,
      1,
    ),
  );

/** Loads an environment with these keys in a valid `docker`, and beside it. */
export const loadDocker = (dockerKeys: Keys = {}, keys: Keys = {}): Promise<Environment> =>
  loadText(
    JSON.stringify(
      { app: 'shop', environments: { production: { docker: { ...docker, ...dockerKeys }, ...keys } } },
      null,
      1,
    ),
  );

export const ecsOf = ({ target }: Environment): EcsSettings =>
  target.kind === 'ecs' ? target.ecs : assert.fail(target.kind);
export const dockerOf = ({ target }: Environment): DockerSettings =>
  target.kind === 'docker' ? target.docker : assert.fail(target.kind);

export async function refusal(loading: Promise<unknown>): Promise<DeployError> {
  const error = await loading.then(
    () => assert.fail('it was accepted'),
    (thrown) => thrown,
  );
  assert.ok(error instanceof DeployError, String(error?.stack ?? error));
  return error;
}

/** What is wrong, one item each, without lines, and without the path of the environment. */
export async function complaints(loading: Promise<unknown>): Promise<string[]> {
  const { code, message } = await refusal(loading);
  assert.equal(code, 'config-invalid');
  return message
    .split('\n')
    .filter((line) => !/ has \d+ problems:$/.test(line))
    .map((line) =>
      line.replace(/^(?:config, |\s*)line \d+: /, '').replaceAll('environments.production.', ''),
    );
}

/** What is wrong; nothing where it loads. */
export const outcome = (loading: Promise<unknown>): Promise<string[]> =>
  loading.then(
    () => [],
    () => complaints(loading),
  );
