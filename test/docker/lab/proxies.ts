/** The three kinds of proxy, in containers: two as examples/ tells users to set them up, and one that has only the alias. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Engine } from './engine.ts';
import { IMAGES, loadImage } from './images.ts';
import { freePort } from './registry.ts';
import { until } from './until.ts';

export type ProxyKind = 'haproxy' | 'caddy' | 'alias';

/** What the proxies' configurations in examples/ call these things by default. */
export const APP = 'storefront';
export const ENVIRONMENT = 'production';
export const PORT = 3000;
export const NETWORK = 'edge';
/** The proxy's container. */
export const EDGE = 'edge';

const EXAMPLES = resolve(import.meta.dirname, '../../../examples');

export interface ProxyContainer {
  /** A port of this machine that leads to it, which is the same after a restart of whatever it may be. */
  readonly url: string;
  /** The section `docker.proxy` of the config. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Starts it on the network `edge`, which must be there. It comes back after a reboot of the host. */
export async function startProxy(engine: Engine, kind: ProxyKind): Promise<ProxyContainer> {
  const port = await freePort();
  await loadImage(engine, kind === 'caddy' ? 'caddy' : 'haproxy');
  const url = `http://127.0.0.1:${port}`;
  const config = await STARTS[kind](engine, port);
  // Whatever it answers: nobody is behind it yet.
  await until('an answer of the proxy', () =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  );
  return { url, config };
}

/** Where it is on its network: users who go there have Docker's own proxy not in their way. */
export async function addressOf(engine: Engine): Promise<string> {
  const address = (await engine.inspect(EDGE)).NetworkSettings.Networks[NETWORK]?.IPAddress;
  return `http://${address}`;
}

type Start = (engine: Engine, port: number) => Promise<Readonly<Record<string, unknown>>>;

const STARTS: Readonly<Record<ProxyKind, Start>> = {
  haproxy: startHaproxy,
  caddy: startCaddy,
  alias: startAlias,
};

async function startHaproxy(engine: Engine, port: number) {
  const directory = join(engine.folder, 'files', 'haproxy');
  const version = Number.parseInt(await engine.docker(['version', '--format', '{{.Server.Version}}']), 10);
  await startExample(
    engine,
    'docker-haproxy',
    ['proxy.compose.yml', ...(version < 28 ? ['proxy.before-28.compose.yml'] : [])],
    {
      'haproxy.cfg': '/usr/local/etc/haproxy/haproxy.cfg',
      'active.map': '/maps/active.map',
      'shares.map': '/maps/shares.map',
    },
    { HAPROXY_IMAGE: IMAGES.haproxy, HTTP_PORT: `127.0.0.1:${port}`, SOCKET_DIRECTORY: directory },
  );
  const socket = join(directory, 'admin.sock');
  return { haproxy: { socket, map: '/maps/active.map', container: EDGE } };
}

async function startCaddy(engine: Engine, port: number) {
  const admin = await freePort();
  await startExample(
    engine,
    'docker-caddy',
    ['proxy.compose.yml'],
    { Caddyfile: '/etc/caddy/Caddyfile' },
    { CADDY_IMAGE: IMAGES.caddy, HTTP_PORT: `127.0.0.1:${port}`, ADMIN_PORT: String(admin) },
  );
  return { caddy: { flags: '/flags', container: EDGE, admin: `http://127.0.0.1:${admin}` } };
}

/** With the commands that the example's compose file tells. */
async function startExample(
  engine: Engine,
  folder: string,
  files: readonly string[],
  copies: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const place = join(EXAMPLES, folder);
  const compose = (...args: readonly string[]) =>
    engine.docker(['compose', ...files.flatMap((file) => ['--file', join(place, file)]), ...args], { env });
  await compose('create');
  for (const [from, to] of Object.entries(copies))
    await engine.docker(['cp', join(place, from), `${EDGE}:${to}`]);
  await compose('start');
}

/** A proxy that knows nothing of colors: it asks Docker's name server for one alias, again and again. */
async function startAlias(engine: Engine, port: number) {
  const folder = join(engine.folder, 'files', 'alias');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'haproxy.cfg'), ALIAS_CONFIG);
  await engine.docker([
    ...['run', '--detach', '--name', EDGE, '--restart', 'unless-stopped', '--network', NETWORK],
    ...['--publish', `127.0.0.1:${port}:80`, '--volume', `${folder}:/usr/local/etc/haproxy:ro`],
    ...['--dns-opt', 'ndots:1', IMAGES.haproxy],
  ]);
  return { alias: { name: APP, 'dns-ttl': '1s' } };
}

const ALIAS_CONFIG = `
global
  log stdout format raw local0 notice
defaults
  mode http
  log global
  option dontlognull
  option redispatch 1
  retries 3
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
  timeout http-keep-alive 60s
resolvers docker
  nameserver docker 127.0.0.11:53
  timeout resolve 200ms
  timeout retry 200ms
  hold valid 200ms
  hold obsolete 0s
  hold nx 1h
  hold other 1h
  hold refused 1h
  hold timeout 1h
frontend web
  bind :80
  default_backend app
backend app
  default-server check inter 200ms fall 2 rise 1 resolvers docker resolve-prefer ipv4 init-addr last,libc,none
  server-template app- 20 ${APP}:${PORT}
`;
