/** The lab itself: what the tests of the Docker target stand on. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runApp } from './lab/app.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { buildApp, loadImage } from './lab/images.ts';
import { startUsers } from './lab/load.ts';
import { docker } from './lab/parts.ts';
import { addressOf, NETWORK, type ProxyKind, startProxy } from './lab/proxies.ts';
import { freePort, startRegistry } from './lab/registry.ts';
import { until } from './lab/until.ts';
import { projectOf, startDockerWorld } from './lab/world.ts';

const ENGINE = join(import.meta.dirname, 'lab/engine.ts');

describe('the Docker lab', { skip: docker.skip }, () => {
  describe('an engine', () => {
    let engine: Engine;
    before(async () => {
      engine = await startEngine();
      await loadImage(engine, 'app');
      await engine.docker(['network', 'create', '--subnet', engine.subnet(), NETWORK]);
    });
    after(() => engine?.close());

    test('has Compose, and addresses that no other engine has', async () => {
      assert.match(await engine.docker(['compose', 'version', '--short']), /^2\./);
      await using other = await startEngine();
      const [one, two] = [engine.subnet(), other.subnet()].map((subnet) => subnet.split('.')[1]);
      assert.notEqual(one, two);
      assert.equal(await other.docker(['ps', '--all', '--quiet']), '', 'it has its own containers');
    });

    test('reaches containers by their address, by a port of the host, and from each other', async () => {
      const port = await freePort();
      await runApp(engine, ['reached']);
      const image = await buildApp(engine, 'storefront:published', { VERSION: 'published' });
      const publish = ['--publish', `127.0.0.1:${port}:3000`];
      await engine.docker([
        'run',
        '--detach',
        '--name',
        'published',
        '--network',
        NETWORK,
        ...publish,
        image,
      ]);
      const addresses = [`${await containerAddress('reached')}:3000`, `127.0.0.1:${port}`];
      const versions = await Promise.all(addresses.map((address) => answerOf(`http://${address}/`)));
      assert.deepEqual(versions, ['lab', 'published']);
      const script = `fetch('http://reached:3000/').then(async (answer) => console.log((await answer.json()).version))`;
      assert.equal(await engine.docker(['exec', 'published', 'node', '-e', script]), 'lab');
      await engine.docker(['rm', '--force', 'published']);
      assert.ok((await logsOf('reached')).includes('listening'));
    });

    test('ends what takes more memory than it may', async () => {
      const image = await buildApp(engine, 'storefront:oom', { OOM: '100' });
      await engine.docker([
        'run',
        '--detach',
        '--name',
        'oom',
        '--memory',
        '120m',
        '--network',
        'none',
        image,
      ]);
      assert.equal(await engine.docker(['wait', 'oom']), '137');
      assert.equal((await engine.inspect('oom')).State.OOMKilled, true);
    });

    for (const how of ['power-cut', 'shutdown'] as const) {
      test(`after a ${how}, what shall come back does, on its address and with its files`, async () => {
        const name = `back-${how}`;
        const port = await freePort();
        const run = ['run', '--detach', '--network', NETWORK];
        const always = ['--restart', 'unless-stopped', '--publish', `127.0.0.1:${port}:3000`];
        await engine.docker([...run, '--name', name, ...always, '--volume', 'kept:/kept', 'app:base']);
        await engine.docker([...run, '--name', `${name}-not`, 'app:base']);
        await engine.docker([...run, '--name', `${name}-stopped`, '--restart', 'unless-stopped', 'app:base']);
        // It may not hear SIGTERM yet.
        await engine.docker(['stop', '--time', '1', `${name}-stopped`]);
        await answerOf(`http://127.0.0.1:${port}/`);
        await engine.docker(['exec', name, 'node', '-e', `fs.writeFileSync('/kept/${how}', 'x')`]);
        const before = (await engine.inspect(name)).State.StartedAt;

        await engine.stop(how);
        await assert.rejects(fetch(`http://127.0.0.1:${port}/`), 'nothing runs while the host is down');
        await assert.rejects(engine.docker(['ps']), /Cannot connect/);
        await engine.start();

        await answerOf(`http://127.0.0.1:${port}/`);
        await answerOf(`http://${await containerAddress(name)}:3000/`);
        assert.notEqual((await engine.inspect(name)).State.StartedAt, before);
        assert.match(
          await engine.docker(['exec', name, 'node', '-p', `fs.readdirSync('/kept').join()`]),
          RegExp(how),
        );
        for (const other of [`${name}-not`, `${name}-stopped`])
          assert.equal((await engine.inspect(other)).State.Status, 'exited', other);
      });
    }

    test('has a registry of its own, which can be gone and come back', async () => {
      await using registry = await startRegistry(engine);
      await buildApp(engine, 'storefront:pushed');
      const reference = await registry.push('storefront:pushed');
      await engine.docker(['rmi', reference, 'storefront:pushed']);
      await registry.stop();
      await assert.rejects(engine.docker(['pull', reference]), /connection refused/);
      await registry.start();
      await engine.docker(['pull', '--quiet', reference]);
      const { RepoDigests } = await engine.inspect(reference);
      assert.match(RepoDigests.join(), /@sha256:[0-9a-f]{64}/);
    });

    const containerAddress = async (name: string): Promise<string> =>
      (await engine.inspect(name)).NetworkSettings.Networks[NETWORK].IPAddress;
    const logsOf = async (name: string): Promise<string> => engine.docker(['logs', name]);
  });

  for (const kind of ['haproxy', 'caddy', 'alias'] satisfies ProxyKind[]) {
    test(`${kind}: all kinds of users are served`, async () => {
      await using engine = await startEngine();
      await loadImage(engine, 'app');
      await engine.docker(['network', 'create', '--subnet', engine.subnet(), NETWORK]);
      const { url } = await startProxy(engine, kind);
      await runApp(engine, ['web-1', 'web-2']);
      assert.equal(await answerOf(url), 'lab');
      const users = await startUsers(kind, await addressOf(engine));
      await until('2,000 requests', () => users.snapshot().requests > 2_000);
      const { failed, failures, byConnection, webSocket } = await users.stop();
      assert.equal(failed, 0, JSON.stringify(failures.slice(0, 5)));
      assert.ok(
        Object.values(byConnection).every((count) => count > 0),
        JSON.stringify(byConnection),
      );
      assert.ok(webSocket.messages > 0);
      assert.deepEqual(webSocket.drainedAt, []);
    });
  }

  test('a world has a proxy, a registry with the app and a Compose file that Compose takes', async () => {
    await using world = await startDockerWorld({ proxy: 'haproxy', images: { sick: { HEALTH: 'never' } } });
    const env = { IMAGE: `${world.image}:sick`, COLOR: 'blue' };
    const compose = ['compose', '--project-name', projectOf('blue')];
    await world.engine.docker([...compose, 'up', '--detach'], { cwd: world.workspace, env });
    const services = (await world.containers('blue')).map(({ service, state }) => `${service} ${state}`);
    assert.deepEqual(services, ['web running', 'worker running']);
    await world.assertClean('blue');
    await assert.rejects(world.assertClean('green'), /green/);
    await world.engine.docker(['create', '--name', 'storefront-production-lock', `${world.image}:sick`]);
    await assert.rejects(world.assertClean('blue'), /no lock/);
  });

  describe('nothing is left', () => {
    test('of an engine that was closed', async () => {
      const engine = await startEngine();
      const traces = await furnish(engine);
      assert.deepEqual(leftOf(traces).toSorted(), ['bridge', 'cgroup', 'firewall', 'folder', 'process']);
      await engine.close();
      assert.deepEqual(leftOf(traces), []);
    });

    test('of an engine whose test was killed', async () => {
      const { child, traces } = await startElsewhere();
      child.kill('SIGKILL');
      await until('all is gone', () => leftOf(traces).length === 0);
    });

    test('of one whose keeper was killed too, when the next engine starts', async () => {
      const { child, traces, keeper } = await startElsewhere();
      process.kill(keeper, 'SIGKILL');
      await until('its processes are gone', () => !leftOf(traces).includes('process'));
      child.kill('SIGKILL');
      // It may be this one that takes the addresses, and says so to the firewall.
      await using _ = await startEngine();
      await until('all is gone', () =>
        leftOf(traces).every((what) => what === 'firewall' || what === 'cgroup'),
      );
    });
  });
});

interface Traces {
  readonly folder: string;
  readonly prefix: string;
}

/** One container on one network, and where to look for what it is made of. */
async function furnish(engine: Engine): Promise<Traces> {
  await loadImage(engine, 'app');
  const subnet = engine.subnet();
  await engine.docker(['network', 'create', '--subnet', subnet, NETWORK]);
  await engine.docker(['run', '--detach', '--network', NETWORK, '--restart', 'always', 'app:base']);
  return { folder: engine.folder, prefix: subnet.split('.').slice(0, 2).join('.') };
}

/** The same in another process, which can be killed. */
async function startElsewhere(): Promise<{ child: ChildProcess; traces: Traces; keeper: number }> {
  const program = `
    import { startEngine } from ${JSON.stringify(ENGINE)};
    const engine = await startEngine();
    console.log(JSON.stringify([engine.folder, engine.subnet()]));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  const [folder, subnet] = JSON.parse(String(said)) as [string, string];
  const env = { ...process.env, DOCKER_HOST: `unix://${join(folder, 'docker.sock')}` };
  execFileSync('docker', ['network', 'create', '--subnet', subnet, NETWORK], { env, stdio: 'ignore' });
  const keeper = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ')[0]);
  return { child, traces: { folder, prefix: subnet.split('.').slice(0, 2).join('.') }, keeper };
}

/** What there still is of it, in short. */
function leftOf({ folder, prefix }: Traces): readonly string[] {
  const left: string[] = [];
  if (existsSync(folder)) left.push('folder');
  if (processesWith(folder).length > 0) left.push('process');
  if (execFileSync('ip', ['-4', 'addr'], { encoding: 'utf8' }).includes(` ${prefix}.`)) left.push('bridge');
  if (globSync(`/sys/fs/cgroup/{,*/}blue-green-lab-${prefix}`).length > 0) left.push('cgroup');
  if (execFileSync('iptables', ['-w', '-S', 'FORWARD'], { encoding: 'utf8' }).includes(` ${prefix}.`))
    left.push('firewall');
  if (readFileSync('/proc/self/mounts', 'utf8').includes(folder)) left.push('mount');
  return left;
}

/** Of this machine, whose command line names the folder: dockerd, containerd and each container's shim do. */
function processesWith(folder: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}

/** The version that answers there, as soon as somebody does. */
async function answerOf(url: string): Promise<string> {
  return await until(`an answer from ${url}`, async () => {
    const answer = await fetch(url).catch(() => undefined);
    return answer?.ok ? ((await answer.json()) as { version: string }).version || 'none' : undefined;
  });
}
