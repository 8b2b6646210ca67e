import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src/release/clock.ts';
import { allOn, type Color, otherColor } from '../../src/release/color.ts';
import { DockerError } from '../../src/target/docker/docker-error.ts';
import { AliasSwitch } from '../../src/target/docker/proxy/alias.ts';
import { Caddy } from '../../src/target/docker/proxy/caddy.ts';
import { ContainerFiles } from '../../src/target/docker/proxy/container-files.ts';
import { Haproxy } from '../../src/target/docker/proxy/haproxy.ts';
import type { Instance, Proxy as ProxyPort } from '../../src/target/docker/proxy/proxy.ts';
import { type LoadResult, startLoad } from '../load/index.ts';
import {
  ALIASES,
  caddySettings,
  createNetwork,
  type ExampleProxy,
  haproxySettings,
  instancesOf,
  loadOldHaproxy,
  NETWORK,
  optionsOn,
  removeApp,
  startApp,
  startCaddyExample,
  startHaproxyExample,
} from './example-proxy.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { loadImage } from './lab/images.ts';
import { docker as parts } from './lab/parts.ts';
import { until } from './lab/until.ts';

describe('proxies on a real engine', { skip: parts.skip }, () => {
  let engine: Engine;
  /** The first three numbers of the network's addresses. */
  let subnet: string;
  let oldHaproxy: string | undefined;

  before(async () => {
    engine = await startEngine();
    await loadImage(engine, 'app');
    subnet = await createNetwork(engine);
    oldHaproxy = await loadOldHaproxy(engine);
  });
  after(() => engine?.close());

  for (const version of ['3.0', '2.6'] as const)
    describe(`HAProxy ${version}`, () => {
      let example: ExampleProxy | undefined;
      let proxy: Haproxy;

      before(async () => {
        const image = version === '3.0' ? await loadImage(engine, 'haproxy') : oldHaproxy;
        if (image === undefined) return;
        example = await startHaproxyExample(engine, image);
        proxy = new Haproxy(optionsOn(engine, haproxySettings(example.admin)));
      });
      after(() => example?.remove());

      /** A new proxy with nothing switched, and no app. */
      async function anew() {
        await removeApp(engine);
        await ask('clear map /maps/active.map');
        await new ContainerFiles(optionsOn(engine, haproxySettings('')).docker, 'edge').write(
          '/maps/active.map',
          {
            text: '# the live colors\nother-app other-app-green\n',
            mode: 0o600,
            modified: Date.now(),
          },
        );
        await ask('add map /maps/active.map other-app other-app-green');
        proxy = new Haproxy(optionsOn(engine, haproxySettings(example!.admin)));
      }

      const ask = (command: string): Promise<string> =>
        new Promise((resolve, reject) => {
          const socket = connect(example!.admin);
          let text = '';
          socket.setEncoding('utf8').on('error', reject);
          socket.on('data', (chunk: string) => {
            text += chunk;
          });
          socket.on('end', () => resolve(text));
          socket.write(`${command}\n`);
        });

      async function reload() {
        const pid = /^Pid: (\d+)$/m.exec(await ask('show info'))?.[1];
        await engine.docker(['kill', '--signal', 'USR2', 'edge']);
        await until('the new process', async () => {
          const text = await ask('show info').catch(() => '');
          return /^Pid: (\d+)$/m.test(text) && /^Pid: (\d+)$/m.exec(text)?.[1] !== pid;
        });
      }

      /** How often HAProxy has found the color's first server to be down. */
      async function downsOf(color: string): Promise<number> {
        const rows = (await ask(`show stat storefront-production-${color} 4 -1`))
          .trim()
          .split('\n')
          .map((row) => row.split(','));
        return Number(rows[1]![rows[0]!.indexOf('chkdown')]);
      }

      const it = (name: string, body: () => Promise<void>) =>
        test(name, async (context) => {
          if (example === undefined) return context.skip('this machine has no HAProxy 2.6 package');
          await anew();
          await body();
        });

      it('switches: the file keeps everything else, no entry means blue, no entry is ever there twice', async () => {
        assert.deepEqual(await proxy.preflight(), []);
        assert.deepEqual(await proxy.weights(), allOn('blue'));
        for (const color of ['green', 'green', 'blue', 'green'] as const) {
          await proxy.shift(color);
          assert.deepEqual(await proxy.weights(), allOn(color));
          const map = await ask('show map /maps/active.map');
          assert.equal(map.match(/storefront-production /g)?.length, 1);
          assert.match(map, new RegExp(`storefront-production storefront-production-${color}\\n`));
          assert.match(map, /other-app other-app-green\n/);
        }
        assert.deepEqual(await proxy.preflight(), []);
        const file = await engine.docker(['cp', 'edge:/maps/active.map', '-']);
        assert.match(
          file,
          /# the live colors\nother-app other-app-green\nstorefront-production storefront-production-green\n/,
        );
      });

      it('keeps the live color through a reload and a restart', async () => {
        await startApp(engine, 'blue');
        const green = await startApp(engine, 'green');
        await untilReady(proxy, 'green', green);
        await proxy.shift('green');
        assert.equal(await answer(example!.url), 'green');
        await reload();
        assert.deepEqual(await proxy.weights(), allOn('green'));
        assert.equal(await answer(example!.url), 'green');
        await engine.docker(['restart', '--time', '1', 'edge']);
        await until('HAProxy', () => ask('show info').then(Boolean, () => false));
        assert.deepEqual(await proxy.weights(), allOn('green'));
        await until('an answer', async () => (await answer(example!.url)) === 'green');
        assert.deepEqual(await proxy.preflight(), []);
      });

      /** HAProxy's port with something that happens when the map's file is written. */
      function writing(write: (put: () => Promise<void>) => Promise<void>): Haproxy {
        const options = optionsOn(engine, haproxySettings(example!.admin));
        const { api } = options.docker;
        const put = api.putArchive.bind(api);
        api.putArchive = (...args) => write(() => put(...args));
        return new Haproxy(options);
      }

      it('takes users back though the file can not be written', async () => {
        await proxy.shift('green');
        const full = writing(async () => {
          throw new DockerError('write /maps/active.map: no space left on device');
        });
        await assert.rejects(full.shift('blue'), /no space left/);
        assert.deepEqual(await proxy.weights(), allOn('blue'), 'users have it');
        await full.shift('green');
        assert.deepEqual(await proxy.weights(), allOn('green'), 'nothing to write');
      });

      it('ends with both saying the same, though a reload and another app’s run come in between', async () => {
        let writes = 0;
        const disturbed = writing(async (put) => {
          writes += 1;
          if (writes === 1) await reload();
          await put();
          // Somebody had read the file before it was written.
          if (writes === 1)
            await new ContainerFiles(optionsOn(engine, haproxySettings('')).docker, 'edge').write(
              '/maps/active.map',
              { text: 'other-app other-app-blue\n', mode: 0o644, modified: Date.now() },
            );
        });
        await disturbed.shift('green');
        assert.equal(writes, 2);
        assert.deepEqual(await proxy.weights(), allOn('green'));
        assert.deepEqual(await proxy.preflight(), []);
        const file = await engine.docker(['cp', 'edge:/maps/active.map', '-']);
        assert.match(file, /other-app other-app-blue\nstorefront-production storefront-production-green\n/);
      });

      it('says when something keeps writing over the file', async () => {
        const fought = writing(async () => {});
        await assert.rejects(fought.shift('green'), {
          code: 'shift-not-taken',
          message: /something else keeps changing the file \/maps\/active\.map/,
        });
      });

      it('says when a restart would move the users, and mends it at the next switch', async () => {
        await ask('add map /maps/active.map storefront-production storefront-production-green');
        const [problem, ...others] = await proxy.preflight();
        assert.match(
          problem?.message ?? '',
          /sends .* to storefront-production-green, but its file .* says blue/,
        );
        assert.equal(problem?.forceable, true);
        assert.deepEqual(others, []);
        await proxy.shift('green');
        assert.deepEqual(await proxy.preflight(), []);
      });

      it('refuses a backend that does not exist, and changes nothing', async () => {
        await proxy.shift('green');
        const settings = {
          ...haproxySettings(example!.admin),
          backends: { blue: 'storefront-production-blu', green: 'storefront-production-green' },
        };
        const typo = new Haproxy(optionsOn(engine, settings));
        const problems = (await typo.preflight()).map(({ message }) => message);
        assert.deepEqual(problems, ['HAProxy has no backend storefront-production-blu.']);
        await assert.rejects(typo.shift('blue'), { code: 'haproxy-backend-missing' });
        assert.deepEqual(await proxy.weights(), allOn('green'));
        assert.match(await engine.docker(['cp', 'edge:/maps/active.map', '-']), /-production-green\n/);
      });

      it('tells apart what is wrong with the socket and the map', async () => {
        const options = optionsOn(engine, haproxySettings(example!.admin));
        const other = (changes: object) =>
          new Haproxy({ ...options, settings: { ...options.settings, ...changes } });
        await assert.rejects(other({ socket: '/nowhere/admin.sock' }).weights(), {
          code: 'haproxy-unreachable',
          message: /There is no HAProxy socket at \/nowhere\/admin\.sock/,
        });
        await assert.rejects(other({ socket: 'tcp://127.0.0.1:9' }).weights(), {
          code: 'haproxy-unreachable',
          message: /Nobody listens/,
        });
        await assert.rejects(other({ map: '/maps/other.map' }).weights(), { code: 'haproxy-map-unknown' });
        await ask('add map /maps/active.map strange strange-backend');
        await assert.rejects(other({ key: 'strange' }).weights(), { code: 'foreign-backend' });
        const [gone] = await other({ container: 'no-proxy' }).preflight();
        assert.match(gone?.message ?? '', /no container no-proxy/);
      });

      it('counts an instance only when HAProxy has checked it', async () => {
        const green = await startApp(engine, 'green', { count: 2 });
        await untilReady(proxy, 'green', green);
        assert.deepEqual(await proxy.ready('green', green), { ready: 2, detail: '' });
        const stranger = { ...green[0]!, id: 'f'.repeat(64), name: 'stranger', address: `${subnet}.250` };
        const { ready, detail } = await proxy.ready('green', [...green, stranger]);
        assert.equal(ready, 2);
        assert.match(detail, /^stranger: /);
      });

      it('never counts an instance that answers wrongly, or not at all', async () => {
        const sick = await startApp(engine, 'green', { env: { HEALTH: 'never' } });
        const mute = await startApp(engine, 'green', { env: { LISTEN_PORT: '3001' } });
        await until('both servers', async () => {
          const text = await ask('show stat storefront-production-green 4 -1');
          return [...sick, ...mute].every(({ address }) => text.includes(`,${address}:3000,`));
        });
        for (let look = 0; look < 40; look += 1) {
          assert.equal((await proxy.ready('green', [...sick, ...mute])).ready, 0);
          await sleep(50);
        }
        await engine.docker(['rm', '--force', sick[0]!.id]);
        assert.equal((await proxy.ready('green', sick)).ready, 0);
      });

      it('takes no `UP` from before for proof', async () => {
        const address = `${subnet}.60`;
        const first = await startApp(engine, 'green', { addresses: [address] });
        await untilReady(proxy, 'green', first);
        // What HAProxy says is the same for a container which has just taken the address of this one.
        const heir = { ...first[0]!, id: 'e'.repeat(64), startedAt: Date.now() };
        const before = await ask('show stat storefront-production-green 4 -1');
        assert.match(before, /,UP,.*L7OK/);
        const downs = await downsOf('green');
        await untilReady(proxy, 'green', [heir]);
        assert.ok((await downsOf('green')) > downs, 'by a check of its own');

        await engine.docker(['rm', '--force', first[0]!.id]);
        const sick = await startApp(engine, 'green', { addresses: [address], env: { HEALTH: 'never' } });
        for (let look = 0; look < 40; look += 1) {
          assert.equal((await proxy.ready('green', sick)).ready, 0);
          await sleep(20);
        }
      });

      it('believes a server that went up long after its container started, and leaves the live color alone', async () => {
        const green = await startApp(engine, 'green');
        await untilReady(proxy, 'green', green);
        await proxy.shift('green');
        const another = new Haproxy(optionsOn(engine, haproxySettings(example!.admin)));
        assert.equal((await another.ready('green', green)).ready, 1);
        await proxy.shift('blue');
        await sleep(1_100);
        // Its state is taken from it only when there is no other proof: `lastchg` would begin anew.
        const old = green.map((one) => ({ ...one, startedAt: one.startedAt - 60_000 }));
        assert.equal((await another.ready('green', old)).ready, 1);
        const downs = await downsOf('green');
        await untilReady(another, 'green', green);
        assert.ok((await downsOf('green')) > downs);
      });

      it('counts requests in flight, WebSockets too, on the color that they began on', async () => {
        const blue = await startApp(engine, 'blue');
        const green = await startApp(engine, 'green');
        await untilReady(proxy, 'blue', blue);
        await untilReady(proxy, 'green', green);
        const load = await startLoad({
          url: example!.url,
          ratePerSecond: 10,
          webSockets: { connections: 2, everyMs: 50 },
          longestSeconds: 60,
        });
        await until('WebSockets on blue', async () => (await proxy.inFlight('blue')) >= 2);
        await proxy.shift('green');
        await until('only WebSockets on blue', async () => (await proxy.inFlight('blue')) === 2);
        const { failed, failures, webSocket } = await load.stop();
        assert.deepEqual([failed, failures], [0, []]);
        assert.ok(webSocket.messages > 0);
        await until('nothing on blue', async () => (await proxy.inFlight('blue')) === 0);
      });

      it('switches to and fro ten times under load without a failure', async () => {
        const instances = {
          blue: await startApp(engine, 'blue', { count: 2 }),
          green: await startApp(engine, 'green', { count: 2 }),
        };
        for (const color of ['blue', 'green'] as const) await untilReady(proxy, color, instances[color]);
        await switching(proxy, example!.url, instances);
      });
    });

  test('HAProxy’s map is refused where it would be lost or can’t be written', async () => {
    const image = await loadImage(engine, 'haproxy');
    const config = join(engine.folder, 'files', 'minimal.cfg');
    const run = join(engine.folder, 'files', 'run-minimal');
    writeFileSync(
      config,
      `global
  stats socket /run/haproxy/admin.sock level admin
  stats socket /run/haproxy/user.sock level user
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend web
  bind :80
  use_backend %[str(storefront-production),map(/maps/active.map,storefront-production-blue)]
backend storefront-production-blue
  server one 192.0.2.1:3000
backend storefront-production-green
  server one 192.0.2.1:3001 check
`,
    );
    const map = join(engine.folder, 'files', 'active.map');
    writeFileSync(map, '');
    const start = async (...options: readonly string[]) => {
      await engine.docker([
        ...['create', '--name', 'edge', '--network', NETWORK, '--volume', `${run}:/run/haproxy`, ...options],
        image,
      ]);
      await engine.docker(['cp', config, 'edge:/usr/local/etc/haproxy/haproxy.cfg']);
      const mounted = options.some((option) => option.includes(':/maps/active.map'));
      if (!mounted) {
        const archive = new ContainerFiles(optionsOn(engine, haproxySettings('')).docker, 'edge');
        await archive.write('/active.map', { text: '', mode: 0o644, modified: Date.now() });
        await engine.docker(['cp', map, 'edge:/maps/active.map']).catch(() => {});
      }
      await engine.docker(['start', 'edge']);
      const options_ = optionsOn(engine, haproxySettings(join(run, 'admin.sock')));
      const proxy = new Haproxy(options_);
      await until('HAProxy', () => proxy.weights().then(Boolean, () => false));
      const user = new Haproxy({
        ...options_,
        settings: { ...options_.settings, socket: join(run, 'user.sock') },
      });
      return { problems: await proxy.preflight(), user };
    };
    const stop = () => engine.docker(['rm', '--force', '--volumes', 'edge']);
    try {
      // The file alone, which nothing can replace.
      const single = await start('--volume', `${map}:/maps/active.map`);
      assert.match(single.problems[0]?.message ?? '', /mounted as a single file/);
      const texts = single.problems.map(({ message }) => message);
      assert.equal(
        texts.filter((text) => /looks for its servers at a fixed address:300[01]/.test(text)).length,
        2,
      );
      assert.ok(texts.includes('HAProxy does not check the servers of storefront-production-blue.'));
      const [low] = await single.user.preflight();
      assert.match(low?.message ?? '', /has the level user/);
      await assert.rejects(single.user.shift('green'));
      await stop();

      const anonymous = await start('--volume', '/maps');
      assert.match(
        anonymous.problems[0]?.message ?? '',
        /in a volume without a name: when the container is replaced/,
      );
      assert.equal(anonymous.problems[0]?.forceable, true);
      await stop();
    } finally {
      await stop().catch(() => {});
    }
  });

  describe('Caddy', () => {
    let example: ExampleProxy;
    before(async () => {
      example = await startCaddyExample(engine, await loadImage(engine, 'caddy'));
    });
    after(() => example?.remove());

    test('no flag means blue; the newer flag wins, whatever the clock of the runner says', async () => {
      await removeApp(engine);
      await startApp(engine, 'blue');
      await startApp(engine, 'green');
      const options = optionsOn(engine, caddySettings(example.admin));
      const proxy = new Caddy(options);
      assert.deepEqual(await proxy.preflight(), []);
      assert.deepEqual(await proxy.weights(), allOn('blue'));
      assert.equal(await answer(example.url), 'blue');
      const clock = (now: number): Clock => ({ now: () => now, sleep: () => Promise.resolve() });
      const hour = 3_600_000;
      for (const [to, now] of [
        ['blue', Date.now()],
        ['green', Date.now() + hour],
        ['blue', Date.now() - hour],
        ['green', Date.now()],
        ['green', Date.now()],
        ['blue', Date.now()],
      ] as const) {
        await new Caddy(options, clock(now)).shift(to);
        assert.deepEqual(await proxy.weights(), allOn(to));
        assert.equal(await answer(example.url), to);
      }
      await engine.docker(['restart', '--time', '1', 'edge']);
      assert.deepEqual(await proxy.weights(), allOn('blue'));
    });

    test('an instance counts when the alias leads to it, and to nothing else', async () => {
      await removeApp(engine);
      const proxy = new Caddy(optionsOn(engine, caddySettings(example.admin)));
      const green = await startApp(engine, 'green', { count: 2 });
      assert.deepEqual(await proxy.ready('green', green), { ready: 2, detail: '' });
      const [one, two] = green;
      assert.match((await proxy.ready('green', [one!])).detail, new RegExp(`leads to ${two!.name} as well`));
      assert.equal((await proxy.ready('green', [one!])).ready, 0);
      await engine.docker(['stop', '--time', '0', two!.id]);
      const { ready, detail } = await proxy.ready('green', green);
      assert.equal(ready, 1);
      assert.match(detail, new RegExp(`does not lead to ${two!.name}`));
    });

    test('says what is wrong with the configuration', async () => {
      const options = optionsOn(engine, caddySettings(example.admin));
      const problems = async (changes: object, port = 3000) =>
        (
          await new Caddy({ ...options, port, settings: { ...options.settings, ...changes } }).preflight()
        ).map(({ message }) => message);
      assert.deepEqual(await problems({ flags: '/other' }), ['There is no directory /other in edge.']);
      assert.deepEqual(await problems({ flag: 'shop' }), [
        'Caddy’s configuration never looks for the flag shop.blue.',
        'Caddy’s configuration never looks for the flag shop.green.',
      ]);
      assert.deepEqual(await problems({}, 3001), [
        `Caddy has no upstream ${ALIASES.blue}:3001.`,
        `Caddy has no upstream ${ALIASES.green}:3001.`,
      ]);
      await assert.rejects(problems({ admin: 'http://127.0.0.1:9' }), { code: 'caddy-unreachable' });
    });

    test('counts requests in flight', async () => {
      await removeApp(engine);
      await startApp(engine, 'blue');
      const proxy = new Caddy(optionsOn(engine, caddySettings(example.admin)));
      await proxy.shift('blue');
      assert.equal(await proxy.inFlight('blue'), 0);
      const slow = fetch(`${example.url}/slow?ms=1500`);
      await until('a request in flight', async () => (await proxy.inFlight('blue')) === 1);
      assert.equal((await slow).status, 200);
      assert.equal(await proxy.inFlight('blue'), 0);
      const { admin: _, ...settings } = caddySettings('');
      assert.equal(await new Caddy(optionsOn(engine, settings)).inFlight('blue'), 'unknown');
    });

    test('switches to and fro ten times under load without a failure', async () => {
      await removeApp(engine);
      const instances = {
        blue: await startApp(engine, 'blue', { count: 2 }),
        green: await startApp(engine, 'green', { count: 2 }),
      };
      await switching(new Caddy(optionsOn(engine, caddySettings(example.admin))), example.url, instances);
    });
  });

  describe('network alias', () => {
    const settings = { kind: 'alias', name: 'storefront', 'dns-ttl': 1_000 } as const;
    let url: string;
    before(async () => {
      const image = await loadImage(engine, 'haproxy');
      const config = join(engine.folder, 'files', 'alias.cfg');
      writeFileSync(
        config,
        `defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout check 2s
  retries 3
  option redispatch 1
resolvers docker
  nameserver docker 127.0.0.11:53
  timeout resolve 100ms
  hold valid 100ms
  hold obsolete 0s
frontend web
  bind :80
  default_backend app
backend app
  option httpchk GET /health
  server-template app- 10 storefront:3000 check inter 100ms fall 3 rise 1 resolvers docker resolve-prefer ipv4 init-addr none
`,
      );
      const address = `${subnet}.240`;
      const ip = ['--network', NETWORK, '--ip', address, '--dns-option', 'ndots:1'];
      await engine.docker(['create', '--name', 'edge', ...ip, image]);
      await engine.docker(['cp', config, 'edge:/usr/local/etc/haproxy/haproxy.cfg']);
      await engine.docker(['start', 'edge']);
      url = `http://${address}`;
    });
    after(() => engine?.docker(['rm', '--force', 'edge']));

    const aliasesOf = async (id: string): Promise<readonly string[]> =>
      (await engine.inspect(id)).NetworkSettings.Networks[NETWORK].Aliases;

    test('the color that holds the alias is live; a switch that died is gone on with', async () => {
      await removeApp(engine);
      const waits: number[] = [];
      const clock: Clock = { now: Date.now, sleep: async (ms) => void waits.push(ms) };
      const proxy = new AliasSwitch(optionsOn(engine, settings), clock);
      assert.deepEqual(await proxy.preflight(), []);
      assert.deepEqual(await proxy.weights(), allOn('blue'));
      const blue = await startApp(engine, 'blue', { count: 2 });
      await proxy.shift('blue', { blue, green: [] });
      assert.deepEqual(waits, []);
      assert.deepEqual(await proxy.weights(), allOn('blue'));
      assert.deepEqual(await proxy.preflight(), []);

      const green = await startApp(engine, 'green');
      const all = async () => ({
        blue: await instancesOf(
          engine,
          blue.map(({ id }) => id),
        ),
        green: await instancesOf(
          engine,
          green.map(({ id }) => id),
        ),
      });
      // It died after the new color got the alias.
      const died = new AliasSwitch(optionsOn(engine, settings), {
        ...clock,
        sleep: () => Promise.reject(new Error('killed')),
      });
      await assert.rejects(died.shift('green', await all()), /killed/);
      assert.deepEqual(await proxy.weights(), { blue: 50, green: 50 });
      // And before that, in the middle of taking one off the network.
      await engine.docker(['network', 'disconnect', NETWORK, green[0]!.id]);
      const before = await all();
      assert.equal(before.green[0]!.address, '');
      await proxy.shift('green', before);
      assert.deepEqual(waits, [1_000]);
      assert.deepEqual(await proxy.weights(), allOn('green'));
      const now = await all();
      // Users' connections to the old color live on its address.
      assert.deepEqual(
        now.blue.map(({ address }) => address),
        before.blue.map(({ address }) => address),
      );
      for (const { id } of now.blue) {
        const aliases = await aliasesOf(id);
        assert.ok(
          aliases.includes(ALIASES.blue) && aliases.includes('web') && !aliases.includes('storefront'),
        );
      }
      const aliases = await aliasesOf(green[0]!.id);
      for (const alias of ['storefront', 'web', ALIASES.green]) assert.ok(aliases.includes(alias), alias);
      assert.deepEqual(await proxy.ready('green', now.green), { ready: 1, detail: '' });
    });

    test('a parked container starts again though somebody has its address by now', async () => {
      await removeApp(engine);
      const proxy = new AliasSwitch(optionsOn(engine, { ...settings, 'dns-ttl': 0 }));
      const blue = await startApp(engine, 'blue');
      const green = await startApp(engine, 'green');
      await proxy.shift('blue', { blue, green });
      await proxy.shift('green', { blue: await instancesOf(engine, [blue[0]!.id]), green });
      const [parked] = await instancesOf(engine, [blue[0]!.id]);
      await engine.docker(['stop', '--time', '0', parked!.id]);
      await startApp(engine, 'green', { addresses: [parked!.address] });
      await assert.rejects(engine.docker(['start', parked!.id]), /[Aa]ddress already in use/);
      await proxy.beforeStart('blue', [parked!.id]);
      await engine.docker(['start', parked!.id]);
      const aliases = await aliasesOf(parked!.id);
      assert.ok(aliases.includes(ALIASES.blue) && !aliases.includes('storefront'));
    });

    test('refuses a network whose addresses nobody can keep', async () => {
      await engine.docker(['network', 'create', 'automatic']);
      const id = await engine.docker(['run', '--detach', '--network', 'automatic', 'app:base']);
      try {
        const proxy = new AliasSwitch({ ...optionsOn(engine, settings), network: 'automatic' });
        const [problem] = await proxy.preflight();
        assert.match(problem?.message ?? '', /Nobody chose the subnet of the network automatic/);
        assert.match(problem?.fix ?? '', /docker network create --subnet [\d.]+\/24 automatic/);
        assert.equal(problem?.forceable, false);
      } finally {
        await engine.docker(['rm', '--force', id]);
        await engine.docker(['network', 'rm', 'automatic']);
      }
      const [gone] = await new AliasSwitch({
        ...optionsOn(engine, settings),
        network: 'nothing',
      }).preflight();
      assert.match(gone?.message ?? '', /There is no network nothing/);
    });

    test('switches to and fro ten times under load without a failure', async () => {
      await removeApp(engine);
      const proxy = new AliasSwitch(optionsOn(engine, settings));
      const ids = {
        blue: (await startApp(engine, 'blue', { count: 2 })).map(({ id }) => id),
        green: (await startApp(engine, 'green', { count: 2 })).map(({ id }) => id),
      };
      const now = async () => ({
        blue: await instancesOf(engine, ids.blue),
        green: await instancesOf(engine, ids.green),
      });
      await proxy.shift('blue', await now());
      await until('an answer', async () => (await answer(url)) === 'blue');
      await switching({ shift: async (to) => proxy.shift(to, await now()) }, url, await now(), 1_000);
    });
  });
});

async function untilReady(proxy: ProxyPort, color: Color, instances: readonly Instance[]): Promise<void> {
  await until(
    `${color} is ready`,
    async () => (await proxy.ready(color, instances)).ready === instances.length,
  );
}

/** The version that answers. */
async function answer(url: string): Promise<string | undefined> {
  const response = await fetch(url, { headers: { connection: 'close' } }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ? (response.headers.get('x-version') ?? '') : undefined;
}

/** Ten switches while users are there: none of them notices, and all of them are on the new color after each. */
async function switching(
  proxy: Pick<ProxyPort, 'shift'>,
  url: string,
  instances: Readonly<Record<Color, readonly Instance[]>>,
  settle = 0,
): Promise<LoadResult> {
  await until('blue answers', async () => (await answer(url)) === 'blue');
  const load = await startLoad({
    url,
    ratePerSecond: 400,
    fresh: 0.2,
    slow: { inFlight: 4, ms: 2_000 },
    idle: { connections: 4, seconds: 1 },
    longestSeconds: 120,
  });
  try {
    let to: Color = 'green';
    for (let switched = 0; switched < 10; switched += 1) {
      await proxy.shift(to, instances);
      await sleep(settle);
      for (let look = 0; look < 20; look += 1) assert.equal(await answer(url), to);
      to = otherColor(to);
    }
  } finally {
    await load.stop();
  }
  const result = await load.stop();
  assert.deepEqual([result.failed, result.failures], [0, []]);
  assert.ok(result.byVersion['blue']! > 0 && result.byVersion['green']! > 0);
  return result;
}
