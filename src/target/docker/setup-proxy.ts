import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CaddySettings, HaproxySettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { checkPlugin } from './compose-command.ts';
import type { DockerCli } from './docker-cli.ts';
import { DockerError } from './docker-error.ts';
import type { DockerHost } from './host.ts';
import { COMPOSE_PROJECT, projectName } from './names.ts';
import { ContainerFiles } from './proxy/container-files.ts';
import { pullError } from './pull-error.ts';
import type { SetupOptions } from './setup.ts';

/** Pulling the proxy's image takes as long as the network wants. */
const CREATE_TIMEOUT_MS = 10 * 60_000;
/** From this version on, engines announce a new container by themselves (examples/docker-haproxy). */
const ANNOUNCES = 28;

/** Whether there is no container of that name, or only what a setup left that died half-way or could not start it. */
export async function isProxyMissing(docker: DockerCli, container: string): Promise<boolean> {
  const [found] = await docker.inspect<{
    State: { Status: string };
    Config: { Labels?: Record<string, string> | null };
  }>('container', [container]);
  if (found === undefined) return true;
  // Created and never started. Everything else is the user's own.
  return found.State.Status === 'created' && found.Config.Labels?.[COMPOSE_PROJECT] === container;
}

/** Creates the proxy of the example, and starts it. */
export async function makeProxy(
  options: SetupOptions,
  proxy: HaproxySettings | CaddySettings,
): Promise<void> {
  const { docker, progress, signal } = options;
  const { container } = proxy;
  await checkPlugin(docker);
  progress(`Creating ${container} from examples/docker-${proxy.kind}.`);
  if (proxy.kind === 'haproxy' && options.healthPath === undefined)
    progress('health.path is not set: HAProxy asks the containers for /, which must answer 2xx or 3xx.');
  const folder = join(examples(), `docker-${proxy.kind}`);
  const files = [join(folder, 'proxy.compose.yml')];
  if (proxy.kind === 'haproxy' && (await engineVersion(docker)) < ANNOUNCES)
    files.push(join(folder, 'proxy.before-28.compose.yml'));
  const words = ['--project-name', container, ...files.flatMap((file) => ['--file', file])];
  const env = await variables(options, proxy);
  await docker
    .run(['compose', ...words, 'create'], {
      env,
      signal,
      timeout: CREATE_TIMEOUT_MS,
      onProgress: progress,
    })
    .catch((error: unknown) => {
      throw notCreated(error, proxy);
    });
  await configure(options, proxy, folder);
  await docker.run(['container', 'start', container]).catch((error: unknown) => {
    throw notStarted(error, container);
  });
}

/** What the examples' Compose files leave open; the rest comes from the job's env. A choice in that comes first. */
async function variables(
  { app, environment, settings, healthPath, url, host }: SetupOptions,
  proxy: HaproxySettings | CaddySettings,
): Promise<Record<string, string>> {
  const common = {
    APP: app,
    ENVIRONMENT: environment,
    PORT: String(settings.port),
    NETWORK: settings.network,
    PROXY: proxy.container,
    HTTP_PORT: process.env['HTTP_PORT'] || portOf(url),
  };
  if (proxy.kind === 'caddy') {
    // Without `admin` nobody asks there: on whatever port is free, as 2019 may be another Caddy's.
    const port = proxy.admin === undefined ? '0' : new URL(proxy.admin).port || '80';
    return { ...common, ADMIN_PORT: port };
  }
  return {
    ...common,
    HEALTH_PATH: healthPath ?? '/',
    SOCKET_DIRECTORY: dirname(proxy.socket),
    ADMIN_GID: process.env['ADMIN_GID'] || (await socketGroup(host)),
  };
}

/** With https, somebody else ends TLS, and comes to port 80. */
function portOf(url: string | undefined): string {
  const { protocol = '', port = '' } = url === undefined ? {} : new URL(url);
  return protocol === 'http:' && port !== '' ? port : '80';
}

/** Whoever may use the engine may switch the traffic: the group of its socket, where that is on this machine. */
async function socketGroup(host: DockerHost): Promise<string> {
  const address = host.env['DOCKER_HOST'] ?? process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  if (host.description !== 'this machine' || !address.startsWith('unix://')) return '0';
  const found = await stat(address.slice('unix://'.length)).catch(() => undefined);
  return String(found?.gid ?? 0);
}

/** The files are copied, as the engine may be on another machine than they. */
async function configure(
  { docker, app, environment }: SetupOptions,
  proxy: HaproxySettings | CaddySettings,
  folder: string,
): Promise<void> {
  const files = new ContainerFiles(docker, proxy.container);
  const write = (path: string, text: string) =>
    files.write(path, { text, mode: 0o644, modified: Date.now() });
  if (proxy.kind === 'caddy') {
    await write('/etc/caddy/Caddyfile', await readFile(join(folder, 'Caddyfile'), 'latin1'));
    return;
  }
  await write('/usr/local/etc/haproxy/haproxy.cfg', await readFile(join(folder, 'haproxy.cfg'), 'latin1'));
  // The map outlives its proxy: where it is there, it says which color the users are on.
  if ((await files.read(proxy.map)) === undefined)
    await write(proxy.map, `${proxy.key} ${projectName(app, environment, 'blue')}\n`);
  if ((await files.read(proxy.shares)) === undefined)
    await write(proxy.shares, await readFile(join(folder, 'shares.map'), 'latin1'));
}

async function engineVersion(docker: DockerCli): Promise<number> {
  return Number.parseInt(await docker.run(['version', '--format', '{{.Server.Version}}']), 10) || 0;
}

/** Compose creates networks, volumes and the container without trouble; what it can't do by itself is to have the image. */
function notCreated(error: unknown, { kind, container }: HaproxySettings | CaddySettings): unknown {
  if (!(error instanceof DockerError)) return error;
  const image = `${kind.toUpperCase()}_IMAGE`;
  if (
    !/pull|manifest|registry|no such image|no such host|unauthorized|denied|not found/i.test(error.output) ||
    /no space left|container name/i.test(error.output)
  )
    return new DeployError(`Compose could not create the proxy ${container}: ${error.message}`, {
      code: 'setup-proxy-refused',
      hint: 'Mend that, then run setup again; it goes on from what is there.',
      cause: error,
    });
  const defaults = { haproxy: 'haproxy:3.0', caddy: 'caddy:2' };
  const { message, code, details } = pullError(
    { image: process.env[image] || defaults[kind], services: [container] },
    error.output,
  );
  return new DeployError(message, {
    code,
    hint: `Set ${image} in the \`env:\` of the job to an image that the host has or may pull, and run setup again.`,
    details,
    cause: error,
  });
}

function notStarted(error: unknown, container: string): unknown {
  if (!(error instanceof DockerError)) return error;
  if (/port is already allocated|address already in use|failed to bind host port/i.test(error.output))
    return new DeployError(`The proxy ${container} finds its port taken: ${error.message}`, {
      code: 'setup-port-taken',
      hint: 'Free the port, or set HTTP_PORT (for Caddy’s admin endpoint, the port in proxy.caddy.admin) to another one, and run setup again.',
      cause: error,
    });
  return new DeployError(`The proxy ${container} does not start: ${error.message}`, {
    code: 'setup-proxy-refused',
    hint: 'Mend that, then run setup again; it goes on from what is there.',
    cause: error,
  });
}

/** Beside `dist/` in what GitHub checked out of this action, and beside `src/` in its repository. */
function examples(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'action.yml'))) return join(folder, 'examples');
  throw new DeployError('The examples of this action are missing beside it.', { code: 'examples-missing' });
}
