import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DeployError } from '../../src/errors.ts';
import { checkPlugin } from '../../src/target/docker/compose-command.ts';
import { DockerCli } from '../../src/target/docker/docker-cli.ts';
import { LocalHost } from '../../src/target/docker/local-host.ts';
import { runDocker } from '../docker/lab/engine.ts';
import { buildApp, findHaproxy, loadImage } from '../docker/lab/images.ts';
import { freePort } from '../docker/lab/registry.ts';
import { type DemoStage, NoStage } from './stage.ts';

const PREFIX = 'bluegreen-demo-';

/**
 * The Docker engine of this machine, the user's own: with images from this machine's files, so that no registry is
 * needed, and everything under a name of its own, by which all of it is found again and removed.
 */
export async function dockerStage(): Promise<DemoStage> {
  await checkMachine();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  const app = basename(folder).toLowerCase();
  try {
    return await furnish(app, folder);
  } catch (error) {
    await clear(app, folder);
    throw error;
  }
}

async function furnish(app: string, folder: string): Promise<DemoStage> {
  process.stdout.write(`Building the images of a small app and of HAProxy as ${app}.\n`);
  const engine = { docker: runDocker };
  const haproxy = await loadImage(engine, 'haproxy', `${app}:haproxy`);
  const base = await loadImage(engine, 'app', `${app}:base`);
  const versions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    v1: {},
    v2: {},
    v3: { EXIT_AT_START: '1' },
  };
  for (const [tag, environment] of Object.entries(versions))
    await buildApp(engine, `${app}:${tag}`, environment, base);
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'compose.yml'), COMPOSE);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return {
    config: configFor(app, url, join(folder, 'haproxy/admin.sock')),
    url,
    workspace,
    env: {
      // The user's own way to the engine, as the CLI finds it.
      ...Object.fromEntries(
        Object.entries(process.env).filter(
          (entry): entry is [string, string] =>
            /^(?:DOCKER_|COMPOSE_|XDG_)/.test(entry[0]) && entry[1] !== undefined,
        ),
      ),
      DOCKER_CONFIG: process.env['DOCKER_CONFIG'] ?? join(process.env['HOME'] ?? '/', '.docker'),
      HAPROXY_IMAGE: haproxy,
      HTTP_PORT: `127.0.0.1:${port}`,
    },
    // The first release goes to green.
    colorOf: { v1: 'green', v2: 'blue' },
    prelude: [
      { title: 'Once: a network and a proxy', inputs: { operation: 'setup' } },
      { title: 'v1, the first release', inputs: { operation: 'deploy', 'image-tag': 'v1' } },
    ],
    [Symbol.asyncDispose]: () => clear(app, folder),
  };
}

const COMPOSE = `# compose.yml
services:
  web:
    image: \${IMAGE}
    pull_policy: never
    environment:
      COLOR: \${COLOR}
    stop_grace_period: 5s
`;

const configFor = (app: string, url: string, socket: string) => `# .github/blue-green.yml
app: ${app}
environments:
  production:
    url: ${url}
    docker:
      image: ${app}
      compose: compose.yml
      service: web
      port: 3000
      replicas: 2
      network: ${app}
      proxy:
        haproxy: { socket: '${socket}', map: /maps/active.map, container: ${app}-proxy }
    health: { path: /health }
    smoke: [{ path: /health, body: '"ok":true' }]
    identity: { header: x-version, value: '{image-tag}' }
    stabilize: { for: 4s, interval: 1s, probe: { path: /health } }
    retire: { drain: 2s }
`;

/** @throws NoStage when this machine has not what the demo needs */
async function checkMachine(): Promise<void> {
  const engine = process.env['DOCKER_HOST'] ?? '';
  if (engine !== '' && !engine.startsWith('unix://'))
    throw new NoStage(`DOCKER_HOST is ${engine}: the demo needs an engine on this machine.`);
  if (process.platform !== 'linux')
    throw new NoStage('The demo builds its images from this machine’s own programs, so it needs Linux.');
  if (findHaproxy() === undefined)
    throw new NoStage(
      'There is no HAProxy on this machine to build its image from: install the package haproxy.',
    );
  const docker = new DockerCli(new LocalHost(undefined));
  try {
    await docker.run(['version']);
    await checkPlugin(docker);
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    throw new NoStage(error.message);
  }
}

/** Everything that has the name, until there is nothing: what the action had begun may come a moment later. */
async function clear(app: string, folder: string): Promise<void> {
  process.stdout.write(`Removing everything of ${app}.\n`);
  for (const [list, remove] of [
    [
      ['ps', '--all', '--quiet', '--filter', `name=${app}`],
      ['rm', '--force', '--volumes'],
    ],
    [
      ['network', 'ls', '--quiet', '--filter', `name=${app}`],
      ['network', 'rm'],
    ],
    [
      ['volume', 'ls', '--quiet', '--filter', `name=${app}`],
      ['volume', 'rm', '--force'],
    ],
    [
      ['images', '--format', '{{.Repository}}:{{.Tag}}', '--filter', `reference=${app}*`],
      ['rmi', '--force'],
    ],
  ] as const)
    for (let attempt = 1; ; attempt += 1) {
      const found = (await runDocker(list)).split('\n').filter((name) => name !== '');
      if (found.length === 0) break;
      // What is gone already is no harm, and whatever stays is found again.
      const failed = await runDocker([...remove, ...new Set(found)]).then(
        () => undefined,
        (error: Error) => error,
      );
      if (failed !== undefined && attempt === 10) throw failed;
    }
  rmSync(folder, { recursive: true, force: true });
}
