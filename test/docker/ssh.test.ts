import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DeployError } from '../../src/errors.ts';
import type { Dialed, DockerHost } from '../../src/target/docker/host.ts';
import { openSshHost, type SshHostOptions } from '../../src/target/docker/ssh/ssh-host.ts';
import { TransientError } from '../../src/target/target.ts';
import { startEngine } from './lab/engine.ts';
import { docker } from './lab/parts.ts';
import { descendants, SshServer, sshd } from './lab/sshd.ts';

/** Nothing of whoever runs the tests: no agent, no config. */
const home = mkdtempSync(join(tmpdir(), 'home-'));
const temp = mkdtempSync(join(tmpdir(), 'temp-'));
Object.assign(process.env, { HOME: home, RUNNER_TEMP: temp });
delete process.env['SSH_AUTH_SOCK'];
after(() => {
  for (const folder of [home, temp]) rmSync(folder, { recursive: true, force: true });
});

const { skip } = sshd;
const asRoot = process.getuid?.() === 0;

/** Answers as an engine answers a ping; on sockets and ports that only the Docker host is meant to see. */
class StandIn implements AsyncDisposable {
  readonly #server = http.createServer((request, response) =>
    response.end(`${request.method} ${request.url}`),
  );

  async listen(socket?: string): Promise<this> {
    if (socket === undefined) this.#server.listen(0, '127.0.0.1');
    else this.#server.listen(socket);
    await once(this.#server, 'listening');
    return this;
  }
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  async [Symbol.asyncDispose]() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const get = (where: Dialed, path = '/_ping'): Promise<string> =>
  new Promise((resolve, reject) => {
    const target = 'path' in where ? { socketPath: where.path } : where;
    http
      .get({ ...target, path, agent: false }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve(text);
      })
      .on('error', reject);
  });

const engineSocket = (host: DockerHost) => ({ path: host.env['DOCKER_HOST']!.replace('unix://', '') });

describe('a Docker host over SSH', { skip }, () => {
  let messages: string[];
  let stack: AsyncDisposableStack;

  beforeEach(() => {
    messages = [];
    stack = new AsyncDisposableStack();
  });
  afterEach(async () => {
    await stack.disposeAsync();
    assert.deepEqual(readdirSync(temp), [], 'nothing of the temporary folder stays');
    assert.deepEqual(descendants(process.pid).filter(isSsh), [], 'no ssh outlives its host');
    rmSync(join(home, '.ssh'), { recursive: true, force: true });
  });

  /** An sshd, and something like an engine behind it. */
  async function server(options?: Parameters<typeof SshServer.start>[0]) {
    const ssh = stack.use(await SshServer.start(options));
    const socket = join(ssh.folder, 'engine.sock');
    stack.use(await new StandIn().listen(socket));
    return { ssh, socket };
  }

  async function open(
    ssh: SshServer,
    socket: string,
    options: Partial<SshHostOptions> = {},
  ): Promise<DockerHost> {
    const host = await openSshHost({
      url: ssh.url(socket),
      knownHosts: ssh.knownHosts,
      key: ssh.key,
      workspace: ssh.folder,
      progress: (message) => messages.push(message),
      ...options,
    });
    stack.defer(() => host.close());
    return host;
  }

  const failure = async (opening: Promise<unknown>): Promise<DeployError> => {
    const error = await opening.then(
      () => assert.fail('it was opened'),
      (reason) => reason,
    );
    assert.equal(error.name, 'DeployError', error.stack);
    return error;
  };

  test('carries the engine and whatever is dialed on one connection', async () => {
    const { ssh, socket } = await server();
    const app = stack.use(await new StandIn().listen());
    const admin = join(ssh.folder, 'admin.sock');
    stack.use(await new StandIn().listen(admin));
    const host = await open(ssh, socket);

    assert.equal(host.description, ssh.url(socket));
    assert.equal(await get(engineSocket(host)), 'GET /_ping');
    const [one, again, other] = await Promise.all([
      host.dial({ host: '127.0.0.1', port: app.port }),
      host.dial({ host: '127.0.0.1', port: app.port }),
      host.dial({ path: admin }),
    ]);
    assert.deepEqual(one, again, 'one way for each address');
    assert.notDeepEqual(one, other);
    for (let n = 0; n < 20; n++)
      assert.deepEqual(await Promise.all([get(one, `/${n}`), get(other, `/a${n}`)]), [
        `GET /${n}`,
        `GET /a${n}`,
      ]);

    const url = await host.url({ host: '127.0.0.1', port: app.port });
    assert.equal(await (await fetch(`${url}/page`, { method: 'POST', body: 'x' })).text(), 'POST /page');
    assert.equal(await host.url({ host: '127.0.0.1', port: app.port }), url);
    for (const path of ['path' in one ? one.path : '', engineSocket(host).path]) {
      assert.ok(path.startsWith(`${temp}/`) && path.length < 104, path);
      assert.equal(statSync(path).mode & 0o077, 0);
      assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
    }
    assert.equal(ssh.connections, 1);

    await host.close();
    await assert.rejects(fetch(url), 'the relay is closed');
    await assert.rejects(host.dial({ path: admin }), TransientError);
    assert.equal(ssh.connections, 1);
  });

  test('lets the Docker CLI work on a real engine', { skip: docker.skip }, async () => {
    const engine = stack.use(await startEngine());
    const ssh = stack.use(await SshServer.start());
    const host = await open(ssh, engine.socket);
    const run = (...args: string[]) =>
      promisify(execFile)('docker', args, {
        // TLS that a runner was told of for another engine must not disturb.
        env: {
          ...process.env,
          DOCKER_TLS_VERIFY: '1',
          DOCKER_CERT_PATH: '/nowhere',
          ...engine.env,
          ...host.env,
        },
      });
    const { stdout } = await run('info', '--format', '{{.DockerRootDir}}');
    const direct = await engine.docker(['info', '--format', '{{.DockerRootDir}}']);
    assert.equal(stdout.trim(), direct);
    await Promise.all(Array.from({ length: 12 }, () => run('ps', '--all', '--quiet')));
    // The one that Compose and pulls use: a connection that is taken over in both directions.
    await run('network', 'create', 'through-the-tunnel', '--subnet', engine.subnet());
    assert.match(await engine.docker(['network', 'ls']), /through-the-tunnel/);
    assert.equal(ssh.connections, 1);
  });

  test('needs no session, and does not connect once more for one', {
    skip: !asRoot && 'needs root',
  }, async () => {
    // ssh's own second connection would go to the port 22, so that is where this server must be; nobody else is at
    // an address like this.
    const address = `127.${1 + (process.pid % 250)}.${1 + (Date.now() % 250)}.1`;
    const { ssh, socket } = await server({ config: ['MaxSessions 0', `ListenAddress ${address}:22`] });
    const host = await open(ssh, socket, {
      url: `ssh://root@${address}${socket}`,
      knownHosts: `${address} ${ssh.hostKey('ed25519')}`,
    });
    // The session of ours was refused.
    await ssh.logged(/no more sessions/);
    assert.equal(await get(await host.dial({ path: socket })), 'GET /_ping');
    await host.close();
    assert.equal(ssh.connections, 1);
  });

  describe('trusts', () => {
    for (const [form, setting] of [
      ['a known_hosts line', (ssh) => ssh.knownHosts],
      ['a public key without a name', (ssh) => ssh.hostKey('ecdsa')],
      [
        'a path in the workspace',
        (ssh) => {
          writeFileSync(join(ssh.folder, 'known'), ssh.knownHosts);
          return 'known';
        },
      ],
      ['the fingerprint of its first key', (ssh) => ssh.fingerprint('ed25519')],
      ['the fingerprint of another key', (ssh) => ssh.fingerprint('ecdsa')],
    ] as readonly [string, (ssh: SshServer) => string][])
      test(form, async () => {
        const { ssh, socket } = await server();
        const host = await open(ssh, socket, { knownHosts: setting(ssh) });
        assert.equal(await get(engineSocket(host)), 'GET /_ping');
        assert.equal(ssh.logins, 1);
      });
  });

  describe('says what is wrong:', () => {
    test('no known-hosts', async () => {
      const { ssh, socket } = await server();
      const error = await failure(open(ssh, socket, { knownHosts: undefined }));
      assert.equal(error.code, 'known-hosts-missing');
      assert.match(error.hint!, new RegExp(`ssh-keyscan -p ${ssh.port} 127\\.0\\.0\\.1`));
      assert.equal(ssh.connections, 0);
    });

    test('a host key that known-hosts does not have', async () => {
      const { ssh, socket } = await server();
      const knownHosts = ssh.knownHosts.replace('127.0.0.1', 'app-1.example.com');
      const error = await failure(open(ssh, socket, { knownHosts }));
      assert.equal(error.code, 'host-key-unknown');
      assert.match(error.message, new RegExp(`\\[127\\.0\\.0\\.1\\]:${ssh.port}`));
      assert.match(error.details.join('\n'), new RegExp(ssh.fingerprint('ed25519').replaceAll('+', '\\+')));
      assert.match(error.details.join('\n'), /keys for: \[app-1\.example\.com\]/);
      assert.match(error.hint!, new RegExp(`ssh-keyscan -p ${ssh.port} 127\\.0\\.0\\.1`));
      assert.doesNotMatch(JSON.stringify(error), /accept|StrictHostKeyChecking|force/i);
      assert.equal(ssh.logins, 0);
    });

    test('a host key that has changed', async () => {
      const { ssh, socket } = await server();
      const { knownHosts } = ssh;
      ssh.newKey('host_ed25519', 'ed25519');
      await ssh.stop();
      await ssh.start();
      const error = await failure(open(ssh, socket, { knownHosts }));
      assert.equal(error.code, 'host-key-changed');
      assert.ok(error.details.join('\n').includes(ssh.fingerprint('ed25519')));
      assert.doesNotMatch(JSON.stringify(error), /accept|StrictHostKeyChecking|force/i);
      assert.equal(ssh.logins, 0);
    });

    test('a fingerprint that none of its keys has', async () => {
      const { ssh, socket } = await server();
      const knownHosts = `SHA256:${'A'.repeat(43)}`;
      const error = await failure(open(ssh, socket, { knownHosts }));
      assert.equal(error.code, 'host-key-unknown');
      for (const type of ['ed25519', 'ecdsa'] as const)
        assert.ok(error.details.join('\n').includes(ssh.fingerprint(type)));
      assert.equal(ssh.logins, 0);
    });

    test('a key that the host does not know', async () => {
      const { ssh, socket } = await server();
      const key = readFileSync(ssh.newKey('stranger', 'ed25519'), 'utf8');
      const error = await failure(open(ssh, socket, { key }));
      assert.equal(error.code, 'ssh-permission-denied');
      assert.match(error.details.join('\n'), /Key tried: the input ssh-key ED25519 SHA256:/);
      assert.match(error.hint!, /authorized_keys of root|authorized_keys/);
      assert.doesNotMatch(JSON.stringify(error), /PRIVATE KEY/);
      assert.equal(ssh.connections, 1, 'no further try');
    });

    test('no key at all', async () => {
      const { ssh, socket } = await server();
      // An identity that the ssh config names keeps ssh from those of whoever runs the tests.
      writeConfig(`IdentityFile ${join(home, 'none')}\nIdentitiesOnly yes`);
      const error = await failure(open(ssh, socket, { key: undefined }));
      assert.equal(error.code, 'ssh-permission-denied');
      assert.match(error.message, /there is none to offer/);
    });

    test('a key with a passphrase', async () => {
      const { ssh, socket } = await server();
      execFileSync('ssh-keygen', ['-q', '-p', '-N', 'secret', '-f', ssh.keyFile]);
      const error = await failure(open(ssh, socket));
      assert.equal(error.code, 'ssh-permission-denied');
      assert.match(error.hint!, /passphrase/);
    });

    test('an identity file that others can read', async () => {
      const { ssh, socket } = await server();
      execFileSync('chmod', ['644', ssh.keyFile]);
      const error = await failure(open(ssh, socket, { key: undefined, identityFile: 'key' }));
      assert.equal(error.code, 'ssh-permission-denied');
      assert.match(error.details.join('\n'), /others can read .*chmod 600/);
    });

    test('nobody listens', async () => {
      const { ssh, socket } = await server();
      await ssh.stop();
      const error = await failure(open(ssh, socket));
      assert.equal(error.code, 'host-unreachable');
      assert.match(error.message, /refuses connections/);
      assert.deepEqual(messages, [], 'no further try');
    });

    test('a name that nobody knows', async () => {
      const { ssh, socket } = await server();
      const error = await failure(open(ssh, socket, { url: `ssh://deploy@no-such-host.invalid${socket}` }));
      assert.equal(error.code, 'host-unreachable');
      assert.match(error.message, /no-such-host\.invalid could not be resolved/);
    });

    test('a host that does not answer', async () => {
      const { ssh, socket } = await server();
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      stack.defer(() => void silent.close());
      const { port } = silent.address() as AddressInfo;
      const error = await failure(
        open(ssh, socket, { url: `ssh://deploy@127.0.0.1:${port}${socket}`, patience: { connect: 1 } }),
      );
      assert.equal(error.code, 'host-unreachable');
      assert.match(error.message, /did not answer in time/);
    });

    test('no forwarding of sockets', { skip: docker.skip }, async () => {
      const engine = stack.use(await startEngine());
      for (const line of [
        'AllowStreamLocalForwarding no',
        'AllowTcpForwarding no',
        'DisableForwarding yes',
      ]) {
        await using ssh = await SshServer.start({ config: [line] });
        const error = await failure(open(ssh, engine.socket));
        assert.equal(error.code, 'ssh-forwarding-forbidden', error.message);
        assert.match(
          error.hint!,
          /AllowStreamLocalForwarding yes.*AllowTcpForwarding yes.*DisableForwarding/,
        );
        assert.equal(ssh.connections, 1);
      }
    });

    test('a key without forwarding', async () => {
      const ssh = stack.use(await SshServer.start({ keyOptions: 'restrict' }));
      const socket = join(ssh.folder, 'engine.sock');
      stack.use(await new StandIn().listen(socket));
      const error = await failure(open(ssh, socket));
      assert.equal(error.code, 'ssh-forwarding-forbidden');
      assert.match(error.hint!, /authorized_keys/);
      assert.match(error.details.join('\n'), /authorized_keys:1: key options:/);
    });

    // Today's OpenSSH forbids sockets with ports, too, so that it shows only when this changes under way.
    test('no forwarding to ports', async () => {
      const { ssh, socket } = await server();
      const app = stack.use(await new StandIn().listen());
      const again = Promise.withResolvers<void>();
      const host = await open(ssh, socket, {
        progress: (message) => message.startsWith('Connected') && again.resolve(),
        patience: { lost: [100, 100, 100, 100, 100, 100, 100, 100, 100] },
      });
      await ssh.stop();
      await ssh.start(['AllowTcpForwarding no']);
      await again.promise;
      const address = { host: '127.0.0.1', port: app.port };
      await assert.rejects(get(await host.dial(address)), 'the first use is how it shows');
      const error = await failure(host.dial(address));
      assert.equal(error.code, 'ssh-forwarding-forbidden');
      assert.match(error.hint!, /AllowTcpForwarding yes/);
    });

    test('nobody listens on a port there, which is for whoever dialed to judge', async () => {
      const { ssh, socket } = await server();
      const app = await new StandIn().listen();
      const address = { host: '127.0.0.1', port: app.port };
      await app[Symbol.asyncDispose]();
      const host = await open(ssh, socket);
      for (let n = 0; n < 3; n++) await assert.rejects(get(await host.dial(address)));
    });

    test('no engine there', async () => {
      const { ssh } = await server();
      const error = await failure(open(ssh, '/run/no-such-engine.sock'));
      assert.equal(error.code, 'docker-unreachable');
      assert.match(error.message, /no Docker engine’s socket \/run\/no-such-engine\.sock/);
      assert.equal(ssh.connections, 1);
    });

    test('an engine that is down and left its socket', async () => {
      const ssh = stack.use(await SshServer.start());
      const socket = join(ssh.folder, 'engine.sock');
      // Killed, so that the socket stays.
      const script = `require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 9))`;
      await once(spawn(process.execPath, ['-e', script]), 'exit');
      assert.ok(existsSync(socket));
      const error = await failure(open(ssh, socket));
      assert.equal(error.code, 'docker-unreachable');
    });

    test('a user who may not use the engine, or a proxy’s socket', {
      skip: !asRoot && 'needs root',
    }, async () => {
      const { ssh, socket } = await server({ account: 'deploy' });
      execFileSync('chmod', ['600', socket]);
      const error = await failure(open(ssh, socket));
      assert.equal(error.code, 'docker-forbidden', error.message);
      assert.match(error.hint!, /usermod -aG docker deploy/);

      execFileSync('chmod', ['666', socket]);
      const admin = join(ssh.folder, 'admin.sock');
      stack.use(await new StandIn().listen(admin));
      execFileSync('chmod', ['600', admin]);
      const host = await open(ssh, socket);
      await assert.rejects(get(await host.dial({ path: admin })));
      const refused = await failure(host.dial({ path: admin }));
      assert.equal(refused.code, 'socket-forbidden');
      assert.match(refused.message, /deploy may not use .*admin\.sock/);
    });

    test('no ssh on the runner', async () => {
      const { ssh, socket } = await server();
      const path = process.env['PATH'];
      const fingerprint = ssh.fingerprint('ecdsa');
      process.env['PATH'] = home;
      try {
        assert.equal((await failure(open(ssh, socket))).code, 'ssh-missing');
        assert.equal((await failure(open(ssh, socket, { knownHosts: fingerprint }))).code, 'ssh-missing');
      } finally {
        process.env['PATH'] = path;
      }
    });
  });

  test('tries again when the host drops it for having too many others', async () => {
    const { ssh, socket } = await server({ config: ['MaxStartups 1:100:1'] });
    // Somebody who never says a word holds the only place until we were turned away once.
    const other = connect(ssh.port, '127.0.0.1').on('error', () => {});
    await once(other, 'data');
    const progress = (message: string) => {
      messages.push(message);
      other.destroy();
    };
    const host = await open(ssh, socket, { progress });
    assert.equal(await get(engineSocket(host)), 'GET /_ping');
    assert.match(messages[0]!, /closed the connection before it could be used\. Trying again/);

    const second = connect(ssh.port, '127.0.0.1').on('error', () => {});
    await once(second, 'data');
    const error = await failure(open(ssh, socket, { patience: { busy: [1, 1, 1] } }));
    second.destroy();
    assert.equal(error.code, 'host-unreachable');
    assert.match(error.hint!, /MaxStartups/);
    assert.equal(messages.length, 1 + 3);
  });

  describe('takes the key', () => {
    test('as text: from a file which is there only while it logs in, never from an argument', async () => {
      const { ssh, socket } = await server();
      process.env['INPUT_SSH-KEY'] = ssh.key;
      stack.defer(() => void delete process.env['INPUT_SSH-KEY']);
      const secret = ssh.key.split('\n')[3]!;
      const seen: string[] = [];
      const watcher = watch(temp, { recursive: true }, (_, name) => seen.push(String(name)));
      // As it comes out of a web form.
      const host = await open(ssh, socket, { key: ssh.key.trim().replaceAll('\n', '\r\n') });
      watcher.close();
      assert.ok(
        !readdirSync(dirname(engineSocket(host).path)).includes('key'),
        'the file is gone once we are logged in',
      );
      const processes = descendants(process.pid).filter((pid) => isSsh(pid) || isSsh(parentOf(pid)));
      assert.ok(processes.length > 0);
      for (const pid of descendants(process.pid))
        for (const what of ['cmdline', 'environ'])
          assert.ok(!readProc(pid, what).includes(secret), `${what} of ${pid}`);
      assert.ok(!messages.join().includes(secret));
    });

    test('from a file in the workspace', async () => {
      const { ssh, socket } = await server();
      const host = await open(ssh, socket, { key: undefined, identityFile: 'key' });
      assert.equal(await get(engineSocket(host)), 'GET /_ping');
    });

    test('from an agent', async () => {
      const { ssh, socket } = await server();
      const agent = join(ssh.folder, 'agent.sock');
      const child = spawn('ssh-agent', ['-D', '-a', agent], { stdio: ['ignore', 'pipe', 'ignore'] });
      stack.defer(() => void child.kill());
      await once(child.stdout, 'data');
      process.env['SSH_AUTH_SOCK'] = agent;
      stack.defer(() => void delete process.env['SSH_AUTH_SOCK']);
      execFileSync('ssh-add', ['-q', ssh.keyFile]);
      const host = await open(ssh, socket, { key: undefined });
      assert.equal(await get(engineSocket(host)), 'GET /_ping');
    });

    test('and the host’s name from the user’s ssh config', async () => {
      const { ssh, socket } = await server();
      writeConfig(
        `Host production\n  HostName 127.0.0.1\n  Port ${ssh.port}\n  User ${ssh.user}\n  IdentityFile ${ssh.keyFile}`,
      );
      const host = await open(ssh, socket, { url: `ssh://production${socket}`, key: undefined });
      assert.equal(await get(engineSocket(host)), 'GET /_ping');
    });
  });

  describe('through a jump host', () => {
    async function behind() {
      const { ssh, socket } = await server();
      const jump = stack.use(await SshServer.start());
      await jump.allow(ssh.publicKey);
      writeConfig(
        `Host inner\n  HostName 127.0.0.1\n  Port ${ssh.port}\n  User ${ssh.user}\n  ProxyJump jump\n` +
          `Host jump\n  HostName 127.0.0.1\n  Port ${jump.port}\n  User ${jump.user}\n`,
      );
      return { ssh, socket, jump, url: `ssh://inner${socket}` };
    }

    test('whose key known-hosts has, too', async () => {
      const { ssh, socket, jump, url } = await behind();
      const host = await open(ssh, socket, { url, knownHosts: `${ssh.knownHosts}\n${jump.knownHosts}` });
      assert.equal(await get(engineSocket(host)), 'GET /_ping');
      assert.equal(await get(await host.dial({ path: socket })), 'GET /_ping');
      assert.deepEqual([ssh.connections, jump.connections], [1, 1]);
    });

    test('whose key is in the user’s own known_hosts, and the host’s is known by its fingerprint', async () => {
      const { ssh, socket, jump, url } = await behind();
      writeFileSync(join(home, '.ssh/known_hosts'), `${jump.knownHosts}\n`);
      const host = await open(ssh, socket, { url, knownHosts: ssh.fingerprint('ed25519') });
      assert.equal(await get(engineSocket(host)), 'GET /_ping');
    });

    test('which is unknown', async () => {
      const { ssh, socket, jump, url } = await behind();
      const error = await failure(open(ssh, socket, { url }));
      assert.equal(error.code, 'host-key-unknown');
      assert.ok(error.message.includes(`[127.0.0.1]:${jump.port}`), error.message);
      assert.ok(error.details.join().includes(jump.fingerprint('ed25519')));
      assert.ok(error.hint!.includes(`-p ${jump.port} 127.0.0.1`));
    });

    test('which does not let us in', async () => {
      const { ssh, socket, jump, url } = await behind();
      await jump.allow(jump.publicKey);
      const error = await failure(
        open(ssh, socket, { url, knownHosts: `${ssh.knownHosts}\n${jump.knownHosts}` }),
      );
      assert.equal(error.code, 'ssh-permission-denied', error.message);
      assert.match(error.message, /@127\.0\.0\.1 took none/);
    });

    test('which can’t reach the host', async () => {
      const { ssh, socket, jump, url } = await behind();
      await ssh.stop();
      const error = await failure(
        open(ssh, socket, { url, knownHosts: `${ssh.knownHosts}\n${jump.knownHosts}` }),
      );
      assert.equal(error.code, 'host-unreachable');
      assert.match(error.message, /jump host can’t reach/);
    });
  });

  describe('when the connection drops', () => {
    /** Asks as the procedure does: what is transient is asked again. */
    async function persist<T>(work: () => Promise<T>): Promise<T> {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          const { code, name } = error as NodeJS.ErrnoException;
          if (name === 'DeployError' || (name !== 'TransientError' && code === undefined)) throw error;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    }

    test('makes it again, with the same ways at the same places', async () => {
      const { ssh, socket } = await server();
      const app = stack.use(await new StandIn().listen());
      const host = await open(ssh, socket, { patience: { lost: [100, 100, 100] } });
      const address = { host: '127.0.0.1', port: app.port };
      const dialed = await host.dial(address);
      const url = await host.url(address);
      for (let round = 1; round <= 3; round++) {
        ssh.cut();
        await ssh.logged(new RegExp(`^(?:[^]*?^Accepted publickey for ){${round + 1}}`, 'm'));
        assert.equal(await persist(() => get(dialed, '/1')), 'GET /1');
        assert.equal(await persist(() => get(engineSocket(host))), 'GET /_ping');
        assert.deepEqual(await persist(() => host.dial(address)), dialed);
        assert.equal(await (await fetch(`${url}/2`)).text(), 'GET /2');
      }
      // A way that was never asked for before.
      assert.equal(await get(await host.dial({ path: socket })), 'GET /_ping');
      assert.equal(ssh.logins, 4);
      assert.equal(messages.filter((message) => /broke \(.+\)\. Connecting again/.test(message)).length, 3);
    });

    test('is known to be another than the one before, even before ssh has ended', async () => {
      const { ssh, socket } = await server();
      const host = await open(ssh, socket, { patience: { lost: [0, 100, 100] } });
      const stillStands = host.tunnel!();
      await stillStands();
      ssh.cut();
      // Nothing is waited for: ssh may not have noticed yet.
      await assert.rejects(stillStands(), TransientError);
      await persist(() => host.dial({ path: socket }));
      await assert.rejects(stillStands(), TransientError, 'nor when there is one again');
      await persist(() => host.tunnel!()());
    });

    test('says so until it is there again', async () => {
      const { ssh, socket } = await server();
      const said = Promise.withResolvers<void>();
      const host = await open(ssh, socket, {
        patience: { lost: [0, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200] },
        progress: () => said.resolve(),
      });
      await ssh.stop();
      await said.promise;
      await assert.rejects(host.dial({ path: socket }), TransientError);
      await ssh.start();
      assert.equal(await get(await persist(() => host.dial({ path: socket }))), 'GET /_ping');
    });

    test('gives up in the end', async () => {
      const { ssh, socket } = await server();
      const gone = Promise.withResolvers<void>();
      const host = await open(ssh, socket, {
        patience: { lost: [0, 1, 1] },
        progress: (message) => /broke/.test(message) && gone.resolve(),
      });
      await ssh.stop();
      await gone.promise;
      const error = await failure(persist(() => host.dial({ path: socket })));
      assert.equal(error.code, 'host-unreachable');
      assert.match(error.message, /broke and could not be made again within .* refuses connections/);
      assert.equal((await failure(host.dial({ path: socket }))).code, 'host-unreachable');
    });

    test('gives up at once when somebody else answers', async () => {
      const { ssh, socket } = await server();
      const gone = Promise.withResolvers<void>();
      const host = await open(ssh, socket, {
        patience: { lost: [1000, 600_000] },
        progress: (message) => /broke/.test(message) && gone.resolve(),
      });
      ssh.newKey('host_ed25519', 'ed25519');
      await ssh.stop();
      await gone.promise;
      await ssh.start();
      const error = await failure(persist(() => host.dial({ path: socket })));
      assert.equal(error.code, 'host-unreachable');
      assert.match(error.message, /is not the one in known-hosts/);
    });

    test('notices a network that has gone dead', async () => {
      const { ssh, socket } = await server();
      const said = Promise.withResolvers<string>();
      const host = await open(ssh, socket, { patience: { alive: 1, aliveCount: 1 }, progress: said.resolve });
      ssh.freeze();
      assert.match(await said.promise, /not responding/);
      assert.equal(await get(await persist(() => host.dial({ path: socket }))), 'GET /_ping');
      ssh.thaw();
    });

    test('is closed while it is away', async () => {
      const { ssh, socket } = await server();
      const said = Promise.withResolvers<void>();
      const host = await open(ssh, socket, { patience: { lost: [600_000] }, progress: () => said.resolve() });
      await ssh.stop();
      await said.promise;
      await host.close();
    });
  });

  test('can be cancelled while it is opened', async () => {
    const { ssh, socket } = await server();
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    stack.defer(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const controller = new AbortController();
    silent.on('connection', () => controller.abort(new Error('cancelled')));
    await assert.rejects(
      open(ssh, socket, { url: `ssh://deploy@127.0.0.1:${port}${socket}`, signal: controller.signal }),
      /cancelled/,
    );
  });

  for (const [signal, how] of [
    ['SIGKILL', 'killed'],
    ['SIGTERM', 'ended'],
  ] as const)
    test(`leaves nothing behind when this process is ${how}`, async () => {
      const { ssh, socket } = await server();
      const child = spawn(
        process.execPath,
        [
          fileURLToPath(new URL('lab/ssh-client.ts', import.meta.url)),
          ssh.url(socket),
          ssh.knownHosts,
          ssh.keyFile,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await once(child.stdout, 'data');
      const processes = descendants(child.pid!);
      assert.ok(processes.some(isSsh));
      assert.notDeepEqual(readdirSync(temp), []);
      child.kill(signal);
      await once(child, 'exit');
      // The server's word that the client is gone, and the folder's that it was removed after that.
      await ssh.logged(/Disconnected from user|Connection closed by|Connection reset by/);
      await emptied(temp);
      for (const pid of processes) await gone(pid);
    });
});

function writeConfig(text: string): void {
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, '.ssh/config'), `${text}\n`, { mode: 0o600 });
}

function readProc(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return '';
  }
}

const isSsh = (pid: number): boolean => readProc(pid, 'comm').trim() === 'ssh';

function parentOf(pid: number): number {
  const stat = readProc(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

async function emptied(folder: string): Promise<void> {
  const changes = watch(folder);
  try {
    while (readdirSync(folder).length > 0) await once(changes, 'change');
  } finally {
    changes.close();
  }
}

/** A foreign process's end can't be waited for, only looked for. */
async function gone(pid: number): Promise<void> {
  while (readProc(pid, 'cmdline') !== '') await new Promise((resolve) => setTimeout(resolve, 5));
}
