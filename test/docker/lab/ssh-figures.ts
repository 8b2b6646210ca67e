/** Prints what a Docker host over SSH costs: `node test/docker/lab/ssh-figures.ts`, as root. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSshHost } from '../../../src/target/docker/ssh/ssh-host.ts';
import { startEngine } from './engine.ts';
import { SshServer } from './sshd.ts';

process.env['HOME'] = mkdtempSync(join(tmpdir(), 'home-'));
delete process.env['SSH_AUTH_SOCK'];
await using engine = await startEngine();
await using ssh = await SshServer.start();

async function measure(name: string, times: number, work: () => Promise<unknown>): Promise<void> {
  const taken: number[] = [];
  for (let n = 0; n < times; n++) {
    const since = performance.now();
    await work();
    taken.push(performance.now() - since);
  }
  taken.sort((a, b) => a - b);
  const at = (share: number) => taken[Math.min(times - 1, Math.floor(times * share))]!.toFixed(1);
  console.log(`${name.padEnd(52)} n ${times}  median ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)} ms`);
}

const open = () =>
  openSshHost({
    url: ssh.url(engine.socket),
    knownHosts: ssh.knownHosts,
    key: ssh.key,
    workspace: '/',
    progress: console.log,
  });
const get = (socketPath: string, agent: http.Agent | false) => () =>
  new Promise((resolve, reject) => {
    http
      .get({ socketPath, path: '/containers/json', agent }, (response) =>
        response.resume().on('end', resolve),
      )
      .on('error', reject);
  });
const cli = (env: Readonly<Record<string, string>>) => () =>
  promisify(execFile)('docker', ['ps'], { env: { ...process.env, ...engine.env, ...env } });

const known = join(ssh.folder, 'known');
writeFileSync(known, ssh.knownHosts);
const plain = ['-F', 'none', '-i', ssh.keyFile, '-o', `UserKnownHostsFile=${known}`, '-o', 'BatchMode=yes'];
await measure('floor: `ssh host true`, a connection of its own', 15, () =>
  promisify(execFile)('ssh', [...plain, '-p', String(ssh.port), `${ssh.user}@127.0.0.1`, 'true']),
);
const hosts: Awaited<ReturnType<typeof open>>[] = [];
await measure('open: until the engine has answered', 15, async () => hosts.push(await open()));
await measure('close: until all processes are gone', 15, () => hosts.pop()!.close());

const host = await open();
const tunnel = host.env['DOCKER_HOST']!.replace('unix://', '');
let port = 10_000;
await measure('dial: one way more on the same connection', 30, () =>
  host.dial({ host: '127.0.0.1', port: port++ }),
);
const address = { host: '127.0.0.1', port: 10_000 };
await measure('dial: a way that there is', 30, () => host.dial(address));
for (const [where, path] of [
  ['local ', engine.socket],
  ['tunnel', tunnel],
] as const) {
  await measure(`${where}: GET /containers/json, fresh connections`, 200, get(path, false));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await measure(`${where}: GET /containers/json, one connection`, 200, get(path, agent));
  agent.destroy();
}
await measure('local : docker ps', 30, cli({}));
await measure('tunnel: docker ps', 30, cli(host.env));
console.log(`connections until here, without those of the floor: ${ssh.connections - 15} (16 were opened)`);
await host.close();
rmSync(process.env['HOME'], { recursive: true });
