import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { DockerSettings } from '../../src/config/environment.ts';
import { Compose } from '../../src/target/docker/compose.ts';
import { readColors } from '../../src/target/docker/containers.ts';
import { DockerCli } from '../../src/target/docker/docker-cli.ts';
import { Lifecycle } from '../../src/target/docker/lifecycle.ts';
import { StashContainer } from '../../src/target/docker/stash-container.ts';
import { SCOPE } from './compose-project.ts';
import { hostOf } from './host.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { buildApp, loadImage } from './lab/images.ts';
import { docker } from './lab/parts.ts';

/** Everything that Compose copies into a container, which no inspect tells of. */
const FILE = `services:
  web:
    image: \${IMAGE}
    networks: [edge, default]
    secrets: [token, { source: token, target: /etc/app/own, uid: "1000", mode: 0400 }]
    configs: [inline]
networks: { edge: { external: true } }
secrets: { token: { environment: TOKEN } }
configs: { inline: { content: "of \${IMAGE_TAG}" } }
`;

const settings: DockerSettings = {
  image: '',
  compose: 'compose.yml',
  service: 'web',
  port: 3000,
  network: 'edge',
  aliases: { blue: 'shop-blue', green: 'shop-green' },
  proxy: { kind: 'alias', name: 'shop', 'dns-ttl': 1000 },
};

const ONE = { id: '111111111111', image: 'shop:v1' };
const TWO = { id: '222222222222', image: 'shop:v2' };
const READ =
  "for (const path of ['/run/secrets/token', '/etc/app/own', '/inline']) { const { uid, mode } = fs.statSync(path); console.log(path, uid, (mode & 0o777).toString(8), fs.readFileSync(path, 'utf8')) }";
const contents = (tag: string) =>
  ['/run/secrets/token 0 444 T0PSECRET', '/etc/app/own 1000 400 T0PSECRET', `/inline 0 444 of ${tag}`].join(
    '\n',
  );

describe('files that Compose copies into containers', { skip: docker.skip }, () => {
  let engine: Engine;
  let workspace: string;

  before(async () => {
    engine = await startEngine();
    await loadImage(engine, 'app');
    await buildApp(engine, 'shop:v1');
    await buildApp(engine, 'shop:v2');
    await engine.docker(['network', 'create', 'edge']);
    workspace = mkdtempSync(join(engine.folder, 'files', 'workspace-'));
    writeFileSync(join(workspace, 'compose.yml'), FILE);
  });
  after(() => engine.close());
  afterEach(async () => {
    const ids = (await engine.docker(['ps', '-aq'])).split('\n').filter(Boolean);
    if (ids.length > 0) await engine.docker(['rm', '-fv', ...ids]);
  });

  /** As a run of its own has it; `token` is what the workflow sets. */
  function run(token: string, own = (cli: DockerCli) => cli) {
    const cli = own(new DockerCli({ ...hostOf(engine), env: { ...engine.env, TOKEN: token } }));
    const shared = {
      docker: cli,
      ...SCOPE,
      settings,
      progress: () => {},
      healthTimeoutMs: 60_000,
      signal: new AbortController().signal,
    };
    const stash = new StashContainer(shared);
    const life = new Lifecycle({ ...shared, stash, projects: new Compose({ ...shared, workspace }) });
    const web = async () => (await readColors(shared)).green.traffic;
    return { cli, life, stash, web };
  }
  const read = (id: string) => engine.docker(['exec', id, 'node', '-e', READ]);
  const starting = async (one: ReturnType<typeof run>) => {
    await one.life.start('green', ONE, 1, { warm: false });
    await one.life.park('green', 0);
    await one.stash.remove();
  };

  test('further containers of a parked release have them', async () => {
    await starting(run('T0PSECRET'));
    // The workflow of the rollback knows no such secret.
    const { life, web } = run('');
    await life.start('green', ONE, 2, { warm: true });
    for (const { id } of await web()) assert.equal(await read(id), contents('v1'));
  });

  test('a parked release has them again when the one that replaced it was refused', async () => {
    await starting(run('T0PSECRET'));
    const next = run('another');
    await next.life.start('green', TWO, 2, { warm: false });
    const stashed = await engine.docker(['inspect', next.stash.name]);
    assert.doesNotMatch(stashed, /T0PSECRET/);
    await next.life.restore('green', ONE.id, 1);
    const [only, ...others] = await next.web();
    assert.deepEqual([only?.release, others], [ONE, []]);
    assert.equal(await read(only!.id), contents('v1'));
  });

  test('also when the run that made it again died before it had copied them all', async () => {
    await starting(run('T0PSECRET'));
    const next = run('another');
    await next.life.start('green', TWO, 1, { warm: false });
    let puts = 0;
    const dying = run('another', (cli) => {
      const put = cli.api.putArchive.bind(cli.api);
      cli.api.putArchive = async (...args) => {
        puts += 1;
        if (puts === 2) throw new Error('killed');
        return put(...args);
      };
      return cli;
    });
    await assert.rejects(dying.life.restore('green', ONE.id, 1), /killed/);
    await next.life.restore('green', ONE.id, 1);
    const [only] = await next.web();
    assert.equal(await read(only!.id), contents('v1'));
  });
});
