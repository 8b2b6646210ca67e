import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComposeService } from '../../../src/target/docker/compose-config.ts';
import { containerOf, type Inspected } from '../../../src/target/docker/containers.ts';
import { releaseChanges } from '../../../src/target/docker/release-changes.ts';
import { decodeDigests, encodeDigests, serviceDigests } from '../../../src/target/docker/service-digests.ts';

const WORKSPACE = '/home/runner/shop';

/** A live container of the service, as it was started from what the file said. */
function live(
  name: string,
  service: ComposeService,
  more: { env?: string[]; image?: string; config?: string } = {},
) {
  const variables = Object.entries(service.environment ?? {}).flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${value}`],
  );
  return containerOf({
    Id: name,
    Name: `/${name}`,
    Image: 'sha256:1',
    Config: {
      Image: more.image ?? service.image ?? '',
      Env: [...variables, ...(more.env ?? [])],
      Labels: {
        'com.docker.compose.service': name,
        'blue-green.config': more.config ?? encodeDigests(serviceDigests(service, WORKSPACE)),
      },
    },
    State: { Status: 'running', Running: true },
    HostConfig: {},
  } as unknown as Inspected);
}

const WEB: ComposeService = {
  image: 'shop:v1',
  environment: { COLOR: 'blue', NOTE: 'a=b' },
  restart: 'always',
};

const changes = (
  services: Record<string, ComposeService>,
  containers: ReturnType<typeof live>[],
  imageEnv: Record<string, string[]> = {},
) =>
  releaseChanges({
    wanted: { name: 'shop-production-blue', services },
    live: containers,
    imageEnv: new Map(Object.entries(imageEnv)),
    workspace: WORKSPACE,
  });

test('what the file says as before is no change, also where the image brings variables along', () => {
  const container = live('web', WEB, {
    image: 'shop:v1@sha256:0',
    env: ['PATH=/bin', 'NODE_ENV=production'],
  });
  const brought = { 'sha256:1': ['PATH=/bin', 'NODE_ENV=production'] };
  assert.deepEqual(changes({ web: WEB }, [container], brought), { changes: [], unknown: [] });
});

test('services come and go; images, names of variables and other keys change', () => {
  const wanted: ComposeService = {
    image: 'shop:v2',
    environment: { COLOR: 'blue', NOTE: 'T0PSECRET', ADDED: 'T0PSECRET', UNSET: null },
    volumes: [{ type: 'volume', source: 'data', target: '/data' }],
  };
  const before: ComposeService = { ...WEB, environment: { ...WEB.environment, GONE: 'T0PSECRET' } };
  const found = changes({ web: wanted, queue: { image: 'queue:1' } }, [
    live('web', before),
    live('old', { image: 'old:1' }),
  ]);
  assert.deepEqual(
    found.changes.map(({ what, from, to }) => `${what}: ${from} -> ${to}`),
    [
      'services.old: old:1 -> ',
      'services.queue:  -> queue:1',
      'services.web.image: shop:v1 -> shop:v2',
      'services.web.environment.ADDED:  -> (not shown)',
      'services.web.environment.GONE: (not shown) -> ',
      'services.web.environment.NOTE: (not shown) -> (not shown)',
      'services.web.restart: (not shown) -> ',
      'services.web.volumes:  -> (not shown)',
    ],
  );
  assert.doesNotMatch(JSON.stringify(found), /T0PSECRET/);
});

test('containers without a record are compared by image and variables, and that is said', () => {
  const found = changes({ web: { ...WEB, restart: 'no' } }, [live('web', WEB, { config: '' })]);
  assert.deepEqual(found, { changes: [], unknown: ['web'] });
});

test('a variable that the image has already, and the file says otherwise now', () => {
  const container = live('web', { image: 'shop:v1', environment: { NODE_ENV: 'production' } });
  const { changes: found } = changes(
    { web: { image: 'shop:v1', environment: { NODE_ENV: 'test' } } },
    [container],
    { 'sha256:1': ['NODE_ENV=production'] },
  );
  assert.deepEqual(
    found.map(({ what }) => what),
    ['services.web.environment.NODE_ENV'],
  );
});

test('digests hold no variable, do not hang on where the repository is, nor on the order of keys', () => {
  const digests = serviceDigests(WEB, WORKSPACE);
  assert.deepEqual([...digests.keys()], ['restart']);
  const at = (workspace: string) =>
    encodeDigests(
      serviceDigests(
        { volumes: [{ type: 'bind', source: `${workspace}/conf`, target: '/conf' }] },
        workspace,
      ),
    );
  assert.equal(at('/a'), at('/somewhere/else'));
  const one = encodeDigests(serviceDigests({ deploy: { mode: 'x', replicas: 1 }, restart: 'no' }, '/a'));
  const other = encodeDigests(serviceDigests({ restart: 'no', deploy: { replicas: 1, mode: 'x' } }, '/a'));
  assert.equal(one, other);
  assert.deepEqual(
    decodeDigests(one)?.get('restart'),
    serviceDigests({ restart: 'no' }, '/a').get('restart'),
  );
  assert.equal(decodeDigests(''), undefined);
});
