import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { type Load, type LoadResult, startLoad } from '../load/index.ts';
import type { ImageBehavior } from '../sandbox/contract.ts';
import { primaryOf } from '../sandbox/ecs/deployments.ts';
import { type NativeApp, type NativeAppOptions, nativeApp } from '../sandbox/native-app.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.ts';
import { type ActionOptions, type ActionRun, runAction } from './runner.ts';
import { USERS } from './world.ts';

export interface NativeWorldOptions {
  readonly app?: NativeAppOptions;
  readonly sandbox?: SandboxOptions;
  /** Runs before there is anything in the sandbox. */
  readonly prepare?: (sandbox: Sandbox) => Promise<void>;
  /** Images beyond v1, v2 and v3, by tag. */
  readonly images?: Readonly<Record<string, ImageBehavior>>;
  /** Additions to the environment `production` of the config. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly load?: boolean;
}

/** A sandbox with a service that ECS itself deploys blue/green, under load, and the action, pointed at it. */
export interface NativeWorld {
  readonly sandbox: Sandbox;
  readonly app: NativeApp;
  act(inputs: Record<string, string>, options?: Partial<ActionOptions>): Promise<ActionRun>;
  /** Ends the load and says what users saw; asserts that no request failed. */
  usersSaw(): Promise<LoadResult>;
  [Symbol.asyncDispose](): Promise<void>;
}

const HOST = 'shop.sandbox';
const HOSTS_MODULE = resolve(import.meta.dirname, '../hosts.mjs');

/** A hook at which ECS waits until it is told to go on. */
export const PAUSE = (...lifecycleStages: string[]) => ({
  lifecycleHooks: [{ targetType: 'PAUSE' as const, lifecycleStages: lifecycleStages as never[] }],
});

export async function startNativeWorld(options: NativeWorldOptions = {}): Promise<NativeWorld> {
  const sandbox = await startSandbox(options.sandbox);
  await options.prepare?.(sandbox);
  const app = await nativeApp(sandbox, options.app);
  for (const [tag, behavior] of Object.entries(options.images ?? {}))
    sandbox.addImage(app.image(tag), behavior);
  const addresses = app.urls.map((url) => new URL(url).hostname);
  const url = new URL(app.urls[0]!);
  url.hostname = HOST;
  const load: Load | undefined =
    options.load === false ? undefined : await startLoad({ ...USERS, url: url.origin, addresses });
  let stopped: LoadResult | undefined;
  const config = JSON.stringify(
    {
      app: app.app,
      environments: {
        production: {
          url: url.origin,
          ecs: {
            region: sandbox.region,
            cluster: app.cluster,
            image: app.repository,
            services: { native: app.service },
            propagation: '1s',
          },
          health: { timeout: '40s', interval: '200ms' },
          stabilize: { interval: '250ms' },
          ...options.config,
        },
      },
    },
    null,
    1,
  );
  const env = {
    ...sandbox.env,
    NODE_OPTIONS: `--import ${HOSTS_MODULE}`,
    SANDBOX_HOSTS: `${HOST}=${addresses.join(',')}`,
  };
  return {
    sandbox,
    app,
    act: (inputs, more = {}) =>
      runAction({
        ...more,
        inputs: { environment: 'production', config, ...inputs },
        env: { ...env, ...more.env },
      }),
    async usersSaw() {
      if (load === undefined) throw new Error('There is no load in this world');
      stopped = await load.stop();
      assert.equal(stopped.failed, 0, `users saw failures: ${JSON.stringify(stopped.failures.slice(0, 5))}`);
      assert.ok(stopped.requests > 20, `only ${stopped.requests} requests`);
      return stopped;
    },
    async [Symbol.asyncDispose]() {
      if (stopped === undefined) await load?.stop().catch(() => {});
      await sandbox.close();
    },
  };
}

/** That nothing stays behind: no lock, no journal, nothing under way, all traffic and tasks on one release. */
export async function assertSettled(
  { app }: NativeWorld,
  live: 'blue' | 'green',
  tag: string,
): Promise<void> {
  const idle = live === 'blue' ? 'green' : 'blue';
  assert.deepEqual(app.weights(), { [live]: 100, [idle]: 0 });
  assert.ok(app.rollout().finishedAt, `nothing is under way: ${app.rollout().status}`);
  assert.deepEqual(await app.locks(), [], 'the lock is gone');
  const left = app.record().tags.filter(({ key = '' }) => key.startsWith('blue-green:journal'));
  assert.deepEqual(left, [], 'the journal is gone');
  assert.equal(app.tasks(tag).length, app.record().desiredCount);
  const definition = primaryOf(app.record()).taskDefinition;
  for (const { start } of app.tasks(tag)) assert.equal(start.definition.arn, definition);
}
