import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DockerCli } from '../../src/target/docker/docker-cli.ts';
import { ContainerHealth, type HealthOptions } from '../../src/target/docker/health.ts';
import type { DockerHost } from '../../src/target/docker/host.ts';
import { Lifecycle } from '../../src/target/docker/lifecycle.ts';
import { StashContainer } from '../../src/target/docker/stash-container.ts';
import { type Health, TransientError } from '../../src/target/target.ts';
import { composeProjects, SCOPE, SETTINGS, type Services } from './compose-project.ts';
import { cliOf, hostOf } from './host.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { buildApp, loadImage } from './lab/images.ts';
import { docker } from './lab/parts.ts';

const RELEASE = { id: '111111111111', image: 'shop:v1' };
/** Nothing here is timed: this is how long a test looks before it says that something never came. */
const PATIENCE_MS = 60_000;

describe('the health of a color’s containers', { skip: docker.skip }, () => {
  let engine: Engine;
  let cli: DockerCli;
  let life: Lifecycle;
  let services: Services;
  before(async () => {
    engine = await startEngine();
    await loadImage(engine, 'app');
    await buildApp(engine, 'shop:v1');
    await engine.docker(['network', 'create', 'edge']);
    cli = cliOf(engine);
    life = new Lifecycle({
      docker: cli,
      stash: new StashContainer({ docker: cli, ...SCOPE }),
      projects: composeProjects(engine, () => ({ services })),
      progress: () => {},
      healthTimeoutMs: 60_000,
      signal: new AbortController().signal,
      ...SCOPE,
      settings: SETTINGS,
    });
  });
  after(() => engine.close());
  afterEach(async () => {
    const ids = (await engine.docker(['ps', '-aq'])).split('\n').filter(Boolean);
    if (ids.length > 0) await engine.docker(['rm', '-fv', ...ids]);
  });

  const web = (environment: Record<string, string> = {}, more: Record<string, unknown> = {}): Services => ({
    web: { image: 'shop:v1', networks: ['edge'], environment, ...more },
  });
  const watcher = (more: Partial<HealthOptions> = {}) =>
    new ContainerHealth({
      docker: cli,
      host: hostOf(engine),
      proxy: { ready: (_, instances) => Promise.resolve({ ready: instances.length, detail: '' }) },
      path: '/health',
      ...SCOPE,
      settings: SETTINGS,
      ...more,
    });
  async function start(
    count: number,
    own: Services,
    more?: Partial<HealthOptions>,
  ): Promise<ContainerHealth> {
    services = own;
    await life.start('green', RELEASE, count, { warm: false });
    const health = watcher(more);
    await health.started('green', count);
    return health;
  }
  async function until(health: ContainerHealth, isIt: (seen: Health) => boolean): Promise<Health> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const seen = await health.look('green');
      if (isIt(seen)) return seen;
      assert.ok(seen.failure === undefined && Date.now() < end, JSON.stringify(seen, undefined, 1));
      await delay(50);
    }
  }
  const putCat = (container: string) =>
    engine.docker(['cp', join(docker.get().root, 'usr/bin/busybox'), `${container}:/bin/cat`]);
  const failed = async (health: ContainerHealth) =>
    (await until(health, (one) => one.failure !== undefined)).failure!;

  test('healthy is who answers, all of them, and other services may have done their work', async () => {
    const health = await start(2, {
      ...web({ BOOT_MS: '600' }),
      seed: { image: 'shop:v1', environment: { PORT: '', EXIT_AT_START: '0' } },
      db: { image: 'shop:v1' },
    });
    const first = await health.look('green');
    assert.equal(first.wanted, 2);
    const last = await until(health, ({ ready }) => ready === 2);
    assert.equal(last.detail, '2 of 2 healthy');
    await engine.docker(['rm', 'shop-production-green-seed-1']);
    assert.equal((await health.look('green')).ready, 2, 'a job that is done may be cleared away');
    // A process that comes later knows them by their release.
    const found = await watcher().look('green');
    assert.deepEqual({ ready: found.ready, wanted: found.wanted }, { ready: 2, wanted: 2 });
    // And without a path, a connection is enough.
    assert.equal((await watcher({ path: undefined }).look('green')).ready, 2);
    // More than there are.
    const more = watcher();
    await more.started('green', 3);
    const { ready, wanted } = await more.look('green');
    assert.deepEqual({ ready, wanted }, { ready: 2, wanted: 3 });
  });

  test('an answer that is none of health is no verdict, but is told once patience is over', async () => {
    const health = await start(1, web({ HEALTH: 'status:503' }));
    const seen = await until(health, ({ detail }) => detail.includes('503'));
    assert.equal(seen.failure, undefined);
    assert.match(seen.detail, /^0 of 1 healthy; 1 GET \/health answered 503/);
    const failure = await health.diagnose('green');
    assert.match(
      failure!.reason,
      /says that it is not healthy: shop-production-green-web-1: GET \/health answered 503/,
    );
    assert.ok(
      failure!.details.some((line) => /^ {2}listening/.test(line)),
      failure!.details.join('\n'),
    );
  });

  test('an end at the start is a failure at once, with its code and its last words', async () => {
    const health = await start(2, web({ EXIT_AT_START: '3' }));
    const failure = await failed(health);
    assert.match(failure.reason, /ended by itself: shop-production-green-web-\d exited with code 3$/);
    assert.ok(failure.details.includes('  cannot start: EXIT_AT_START is 3'), failure.details.join('\n'));
    assert.ok(failure.hint);
    const { failure: again } = await watcher().look('green');
    assert.match(again!.reason, /exited with code 3/);
  });

  test('an end with 0 is an end, for who should serve users', async () => {
    const health = await start(1, web({ EXIT_AT_START: '0' }));
    assert.match((await failed(health)).reason, /exited with code 0/);
  });

  test('out of memory says so, and the limit', async () => {
    const health = await start(1, web({ OOM: '300' }, { mem_limit: '96m', memswap_limit: '96m' }));
    const failure = await failed(health);
    assert.match(
      failure.reason,
      /took more memory than it may: shop-production-green-web-1 exited with code 137 \(out of memory, its limit is 96 MiB\)/,
    );
    assert.match(failure.hint!, /memory/);
  });

  test('another service that ends badly fails the release, and one that is not ready holds it back', async () => {
    const sick = {
      test: ['CMD', 'node', '-e', 'console.log("no table"); process.exit(1)'],
      interval: '300ms',
      retries: 1,
    };
    const held = await start(1, { ...web(), db: { image: 'shop:v1', healthcheck: sick } });
    const seen = await until(held, ({ detail }) => detail.includes('unhealthy'));
    assert.equal(seen.ready, 0);
    const diagnosis = await held.diagnose('green');
    assert.match(
      diagnosis!.reason,
      /own health check fails: shop-production-green-db-1.*unhealthy.*no table/,
    );

    const health = await start(1, {
      ...web(),
      db: { image: 'shop:v1', environment: { CRASH_AFTER_MS: '200', EXIT_CODE: '9' } },
    });
    assert.match((await failed(health)).reason, /shop-production-green-db-1 exited with code 9/);
  });

  test('a health check of Docker’s is obeyed for who takes the traffic', async () => {
    const slow = {
      test: ['CMD', 'node', '-e', 'process.exit(Math.floor(process.uptime()))'],
      interval: '1500ms',
    };
    const health = await start(1, web({}, { healthcheck: slow }));
    const starting = await until(health, ({ detail }) => detail.includes('starting'));
    assert.equal(starting.ready, 0);
    await until(health, ({ ready }) => ready === 1);
  });

  test('where the application listens instead is told', async () => {
    const elsewhere = await start(1, web({ LISTEN_PORT: '8080' }));
    await until(elsewhere, ({ detail }) => detail.includes('refused'));
    // Where the kernel's tables can't be read from here, `cat` in the container reads them.
    await putCat('shop-production-green-web-1');
    const listens = async (health: ContainerHealth, address: string) => {
      for (const end = Date.now() + PATIENCE_MS; ; await delay(50)) {
        await health.look('green');
        const failure = await health.diagnose('green');
        if (failure!.reason.includes(address)) return failure!;
        assert.ok(Date.now() < end, JSON.stringify(failure));
      }
    };
    const other = await listens(elsewhere, ':8080');
    assert.match(
      other.reason,
      /listens on another port than docker\.port: .*web-1 listens on 0\.0\.0\.0:8080$/,
    );
    const inside = await start(1, web({ ADDRESS: '127.0.0.1' }));
    await putCat('shop-production-green-web-1');
    const local = await listens(inside, '127.0.0.1:3000');
    assert.match(local.reason, /only for connections from inside/);
  });

  test('a restart of a live release is seen, with the code that only the events know', async () => {
    const health = await start(1, web({ CRASH_AFTER_MS: '2500', EXIT_CODE: '7' }, { restart: 'always' }));
    await until(health, ({ ready }) => ready === 1);
    await life.live('green');
    const failure = await failed(health);
    assert.match(failure.reason, /shop-production-green-web-1 was restarted, as it exited with code 7/);
  });

  describe('a service that Docker is to keep running', () => {
    const name = 'shop-production-green-worker-1';
    const code = "process.on('SIGTERM', () => process.exit(0)).on('SIGUSR2', () => process.exit(3));";
    const entrypoint = ['node', '-e', `${code} process.title = 'listens'; setInterval(() => {}, 60000)`];
    const worker = { image: 'shop:v1', entrypoint, restart: 'unless-stopped' };
    const stateOf = async () => (await engine.inspect(name)).State;
    /** Told by what only this run has: the engine notes a start late, and lines of a log may be from before it. */
    async function listens(): Promise<void> {
      for (const last = Date.now() + PATIENCE_MS; ; await delay(20)) {
        // Until it has that name, its command line has its whole code.
        if (/ listens *$/m.test(await engine.docker(['top', name]).catch(() => ''))) return;
        assert.ok(Date.now() < last);
      }
    }
    async function stop(): Promise<void> {
      await listens();
      await engine.docker(['stop', name]);
      assert.equal((await stateOf()).ExitCode, 0);
    }
    /** Ends it from within, until the engine has started it again. */
    async function end(signal: string): Promise<void> {
      await listens();
      const { StartedAt } = await stateOf();
      // It takes this process with it.
      await engine.docker(['exec', name, 'node', '-e', `process.kill(1, '${signal}')`]).catch(() => {});
      for (const last = Date.now() + PATIENCE_MS; ; await delay(20)) {
        const state = await stateOf();
        if (state.Running && state.StartedAt !== StartedAt) return;
        assert.ok(Date.now() < last);
      }
    }

    test('may end with 0: its next run is no restart to be told', async () => {
      const health = await start(1, { ...web(), worker });
      await until(health, ({ ready }) => ready === 1);
      await stop();
      assert.equal((await health.look('green')).ready, 1, 'nothing keeps it down but that it is staged');
      const later = watcher();
      assert.equal((await later.look('green')).ready, 1);
      await life.live('green');
      for (const one of [health, later, watcher()]) await until(one, ({ ready }) => ready === 1);
      const since = Date.now() - 1_000;
      await end('SIGTERM');
      assert.equal((await health.look('green')).ready, 1);
      await end('SIGTERM');
      for (const one of [health, later]) assert.equal((await one.look('green')).ready, 1);
      assert.equal((await watcher().look('green', since)).ready, 1);
      await engine.docker(['kill', '--signal', 'KILL', name]);
      assert.match((await failed(health)).reason, /worker-1 exited with code 137/);
      await engine.docker(['rm', name]);
      assert.match((await failed(later)).reason, /worker-1 was removed/, 'it is no job that is done');
    });

    test('is told when it crashes, between such ends as well', async () => {
      const health = await start(1, { ...web(), worker });
      await stop();
      await until(health, ({ ready }) => ready === 1);
      await life.live('green');
      await until(health, ({ ready }) => ready === 1);
      await end('SIGTERM');
      const other = watcher();
      await until(other, ({ ready }) => ready === 1);
      await end('SIGUSR2');
      await end('SIGTERM');
      for (const one of [health, other])
        assert.match((await failed(one)).reason, /worker-1 was restarted, as it exited with code 3/);
    });
  });

  test('who is replaced or removed is not ours any more; who came beside is a stranger', async () => {
    const health = await start(1, web());
    await until(health, ({ ready }) => ready === 1);
    await engine.docker([
      ...['run', '-d', '--network', 'edge', '--label', 'com.docker.compose.project=shop-production-green'],
      ...['--label', 'com.docker.compose.service=web', '--name', 'stranger', 'shop:v1'],
    ]);
    const { ready, detail } = await health.look('green');
    assert.equal(ready, 0);
    assert.match(detail, /1 of another release still run/);
    await engine.docker(['rm', '-f', 'stranger']);
    await until(health, (one) => one.ready === 1);
    await life.start('green', RELEASE, 1, { warm: false });
    const { failure } = await health.look('green');
    assert.equal(failure?.code, 'superseded');
    assert.match(failure.reason, /shop-production-green-web-1 was removed/);
    await new StashContainer({ docker: cli, ...SCOPE }).remove();
  });

  test('the proxy has the last word', async () => {
    let asked: readonly string[] = [];
    const proxy: HealthOptions['proxy'] = {
      ready(_, instances) {
        asked = instances.map(({ name }) => name);
        return Promise.resolve({ ready: 1, detail: 'server web2 is DOWN' });
      },
    };
    const health = await start(2, web(), { proxy });
    const seen = await until(health, () => asked.length === 2);
    assert.deepEqual(asked, ['shop-production-green-web-1', 'shop-production-green-web-2']);
    assert.equal(seen.ready, 1);
    assert.equal(seen.detail, '1 of 2 healthy; proxy: server web2 is DOWN');
    const failure = await health.diagnose('green');
    assert.match(failure!.hint!, /proxy/);
  });

  test('what could not be asked is no verdict', async () => {
    const host = hostOf(engine);
    let away = false;
    const cut: DockerHost = {
      ...host,
      get env() {
        return away ? { ...engine.env, DOCKER_HOST: 'unix:///nonexistent.sock' } : engine.env;
      },
    };
    const health = await start(1, web(), { docker: new DockerCli(cut) });
    await until(health, ({ ready }) => ready === 1);
    away = true;
    await assert.rejects(health.look('green'), TransientError);
    away = false;
    const undialed = watcher({
      host: { ...host, dial: () => Promise.reject(new TransientError('the tunnel is down')) },
    });
    await assert.rejects(undialed.look('green'), TransientError);
    assert.equal(await undialed.diagnose('green'), undefined);
  });
});
