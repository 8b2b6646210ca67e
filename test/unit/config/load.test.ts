import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, docker, ecs, ecsOf, LISTENER, load, loadText, refusal } from './helper.ts';

const MINIMAL = `app: shop
environments:
  production:
    ecs:
      cluster: main
      image: registry.example.com/shop
      services: { blue: shop-blue, green: shop-green }
      listeners: [${LISTENER}]
`;

test('what is not written has the defaults of the contract', async () => {
  assert.deepEqual(await loadText(MINIMAL, { region: 'us-east-1' }), {
    app: 'shop',
    name: 'production',
    url: undefined,
    target: {
      kind: 'ecs',
      ecs: {
        ...ecs,
        images: {},
        workers: [],
        'preview-priority': 1,
        autoscaling: 'hand-over',
        propagation: 20_000,
      },
    },
    health: { timeout: 600_000, interval: 3000, 'stable-for': 0 },
    smoke: [],
    shift: { steps: [], every: 0 },
    identity: undefined,
    stabilize: {
      for: 30_000,
      interval: 5000,
      alarms: [],
      'insufficient-data': 'ignore',
      'min-requests': 50,
      'max-failed-probes': 1,
      probe: undefined,
    },
    watch: { window: 3_600_000, for: 0 },
    retire: { drain: 30_000, keep: 0, prune: false },
    lock: { wait: 0, ttl: 300_000 },
    slack: { on: ['success', 'failure', 'rollback'] },
  });
});

test('smoke tests, identity and probe', async () => {
  const { smoke, identity, stabilize } = await load({
    url: 'https://shop.example.com',
    smoke: [
      { run: `npm run 'smoke test' {color}` },
      {
        path: '/health?v={image-tag}',
        body: '{"ok":true}',
        headers: { Accept: 'a/b' },
        timeout: '1s',
        retries: 0,
      },
      { url: 'https://{color}.shop.example.com', status: 204, body: '/^"?ok$/im' },
      { run: ['node', '-e', 'a | b\nc'], timeout: '1m', retries: 2 },
    ],
    identity: { header: 'x-version', value: '{image-tag}' },
    stabilize: { for: '2s', probe: { path: '/' } },
  });
  const http = { status: 200, body: undefined, headers: {}, timeout: 5000, retries: 5 };
  assert.deepEqual(smoke, [
    { kind: 'run', run: ['npm', 'run', 'smoke test', '{color}'], timeout: 300_000, retries: 0 },
    {
      ...http,
      kind: 'path',
      path: '/health?v={image-tag}',
      body: { kind: 'text', text: '{"ok":true}' },
      headers: { Accept: 'a/b' },
      timeout: 1000,
      retries: 0,
    },
    {
      ...http,
      kind: 'url',
      url: 'https://{color}.shop.example.com',
      status: 204,
      body: { kind: 'pattern', source: '^"?ok$', flags: 'im' },
    },
    { kind: 'run', run: ['node', '-e', 'a | b\nc'], timeout: 60_000, retries: 2 },
  ]);
  assert.deepEqual(identity, { header: 'x-version', value: '{image-tag}', path: '/health?v={image-tag}' });
  assert.deepEqual(stabilize, {
    for: 2000,
    interval: 2000,
    alarms: [],
    'insufficient-data': 'ignore',
    'min-requests': 50,
    'max-failed-probes': 1,
    probe: { path: '/', status: 200, headers: {}, timeout: 5000, retries: 0 },
  });
});

test('identity asks the path of the probe where no smoke test has one, else /', async () => {
  const url = 'https://shop.example.com';
  const identity = { header: 'x-version', value: '{image-tag}' };
  const pathOf = async (keys: object) => (await load({ url, identity, ...keys })).identity?.path;
  assert.equal(await pathOf({ smoke: [{ run: 'a' }], stabilize: { probe: { path: '/up' } } }), '/up');
  assert.equal(
    await pathOf({ smoke: [{ path: '/a' }, { path: '/b' }], stabilize: { probe: { path: '/up' } } }),
    '/a',
  );
  assert.equal(await pathOf({}), '/');
  assert.equal(await pathOf({ smoke: [{ path: '/a' }], identity: { ...identity, path: '/v' } }), '/v');
});

test('who says how many probes may fail has some: by the path of the first smoke test, else /', async () => {
  const url = 'https://shop.example.com';
  const stabilizeOf = async (keys: Record<string, unknown>) => (await load(keys)).stabilize;
  const gate = { 'max-failed-probes': 0 };
  assert.deepEqual((await stabilizeOf({ url, stabilize: gate, smoke: [{ path: '/up' }] })).probe, {
    ...{ path: '/up', status: 200, headers: {}, timeout: 5000, retries: 0 },
  });
  assert.equal((await stabilizeOf({ url, stabilize: gate })).probe?.path, '/');
  const { probe, 'max-failed-probes': most } = await stabilizeOf({
    url,
    stabilize: { ...gate, probe: { path: '/own', timeout: '1s' } },
  });
  assert.deepEqual([probe?.path, probe?.timeout, most], ['/own', 1000, 0]);
  assert.equal((await stabilizeOf({ url })).probe, undefined);
});

test('a linear shift rises by the same share until all of it comes', async () => {
  const stepsOf = async (linear: string) => (await load({ shift: { linear, every: '1m' } })).shift;
  assert.deepEqual(await stepsOf('25%'), { steps: [25, 50, 75], every: 60_000 });
  assert.deepEqual((await stepsOf('33%')).steps, [33, 66, 99]);
  assert.deepEqual((await stepsOf('50%')).steps, [50]);
  assert.equal((await stepsOf('1%')).steps.length, 99);
});

test('stabilize can be switched off', async () => {
  assert.equal((await load({ stabilize: { for: '0s' } })).stabilize.for, 0);
  assert.equal((await load({ stabilize: { for: '0s', interval: '5s' } })).stabilize.interval, 5000);
});

test('defaults lie beneath: maps are merged, lists and values replaced', async () => {
  const loaded = await loadText(`app: shop
defaults:
  ecs: { cluster: main, image: shop, region: eu-west-1, services: { blue: a, green: b }, images: { x: one, y: two } }
  health: { timeout: 1m, interval: 1s }
  smoke: [{ path: /a }, { path: /b }]
  slack: { on: [failure] }
environments:
  production:
    ecs: { region: us-east-1, services: { green: c }, listeners: [${LISTENER}], images: { y: three } }
    health: { timeout: 2m }
    smoke: [{ path: /c }]
`);
  const { health, smoke, slack } = loaded;
  assert.deepEqual(health, { timeout: 120_000, interval: 1000, 'stable-for': 0 });
  assert.deepEqual(
    smoke.map((one) => 'path' in one && one.path),
    ['/c'],
  );
  assert.deepEqual(slack.on, ['failure']);
  const { region, services, images } = ecsOf(loaded);
  assert.equal(region, 'us-east-1');
  assert.deepEqual(services, { blue: 'a', green: 'c' });
  assert.deepEqual(images, { x: 'one', y: 'three' });
});

test('who chooses one target wants nothing of the other in the defaults', async () => {
  const config = (defaults: string, own: string) =>
    `app: shop\ndefaults: ${defaults}\nenvironments:\n  production: ${own}\n`;
  const own = JSON.stringify({ ecs });
  assert.equal((await loadText(config('{ docker: { host: x } }', own))).target.kind, 'ecs');
  const ownDocker = JSON.stringify({ docker });
  assert.equal((await loadText(config(own, ownDocker))).target.kind, 'docker');
  const forDocker = '{ health: { path: /up, interval: 1s }, retire: { prune: true } }';
  const asEcs = await loadText(config(forDocker, own));
  assert.deepEqual([asEcs.health.path, asEcs.health.interval, asEcs.retire.prune], [undefined, 1000, false]);
  const asDocker = await loadText(config(forDocker, ownDocker));
  assert.deepEqual([asDocker.health.path, asDocker.retire.prune], ['/up', true]);
  assert.deepEqual(
    await complaints(loadText(config('{}', `{ docker: ${JSON.stringify(docker)}, ecs: {} }`))).then(
      ([first]) => first,
    ),
    'environments.production has both `ecs` and `docker`: keep one, an environment has one target.',
  );
  assert.deepEqual(await complaints(loadText(config('{}', '{}'))), [
    'environments.production has neither `ecs` nor `docker`: say there where to deploy.',
  ]);
});

test('{app} and {environment} are replaced everywhere, also in what the defaults say', async () => {
  const loaded = await loadText(`app: shop
defaults:
  url: https://{environment}.example.com
  ecs: { region: us-east-1, cluster: '{environment}', image: 'r.io/{app}', services: { blue: '{app}-blue', green: g } }
  smoke: [{ run: 'test {app} {color}' }]
environments:
  production: { ecs: { listeners: [${LISTENER}] } }
`);
  const { url, smoke } = loaded;
  const { cluster, image, services } = ecsOf(loaded);
  assert.equal(url, 'https://production.example.com');
  assert.deepEqual([cluster, image, services.blue], ['production', 'r.io/shop', 'shop-blue']);
  assert.deepEqual(smoke[0], { kind: 'run', run: ['test', 'shop', '{color}'], timeout: 300_000, retries: 0 });
});

test('the region comes from AWS_REGION where the config has none', async () => {
  const missing = ['ecs.region is missing: write it, or set `AWS_REGION`.'];
  assert.deepEqual(await complaints(loadText(MINIMAL)), missing);
  assert.deepEqual(await complaints(loadText(MINIMAL, { region: 'not a region' })), missing);
  assert.match(
    (await complaints(loadText(MINIMAL, { region: 'eu-west-1' })))[0]!,
    /is in us-east-1, but `region` is eu-west-1/,
  );
});

test('everything that is wrong is told at once, in the order of the file', async () => {
  const { code, message, hint } = await refusal(
    loadText(`app: shop
defaults:
  health: { timeout: 10 minutes }
environments:
  production:
    retires: { keep: 1 }
    ecs:
      region: us-east-1
      image: registry.example.com/shop:v1
      services: { blue: shop-blue, green: shop-green }
      listeners: [${LISTENER}]
    lock: { ttl: 30 }
  staging:
    docker: { engine: swarm, image: shop, service: web, port: 80, network: edge, proxy: { alias: { name: shop } } }
`),
  );
  assert.equal(code, 'config-invalid');
  assert.equal(
    message,
    `config has 6 problems:
  line 3: defaults.health.timeout is "10 minutes": write a whole number and a unit: \`500ms\`, \`30s\`, \`5m\` or \`1h\`.
  line 6: environments.production.retires is an unknown key: did you mean \`retire\`?
  line 7: environments.production.ecs.cluster is missing: write the name of the cluster, which has letters, digits, \`-\` and \`_\`.
  line 9: environments.production.ecs.image is "registry.example.com/shop:v1": write the repository only, without a tag, as in \`registry.example.com/shop\`.
  line 12: environments.production.lock.ttl is 30: add a unit, as in \`30s\`.
  line 14: environments.staging.docker.engine is "swarm", which is not supported yet: write \`compose\`.`,
  );
  assert.equal(hint, 'README: Config explains every key.');
});

test('one problem is one line', async () => {
  const { message } = await refusal(
    loadText(`${MINIMAL}    retire: { keep: -1 }\n`, { region: 'us-east-1' }),
  );
  assert.equal(
    message,
    'config, line 9: environments.production.retire.keep is -1: write a whole number of tasks or containers, or `all`.',
  );
});

test('an unknown environment: which there are', async () => {
  const { code, message } = await refusal(
    load().then(() => loadText(MINIMAL, { region: 'us-east-1', environment: 'prodcution' })),
  );
  assert.equal(code, 'environment-unknown');
  assert.equal(message, 'environment is "prodcution": config has `production`. Did you mean `production`?');
  for (const environment of ['__proto__', 'constructor', 'toString', '', 'x'.repeat(10_000)]) {
    const error = await refusal(loadText(MINIMAL, { region: 'us-east-1', environment }));
    assert.equal(error.code, 'environment-unknown');
    assert.ok(error.message.length < 200, error.message);
  }
});

const TOP: [string, string[]][] = [
  ['\n\n- a\n- b\n', ['the top level is a list: write a map of keys.']],
  ['# nothing\n# here\n', ['the top level is empty: write a map of keys.']],
  ['\nwords\nand words\n', ['the top level is "words and words": write a map of keys.']],
  [
    'app: 1.10\nenvironments:\n',
    [
      'app is 1.1: put it in quotes; write the name of the app: letters, digits, `.`, `-` and `_`, at most 64.',
      'environments is empty: write a map of environments.',
    ],
  ],
  ['app: a\nenvironments: {}\n', ['environments is empty: write at least one environment.']],
  ['app: a\nenvironments: [production]\n', ['environments is a list: write a map of environments.']],
  ['app: a\nenvironments:\n  production:\n', ['environments.production is empty: write a map of keys.']],
];
for (const [config, expected] of TOP)
  test(`top level ${JSON.stringify(config)}`, async () =>
    assert.deepEqual(await complaints(loadText(config)), expected));

test('keys at the wrong level', async () => {
  const valid = JSON.stringify(ecs);
  assert.deepEqual(
    await complaints(
      loadText(`app: shop
smoke: []
enviroments: {}
environments:
  production:
    ecs: ${valid}
    cluster: x
    ttl: 5m
    replicas: 2
    stabilize: { url: https://x.example.com }
`),
    ),
    [
      'smoke is an unknown key: move it to environments.<name>.smoke.',
      'enviroments is an unknown key: did you mean `environments`?',
      'cluster is an unknown key: move it to ecs.cluster.',
      'ttl is an unknown key: move it to lock.ttl.',
      'replicas is an unknown key: it belongs to `docker`, and this environment has `ecs`: remove it.',
      'stabilize.url is an unknown key: move it to url.',
    ],
  );
});

test('defaults that are no map', async () => {
  assert.deepEqual(await complaints(loadText(`${MINIMAL}defaults: [a]\n`, { region: 'us-east-1' })), [
    'defaults is a list: write a map of keys.',
  ]);
});

test('a mistake in the defaults is told once', async () => {
  assert.deepEqual(
    await complaints(
      loadText(
        `${MINIMAL}  staging:\n    ecs: { cluster: b, image: b, services: { blue: a, green: b }, listeners: [${LISTENER}] }\ndefaults: { locks: 1, lock: { ttl: 1s } }\n`,
        { region: 'us-east-1' },
      ),
    ),
    [
      'defaults.locks is an unknown key: did you mean `lock`?',
      'defaults.lock.ttl is "1s": write at least `30s`.',
    ],
  );
});
