import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { validateFile } from '../../../scripts/validate-workflows.ts';
import { loadEnvironment } from '../../../src/config/load.ts';
import { CAUSES } from '../../../src/target/docker/causes.ts';
import { startEngine } from '../../docker/lab/engine.ts';
import { buildApp, IMAGES, loadImage } from '../../docker/lab/images.ts';
import { docker as parts } from '../../docker/lab/parts.ts';
import { freePort, startRegistry } from '../../docker/lab/registry.ts';
import { runAction } from '../runner.ts';

// What docs/docker.md and examples/ tell people to copy: accepted by those who will read it, and the road from nothing to
// a rollback is walked with these very files.

const ROOT = resolve(import.meta.dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/docker.md'), 'utf8');

/** Without the indentation that a block has within a list. */
const blocks = [...page.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', text = '']) =>
  text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
);
const file = (name: string) => blocks.filter((text) => text.startsWith(`# ${name}\n`));
const sections = blocks.filter((text) => text.startsWith('# in the environment\n'));

test('each YAML block of the page is a Compose file, the config, a part of it or a workflow', () => {
  const known = [
    ...file('compose.yml'),
    ...file('.github/blue-green.yml'),
    ...file('.github/workflows/setup.yml'),
    ...sections,
  ];
  assert.deepEqual(blocks.toSorted(), known.toSorted());
  assert.equal(known.length, 5);
});

test('what the page says to add to the environment is accepted there', async () => {
  const [config = ''] = file('.github/blue-green.yml');
  for (const section of sections) {
    const added = parse(config);
    Object.assign(added.environments.production, parse(section));
    await loadEnvironment({
      config: JSON.stringify(added, null, 1),
      workspace: '/',
      environment: 'production',
    });
  }
});

test('the configs of the page and of the examples load', async () => {
  const configs = ['docker-haproxy', 'docker-caddy'].map((name) =>
    readFileSync(join(ROOT, 'examples', name, 'blue-green.yml'), 'utf8'),
  );
  for (const config of [...file('.github/blue-green.yml'), ...configs]) {
    const { app, target } = await loadEnvironment({ config, workspace: '/', environment: 'production' });
    assert.deepEqual([app, target.kind], ['storefront', 'docker']);
  }
  // Lines that are to be uncommented.
  for (const config of configs) {
    const text = config.replaceAll(/^( +)# (host|known-hosts):/gm, '$1$2:');
    assert.notEqual(text, config);
    await loadEnvironment({ config: text, workspace: '/', environment: 'production' });
  }
});

test('the workflow of the page is valid for GitHub, and its inputs exist', async () => {
  const [workflow = ''] = file('.github/workflows/setup.yml');
  assert.deepEqual(await validateFile('setup.yml', workflow), []);
  const { inputs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));
  const step = parse(workflow).jobs.setup.steps.at(-1);
  for (const input of Object.keys(step.with)) assert.ok(input in inputs, input);
});

test('the variables that the page names for setup are those that the examples leave open', () => {
  const open = ['docker-haproxy', 'docker-caddy'].flatMap((name) =>
    [...readFileSync(join(ROOT, 'examples', name, 'proxy.compose.yml'), 'utf8').matchAll(/\$\{(\w+):-/g)].map(
      ([, variable = '']) => variable,
    ),
  );
  const [, table = ''] = /\| in `env:` \|[^\n]*\n\| ---[^\n]*\n((?:\|[^\n]*\n)+)/.exec(page) ?? [];
  const named = table
    .trim()
    .split('\n')
    .flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, variable = '']) => variable));
  // The config knows these.
  const fromConfig = [
    ...['APP', 'ENVIRONMENT', 'PORT', 'NETWORK', 'PROXY'],
    ...['HEALTH_PATH', 'SOCKET_DIRECTORY', 'ADMIN_PORT'],
  ];
  assert.deepEqual([...named, ...fromConfig].toSorted(), [...new Set(open)].toSorted());
});

test('npm scripts and files that the page names exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const commands = [...page.matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
  assert.ok(commands.length > 0);
  for (const name of commands) assert.ok(scripts[name], name);
  const links = [...page.matchAll(/\]\((\.\.[^)#]*)/g)].map(([, path = '']) => path);
  assert.ok(links.length > 3);
  for (const path of links) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    assert.ok(readdirSync(resolve(ROOT, 'docs', path, '..')).includes(name), path);
  }
});

test('the page has a row for each cause that a run can tell, and for no other', () => {
  const [, table = ''] =
    /## When a release does not become healthy\n[\s\S]*?\n\| ---[^\n]*\n([\s\S]*)$/.exec(page) ?? [];
  assert.deepEqual(
    table.trim().split('\n'),
    CAUSES.map(({ title, hint }) => `| ${title} | ${hint} |`),
  );
});

test('the docker commands that the page names exist, and Compose takes its files', {
  skip: parts.skip,
}, () => {
  const { path, plugins } = parts.get();
  const folder = execFileSync('mktemp', ['--directory'], { encoding: 'utf8' }).trim();
  try {
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [plugins] }));
    const env = { PATH: path, DOCKER_CONFIG: folder, IMAGE: 'acme/storefront:v1', DATABASE_URL: 'x' };
    const docker = (...args: readonly string[]) =>
      execFileSync('docker', args, {
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 30_000,
        killSignal: 'SIGKILL',
      });
    const commands = [...page.matchAll(/`docker ((?:(?:network|image|container|system|builder) )?[a-z]+)/g)];
    assert.ok(commands.length > 5);
    // The CLI answers an unknown command's --help with the help of the one above.
    for (const [, words = ''] of commands.filter(([, name]) => name !== 'group'))
      assert.match(
        docker(...words.split(' '), '--help'),
        new RegExp(`Usage:\\s+docker (\\w+ )?${words.split(' ').at(-1)}`),
        words,
      );
    for (const [index, text] of file('compose.yml').entries()) {
      const compose = join(folder, `${index}.yml`);
      writeFileSync(compose, text);
      docker('compose', '--file', compose, 'config', '--quiet');
    }
    for (const name of ['docker-haproxy', 'docker-caddy'])
      for (const compose of readdirSync(join(ROOT, 'examples', name)).filter((one) =>
        one.endsWith('compose.yml'),
      ))
        docker(
          ...['compose', '--file', join(ROOT, 'examples', name, compose.replace('before-28.', ''))],
          ...['--file', join(ROOT, 'examples', name, compose), 'config', '--quiet'],
        );
  } finally {
    execFileSync('rm', ['-r', folder]);
  }
});

test('the road of the page, from nothing to a rollback, leads there', { skip: parts.skip }, async () => {
  await using engine = await startEngine();
  await using registry = await startRegistry(engine);
  await loadImage(engine, 'app');
  await loadImage(engine, 'haproxy');
  // An application with the other service's command.
  await engine.docker(['create', '--name', 'builder', IMAGES.app]);
  const jobs = join(engine.folder, 'jobs.js');
  writeFileSync(jobs, "setInterval(() => {}, 60_000); process.on('SIGTERM', () => process.exit());\n");
  await engine.docker(['cp', jobs, 'builder:/jobs.js']);
  await engine.docker(['commit', '--change', 'WORKDIR /', 'builder', IMAGES.app]);
  await engine.docker(['rm', 'builder']);
  for (const tag of ['v1', 'v2']) {
    const built = await buildApp(engine, `acme/storefront:${tag}`);
    await engine.docker(['rmi', await registry.push(built), built]);
  }

  const workspace = join(engine.folder, 'workspace');
  mkdirSync(join(workspace, '.github'), { recursive: true });
  writeFileSync(join(workspace, 'compose.yml'), file('compose.yml')[0]!);
  // Only what is of the reader's own differs: host, registry, address and the folder of the socket.
  const config = parse(file('.github/blue-green.yml')[0]!);
  const { production } = config.environments;
  production.url = `http://127.0.0.1:${await freePort()}`;
  production.stabilize = { for: '1s' };
  production.retire = { drain: '2s' };
  production.docker.image = `${registry.host}/acme/storefront`;
  production.docker.proxy.haproxy.socket = join(engine.folder, 'files/haproxy/admin.sock');
  delete production.docker.host;
  delete production.docker['known-hosts'];
  writeFileSync(join(workspace, '.github/blue-green.yml'), JSON.stringify(config));

  const act = (inputs: Readonly<Record<string, string>>) =>
    runAction({
      workspace,
      inputs: { environment: 'production', config: '.github/blue-green.yml', ...inputs },
      env: { ...engine.env, HAPROXY_IMAGE: IMAGES.haproxy, DATABASE_URL: 'postgres://db' },
    });
  const version = async () =>
    (
      (await (await fetch(production.url, { headers: { connection: 'close' } })).json()) as {
        version: string;
      }
    ).version;
  for (const [inputs, result, now] of [
    [{ operation: 'setup' }, '', ''],
    [{ operation: 'deploy', 'image-tag': 'v1' }, 'deployed', 'v1'],
    [{ operation: 'deploy', 'image-tag': 'v2' }, 'deployed', 'v2'],
    [{ operation: 'rollback' }, 'rolled-back', 'v1'],
  ] as const) {
    const run = await act(inputs as unknown as Readonly<Record<string, string>>);
    assert.equal(run.exitCode, 0, run.log);
    assert.equal(run.outputs['result'] ?? '', result, run.log);
    if (now !== '') assert.equal(await version(), now);
  }
  const web = await engine.inspect('storefront-production-green-web-1');
  assert.ok(web.Config.Env.includes('DATABASE_URL=postgres://db'), 'what only the job’s env knows');
});
