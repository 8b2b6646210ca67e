import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ActionOptions, type ActionRun, runAction } from '../../e2e/runner.ts';
import type { Load, LoadOptions, LoadResult } from '../../load/index.ts';
import { type Engine, startEngine } from './engine.ts';
import { buildApp } from './images.ts';
import { startUsers } from './load.ts';
import { APP, addressOf, EDGE, ENVIRONMENT, NETWORK, PORT, type ProxyKind, startProxy } from './proxies.ts';
import { type Registry, startRegistry } from './registry.ts';
import { until } from './until.ts';

export type Color = 'blue' | 'green';

export interface DockerWorldOptions {
  readonly proxy: ProxyKind;
  /** Images beyond v1 and v2, by tag: what test/sandbox/app/app.ts reads. */
  readonly images?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Additions to the environment `production` of the config; `docker` in it to that section. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The user's compose.yml; COMPOSE when absent. */
  readonly compose?: string;
}

/** A Docker host with a proxy, a registry, and a user's repository with a Compose file; and the action. */
export interface DockerWorld extends AsyncDisposable {
  readonly engine: Engine;
  readonly registry: Registry;
  /** Where users go: a port of this machine. */
  readonly url: string;
  /** The checked-out repository. */
  readonly workspace: string;
  /** The config file, as the input `config` takes it. */
  readonly config: string;
  /** The repository of the app's images, without a tag. */
  readonly image: string;
  /** A further version of the app, in the registry. */
  publish(tag: string, environment?: Readonly<Record<string, string>>): Promise<void>;
  act(inputs: Record<string, string>, options?: Partial<ActionOptions>): Promise<ActionRun>;
  /** Lets the users come; from then on somebody answers. As many and of all kinds as load.ts says, but for `options`. */
  startUsers(options?: Partial<LoadOptions>): Promise<Load>;
  /** Ends the load and says what users saw; asserts that no request failed. */
  usersSaw(): Promise<LoadResult>;
  /** The containers of a color, running or not, by name. */
  containers(color: Color): Promise<readonly Container[]>;
  /** What the proxy leads to: asked as a user would. */
  answer(): Promise<{ readonly version: string; readonly color: string; readonly task: string }>;
  /** That nothing stays behind but the live color, which runs, and a parked one, which does not. */
  assertClean(live: Color): Promise<void>;
}

export interface Container {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** `running`, `exited`, `created` ... */
  readonly state: string;
}

/** A service for the traffic, and another that comes along. */
export const COMPOSE = `services:
  web:
    image: \${IMAGE}
    environment:
      COLOR: \${COLOR}
      PORT: ${PORT}
    networks: [${NETWORK}]
    stop_grace_period: 10s
  worker:
    image: \${IMAGE}
    environment:
      COLOR: \${COLOR}
      # Listens nowhere.
      PORT: ''
networks:
  ${NETWORK}:
    external: true
`;

/** What keeps tests short. Deadlines stay long: machines are noisy. The drain is longer than the slowest request. */
const PACE = {
  health: { path: '/health', timeout: '60s', interval: '100ms' },
  stabilize: { for: '1s', interval: '250ms' },
  retire: { drain: '4500ms' },
};

export async function startDockerWorld(options: DockerWorldOptions): Promise<DockerWorld> {
  const engine = await startEngine();
  try {
    return await furnish(engine, options);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function furnish(engine: Engine, options: DockerWorldOptions): Promise<DockerWorld> {
  const registry = await startRegistry(engine);
  // With a subnet of its own, as `alias` wants it.
  await engine.docker(['network', 'create', '--subnet', engine.subnet(), NETWORK]);
  const proxy = await startProxy(engine, options.proxy);
  const publish = async (tag: string, environment: Readonly<Record<string, string>> = {}) => {
    // A deployment has to fetch it.
    const built = await buildApp(engine, `${registry.host}/${APP}:${tag}`, environment);
    await engine.docker(['push', '--quiet', built]);
    await engine.docker(['rmi', built]);
  };
  await Promise.all(
    Object.entries({ v1: {}, v2: {}, ...options.images }).map(([tag, environment]) =>
      publish(tag, environment),
    ),
  );
  const workspace = join(engine.folder, 'workspace');
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'compose.yml'), options.compose ?? COMPOSE);
  const image = `${registry.host}/${APP}`;
  const config = configFor(image, proxy.url, proxy.config, options.config ?? {});
  let load: Load | undefined;
  const world: DockerWorld = {
    engine,
    registry,
    url: proxy.url,
    workspace,
    config,
    image,
    publish,
    act: (inputs, more = {}) =>
      runAction({
        workspace,
        ...more,
        inputs: { environment: ENVIRONMENT, config, ...inputs },
        env: { ...engine.env, ...more.env },
      }),
    async startUsers(more) {
      await load?.stop().catch(() => {});
      await until('an answer of the app', () =>
        fetch(`${proxy.url}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      );
      load = await startUsers(options.proxy, await addressOf(engine), more);
      return load;
    },
    async usersSaw() {
      if (load === undefined) throw new Error('There is no load in this world');
      const result = await load.stop();
      assert.equal(result.failed, 0, `users saw failures: ${JSON.stringify(result.failures.slice(0, 5))}`);
      assert.equal(result.cutShort, false, 'they stayed to the end');
      assert.ok(result.requests > 100, `only ${result.requests} requests`);
      return result;
    },
    containers: (color) => containersOf(engine, color),
    answer: () => answerOf(proxy.url),
    assertClean: (live) => assertClean(engine, live),
    async [Symbol.asyncDispose]() {
      await load?.stop().catch(() => {});
      await registry[Symbol.asyncDispose]();
      await engine.close();
    },
  };
  return world;
}

/** On a connection of its own: HAProxy closes idle ones when it reloads, and `fetch` would use one again. */
async function answerOf(url: string): ReturnType<DockerWorld['answer']> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false, signal: AbortSignal.timeout(30_000) }, resolve).on('error', reject);
  });
  return JSON.parse(await text(response));
}

/** JSON is YAML; more than one line makes it a config and not a path. */
function configFor(
  image: string,
  url: string,
  proxy: Readonly<Record<string, unknown>>,
  additions: Readonly<Record<string, unknown>>,
): string {
  const { docker = {}, ...others } = additions as { docker?: Record<string, unknown> };
  const section = {
    image,
    compose: 'compose.yml',
    service: 'web',
    port: PORT,
    replicas: 2,
    network: NETWORK,
    proxy,
    ...docker,
  };
  const environment = { url, docker: section, ...PACE, ...others };
  return JSON.stringify({ app: APP, environments: { [ENVIRONMENT]: environment } }, null, 1);
}

export const projectOf = (color: Color): string => `${APP}-${ENVIRONMENT}-${color}`;

const containersOf = async (engine: Engine, color: Color): Promise<readonly Container[]> =>
  (await allContainers(engine)).filter(({ project }) => project === projectOf(color));

async function allContainers(engine: Engine): Promise<readonly (Container & { readonly project: string })[]> {
  const label = (name: string) => `{{.Label "com.docker.compose.${name}"}}`;
  const fields = ['{{.ID}}', '{{.Names}}', '{{.State}}', label('project'), label('service')];
  const text = await engine.docker(['ps', '--all', '--no-trunc', '--format', fields.join(' ')]);
  const lines = text === '' ? [] : text.split('\n');
  return lines
    .map((line) => {
      const [id = '', name = '', state = '', project = '', service = ''] = line.split(' ');
      return { id, name, state, project, service };
    })
    .sort((one, other) => one.name.localeCompare(other.name));
}

async function assertClean(engine: Engine, live: Color): Promise<void> {
  const [all, journal] = await Promise.all([
    allContainers(engine),
    engine.docker(['volume', 'ls', '--quiet', '--filter', 'label=blue-green.journal.app']),
  ]);
  const of = (color: Color) => all.filter(({ project }) => project === projectOf(color));
  const [running, parked] = [of(live), of(live === 'blue' ? 'green' : 'blue')];
  assert.ok(running.length > 0, `containers on ${live}`);
  assert.deepEqual(
    running.filter(({ state }) => state !== 'running'),
    [],
    `all of ${live} run`,
  );
  // One that was made again after a refused release has not been started since.
  assert.deepEqual(
    parked.filter(({ state }) => state !== 'exited' && state !== 'created'),
    [],
    `none of the other color runs`,
  );
  const known = new Set([EDGE, ...running.map(({ name }) => name), ...parked.map(({ name }) => name)]);
  assert.deepEqual(
    all.map(({ name }) => name).filter((name) => !known.has(name)),
    [],
    'no lock, stash or helper is left',
  );
  assert.equal(journal, '', 'no journal is left');
}
