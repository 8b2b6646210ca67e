import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DockerCli } from '../../../src/target/docker/docker-cli.ts';
import { LocalHost } from '../../../src/target/docker/local-host.ts';
import { neededImages, pinned, pullAll } from '../../../src/target/docker/pull.ts';
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

test('A pull that stalls is given up, and one that goes on, however slowly, is not', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pull-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const script = [
    '#!/bin/sh',
    'case "$*" in',
    'version*) echo linux/amd64 ;;',
    'pull\\ slow) for layer in 1 2 3 4 5 6; do sleep 0.5; echo $layer"23456789abc: Pull complete"; done',
    '  echo "manifest unknown" >&2; exit 1 ;;',
    'pull\\ stalled) echo "123456789abc: Pulling fs layer"; exec sleep 60 ;;',
    'esac',
  ];
  writeFileSync(join(folder, 'docker'), script.join('\n'));
  chmodSync(join(folder, 'docker'), 0o755);
  const host = new LocalHost(undefined);
  const docker = new DockerCli({
    description: host.description,
    env: { PATH: `${folder}:${process.env['PATH']}` },
    dial: (address) => host.dial(address),
    url: (address) => host.url(address),
    close: () => host.close(),
  });
  const pull = (image: string) =>
    pullAll(docker, [{ image, services: ['web'], policy: 'always' }], {
      progress: () => {},
      signal: new AbortController().signal,
      silence: 2_000,
    });
  const started = Date.now();
  await assert.rejects(pull('stalled'), {
    code: 'pull-failed',
    message: 'Image stalled (service web) could not be pulled: no layer began or ended for 2 s.',
  });
  assert.ok(Date.now() - started < 30_000);
  // It takes longer than it may be silent, and ends by itself.
  await assert.rejects(pull('slow'), { code: 'image-missing' });
});
