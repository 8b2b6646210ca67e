/** The three kinds of proxy, in containers, as a user of the lab's app has set them up. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import { IMAGES, loadImage } from './images.ts';

export type ProxyKind = 'haproxy' | 'caddy' | 'alias';

export interface ProxyPlace {
  readonly engine: Engine;
  readonly network: string;
  /** Its address on that network, the same after every start. */
  readonly address: string;
  readonly app: string;
  readonly environment: string;
  /** Where the app's containers listen. */
  readonly port: number;
}

export interface ProxyContainer {
  readonly name: string;
  /** The section `docker.proxy` of the config. */
  readonly config: Readonly<Record<string, unknown>>;
}

const CONTAINER = 'edge';
const ADMIN_PORT = 2019;

/** Starts it; it comes back after a reboot of the host. */
export async function startProxy(kind: ProxyKind, place: ProxyPlace): Promise<ProxyContainer> {
  const { engine, network, address } = place;
  const image = kind === 'caddy' ? 'caddy' : 'haproxy';
  await loadImage(engine, image);
  const folder = join(engine.folder, 'files', CONTAINER);
  const { mounts, config } = SETUPS[kind](folder, place);
  await engine.docker([
    ...['run', '--detach', '--name', CONTAINER, '--restart', 'unless-stopped'],
    ...['--network', network, '--ip', address],
    ...Object.entries(mounts).flatMap(([inside, outside]) => ['--volume', `${outside}:${inside}`]),
    IMAGES[image],
  ]);
  return { name: CONTAINER, config };
}

interface Setup {
  /** Path in the container -> path on the host. */
  readonly mounts: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
}

const SETUPS: Readonly<Record<ProxyKind, (folder: string, place: ProxyPlace) => Setup>> = {
  haproxy: setUpHaproxy,
  caddy: setUpCaddy,
  alias: setUpAlias,
};

const HAPROXY = `
global
  log stdout format raw local0 notice
  stats socket /run/haproxy/admin.sock mode 600 level admin
defaults
  mode http
  log global
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
  timeout http-keep-alive 60s
  timeout check 2s
  retries 3
  option redispatch 1
`;

function setUpHaproxy(folder: string, { app, environment, port }: ProxyPlace): Setup {
  const stem = `${app}-${environment}`;
  const maps = { '/maps': folderWith(join(folder, 'maps'), { 'active.map': `${stem} ${stem}-blue\n` }) };
  const backend = (color: string) => `
backend ${stem}-${color}
  option httpchk GET /health
  default-server check inter 100ms fastinter 50ms downinter 50ms fall 3 rise 1 resolvers docker init-addr none
  server-template ${color}- 10 ${stem}-${color}:${port}
`;
  const config = `${HAPROXY}
resolvers docker
  nameserver dns 127.0.0.11:53
  timeout resolve 100ms
  timeout retry 200ms
  hold valid 100ms
  hold obsolete 0s
  hold nx 30s
frontend web
  bind :80
  use_backend %[str(${stem}),map(/maps/active.map,${stem}-blue)]
${backend('blue')}${backend('green')}`;
  const socket = folderWith(join(folder, 'run'), {});
  return {
    mounts: {
      '/usr/local/etc/haproxy': folderWith(join(folder, 'config'), { 'haproxy.cfg': config }),
      '/run/haproxy': socket,
      ...maps,
    },
    config: {
      haproxy: { socket: join(socket, 'admin.sock'), map: '/maps/active.map', container: CONTAINER },
    },
  };
}

function setUpCaddy(folder: string, { app, environment, port, address }: ProxyPlace): Setup {
  const stem = `${app}-${environment}`;
  const upstream = (color: string) => `reverse_proxy {
      dynamic a {
        name ${stem}-${color}
        port ${port}
        refresh 200ms
        resolvers 127.0.0.11
      }
      lb_try_duration 2s
      lb_try_interval 50ms
    }`;
  const config = `{
  admin ${address}:${ADMIN_PORT}
  auto_https off
}
:80 {
  @flag file {
    root /flags
    try_files ${stem}.blue ${stem}.green
    try_policy most_recently_modified
  }
  @green {
    file {
      root /flags
      try_files ${stem}.blue ${stem}.green
      try_policy most_recently_modified
    }
    expression \`{http.matchers.file.relative}.endsWith("${stem}.green")\`
  }
  handle @green {
    ${upstream('green')}
  }
  handle {
    ${upstream('blue')}
  }
}
`;
  return {
    mounts: {
      '/etc/caddy': folderWith(join(folder, 'config'), {
        Caddyfile: config.replace(/ {2}@flag file \{[^}]*\}\n/, ''),
      }),
      '/flags': folderWith(join(folder, 'flags'), {}),
    },
    config: {
      caddy: { flags: '/flags', container: CONTAINER, admin: `http://${address}:${ADMIN_PORT}` },
    },
  };
}

/** A proxy that knows nothing of colors: it asks Docker's name server for one alias, again and again. */
function setUpAlias(folder: string, { app, port }: ProxyPlace): Setup {
  const config = `${HAPROXY}
resolvers docker
  nameserver dns 127.0.0.11:53
  timeout resolve 200ms
  timeout retry 200ms
  hold valid 200ms
  hold obsolete 0s
frontend web
  bind :80
  default_backend app
backend app
  default-server check inter 200ms fall 2 rise 1 resolvers docker init-addr none
  server-template app- 20 ${app}:${port}
`;
  return {
    mounts: {
      '/usr/local/etc/haproxy': folderWith(join(folder, 'config'), { 'haproxy.cfg': config }),
      '/run/haproxy': folderWith(join(folder, 'run'), {}),
    },
    config: { alias: { name: app, 'dns-ttl': '2s' } },
  };
}

function folderWith(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
