import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import { openSshHost, type SshHostOptions } from '../../src/target/docker/ssh/ssh-host.ts';
import { SshServer, sshd } from './lab/sshd.ts';

/** Nothing of whoever runs the tests: no agent, no config. */
const home = mkdtempSync(join(tmpdir(), 'home-'));
const temp = mkdtempSync(join(tmpdir(), 'temp-'));
Object.assign(process.env, { HOME: home, RUNNER_TEMP: temp });
delete process.env['SSH_AUTH_SOCK'];
after(() => {
  for (const folder of [home, temp]) rmSync(folder, { recursive: true, force: true });
});

/** The numbers of the processes that a test leaves, a line each. */
const strays = join(home, 'strays');
const left = (): readonly string[] =>
  existsSync(strays) ? readFileSync(strays, 'utf8').trim().split('\n') : [];
afterEach(() => {
  for (const pid of left()) process.kill(Number(pid), 'SIGKILL');
  rmSync(strays, { force: true });
});

const options = (ssh: SshServer): Omit<SshHostOptions, 'url'> => ({
  knownHosts: ssh.knownHosts,
  key: ssh.key,
  workspace: ssh.folder,
  progress: () => {},
});

describe('ssh is waited for no longer than it runs', { skip: sshd.skip }, () => {
  test('a host that answers no question is asked for ten seconds', async () => {
    await using ssh = await SshServer.start({ config: [`ForceCommand echo $$ >> ${strays}; exec sleep 90`] });
    const started = Date.now();
    await assert.rejects(openSshHost({ ...options(ssh), url: ssh.url(join(ssh.folder, 'nothing.sock')) }), {
      code: 'docker-unreachable',
    });
    assert.ok(Date.now() - started < 45_000, `${Date.now() - started} ms`);
  });

  test('a process that left ssh’s group, and holds its output, holds up nothing', async (t) => {
    await using ssh = await SshServer.start();
    const socket = join(ssh.folder, 'engine.sock');
    const engine = http.createServer((_request, response) => response.end('OK')).listen(socket);
    await once(engine, 'listening');
    t.after(() => void engine.close());
    const proxy = join(home, 'proxy');
    const connect =
      "const s = require('net').connect(process.argv[2], process.argv[1]); process.stdin.pipe(s).pipe(process.stdout)";
    writeFileSync(
      proxy,
      `#!/bin/sh\nsetsid sh -c 'echo $$ >> ${strays}; exec sleep 90' < /dev/null > /dev/null &\nexec ${process.execPath} -e "${connect}" "$1" "$2"\n`,
    );
    chmodSync(proxy, 0o755);
    mkdirSync(join(home, '.ssh'), { mode: 0o700 });
    writeFileSync(join(home, '.ssh/config'), `Host *\n  ProxyCommand ${proxy} %h %p\n`, { mode: 0o600 });

    const started = Date.now();
    // With a fingerprint, there is one ssh that asks for the key before the one that stays.
    const host = await openSshHost({
      ...options(ssh),
      url: ssh.url(socket),
      knownHosts: ssh.fingerprint('ed25519'),
    });
    await host.close();
    assert.ok(Date.now() - started < 45_000, `${Date.now() - started} ms`);
    assert.equal(left().length, 2);
  });
});
