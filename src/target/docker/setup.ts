import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CaddySettings, DockerSettings, HaproxySettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { checkPlugin } from './compose-command.ts';
import type { DockerCli } from './docker-cli.ts';
import type { DockerHost } from './host.ts';
import { COMPOSE_PROJECT, projectName } from './names.ts';

export interface SetupOptions {
  readonly docker: DockerCli;
  readonly host: DockerHost;
  readonly app: string;
  readonly environment: string;
  readonly settings: DockerSettings;
  /** What containers are asked for; the proxy asks the same. */
  readonly healthPath: string;
  /** Where users come in, where the config says it. */
  readonly url: string | undefined;
  readonly progress: (message: string) => void;
}

/** Pulling the proxy's image takes as long as the network wants. */
const CREATE_TIMEOUT_MS = 10 * 60_000;
/** From this version on, engines announce a new container by themselves (examples/docker-haproxy). */
const ANNOUNCES = 28;

/** Makes the network and the proxy of the examples where they are missing; what is there is left alone. */
export async function setupDocker(options: SetupOptions): Promise<readonly string[]> {
  const { proxy } = options.settings;
  const made: string[] = [];
  if (proxy.kind !== 'alias') refuseCustom(options, proxy);
  if (await makeNetwork(options)) made.push(`network ${options.settings.network}`);
  if (proxy.kind !== 'alias' && (await makeProxy(options, proxy))) made.push(`proxy ${proxy.container}`);
  return made;
}

/**
 * With a subnet of its own, which an alias needs (a container comes back to its address only in such a network) and
 * which harms nobody else: the one that Docker itself would have taken, so it is free.
 */
async function makeNetwork({ docker, settings: { network } }: SetupOptions): Promise<boolean> {
  const inspect = () =>
    docker.inspect<{ IPAM: { Config?: readonly { Subnet: string }[] | null } }>('network', [network]);
  if ((await inspect()).length > 0) return false;
  await docker.run(['network', 'create', network]);
  const subnets = (await inspect())[0]?.IPAM.Config?.map(({ Subnet }) => Subnet) ?? [];
  await docker.run(['network', 'rm', network]);
  await docker.run(['network', 'create', ...subnets.flatMap((subnet) => ['--subnet', subnet]), network]);
  return true;
}

async function makeProxy(options: SetupOptions, proxy: HaproxySettings | CaddySettings): Promise<boolean> {
  const { docker, progress } = options;
  const { container } = proxy;
  const [found] = await docker.inspect<{
    State: { Status: string };
    Config: { Labels?: Record<string, string> | null };
  }>('container', [container]);
  // Created and not started: a setup was killed half-way. Everything else is the user's own.
  const isUnfinished =
    found?.State.Status === 'created' && found.Config.Labels?.[COMPOSE_PROJECT] === container;
  if (found !== undefined && !isUnfinished) return false;
  await checkPlugin(docker);
  progress(`Creating ${container} from examples/docker-${proxy.kind}.`);
  const folder = join(examples(), `docker-${proxy.kind}`);
  const files = [join(folder, 'proxy.compose.yml')];
  if (proxy.kind === 'haproxy' && (await engineVersion(docker)) < ANNOUNCES)
    files.push(join(folder, 'proxy.before-28.compose.yml'));
  await docker.run(
    ['compose', '--project-name', container, ...files.flatMap((file) => ['--file', file]), 'create'],
    { env: await variables(options, proxy), timeout: CREATE_TIMEOUT_MS, onProgress: progress },
  );
  for (const [from, to] of await configuration(options, proxy, folder))
    await copy(docker, from, `${container}:${to}`);
  await docker.run(['container', 'start', container]);
  return true;
}

/** What the examples' Compose files leave open. */
async function variables(
  { app, environment, settings, healthPath, url, host }: SetupOptions,
  proxy: HaproxySettings | CaddySettings,
): Promise<Record<string, string>> {
  const port = url === undefined ? '' : new URL(url).port;
  const common = {
    APP: app,
    ENVIRONMENT: environment,
    PORT: String(settings.port),
    NETWORK: settings.network,
    PROXY: proxy.container,
    // A user's own choice, in the job's env, comes first.
    HTTP_PORT: process.env['HTTP_PORT'] ?? (url?.startsWith('http://') && port !== '' ? port : '80'),
  };
  if (proxy.kind === 'caddy') {
    const admin = proxy.admin === undefined ? '' : new URL(proxy.admin).port;
    return { ...common, ...(admin === '' ? {} : { ADMIN_PORT: admin }) };
  }
  return {
    ...common,
    HEALTH_PATH: healthPath,
    SOCKET_DIRECTORY: dirname(proxy.socket),
    ADMIN_GID: process.env['ADMIN_GID'] ?? (await socketGroup(host)),
  };
}

/** Whoever may use the engine may switch the traffic: the group of its socket, where that is on this machine. */
async function socketGroup(host: DockerHost): Promise<string> {
  const address = host.env['DOCKER_HOST'] ?? process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  if (host.description !== 'this machine' || !address.startsWith('unix://')) return '0';
  const found = await stat(address.slice('unix://'.length)).catch(() => undefined);
  return String(found?.gid ?? 0);
}

/** Which files go where: they are copied, as the engine may be on another machine than they. */
async function configuration(
  { app, environment }: SetupOptions,
  proxy: HaproxySettings | CaddySettings,
  folder: string,
): Promise<readonly (readonly [string | { text: string }, string])[]> {
  if (proxy.kind === 'caddy') return [[join(folder, 'Caddyfile'), '/etc/caddy/Caddyfile']];
  const line = `${app}-${environment} ${projectName(app, environment, 'blue')}\n`;
  return [
    [join(folder, 'haproxy.cfg'), '/usr/local/etc/haproxy/haproxy.cfg'],
    [{ text: line }, '/maps/active.map'],
  ];
}

async function copy(docker: DockerCli, from: string | { text: string }, to: string): Promise<void> {
  if (typeof from === 'string') {
    await docker.run(['container', 'cp', from, to]);
    return;
  }
  const folder = await mkdtemp(join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'setup-'));
  try {
    const file = join(folder, 'file');
    await writeFile(file, from.text, { mode: 0o644 });
    await docker.run(['container', 'cp', file, to]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function engineVersion(docker: DockerCli): Promise<number> {
  return Number.parseInt(await docker.run(['version', '--format', '{{.Server.Version}}']), 10) || 0;
}

/** The examples know the default names; what differs is the user's own proxy, which only the user can make. */
function refuseCustom(
  { app, environment, settings }: SetupOptions,
  proxy: HaproxySettings | CaddySettings,
): void {
  const name = `${app}-${environment}`;
  const colors = {
    blue: projectName(app, environment, 'blue'),
    green: projectName(app, environment, 'green'),
  };
  const same = (given: { blue: string; green: string }) =>
    given.blue === colors.blue && given.green === colors.green;
  const custom = [
    ...(same(settings.aliases) ? [] : ['docker.aliases']),
    ...(proxy.kind === 'haproxy'
      ? [
          ...(same(proxy.backends) ? [] : ['backends']),
          ...(proxy.key === name ? [] : ['key']),
          ...(proxy.map === '/maps/active.map' ? [] : ['map (it is /maps/active.map there)']),
          ...(/^\/.*\/admin\.sock$/.test(proxy.socket)
            ? []
            : ['socket (it is a path that ends in /admin.sock there)']),
        ]
      : [
          ...(proxy.flag === name ? [] : ['flag']),
          ...(proxy.flags === '/flags' ? [] : ['flags (they are in /flags there)']),
        ]),
  ];
  if (custom.length === 0) return;
  throw new DeployError(
    `The proxy that setup would make has other settings than yours: ${custom.join(', ')}.`,
    {
      code: 'setup-custom-proxy',
      hint: `Take these keys out of the config, or make the proxy yourself after examples/docker-${proxy.kind}.`,
    },
  );
}

/** Beside `dist/` in what GitHub checked out of this action, and beside `src/` in its repository. */
function examples(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'action.yml'))) return join(folder, 'examples');
  throw new DeployError('The examples of this action are missing beside it.', { code: 'examples-missing' });
}
