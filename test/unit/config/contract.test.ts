import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { isMap } from '../../../src/config/merge.ts';
import { NOT_YET } from '../../../src/config/not-yet.ts';
import { environment } from '../../../src/config/schema/environment.ts';
import { file } from '../../../src/config/schema/file.ts';
import { keyPaths, keysAt } from '../../../src/config/schema/walk.ts';
import { complaints, load, outcome } from './helper.ts';

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
    health: { timeout: 10m, interval: 3s, stable-for: 0s, path: /health }
    smoke:
      - { path: /health, url: x, run: x, status: 200, body: x, headers: { Accept: x }, timeout: 5s, retries: 5 }
    shift: all-at-once
    identity: { header: x-version, value: '{image-tag}', path: / }
    stabilize:
      for: 30s
      interval: 5s
      alarms: [storefront-5xx]
      insufficient-data: ignore
      max-error-rate: 1%
      max-latency: 1s
      max-failed-probes: 1
      probe: { path: /health, status: 200, body: x, headers: { Accept: x }, timeout: 5s, retries: 5 }
    retire: { drain: 30s, keep: 0 }
    lock: { wait: 0s, ttl: 5m }
    slack: { on: [success, failure, rollback], mention: '<!here>' }
    watch: {}
    docker: { host: ssh://deploy@app-1.example.com }
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

const promised = keysOf(parse(CONTRACT).environments.production);
/** Refused whatever its value. */
const refused = (path: string) =>
  NOT_YET.some((one) => one.when === undefined && (path === one.path || path.startsWith(`${one.path}.`)));
const supported = (path: string) => {
  const steps = path.split('.');
  return keysAt(
    environment,
    steps.slice(0, -1).flatMap((step) => (step === 'smoke' ? [step, 0] : [step])),
  ).includes(steps.at(-1)!);
};

test('each key of the contract is supported, or refused as not supported yet', () => {
  for (const path of promised) assert.notEqual(supported(path), refused(path), path);
});

test('no key is supported that the contract does not have', () => {
  for (const path of keyPaths(environment)) assert.ok(promised.includes(path), path);
  assert.deepEqual(keysAt(file, []), ['app', 'defaults', 'environments']);
});

const HOLDER = { ecs: {}, health: {}, stabilize: {} };
const FIX: Record<string, string> = {
  docker: 'docker is not supported yet: deploy to `ecs`.',
  'ecs.services.native':
    'ecs.services.native is not supported yet: write a service for `blue` and one for `green`.',
  shift: 'shift is not supported yet: write `all-at-once`.',
  'health.path':
    'health.path is not supported yet: remove it; on ECS the health check of the target group counts.',
};
for (const { path } of NOT_YET)
  test(`${path} is not supported yet, whatever its value`, async () => {
    const [section = '', ...rest] = path.split('.');
    const values = path === 'shift' ? [{ steps: ['10%'] }] : [{}, null, 'x', 0, []];
    for (const value of values) {
      const nested = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
      const services = path.includes('services')
        ? {
            services: {
              blue: 'a',
              green: 'b',
              ...(isMap(nested) && isMap(nested['services']) ? nested['services'] : {}),
            },
          }
        : {};
      const found =
        section === 'ecs'
          ? await complaints(load({}, { ...(nested as object), ...services }))
          : await complaints(load({ [section]: section in HOLDER ? nested : value }));
      const expected =
        FIX[path] ??
        (path.startsWith('ecs.')
          ? `${path} is not supported yet: remove it; it belongs to \`docker\`.`
          : `${path} is not supported yet: remove it.`);
      // An environment has one target: that is told beside it.
      assert.deepEqual(
        found.filter((one) => !one.includes('has both')),
        [expected],
      );
    }
  });

test('what is refused in one value is fine in another', async () => {
  assert.deepEqual(await outcome(load({ shift: 'all-at-once' })), []);
});
