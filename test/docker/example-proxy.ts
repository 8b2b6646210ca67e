/** The proxies of examples/, set up on an engine with the very commands that their compose files tell. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { AliasSettings, CaddySettings, HaproxySettings } from '../../src/config/environment.ts';
import type { Color, PerColor } from '../../src/release/color.ts';
import { DockerCli } from '../../src/target/docker/docker-cli.ts';
import type { DockerHost } from '../../src/target/docker/host.ts';
import { LocalHost } from '../../src/target/docker/local-host.ts';
import type { ProxyOptions } from '../../src/target/docker/proxy/options.ts';
import type { Instance } from '../../src/target/docker/proxy/proxy.ts';
import type { Engine } from './lab/engine.ts';
import { freePort } from './lab/registry.ts';
import { until } from './lab/until.ts';

export const NETWORK = 'edge';
export const PORT = 3000;
export const ALIASES: PerColor<string> = {
  blue: 'storefront-production-blue',
  green: 'storefront-production-green',
};
const EXAMPLES = resolve(import.meta.dirname, '../../examples');

export interface ExampleProxy {
  /** Where users go. */
  readonly url: string;
  /** The admin socket, or the admin endpoint. */
  readonly admin: string;
  remove(): Promise<void>;
}

export async function createNetwork(engine: Engine): Promise<string> {
  const subnet = engine.subnet();
  await engine.docker(['network', 'create', '--subnet', subnet, NETWORK]);
  return subnet.replace(/\.0\/24$/, '');
}

/** @param more of what its Compose file leaves open */
export async function startHaproxyExample(
  engine: Engine,
  image: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ExampleProxy> {
  const folder = join(EXAMPLES, 'docker-haproxy');
  const run = join(engine.folder, 'files', `haproxy-${image.replace(/\W/g, '-')}`);
  const httpPort = await freePort();
  const env = { HAPROXY_IMAGE: image, HTTP_PORT: String(httpPort), SOCKET_DIRECTORY: run, ...more };
  const files = ['proxy.compose.yml'];
  const server = await engine.docker(['version', '--format', '{{.Server.Version}}']);
  if (Number.parseInt(server, 10) < 28) files.push('proxy.before-28.compose.yml');
  const compose = (...args: readonly string[]) =>
    engine.docker(['compose', ...files.flatMap((file) => ['--file', join(folder, file)]), ...args], { env });
  await compose('create', '--quiet-pull');
  await engine.docker(['cp', join(folder, 'haproxy.cfg'), 'edge:/usr/local/etc/haproxy/haproxy.cfg']);
  await engine.docker(['cp', join(folder, 'active.map'), 'edge:/maps/active.map']);
  await engine.docker(['cp', join(folder, 'shares.map'), 'edge:/maps/shares.map']);
  await compose('start');
  const admin = join(run, 'admin.sock');
  await until('HAProxy’s socket', () => existsSync(admin));
  return {
    url: `http://127.0.0.1:${httpPort}`,
    admin,
    remove: async () => {
      await compose('down', '--volumes', '--timeout', '0');
      rmSync(run, { recursive: true, force: true });
    },
  };
}

export async function startCaddyExample(engine: Engine, image: string): Promise<ExampleProxy> {
  const folder = join(EXAMPLES, 'docker-caddy');
  const [httpPort, adminPort] = [await freePort(), await freePort()];
  const env = {
    CADDY_IMAGE: image,
    HTTP_PORT: String(httpPort),
    ADMIN_PORT: String(adminPort),
    UPSTREAM_OPTIONS: 'buffer_requests',
  };
  const compose = (...args: readonly string[]) =>
    engine.docker(['compose', '--file', join(folder, 'proxy.compose.yml'), ...args], { env });
  await compose('create', '--quiet-pull');
  await engine.docker(['cp', join(folder, 'Caddyfile'), 'edge:/etc/caddy/Caddyfile']);
  await compose('start');
  const admin = `http://127.0.0.1:${adminPort}`;
  await until(
    'Caddy',
    async () => (await fetch(`http://127.0.0.1:${httpPort}`).catch(() => undefined)) !== undefined,
  );
  return {
    url: `http://127.0.0.1:${httpPort}`,
    admin,
    remove: async () => void (await compose('down', '--volumes', '--timeout', '0')),
  };
}

export const haproxySettings = (socket: string): HaproxySettings => ({
  kind: 'haproxy',
  socket,
  map: '/maps/active.map',
  shares: '/maps/shares.map',
  container: 'edge',
  key: 'storefront-production',
  backends: ALIASES,
});

export const caddySettings = (admin: string): CaddySettings => ({
  kind: 'caddy',
  flags: '/flags',
  flag: 'storefront-production',
  container: 'edge',
  admin,
});

export function optionsOn<Settings extends HaproxySettings | CaddySettings | AliasSettings>(
  engine: Engine,
  settings: Settings,
): ProxyOptions<Settings> {
  const host: DockerHost = new LocalHost(`unix://${engine.socket}`);
  return { docker: new DockerCli(host), host, settings, network: NETWORK, aliases: ALIASES, port: PORT };
}

let number = 0;

/** Containers of the app on a color, as Compose would start them. */
export async function startApp(
  engine: Engine,
  color: Color,
  {
    count = 1,
    env = {},
    addresses = [],
  }: {
    count?: number;
    env?: Readonly<Record<string, string>>;
    addresses?: readonly string[];
  } = {},
): Promise<readonly Instance[]> {
  const all = { VERSION: color, COLOR: color, ...env };
  const ids: string[] = [];
  for (let one = 0; one < count; one += 1) {
    number += 1;
    const address = addresses[one];
    ids.push(
      await engine.docker([
        ...['run', '--detach', '--name', `${ALIASES[color]}-web-${number}`, '--label', LABEL],
        ...['--network', NETWORK, '--network-alias', ALIASES[color], '--network-alias', 'web'],
        ...(address === undefined ? [] : ['--ip', address]),
        ...Object.entries(all).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
        'app:base',
      ]),
    );
  }
  return await instancesOf(engine, ids);
}

const LABEL = 'com.docker.compose.service=web';

export async function instancesOf(engine: Engine, ids: readonly string[]): Promise<readonly Instance[]> {
  return await Promise.all(
    ids.map(async (id) => {
      const { Id, Name, State, NetworkSettings } = await engine.inspect(id);
      return {
        id: Id as string,
        name: (Name as string).slice(1),
        address: (NetworkSettings.Networks[NETWORK]?.IPAddress ?? '') as string,
        port: PORT,
        startedAt: Date.parse(State.StartedAt),
      };
    }),
  );
}

export async function removeApp(engine: Engine): Promise<void> {
  const ids = await engine.docker(['ps', '--all', '--quiet', '--filter', `label=${LABEL}`]);
  if (ids !== '') await engine.docker(['rm', '--force', '--volumes', ...ids.split('\n')]);
}

/**
 * HAProxy 2.6, the oldest that we say we work with, from this machine's own package, where it has that one.
 * @returns its tag; nothing when this machine has another version
 */
export async function loadOldHaproxy(engine: Engine): Promise<string | undefined> {
  const program = '/usr/sbin/haproxy';
  if (!existsSync(program)) return undefined;
  if (!execFileSync(program, ['-v'], { encoding: 'utf8' }).includes('version 2.6')) return undefined;
  const root = mkdtempSync(join(tmpdir(), 'haproxy-2.6-'));
  try {
    const linked = execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+)/g);
    for (const file of [program, ...[...linked].map(([, path]) => path!)]) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      copyFileSync(file, join(root, file));
    }
    for (const folder of ['etc', 'tmp', 'run', 'proc', 'sys', 'dev', 'usr/local/etc/haproxy'])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n');
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
    const tar = execFileSync('tar', ['--numeric-owner', '-C', root, '-c', '.'], {
      maxBuffer: 200_000_000,
    });
    const command = 'CMD ["/usr/sbin/haproxy","-W","-db","-f","/usr/local/etc/haproxy/haproxy.cfg"]';
    await engine.docker(['import', '--change', command, '-', 'haproxy:2.6'], { input: tar });
    return 'haproxy:2.6';
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
