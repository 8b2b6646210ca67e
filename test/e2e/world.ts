import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { type Load, type LoadOptions, type LoadResult, startLoad } from '../load/index.ts';
import { type BlueGreenApp, type BlueGreenAppOptions, blueGreenApp } from '../sandbox/blue-green-app.ts';
import type { ImageBehavior } from '../sandbox/contract.ts';
import { primaryOf } from '../sandbox/ecs/deployments.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.ts';
import { type ActionOptions, type ActionRun, runAction } from './runner.ts';

export interface WorldOptions {
  readonly app?: BlueGreenAppOptions;
  readonly sandbox?: SandboxOptions;
  /** Runs before there is anything in the sandbox. */
  readonly prepare?: (sandbox: Sandbox) => void;
  /** Images beyond v1 and v2, by tag. */
  readonly images?: Readonly<Record<string, ImageBehavior>>;
  /** Additions to the environment `production` of the config. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** No load where it would only slow the test down: nothing that users have is touched. Or another kind of it. */
  readonly load?: boolean | Omit<LoadOptions, 'url' | 'addresses'>;
}

/** A sandbox, an app under load on it, and the action, pointed at it. */
export interface World {
  readonly sandbox: Sandbox;
  readonly app: BlueGreenApp;
  /** The whole config file, as the input `config` takes it. */
  readonly config: string;
  /** What leads the action here. */
  readonly env: Readonly<Record<string, string>>;
  act(inputs: Record<string, string>, options?: Partial<ActionOptions>): Promise<ActionRun>;
  /** Ends the load and says what users saw; asserts that no request failed. */
  usersSaw(): Promise<LoadResult>;
  /** The same of releases that fail: asserts nothing. */
  usersMet(): Promise<LoadResult>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Users' name for the app: two load-balancer nodes, which follow a change at different times. */
const HOST = 'shop.sandbox';
const HOSTS_MODULE = resolve(import.meta.dirname, '../hosts.mjs');

/**
 * On a machine that has no time for the sandbox, requests that go on coming at the same rate would pile up until all of
 * them time out, long after it has time again. Otherwise about six are in flight.
 */
export const PATIENT = { mostInFlight: 60 };

/**
 * Users of a test that asks for no rate: on each of the two nodes one every 40 ms, which is more than once in an AWS
 * second, besides slow requests and resting connections. Nodes follow a change after 100 to 400 ms; what fails for less
 * than 40 ms is met by chance. Each request takes about 2 ms of CPU here, which what runs beside it lacks.
 */
export const USERS = { ...PATIENT, ratePerSecond: 50 };

/** What keeps tests short, in the sandbox's time of a twentieth. Deadlines stay long: machines are noisy. */
const PACE = {
  health: { timeout: '40s', interval: '200ms' },
  stabilize: { for: '1s', interval: '250ms' },
  retire: { drain: '500ms' },
};

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const sandbox = await startSandbox(options.sandbox);
  options.prepare?.(sandbox);
  const app = await blueGreenApp(sandbox, options.app);
  for (const [tag, behavior] of Object.entries(options.images ?? {}))
    sandbox.addImage(app.image(tag), behavior);
  const addresses = app.urls.map((url) => new URL(url).hostname);
  const url = new URL(app.url);
  url.hostname = HOST;
  const base = url.origin;
  const load: Load | undefined =
    options.load === false
      ? undefined
      : await startLoad({
          ...(typeof options.load === 'object' ? { ...PATIENT, ...options.load } : USERS),
          url: base,
          addresses,
        });
  let stopped: LoadResult | undefined;
  const config = configFor(app, sandbox, base, options.config ?? {});
  const env = {
    ...sandbox.env,
    NODE_OPTIONS: `--import ${HOSTS_MODULE}`,
    SANDBOX_HOSTS: `${HOST}=${addresses.join(',')}`,
  };
  const usersMet = async () => {
    if (load === undefined) throw new Error('There is no load in this world');
    stopped = await load.stop();
    return stopped;
  };
  return {
    sandbox,
    app,
    config,
    env,
    usersMet,
    act: (inputs, more = {}) =>
      runAction({
        ...more,
        inputs: { environment: 'production', config, ...inputs },
        env: { ...env, ...more.env },
      }),
    async usersSaw() {
      const result = await usersMet();
      assert.equal(result.failed, 0, `users saw failures: ${JSON.stringify(result.failures.slice(0, 5))}`);
      assert.ok(result.requests > 20, `only ${result.requests} requests`);
      return result;
    },
    async [Symbol.asyncDispose]() {
      if (stopped === undefined) await load?.stop().catch(() => {});
      await sandbox.close();
    },
  };
}

/** JSON is YAML; more than one line makes it a config and not a path. */
function configFor(
  app: BlueGreenApp,
  sandbox: Sandbox,
  url: string,
  additions: Record<string, unknown>,
): string {
  const { ecs = {}, ...others } = additions as { ecs?: Record<string, unknown> };
  return JSON.stringify(
    {
      app: app.app,
      environments: {
        production: {
          url,
          ecs: {
            region: sandbox.region,
            cluster: app.cluster,
            image: app.repository,
            services: app.services,
            listeners: [app.listener],
            // The nodes of the sandbox follow within 8 AWS seconds, which are 0.4 s here.
            propagation: '1s',
            ...ecs,
          },
          ...PACE,
          ...others,
        },
      },
    },
    null,
    1,
  );
}

/** The revision that a color's service is set to. */
export const revisionOn = ({ app }: World, color: 'blue' | 'green'): string =>
  primaryOf(app.service(color)).taskDefinition;

/** That nothing stays behind: no rule, no journal, all traffic on one color. */
export async function assertClean({ app }: World, live: 'blue' | 'green'): Promise<void> {
  const idle = live === 'blue' ? 'green' : 'blue';
  assert.deepEqual(app.weights(), { [live]: 100, [idle]: 0 });
  assert.deepEqual(await app.rules(), [], 'the preview rule, which is the lock, is gone');
  for (const color of ['blue', 'green'] as const) {
    const keys = app.service(color).tags.map(({ key = '' }) => key);
    const left = keys.filter((key) => key.startsWith('blue-green:journal'));
    assert.deepEqual(left, [], `the journal on ${color} is gone`);
  }
}
