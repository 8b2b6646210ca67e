import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type ColorContainers,
  instancesOf,
  policyOf,
  readColors,
  stateOf,
} from '../../src/target/docker/containers.ts';
import { DockerCli, type RunOptions } from '../../src/target/docker/docker-cli.ts';
import { Lifecycle } from '../../src/target/docker/lifecycle.ts';
import { LockContainer } from '../../src/target/docker/lock.ts';
import { pruneImages } from '../../src/target/docker/prune.ts';
import { Standings } from '../../src/target/docker/standings.ts';
import { StashContainer } from '../../src/target/docker/stash-container.ts';
import { type ComposeFile, composeProjects, SCOPE, SETTINGS } from './compose-project.ts';
import { cliOf, hostOf } from './host.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { buildApp, loadImage } from './lab/images.ts';
import { docker } from './lab/parts.ts';
import { until } from './lab/until.ts';

const ONE = { id: '111111111111', image: 'shop:v1' };
const TWO = { id: '222222222222', image: 'shop:v2' };

/** A Compose file with whatever might be lost when a container is made again from its inspect. */
const rich = (image: string): ComposeFile => ({
  services: {
    web: {
      image,
      hostname: 'web-of-shop',
      environment: { SECRET: 'p=w "x"', EMPTY: '' },
      entrypoint: ['node'],
      command: ['/app.js'],
      depends_on: {
        db: { condition: 'service_started' },
        migrate: { condition: 'service_completed_successfully' },
      },
      networks: {
        edge: { aliases: ['shop-front', 'shop-too'] },
        back: { ipv4_address: '10.254.7.77', driver_opts: { 'com.example': 'x' } },
        default: {},
      },
      volumes: ['/scratch', 'data:/data', '/etc/hostname:/host-name:ro', { type: 'tmpfs', target: '/fast' }],
      healthcheck: { test: ['CMD', 'node', '-e', '0'], interval: '1h', start_period: '1s', retries: 7 },
      ulimits: { nofile: { soft: 1000, hard: 2000 }, core: { soft: 0, hard: 0 } },
      sysctls: { 'net.core.somaxconn': '777' },
      cap_add: ['NET_ADMIN'],
      devices: ['/dev/null:/dev/other-null:rw'],
      extra_hosts: ['somewhere:10.9.8.7'],
      dns: ['10.9.8.8'],
      logging: { driver: 'json-file', options: { 'max-size': '1m', 'max-file': '2' } },
      stop_grace_period: '7s',
      stop_signal: 'SIGTERM',
      mem_limit: '256m',
      pids_limit: 200,
      shm_size: '16m',
      read_only: true,
      init: true,
      user: '0:0',
      working_dir: '/tmp',
      labels: { mine: 'a,b=c' },
      restart: 'always',
    },
    helper: { image, network_mode: 'service:web', environment: { PORT: '3999' }, depends_on: ['web'] },
    db: { image, environment: { PORT: '5432' }, restart: 'on-failure:3', volumes: ['/var/db'] },
    migrate: { image, environment: { PORT: '', EXIT_AT_START: '0' } },
  },
  volumes: { data: {} },
  networks: { back: { external: true } },
});

/** As little as has everything that a death can leave half done: a dependency, two networks, volumes, two replicas. */
const small = (image: string): ComposeFile => ({
  services: {
    web: { image, networks: ['edge', 'back'], volumes: ['/scratch'], depends_on: ['db'] },
    db: { image, networks: ['back'], environment: { PORT: '5432' }, volumes: ['/var/db'] },
  },
  networks: { back: { external: true } },
});

const plain = (image: string): ComposeFile => ({
  services: { web: { image, networks: ['edge', 'default'], volumes: ['/scratch'] } },
});

/** A service that Docker is to keep running, and a job. */
const withWorker = (image: string): ComposeFile => ({
  services: {
    ...plain(image).services,
    worker: { image, environment: { PORT: '3999' }, restart: 'unless-stopped' },
    migrate: { image, environment: { PORT: '', EXIT_AT_START: '0' } },
  },
});

describe('the containers of a color through their life', { skip: docker.skip }, () => {
  let engine: Engine;
  let cli: DockerCli;
  let stash: StashContainer;
  let file: ComposeFile;
  let life: Lifecycle;
  /** What was told for the log. */
  let told: string[] = [];
  const read = async (color: 'blue' | 'green') =>
    (await readColors({ docker: cli, ...SCOPE, settings: SETTINGS }))[color];
  const lifecycle = (own: DockerCli) =>
    new Lifecycle({
      docker: own,
      stash: new StashContainer({ docker: own, ...SCOPE }),
      projects: composeProjects(engine, () => file),
      progress: (message) => told.push(message),
      healthTimeoutMs: 60_000,
      signal: new AbortController().signal,
      ...SCOPE,
      settings: SETTINGS,
    });

  before(async () => {
    engine = await startEngine();
    await loadImage(engine, 'app');
    await buildApp(engine, 'shop:v1');
    await buildApp(engine, 'shop:v2');
    await engine.docker(['network', 'create', 'edge']);
    await engine.docker(['network', 'create', '--subnet', '10.254.7.0/24', 'back']);
    cli = cliOf(engine);
    stash = new StashContainer({ docker: cli, ...SCOPE });
    life = lifecycle(cli);
  });
  after(() => engine.close());
  afterEach(async () => {
    told = [];
    await stash.remove();
    const ids = (await engine.docker(['ps', '-aq'])).split('\n').filter(Boolean);
    if (ids.length > 0) await engine.docker(['rm', '-fv', ...ids]);
    await engine.docker(['network', 'prune', '-f', '--filter', 'label=com.docker.compose.project']);
  });

  test('start, live, park, start again: the very same containers', async () => {
    file = rich('shop:v1');
    assert.deepEqual(stateOf(await read('green')), { desired: 0, running: 0 });
    await life.start('green', ONE, 1, { warm: false });
    const started = await read('green');
    assert.deepEqual(stateOf(started), { release: ONE, desired: 1, running: 1 });
    assert.deepEqual(stateOf(await read('blue')), { desired: 0, running: 0 });
    assert.deepEqual([...new Set(await policies())], ['no']);

    await life.live('green');
    assert.deepEqual((await policies()).sort(), ['always', 'no', 'no', 'on-failure:3']);
    await life.live('green');
    await life.park('green', 0);
    const parked = await read('green');
    assert.deepEqual([...new Set(await policies())], ['no']);
    assert.deepEqual(stateOf(parked), { release: ONE, desired: 0, running: 0 });
    assert.deepEqual(instancesOf(parked, SETTINGS), []);

    await life.start('green', ONE, 1, { warm: true });
    const again = await read('green');
    assert.deepEqual(idsOf(again), idsOf(started));
    assert.deepEqual(
      again.all.filter((one) => one.isUp).map(({ service }) => service),
      ['db', 'helper', 'web'],
    );
    const [migrated, before] = [again, started].map(
      ({ all }) => all.find(({ service }) => service === 'migrate')!.inspected.State.StartedAt,
    );
    assert.equal(migrated, before, 'a migration that is done is not done again');
    const [instance] = instancesOf(again, SETTINGS);
    assert.deepEqual(instance, {
      id: again.traffic[0]!.id,
      name: 'shop-production-green-web-1',
      address: (await engine.inspect(instance!.id)).NetworkSettings.Networks.edge.IPAddress,
      port: 3000,
      startedAt: Date.parse(again.traffic[0]!.inspected.State.StartedAt),
    });
  });

  test('more than there were: one like them, with what must be its own', async () => {
    file = plain('shop:v1');
    await life.start('green', ONE, 2, { warm: false });
    await life.park('green', 0);
    await life.start('green', ONE, 3, { warm: true });
    const { traffic } = await read('green');
    assert.deepEqual(
      traffic.map(({ name }) => name),
      [1, 2, 3].map((number) => `shop-production-green-web-${number}`),
    );
    assert.deepEqual(
      traffic.map(({ number }) => number),
      [1, 2, 3],
    );
    assert.deepEqual(stateOf({ all: traffic, traffic, others: [] }), {
      release: ONE,
      desired: 3,
      running: 3,
    });
    assert.equal(
      new Set(instancesOf({ all: traffic, traffic, others: [] }, SETTINGS).map((one) => one.address)).size,
      3,
    );
    const [first, , third] = await Promise.all(traffic.map(({ id }) => engine.inspect(id)));
    assert.notEqual(third.Mounts[0].Name, first.Mounts[0].Name, 'an anonymous volume of its own');
    assert.notEqual(third.Config.Hostname, first.Config.Hostname);
    assert.deepEqual(
      Object.keys(third.NetworkSettings.Networks).sort(),
      Object.keys(first.NetworkSettings.Networks).sort(),
    );
    assert.ok(third.NetworkSettings.Networks.edge.Aliases.includes('web'));
    assert.ok(!third.NetworkSettings.Networks.edge.Aliases.includes('shop-production-green-web-1'));
    // As Compose itself sees it.
    const listed = await engine.docker(['compose', '-p', 'shop-production-green', 'ps', '-q', 'web']);
    assert.equal(listed.split('\n').length, 3);
    await life.start('green', ONE, 1, { warm: true });
    assert.equal(stateOf(await read('green')).running, 3, 'those that run already are kept');
  });

  test('keep: surplus ones stop, and what they need stays', async () => {
    file = {
      services: { ...plain('shop:v1').services, db: { image: 'shop:v1', environment: { PORT: '5432' } } },
    };
    await life.start('green', ONE, 3, { warm: false });
    await life.live('green');
    const { traffic } = await read('green');
    await engine.docker(['stop', traffic[0]!.id]);
    await life.park('green', 2);
    const kept = await read('green');
    assert.deepEqual(stateOf(kept), { release: ONE, desired: 2, running: 2 });
    assert.ok(!kept.traffic[0]!.isUp, 'those that run are the ones that stay');
    assert.ok(kept.others[0]!.isUp);
    await life.park('green', 3);
    assert.equal(stateOf(await read('green')).running, 3);
    await life.park('green', 0);
    assert.ok((await read('green')).all.every((one) => !one.isUp));
  });

  test('what Docker is to keep running, and ended while it was not let, runs when users come', async () => {
    file = withWorker('shop:v1');
    await life.start('green', ONE, 1, { warm: false });
    const { StartedAt } = await stateOfService('migrate');
    await endWorker();
    await life.live('green');
    assert.ok((await stateOfService('worker')).Running);
    assert.equal((await stateOfService('migrate')).StartedAt, StartedAt, 'a job is done once');
    assert.deepEqual((await policies()).sort(), ['no', 'unless-stopped', 'unless-stopped']);

    await endWorker();
    await life.live('green');
    assert.ok(!(await stateOfService('worker')).Running, 'stopped by hand while it was live: that is meant');
    await life.park('green', 1);
    assert.ok((await stateOfService('worker')).Running);
    // As a reboot may: the policies are off, and which of them ends first is chance.
    await endWorker();
    await engine.docker(['stop', 'shop-production-green-web-1']);
    await life.start('green', ONE, 1, { warm: true });
    assert.ok((await stateOfService('worker')).Running);
    assert.equal((await stateOfService('migrate')).StartedAt, StartedAt);
    // The first users of a switch in steps need it as well.
    await endWorker();
    await life.complete('green');
    assert.ok((await stateOfService('worker')).Running);
    assert.deepEqual([...new Set(await policies())], ['no']);
    assert.deepEqual(told, []);
  });

  test('users get the color all the same when such a service can not be started', async () => {
    await engine.docker(['network', 'create', 'going']);
    file = withWorker('shop:v1');
    await life.start('green', ONE, 1, { warm: false });
    await endWorker();
    await engine.docker(['network', 'connect', 'going', 'shop-production-green-worker-1']);
    await engine.docker(['network', 'rm', 'going']);
    await life.live('green');
    assert.match(told.join('\n'), /^shop-production-green-worker-1 can't be started: .*going.* not found/);
    assert.deepEqual((await policies()).sort(), ['no', 'unless-stopped', 'unless-stopped']);
  });

  test('a run that died on the way to live is gone on from', async () => {
    let died = true;
    for (let fatal = 1; died; fatal += 1) {
      file = withWorker('shop:v1');
      await life.start('green', ONE, 1, { warm: false });
      await endWorker();
      died = await lifecycle(mortal(engine, fatal))
        .live('green')
        .then(() => false, isDeath);
      await life.live('green');
      assert.ok((await stateOfService('worker')).Running, `died at ${fatal}`);
      assert.deepEqual((await policies()).sort(), ['no', 'unless-stopped', 'unless-stopped']);
      await stash.remove();
    }
  });

  test('a refused release is gone, and the parked one is as it was', async () => {
    file = rich('shop:v1');
    await life.start('green', ONE, 1, { warm: false });
    await engine.docker(['cp', '-', 'shop-production-green-web-1:/scratch'], { input: tarWith('kept.txt') });
    await life.park('green', 0);
    // Each run has a stash of its own.
    await stash.remove();
    const before = await settingsOf(await read('green'));
    const jobs = (await read('green')).all.filter(({ service }) => service === 'migrate');

    // The tag moves on, so that it is no name of the parked image any more.
    await buildApp(engine, 'shop:v1', { VERSION: 'another' });
    file = plain('shop:v2');
    await life.start('green', TWO, 2, { warm: false });
    await life.start('green', TWO, 2, { warm: false });
    const refused = await read('green');
    assert.deepEqual(stateOf(refused), { release: TWO, desired: 2, running: 2 });
    const volumes = (await Promise.all(refused.traffic.map(({ id }) => engine.inspect(id)))).map(
      (one) => one.Mounts[0].Name,
    );

    await life.restore('green', ONE.id, 0);
    const restored = await read('green');
    assert.deepEqual(stateOf(restored), { release: ONE, desired: 0, running: 0 });
    const without = before.filter(({ name }) => name !== `/${jobs[0]!.name}`);
    assert.deepEqual(await settingsOf(restored), without);
    const left = (await engine.docker(['volume', 'ls', '-q'])).split('\n');
    assert.ok(
      volumes.every((name) => !left.includes(name)),
      'the refused release’s own volumes are gone',
    );

    await life.restore('green', ONE.id, 1);
    const up = await read('green');
    assert.deepEqual(idsOf(up), idsOf(restored));
    assert.deepEqual(stateOf(up), { release: ONE, desired: 1, running: 1 });
    assert.match(
      await engine.docker([
        'exec',
        up.traffic[0]!.id,
        'node',
        '-p',
        'require("fs").readFileSync("/scratch/kept.txt","utf8")',
      ]),
      /kept/,
    );
    assert.equal(
      (await engine.inspect(up.traffic[0]!.id)).NetworkSettings.Networks.back.IPAddress,
      '10.254.7.77',
    );
    // The next deployment by Compose takes them for its own.
    await stash.remove();
    file = rich('shop:v2');
    await life.start('green', TWO, 1, { warm: false });
    assert.deepEqual(stateOf(await read('green')), { release: TWO, desired: 1, running: 1 });
    await buildApp(engine, 'shop:v1');
  });

  test('whoever comes after a run that died in start or restore brings it to its end', async () => {
    file = small('shop:v1');
    await life.start('green', ONE, 2, { warm: false });
    await life.park('green', 0);
    // Each run has a stash of its own.
    await stash.remove();
    const before = await settingsOf(await read('green'));
    let died = true;
    let fatal = 0;
    while (died) {
      fatal += 1;
      file = small('shop:v2');
      const its = lifecycle(mortal(engine, fatal));
      died = await its
        .start('green', TWO, 1, { warm: false })
        .then(() => its.restore('green', ONE.id, 1))
        .then(() => false, isDeath);
      await lifecycle(cli).restore('green', ONE.id, 0);
      const restored = await read('green');
      assert.deepEqual(stateOf(restored), { release: ONE, desired: 0, running: 0 }, `died at ${fatal}`);
      assert.deepEqual(await settingsOf(restored), before, `died at ${fatal}`);
      await stash.remove();
    }
    // The stash, Compose, the removal, three containers with a further network each for two, two starts.
    assert.ok(fatal >= 9, `${fatal} changes`);
  });

  test('Compose itself may die half-way', async () => {
    file = small('shop:v1');
    await life.start('green', ONE, 2, { warm: false });
    await life.park('green', 0);
    // Each run has a stash of its own.
    await stash.remove();
    const before = await settingsOf(await read('green'));
    const half = new Lifecycle({
      docker: cli,
      stash,
      projects: {
        async up(color, release) {
          // One old container is gone, one new one has come, the rest is still as it was.
          await engine.docker(['rm', '-f', 'shop-production-green-db-1', 'shop-production-green-web-2']);
          file = {
            services: { db: small('shop:v2').services['db']! },
            networks: { back: { external: true } },
          };
          await composeProjects(engine, () => file, { keepOthers: true }).up(color, release, 0);
          throw new Death('killed');
        },
      },
      progress: () => {},
      healthTimeoutMs: 60_000,
      signal: new AbortController().signal,
      ...SCOPE,
      settings: SETTINGS,
    });
    await assert.rejects(half.start('green', TWO, 2, { warm: false }), Death);
    assert.deepEqual((await read('green')).others[0]?.release, TWO);
    await life.restore('green', ONE.id, 0);
    assert.deepEqual(await settingsOf(await read('green')), before);
  });

  test('what can not be started says why', async () => {
    file = plain('shop:v1');
    await life.start('green', ONE, 1, { warm: false });
    await life.park('green', 0);
    await engine.docker(['network', 'disconnect', 'edge', 'shop-production-green-web-1']);
    await engine.docker(['network', 'create', 'going']);
    await engine.docker(['network', 'connect', 'going', 'shop-production-green-web-1']);
    await engine.docker(['network', 'rm', 'going']);
    await assert.rejects(
      life.start('green', ONE, 1, { warm: true }),
      (error: { code: string; message: string }) => {
        assert.equal(error.code, 'start-failed');
        assert.match(
          error.message,
          /web-1 can't be started: a network of the container does not exist any more: .*not found/,
        );
        return true;
      },
    );
  });

  test('a first release that is refused leaves nothing', async () => {
    const networks = await engine.docker(['network', 'ls', '-q']);
    file = rich('shop:v1');
    await life.start('green', ONE, 2, { warm: false }).catch(() => {});
    await life.restore('green', '', 0);
    // As a run does at its end.
    await stash.remove();
    assert.equal(await engine.docker(['ps', '-aq']), '');
    assert.equal(await engine.docker(['network', 'ls', '-q']), networks);
    await life.restore('green', '', 0);
  });

  test('one-off containers, and those of other projects, do not count', async () => {
    file = plain('shop:v1');
    await life.start('green', ONE, 1, { warm: false });
    const path = `${engine.folder}/files/shop-production-green.json`;
    await engine.docker(['compose', '-p', 'shop-production-green', '-f', path, 'run', '-d', 'web']);
    await engine.docker(['compose', '-p', 'shop-production', '-f', path, 'up', '-d']);
    assert.equal((await read('green')).all.length, 1);
    assert.equal((await read('blue')).all.length, 0);
  });

  test('what was brought up by hand is a release, too', async () => {
    const path = `${engine.folder}/files/by-hand.json`;
    file = { services: { web: { image: 'shop:v1', networks: ['edge'] }, db: { image: 'shop:v1' } } };
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path, JSON.stringify({ ...file, networks: { edge: { external: true } } }));
    await engine.docker(['compose', '-p', 'shop-production-blue', '-f', path, 'up', '-d']);
    const found = stateOf(await read('blue'));
    assert.match(found.release?.id ?? '', /^[0-9a-f]{12}$/);
    assert.equal(found.release?.image, 'shop:v1');
    const before = idsOf(await read('blue'));
    await life.park('blue', 0);
    await life.start('blue', found.release!, 1, { warm: true });
    await life.restore('blue', found.release!.id, 1);
    assert.deepEqual(idsOf(await read('blue')), before);
  });

  test('what was brought up by hand has its restart policies again with its users, and none without', async () => {
    const project = 'shop-production-green';
    const services: ComposeFile['services'] = {
      web: { image: 'shop:v1', networks: ['edge'], restart: 'always' },
      db: { image: 'shop:v1', restart: 'always' },
      queue: { image: 'shop:v1', restart: 'on-failure:3' },
      cache: { image: 'shop:v1', restart: 'unless-stopped' },
      other: { image: 'shop:v1' },
    };
    const byHand = { services, networks: { edge: { external: true } } };
    await engine.docker(['compose', '-p', project, '-f', '-', 'up', '-d'], { input: JSON.stringify(byHand) });
    const byService = async () =>
      Object.fromEntries((await read('green')).all.map((one) => [one.service, policyOf(one)]));
    const before = await byService();
    assert.deepEqual(before, {
      web: 'always',
      db: 'always',
      queue: 'on-failure:3',
      cache: 'unless-stopped',
      other: 'no',
    });
    const { id } = stateOf(await read('green')).release!;
    const release = { id, image: 'shop:v1' };
    const isParked = async () => {
      assert.deepEqual([...new Set(Object.values(await byService()))], ['no']);
      assert.ok((await read('green')).all.every((one) => !one.isUp));
    };
    const isBack = async (count: number) => {
      await life.start('green', release, count, { warm: true });
      assert.deepEqual([...new Set(Object.values(await byService()))], ['no']);
      await life.live('green');
      assert.deepEqual(await byService(), before);
      assert.ok((await read('green')).all.every((one) => one.isUp));
    };
    await life.park('green', 0);
    await isParked();
    await engine.restart();
    await isParked();
    await isBack(1);

    await engine.docker(['container', 'update', '--restart', 'always', `${project}-cache-1`]);
    before['cache'] = 'always';
    await life.park('green', 1);
    await life.park('green', 0);
    // Replaced, and made again: other containers.
    file = plain('shop:v2');
    await life.start('green', TWO, 1, { warm: false });
    await life.live('green');
    await life.restore('green', id, 0);
    await isParked();
    await stash.remove();
    await isBack(1);
    await life.park('green', 0);

    const tags = async () =>
      (await engine.docker(['images', '--format', '{{.Repository}}:{{.Tag}}'])).split('\n');
    const notes = async () => (await tags()).filter((tag) => tag.includes(':restart-'));
    assert.equal((await notes()).length, 4);
    await life.dropReplaced();
    assert.equal((await notes()).length, 4);
    // Nothing else names the image any more; and what was replaced for good needs no policy.
    await engine.docker(['rmi', 'shop:v1']);
    await life.start('green', TWO, 1, { warm: false });
    assert.equal((await notes()).length, 4);
    await life.dropReplaced();
    assert.deepEqual(await notes(), []);
    assert.deepEqual(told, []);
    const kept = (await tags()).filter((tag) => tag.startsWith(`${project}:kept-`));
    assert.equal(kept.length, 1);
    await buildApp(engine, 'shop:v1');
    await engine.docker(['rmi', ...kept]);
  });

  test('without its image a policy can not be kept: it is parked all the same', async () => {
    await buildApp(engine, 'shop:gone', { VERSION: 'gone' });
    const services = { web: { image: 'shop:gone', networks: ['edge'], restart: 'always' } };
    const byHand = JSON.stringify({ services, networks: { edge: { external: true } } });
    await engine.docker(['compose', '-p', 'shop-production-green', '-f', '-', 'up', '-d'], { input: byHand });
    await engine.docker(['kill', 'shop-production-green-web-1']);
    await engine.docker(['rmi', '-f', 'shop:gone']);
    await life.park('green', 0);
    assert.deepEqual(await policies(), ['no']);
    assert.match(
      told.join('\n'),
      /^shop-production-green-web-1 will have no restart policy .*always can't be kept/,
    );
  });

  test('after a reboot only the live color comes up', async () => {
    file = { services: { ...plain('shop:v1').services, db: { image: 'shop:v1', restart: 'always' } } };
    await life.start('blue', ONE, 1, { warm: false });
    await life.live('blue');
    await life.start('green', ONE, 1, { warm: false });
    await life.live('blue');
    await life.live('green');
    await life.park('blue', 1);
    await engine.restart();
    const { blue, green } = { blue: await read('blue'), green: await read('green') };
    assert.deepEqual(stateOf(green), { release: ONE, desired: 1, running: 1 });
    assert.ok(green.others.every((one) => one.isUp));
    assert.ok(blue.all.every((one) => !one.isUp));
  });

  test('standings are tags on the images, and keep them', async () => {
    file = plain('shop:v1');
    const standings = new Standings({ docker: cli, ...SCOPE, settings: SETTINGS });
    const of = async (color: 'blue' | 'green', id: string) => (await standings.read())(color, id).standing;
    await life.start('green', ONE, 1, { warm: false });
    assert.equal(await of('green', ONE.id), 'unknown');
    await standings.mark('green', 'was-live');
    await standings.mark('green', 'was-live');
    assert.equal(await of('green', ONE.id), 'was-live');
    assert.equal(await of('blue', ONE.id), 'unknown');
    file = plain('shop:v2');
    await life.start('green', TWO, 1, { warm: false });
    await standings.mark('green', 'rolled-back');
    assert.equal(await of('green', TWO.id), 'rolled-back');
    assert.equal(await of('blue', TWO.id), 'rolled-back', 'wherever it is tried again');
    assert.equal(await of('green', ONE.id), 'was-live', 'the one that is put back is as good as before');
    await life.start('blue', TWO, 1, { warm: false });
    await standings.mark('blue', 'was-live');
    assert.equal(await of('blue', TWO.id), 'was-live', 'forgiven');
    assert.equal(await of('green', TWO.id), 'unknown');
    // Nothing else names this image any more.
    await engine.docker(['rmi', 'shop:v1']);
    await standings.mark('green', 'was-live');
    assert.equal(await of('green', ONE.id), 'unknown', 'replaced for good');
    assert.match(
      await engine.docker(['images', '--format', '{{.Repository}}:{{.Tag}}']),
      /shop-production-green:kept-111111111111/,
    );
    await buildApp(engine, 'shop:v1');
  });

  test('prune takes what no container needs, and never what one does', async () => {
    file = plain('shop:v1');
    await life.start('green', ONE, 1, { warm: false });
    await new Standings({ docker: cli, ...SCOPE, settings: SETTINGS }).mark('green', 'was-live');
    await life.park('green', 0);
    await buildApp(engine, 'shop:v3');
    await engine.docker(['tag', 'shop:v3', 'shop:also-v3']);
    await buildApp(engine, 'shop:v4');
    await engine.docker(['tag', 'shop:v4', 'theirs:v4']);
    const v2 = (await engine.inspect('shop:v2')).Id;
    const { removed } = await pruneImages({ docker: cli, ...SCOPE, image: 'shop' }, new Set([v2]));
    const ofTheApp = removed.filter((tag) => tag.startsWith('shop:'));
    assert.deepEqual(ofTheApp.sort(), ['shop:also-v3', 'shop:v3']);
    const left = (await engine.docker(['images', '--format', '{{.Repository}}:{{.Tag}}'])).split('\n');
    for (const tag of ['shop:v1', 'shop:v2', 'shop:v4', 'theirs:v4', 'app:base'])
      assert.ok(left.includes(tag), tag);
  });

  test('prune takes nothing while another run on the host may have pulled it, and not started it yet', async () => {
    await buildApp(engine, 'shop:pulled', { VERSION: 'pulled' });
    const keep = new Set([(await engine.inspect('shop:v1')).Id, (await engine.inspect('shop:v2')).Id]);
    const owner = { id: '1/1', runUrl: '', actor: '', reason: '', operation: 'deploy' };
    const prune = () => pruneImages({ docker: cli, ...SCOPE, image: 'shop' }, keep);
    const own = await new LockContainer({ docker: cli, ...SCOPE }).acquire(owner, 60_000);
    const other = new LockContainer({ docker: cli, app: 'shop', environment: 'staging' });
    const lease = await other.acquire(owner, 60_000);
    assert.deepEqual(await prune(), { removed: [], waitsFor: 'shop staging' });
    await engine.inspect('shop:pulled');
    await lease!.release({ keepPreview: false });
    // It died, and nobody will ever take its lock over.
    await other.acquire(owner, 1);
    await delay(2);
    assert.deepEqual(await prune(), { removed: ['shop:pulled'] });
    await own!.release({ keepPreview: false });
    await engine.docker(['rm', 'shop-staging-lock']);
  });

  /** It ends with 0, as one does that is to be started anew after each piece of work. */
  async function endWorker(): Promise<void> {
    const name = 'shop-production-green-worker-1';
    const { Networks } = (await engine.inspect(name)).NetworkSettings;
    const [{ IPAddress }] = Object.values<{ IPAddress: string }>(Networks) as [{ IPAddress: string }];
    // Earlier, it does not know how to end well.
    await until('an answer of the worker', () =>
      fetch(`http://${IPAddress}:3999/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    await engine.docker(['stop', name]);
    assert.equal((await engine.inspect(name)).State.ExitCode, 0);
  }

  async function stateOfService(service: string) {
    const { all } = await read('green');
    return all.find((one) => one.service === service)!.inspected.State;
  }

  async function policies(): Promise<string[]> {
    const { all } = await read('green');
    return all.map(({ inspected: { HostConfig } }) => {
      const { Name = '', MaximumRetryCount = 0 } = HostConfig.RestartPolicy ?? {};
      return MaximumRetryCount > 0 ? `${Name}:${MaximumRetryCount}` : Name;
    });
  }

  /** All that a container was told, without what Docker made up for it. */
  async function settingsOf({ all }: ColorContainers) {
    const raw = await engine.inspectAll(all.map(({ id }) => id));
    // Compose names a network by its id, where the name is as good.
    const names = new Map([
      ...raw.map((one) => [one.Id, one.Name] as const),
      ...raw.flatMap(({ NetworkSettings }) =>
        Object.entries<{ NetworkID: string }>(NetworkSettings.Networks).map(
          ([name, { NetworkID }]) => [NetworkID, name] as const,
        ),
      ),
    ]);
    return raw.map((one) => {
      const short = one.Id.slice(0, 12);
      const { Binds, Mounts: mounts, NetworkMode, ...hostConfig } = one.HostConfig;
      const { Image, Hostname, ...config } = one.Config;
      return {
        name: one.Name,
        image: one.Image,
        config,
        // In another container's network it is that one's, once both run.
        hostname: NetworkMode.startsWith('container:') ? '' : Hostname === short ? 'its id' : Hostname,
        hostConfig,
        networkMode: names.get(NetworkMode.replace('container:', '')) ?? NetworkMode,
        mounts: one.Mounts.map(({ Mode, ...mount }: { Mode: string; Destination: string }) => mount).sort(
          (a: { Destination: string }, b: { Destination: string }) =>
            a.Destination.localeCompare(b.Destination),
        ),
        networks: Object.fromEntries(
          Object.entries<Record<string, unknown>>(one.NetworkSettings.Networks)
            .sort(([a], [b]) => a.localeCompare(b))
            .map(([name, { IPAMConfig, Links, Aliases, DriverOpts }]) => [
              name,
              {
                ip: (IPAMConfig as { IPv4Address?: string } | null)?.IPv4Address,
                Links,
                DriverOpts,
                Aliases: (Aliases as string[] | null)?.filter((alias) => alias !== short).sort(),
              },
            ]),
        ),
      };
    });
  }
});

const idsOf = ({ all }: ColorContainers): string[] => all.map(({ id }) => id);

class Death extends Error {}
const isDeath = (error: unknown): boolean => {
  if (error instanceof Death) return true;
  throw error;
};

/** A process that dies right before its n-th change to the engine; what it only looks at does not count. */
function mortal(engine: Engine, fatal: number): DockerCli {
  let left = fatal;
  const step = () => {
    left -= 1;
    if (left <= 0) throw new Death('killed');
  };
  class Mortal extends DockerCli {
    override async run(args: readonly string[], options?: RunOptions): Promise<string> {
      const isLook = ['inspect', 'ls', 'version'].some((word) => args.slice(0, 2).includes(word));
      if (!isLook) step();
      return super.run(args, options);
    }
  }
  const cli = new Mortal(hostOf(engine));
  const { api } = cli;
  const [post, put] = [api.post.bind(api), api.putArchive.bind(api)];
  api.post = async (...args) => {
    step();
    return post(...args);
  };
  api.putArchive = async (...args) => {
    step();
    return put(...args);
  };
  return cli;
}

function tarWith(name: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write(`0000644\0${'0000000\0'.repeat(2)}`, 100);
  block.write(`00000000004\0${'0'.repeat(11)}\0        0`, 124);
  block.write('ustar  ', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const content = Buffer.alloc(512);
  content.write('kept');
  return Buffer.concat([block, content, Buffer.alloc(1024)]);
}
