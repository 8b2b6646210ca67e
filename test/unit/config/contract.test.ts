import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { isMap } from '../../../src/config/merge.ts';
import { NOT_YET } from '../../../src/config/not-yet.ts';
import { environment } from '../../../src/config/schema/environment.ts';
import { file } from '../../../src/config/schema/file.ts';
import { keyPaths, keysAt } from '../../../src/config/schema/walk.ts';
import { complaints, load, loadDocker, outcome } from './helper.ts';

/** All keys that users were promised: those that this release does not build must say so. */
const CONTRACT = `
app: storefront
defaults: {}
environments:
  production:
    url: https://shop.example.com
    ecs:
      region: us-east-1
      cluster: production
      image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/storefront
      services: { blue: storefront-blue, green: storefront-green, native: storefront }
      role: arn
      listeners: [arn]
      target-groups: { blue: arn, green: arn }
      container: app
      images: { sidecar: repo }
      workers: [{ blue: jobs-blue, green: jobs-green }]
      desired-count: 3
      preview-priority: 1
      autoscaling: ignore
      propagation: 20s
      alarms: { error-rate: 5%, response-time: 1s, sns-topic: arn }
    health: { timeout: 10m, interval: 3s, stable-for: 0s }
    smoke:
      - { path: /health, url: x, run: x, status: 200, body: x, headers: { Accept: x }, timeout: 5s, retries: 5 }
    shift: { steps: [5%], linear: 10%, every: 2m }
    identity: { header: x-version, value: '{image-tag}', path: / }
    stabilize:
      for: 30s
      interval: 5s
      alarms: [storefront-5xx]
      insufficient-data: ignore
      max-error-rate: 1%
      max-latency: 1s
      min-requests: 50
      max-failed-probes: 1
      probe: { path: /health, post: x, status: 200, body: x, headers: { Accept: x }, timeout: 5s, retries: 5 }
    retire: { drain: 30s, keep: 0 }
    lock: { wait: 0s, ttl: 5m }
    slack: { on: [success, failure, rollback], mention: '<!here>' }
    watch: { window: 1h, for: 0s }
  staging:
    docker:
      host: ssh://deploy@app-1.example.com
      known-hosts: text
      identity-file: path
      image: ghcr.io/acme/storefront
      engine: compose
      compose: compose.yml
      service: web
      port: 3000
      replicas: 2
      network: edge
      aliases: { blue: a, green: b }
      proxy:
        haproxy: { socket: a, map: b, shares: e, container: c, key: d, backends: { blue: a, green: b } }
        caddy: { flags: a, flag: b, container: c, admin: d }
        alias: { name: a, dns-ttl: 2s }
    health: { path: /health, interval: 500ms, timeout: 2m }
    retire: { prune: true }
`;

const OPEN = ['ecs.images', 'smoke.headers', 'stabilize.probe.headers'];

/** Dotted paths of all keys; those of lists without an index, those that users choose left out. */
function keysOf(value: unknown, prefix = ''): string[] {
  if (OPEN.includes(prefix)) return [];
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, prefix));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...keysOf(child, path)];
  });
}

const { production, staging } = parse(CONTRACT).environments;
const promised = [...new Set([...keysOf(production), ...keysOf(staging)])];
/** Refused whatever its value, and whatever the target. */
const refused = (path: string) =>
  NOT_YET.some(
    (one) =>
      one.when === undefined &&
      one.on === undefined &&
      (path === one.path || path.startsWith(`${one.path}.`)),
  );
const supported = (path: string) => {
  const steps = path.split('.');
  return keysAt(
    environment,
    steps.slice(0, -1).flatMap((step) => (step === 'smoke' || step === 'workers' ? [step, 0] : [step])),
  ).includes(steps.at(-1)!);
};

test('each key of the contract is supported, or refused as not supported yet', () => {
  for (const path of promised) assert.notEqual(supported(path), refused(path), path);
});

test('no key is supported that the contract does not have', () => {
  for (const path of keyPaths(environment)) assert.ok(promised.includes(path), path);
  assert.deepEqual(keysAt(file, []), ['app', 'defaults', 'environments']);
});

const FIX: Record<string, string> = {
  'docker.engine': 'is "swarm", which is not supported yet: write `compose`.',
  'docker.host': 'is a list, which is not supported yet: write one host.',
  'stabilize.alarms': 'is not supported yet: remove it; a Docker host has none, CloudWatch does.',
  'health.path': 'is not supported yet: remove it; on ECS the health check of the target group counts.',
  'retire.prune': 'is not supported yet: remove it; it is for the images on a Docker host.',
};
const REFUSED_VALUES: Record<string, readonly unknown[]> = {
  'docker.engine': ['swarm'],
  'docker.host': [['unix:///a', 'unix:///b']],
};
const nested = (steps: readonly string[], value: unknown): object =>
  steps.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;

for (const { path, on } of NOT_YET)
  test(`${path} is not supported yet`, async () => {
    const [section = '', ...rest] = path.split('.');
    for (const value of REFUSED_VALUES[path] ?? [{}, null, 'x', 0, []]) {
      const keys = nested(rest, value);
      const found =
        section === 'docker'
          ? loadDocker({ ...keys })
          : on === 'docker'
            ? loadDocker({}, { [section]: keys })
            : section === 'ecs'
              ? load({}, { ...keys })
              : load({ [section]: keys });
      assert.deepEqual(await complaints(found), [
        `${path} ${FIX[path] ?? 'is not supported yet: remove it.'}`,
      ]);
    }
  });

test('what is refused in one value, or on one target, is fine in another', async () => {
  assert.deepEqual(await outcome(load({ stabilize: { alarms: ['shop-5xx'] } })), []);
  assert.deepEqual(await outcome(loadDocker({ engine: 'compose', host: 'unix:///a' })), []);
  assert.deepEqual(await outcome(loadDocker({}, { health: { path: '/' }, retire: { prune: true } })), []);
});
