import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readColors } from '../../src/target/docker/containers.ts';
import type { DockerCli } from '../../src/target/docker/docker-cli.ts';
import { Lifecycle } from '../../src/target/docker/lifecycle.ts';
import { StashContainer } from '../../src/target/docker/stash-container.ts';
import { type ComposeFile, composeProjects, SCOPE, SETTINGS } from './compose-project.ts';
import { cliOf } from './host.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { buildApp, loadImage } from './lab/images.ts';
import { docker } from './lab/parts.ts';

const ONE = { id: '111111111111', image: 'shop:v1' };
const { skip } = docker;

/** `web` ends at once when its cache does not answer, and the cache takes a while until it does. */
const FILE: ComposeFile = {
  services: {
    web: {
      image: 'shop:v1',
      command: [
        'node',
        '-e',
        "process.on('SIGTERM', () => process.exit()); fetch('http://cache:5432/health').then(() => setInterval(() => {}, 1e6), () => process.exit(1))",
      ],
      networks: ['edge', 'default'],
      depends_on: { cache: { condition: 'service_healthy' } },
    },
    cache: {
      image: 'shop:v1',
      environment: { PORT: '5432', BOOT_MS: '6000' },
      healthcheck: {
        test: ['CMD', 'node', '-e', "fetch('http://127.0.0.1:5432/health').catch(() => process.exit(1))"],
        interval: '500ms',
        retries: 30,
      },
    },
  },
};

let engine: Engine;
let cli: DockerCli;
before(async () => {
  if (skip !== false) return;
  engine = await startEngine();
  await loadImage(engine, 'app');
  await buildApp(engine, 'shop:v1');
  await engine.docker(['network', 'create', 'edge']);
  cli = cliOf(engine);
});
after(() => engine?.close());

test('A parked release that needs a healthy cache is started in that order, further containers of it as well', {
  skip,
}, async () => {
  const told: string[] = [];
  const life = new Lifecycle({
    docker: cli,
    stash: new StashContainer({ docker: cli, ...SCOPE }),
    projects: composeProjects(engine, () => FILE),
    progress: (message) => told.push(message),
    healthTimeoutMs: 60_000,
    signal: new AbortController().signal,
    ...SCOPE,
    settings: SETTINGS,
  });
  const states = async () =>
    (await readColors({ docker: cli, ...SCOPE, settings: SETTINGS })).green.traffic.map(
      ({ inspected }) => inspected.State.Status,
    );
  await life.start('green', ONE, 1, { warm: false });
  await life.park('green', 0);
  await life.start('green', ONE, 2, { warm: true });
  // Whoever found nobody has ended by now.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  assert.deepEqual(await states(), ['running', 'running']);
  assert.deepEqual(told, ['shop-production-green-cache-1: other services wait for it.']);
  // Kept warm, as a restore does it.
  await life.park('green', 0);
  await life.park('green', 1);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  assert.deepEqual((await states()).sort(), ['exited', 'running']);
});
