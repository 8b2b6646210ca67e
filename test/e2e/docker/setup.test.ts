import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Engine, startEngine } from '../../docker/lab/engine.ts';
import { buildApp, IMAGES, loadImage } from '../../docker/lab/images.ts';
import { docker as parts } from '../../docker/lab/parts.ts';
import { freePort } from '../../docker/lab/registry.ts';
import { type Change, tapEngine } from '../../docker/lab/tap.ts';
import { until } from '../../docker/lab/until.ts';
import { type ActionOptions, type ActionRun, runAction } from '../runner.ts';

// One engine on which nothing is but images, as a new host; each scenario has an app, a network and a proxy of its own.

const skip = parts.skip;
const ENVIRONMENT = 'production';
const PORT = 3000;

let engine: Engine;
if (skip === false) {
  engine = await startEngine();
  await loadImage(engine, 'app');
  await loadImage(engine, 'haproxy');
  await loadImage(engine, 'caddy');
  await buildApp(engine, 'acme/shop:v1');
  await buildApp(engine, 'acme/shop:v2');
}
after(() => engine?.close());

interface Host {
  readonly app: string;
  readonly network: string;
  readonly edge: string;
  readonly url: string;
  /** Additions to the config's `docker.proxy.<kind>`. */
  proxy(additions?: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  act(operation: string, options?: ActOptions): Promise<ActionRun>;
  /** Who answers users. */
  version(): Promise<string>;
}

interface ActOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly proxy?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly onStart?: ActionOptions['onStart'];
}

/** A config for a host that has nothing of it yet. */
async function newHost(name: string, kind: 'haproxy' | 'caddy' | 'alias'): Promise<Host> {
  const app = `shop-${name}`;
  const network = `net-${name}`;
  const edge = `edge-${name}`;
  const [port, admin] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const workspace = join(engine.folder, name);
  mkdirSync(workspace);
  writeFileSync(
    join(workspace, 'compose.yml'),
    `services:
  web:
    image: \${IMAGE}
    pull_policy: never
    environment: { COLOR: '\${COLOR}' }
    networks: [${network}]
networks:
  ${network}: { external: true }
`,
  );
  const proxy: Host['proxy'] = (additions = {}) => {
    const settings = {
      haproxy: {
        socket: join(engine.folder, 'files', name, 'admin.sock'),
        map: '/maps/active.map',
        container: edge,
      },
      caddy: { flags: '/flags', container: edge, admin: `http://127.0.0.1:${admin}` },
      alias: { name: app, 'dns-ttl': '1s' },
    }[kind];
    return { [kind]: { ...settings, ...additions } };
  };
  return {
    app,
    network,
    edge,
    url,
    proxy,
    act(operation, options = {}) {
      const environment = {
        url,
        docker: {
          image: 'acme/shop',
          compose: 'compose.yml',
          service: 'web',
          port: PORT,
          network,
          proxy: options.proxy ?? proxy(),
        },
        health: { path: '/health', interval: '100ms', timeout: '60s' },
        stabilize: { for: '1s', interval: '250ms' },
        retire: { drain: '1s' },
      };
      return runAction({
        workspace,
        inputs: {
          operation,
          environment: ENVIRONMENT,
          config: JSON.stringify({ app, environments: { [ENVIRONMENT]: environment } }, null, 1),
          ...options.inputs,
        },
        env: {
          ...engine.env,
          HAPROXY_IMAGE: IMAGES.haproxy,
          CADDY_IMAGE: IMAGES.caddy,
          ...options.env,
        },
        ...(options.onStart && { onStart: options.onStart }),
      });
    },
    version: async () =>
      String(
        ((await (await fetch(url, { headers: { connection: 'close' } })).json()) as { version: string })
          .version,
      ),
  };
}

/** All that setup could have made for a host, and nothing else of the engine's. */
async function thingsOf({ app, network, edge }: Host): Promise<string[]> {
  const lists = [
    await engine.docker(['ps', '--all', '--format', '{{.Names}} {{.ID}} {{.State}}']),
    await engine.docker(['network', 'ls', '--format', '{{.Name}} {{.ID}}']),
    await engine.docker(['volume', 'ls', '--format', '{{.Name}}']),
  ];
  return lists
    .flatMap((text) => text.split('\n'))
    .filter((line) => [app, network, edge].some((name) => line.startsWith(name)))
    .toSorted();
}

const succeeded = (run: ActionRun) => assert.equal(run.exitCode, 0, run.log);
function failed(run: ActionRun, ...expected: readonly RegExp[]): void {
  assert.equal(run.exitCode, 1, run.log);
  for (const one of expected) assert.match(run.log, one);
}

/** As a runner that is lost right before, or right after, a change to the engine, whose path and body are given. */
async function killedAt(
  host: Host,
  moment: 'before' | 'after',
  path: string | RegExp,
  body: RegExp = /^/,
): Promise<void> {
  let kill = () => {};
  await using tap = await tapEngine(engine);
  const isIt = (change: Change) =>
    (typeof path === 'string' ? change.path === path : path.test(change.path)) && body.test(change.body);
  tap.watch(
    (change) => (isIt(change) ? moment : undefined),
    () => kill(),
  );
  const run = await host.act('setup', {
    env: { DOCKER_HOST: tap.host },
    onStart: (handle) => {
      kill = handle.kill;
    },
  });
  assert.equal(run.exitCode, null, `it was not killed at ${path}:\n${run.log}`);
  // That a lock runs out is not what is tested here.
  await engine.docker(['rm', '--force', '--volumes', `${host.app}-${ENVIRONMENT}-lock`]);
}

for (const kind of ['haproxy', 'caddy'] as const)
  test(`setup makes a network and ${kind} where there is nothing, changes nothing the second time, and the first release is reached through it`, {
    skip,
  }, async () => {
    const host = await newHost(kind, kind);
    const first = await host.act('setup');
    succeeded(first);
    assert.match(first.log, new RegExp(`Made network ${host.network}, proxy ${host.edge}`));

    const made = await thingsOf(host);
    assert.ok(
      made.some((line) => line.startsWith(`${host.edge} `) && line.endsWith(' running')),
      made.join(),
    );
    const second = await host.act('setup');
    succeeded(second);
    assert.equal(second.outputs['result'], 'unchanged');
    assert.deepEqual(await thingsOf(host), made, 'nothing was made anew, no lock is left');

    succeeded(await host.act('deploy', { inputs: { 'image-tag': 'v1' } }));
    assert.equal(await host.version(), 'v1');

    // Users are on green. Whoever loses the proxy's container still has its volumes, which say so.
    await engine.docker(['rm', '--force', host.edge]);
    succeeded(await host.act('setup'));
    assert.equal(await until('an answer', () => host.version().catch(() => undefined)), 'v1');
  });

test('setup makes the network of an alias with a subnet of its own, and the first release answers to the alias', {
  skip,
}, async () => {
  const host = await newHost('alias', 'alias');
  // The subnet is known, the network is not there yet.
  await killedAt(host, 'before', '/networks/create', /"Subnet"/);
  assert.deepEqual(await thingsOf(host), []);
  // Not even known.
  await killedAt(host, 'after', '/networks/create', new RegExp(`"${host.network}-setup"`));
  succeeded(await host.act('setup'));
  const made = await thingsOf(host);
  assert.deepEqual(
    made.map((line) => line.split(' ')[0]),
    [host.network],
  );
  assert.equal((await host.act('setup')).outputs['result'], 'unchanged');
  assert.deepEqual(await thingsOf(host), made);

  succeeded(await host.act('deploy', { inputs: { 'image-tag': 'v1' } }));
  const green = await engine.inspect(`${host.app}-${ENVIRONMENT}-green-web-1`);
  assert.ok(green.NetworkSettings.Networks[host.network].Aliases.includes(host.app));
});

for (const kind of ['haproxy', 'caddy'] as const)
  test(`a setup of ${kind} that died before the proxy was started is finished by the next one`, {
    skip,
  }, async () => {
    const host = await newHost(`${kind}-killed`, kind);
    await killedAt(host, 'before', new RegExp(`^/containers/create\\?.*\\b${host.edge}\\b`));
    // Its container is there, without a configuration.
    await killedAt(host, 'before', new RegExp(`^/containers/${host.edge}/archive`));
    assert.equal((await engine.inspect(host.edge)).State.Status, 'created');
    await killedAt(host, 'before', `/containers/${host.edge}/start`);
    const run = await host.act('setup', { env: { HEALTH_HOST: 'shop.example.com' } });
    succeeded(run);
    assert.match(run.log, new RegExp(`Made proxy ${host.edge}`));
    const { Config, State } = await engine.inspect(host.edge);
    assert.equal(State.Status, 'running');
    if (kind === 'haproxy') {
      assert.ok(Config.Env.includes('HEALTH_HOST=shop.example.com'), 'what only the job’s env knows');
      assert.ok(Config.Env.includes('HEALTH_PATH=/health'));
    }
    // Nobody is behind it yet.
    assert.ok([502, 503].includes((await fetch(host.url)).status));
  });

test('setup refuses settings that the proxy of the examples would not have, and makes nothing', {
  skip,
}, async () => {
  for (const [kind, additions, named] of [
    ['haproxy', { backends: { blue: 'one', green: 'two' } }, /other settings than yours: backends\./],
    ['haproxy', { socket: 'tcp://127.0.0.1:9999' }, /socket \(it is a path that ends in \/admin\.sock/],
    ['caddy', { flags: '/srv/flags' }, /flags \(they are in \/flags there\)/],
    ['caddy', { admin: 'http://10.0.0.5:2019' }, /admin \(it is on http:\/\/127\.0\.0\.1 there\)/],
  ] as const) {
    const host = await newHost(`custom-${Object.keys(additions)[0]}`, kind);
    failed(
      await host.act('setup', { proxy: host.proxy(additions) }),
      named,
      /make the proxy yourself after examples/,
    );
    assert.deepEqual(await thingsOf(host), []);
  }
});

test('setup says what to do when the image of the proxy can’t be had or its port is taken, and goes on afterwards', {
  skip,
}, async () => {
  const host = await newHost('hindered', 'haproxy');
  failed(
    await host.act('setup', { env: { HAPROXY_IMAGE: '127.0.0.1:9/acme/haproxy:3.0' } }),
    /127\.0\.0\.1:9\/acme\/haproxy:3\.0/,
    /Set HAPROXY_IMAGE in the `env:` of the job/,
  );
  const taken = await newHost('taking', 'caddy');
  succeeded(await taken.act('setup'));
  const port = new URL(taken.url).port;
  failed(await host.act('setup', { env: { HTTP_PORT: port } }), /finds its port taken/, /set HTTP_PORT/);
  succeeded(await host.act('setup'));
  assert.equal((await fetch(host.url)).status, 503);
});

test('setup leaves a container of the user’s alone, and tells why a deployment would not take it', {
  skip,
}, async () => {
  const host = await newHost('own', 'haproxy');
  await engine.docker(['create', '--name', host.edge, IMAGES.app]);
  const before = (await thingsOf(host)).filter((line) => line.startsWith(host.edge));
  failed(await host.act('setup'), /The proxy’s container edge-own is created, not running/);
  assert.deepEqual(
    (await thingsOf(host)).filter((line) => line.startsWith(host.edge)),
    before,
  );
});
