import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neededImages, pinned } from '../../../src/target/docker/pull.ts';
import { pullError, registryOf } from '../../../src/target/docker/pull-error.ts';

/** What engines and registries said, word by word. */
const SAID: readonly (readonly [string, string])[] = [
  [
    'manifest for registry.example.com/shop:v9 not found: manifest unknown: manifest unknown',
    'image-missing',
  ],
  [
    'failed to resolve reference "registry.example.com/shop:v9": registry.example.com/shop:v9: not found',
    'image-missing',
  ],
  [
    "pull access denied for shop, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'image-denied',
  ],
  ['Head "https://ghcr.io/v2/acme/shop/manifests/v1": denied: denied', 'image-denied'],
  ['Get "https://registry.example.com/v2/shop/manifests/v1": no basic auth credentials', 'image-denied'],
  ['unauthorized: authentication required', 'image-denied'],
  [
    'Get "https://nowhere.invalid/v2/": dial tcp: lookup nowhere.invalid on 10.0.0.1:53: no such host',
    'registry-unreachable',
  ],
  ['Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused', 'registry-unreachable'],
  ['Get "https://r.example.com/v2/": x509: certificate signed by unknown authority', 'registry-unreachable'],
  ['received unexpected HTTP status: 503 Service Unavailable', 'registry-unreachable'],
  ['failed to register layer: write /usr/bin/node: no space left on device', 'no-space'],
  [
    'no matching manifest for linux/arm64/v8 in the manifest list entries: no match for platform in manifest: not found',
    'image-platform',
  ],
  ['toomanyrequests: You have reached your pull rate limit.', 'pull-limit'],
  ['something nobody thought of', 'pull-failed'],
];

for (const [said, code] of SAID)
  test(`A pull that ends with «${said}» is ${code}`, () => {
    const error = pullError({ image: 'registry.example.com/shop:v9', services: ['web'] }, said);
    assert.equal(error.code, code);
    assert.match(error.message, /^Image registry\.example\.com\/shop:v9 \(service web\) /);
    assert.ok(error.hint);
    assert.deepEqual(error.details, [said]);
  });

test('The login that is missing is named', () => {
  const hint = (image: string) => pullError({ image, services: ['web'] }, 'unauthorized').hint ?? '';
  assert.match(hint('ghcr.io/acme/shop:v1'), /`registry: ghcr\.io` and the permission `packages: read`/);
  assert.match(hint('acme/shop:v1'), /Log in to Docker Hub/);
  assert.match(hint('1.dkr.ecr.us-east-1.amazonaws.com/shop:v1'), /configure-aws-credentials/);
});

test('Registries are read off references as Docker does', () => {
  assert.equal(registryOf('nginx:1'), 'Docker Hub');
  assert.equal(registryOf('acme/shop'), 'Docker Hub');
  assert.equal(registryOf('docker.io/acme/shop'), 'Docker Hub');
  assert.equal(registryOf('localhost/shop'), 'localhost');
  assert.equal(registryOf('127.0.0.1:5000/shop:v1'), '127.0.0.1:5000');
});

const digest = `sha256:${'a'.repeat(64)}`;
const local = (...RepoDigests: string[]) => ({ Id: 'x', RepoDigests, Os: 'linux', Architecture: 'amd64' });

test('A reference is pinned with the digest that its own registry gave', () => {
  const other = `other/shop@sha256:${'b'.repeat(64)}`;
  assert.equal(pinned('r:5000/shop:v1', local(other, `r:5000/shop@${digest}`)), `r:5000/shop:v1@${digest}`);
  assert.equal(
    pinned('docker.io/library/nginx:1', local(`nginx@${digest}`)),
    `docker.io/library/nginx:1@${digest}`,
  );
  assert.equal(pinned('shop:v1', local(other)), 'shop:v1');
  assert.equal(pinned('shop:v1', { ...local(), RepoDigests: null }), 'shop:v1');
  assert.equal(pinned(`shop@${digest}`, local(other)), `shop@${digest}`);
});

test('Each image is needed once, by the strictest word of those who want it', () => {
  const needed = neededImages({
    name: 'x',
    services: {
      web: { image: 'a' },
      jobs: { image: 'a', pull_policy: 'never' },
      db: { image: 'b', pull_policy: 'if_not_present' },
      arm: { image: 'b', platform: 'linux/arm64', pull_policy: 'build' },
      built: { build: {} },
    },
  });
  assert.deepEqual(needed, [
    { image: 'a', services: ['web', 'jobs'], policy: 'always' },
    { image: 'b', services: ['db'], policy: 'missing' },
    { image: 'b', platform: 'linux/arm64', services: ['arm'], policy: 'never' },
  ]);
});
