/** The user's Compose file on a real engine: what is resolved, pulled, brought up and refused. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { DockerSettings } from '../../src/config/environment.ts';
import { DeployError } from '../../src/errors.ts';
import { otherColor } from '../../src/release/color.ts';
import { Compose } from '../../src/target/docker/compose.ts';
import { DockerCli } from '../../src/target/docker/docker-cli.ts';
import type { DockerHost } from '../../src/target/docker/host.ts';
import { LABELS } from '../../src/target/docker/names.ts';
import { TransientError } from '../../src/target/target.ts';
import { type Engine, startEngine } from './lab/engine.ts';
import { buildApp, loadImage } from './lab/images.ts';
import { docker as required } from './lab/parts.ts';
import { type Registry, startRegistry } from './lab/registry.ts';

const { skip } = required;
let engine: Engine;
let registry: Registry;

before(async () => {
  if (skip !== false) return;
  engine = await startEngine();
  await loadImage(engine, 'app');
  registry = await startRegistry(engine);
  await registry.push(await buildApp(engine, 'shop:v1'));
  await engine.docker(['network', 'create', 'edge']);
});
after(async () => {
  await registry?.[Symbol.asyncDispose]();
  await engine?.close();
});

/** A node process that lives until it is told to end. */
const IDLE = `[node, -e, "process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 1e6)"]`;

const settings: DockerSettings = {
  image: '',
  compose: 'compose.yml',
  service: 'web',
  port: 3000,
  network: 'edge',
  aliases: { blue: 'shop-blue', green: 'shop-green' },
  proxy: { kind: 'alias', name: 'shop', 'dns-ttl': 1000 },
};

let apps = 0;
interface Lab {
  readonly compose: Compose;
  readonly app: string;
  readonly said: string[];
  readonly docker: DockerCli;
  readonly workspace: string;
}

/** An app of its own with this Compose file. */
function lab(
  yaml: string,
  {
    healthTimeoutMs = 60_000,
    signal = new AbortController().signal,
    env = {},
    app = `app${++apps}`,
  }: { healthTimeoutMs?: number; signal?: AbortSignal; env?: Record<string, string>; app?: string } = {},
): Lab {
  const workspace = mkdtempSync(join(engine.folder, 'files', 'workspace-'));
  writeFileSync(join(workspace, 'compose.yml'), yaml);
  const host = { description: 'the lab', env: { ...engine.env, ...env } } as unknown as DockerHost;
  const docker = new DockerCli(host);
  const said: string[] = [];
  const compose = new Compose({
    docker,
    app,
    environment: 'test',
    settings,
    workspace,
    healthTimeoutMs,
    progress: (message) => said.push(message),
    signal,
  });
  return { compose, app, said, docker, workspace };
}

const request = (tag = 'v1', color: 'blue' | 'green' = 'green') => ({
  color,
  image: `${registry.host}/shop:${tag}`,
  imageTag: tag,
});

/** The containers of a color, by the name of their service. */
async function containers({ app }: Lab, color: 'blue' | 'green' = 'green') {
  const ids = await engine.docker([
    'ps',
    '-aq',
    '--no-trunc',
    '--filter',
    `label=com.docker.compose.project=${app}-test-${color}`,
  ]);
  if (ids === '') return [];
  // biome-ignore lint/suspicious/noExplicitAny: Docker's own
  return JSON.parse(await engine.docker(['inspect', ...ids.split('\n')])) as any[];
}
const serviceOf = (container: { Config: { Labels: Record<string, string> } }) =>
  container.Config.Labels['com.docker.compose.service'];

const remove = async ({ app }: Lab) => {
  for (const color of ['blue', 'green'] as const)
    await engine.docker(['compose', '-p', `${app}-test-${color}`, 'down', '-v', '-t', '0']);
};

const rejection = async (promise: Promise<unknown>): Promise<DeployError> => {
  const error = await promise.then(
    () => assert.fail('it was not refused'),
    (one: unknown) => one,
  );
  if (!(error instanceof DeployError)) throw error;
  return error;
};

test('A release comes up from the user’s file, with what is laid over it and nothing else changed', {
  skip,
}, async () => {
  const one = lab(`
services:
  web:
    image: \${IMAGE}
    restart: always
    environment: { WHO: "\${APP}/\${ENVIRONMENT}/\${COLOR}/\${IMAGE_TAG}", COST: "5$$", UNSET: "\${NO_SUCH_VARIABLE}" }
    labels: [mine=1]
    depends_on: { migrate: { condition: service_completed_successfully } }
    deploy: { replicas: 1 }
  migrate:
    image: \${IMAGE}
    command: [node, -e, ""]
  worker:
    image: \${IMAGE}
    command: ${IDLE}
    deploy: { restart_policy: { condition: on-failure, max_attempts: 4 } }
`);
  const release = await one.compose.createRelease(request());
  const digest = /@sha256:[0-9a-f]{64}$/.exec(release.image)?.[0];
  assert.equal(release.image, `${registry.host}/shop:v1${digest}`);
  assert.match(release.id, /^[0-9a-f]{12}$/);
  assert.deepEqual(
    await one.compose.createRelease({ ...request(), color: 'blue' }),
    release,
    'the same on either color',
  );
  assert.ok(
    one.said.some((line) => line.includes('NO_SUCH_VARIABLE')),
    'an unset variable is told',
  );

  await registry.stop();
  try {
    await one.compose.up('green', release, 2);
  } finally {
    await registry.start();
  }

  const all = await containers(one);
  assert.deepEqual(all.map(serviceOf).toSorted(), ['migrate', 'web', 'web', 'worker']);
  for (const { Config, HostConfig } of all) {
    assert.equal(HostConfig.RestartPolicy.Name, 'no');
    assert.equal(Config.Labels[LABELS.release], release.id);
    assert.equal(Config.Labels[LABELS.image], release.image);
    assert.equal(Config.Labels[LABELS.color], 'green');
    assert.equal(Config.Labels[LABELS.app], one.app);
    assert.equal(Config.Labels[LABELS.environment], 'test');
  }
  const restarts = Object.fromEntries(all.map((c) => [serviceOf(c), c.Config.Labels[LABELS.restart]]));
  assert.deepEqual(restarts, { migrate: 'no', web: 'always', worker: 'on-failure:4' });
  for (const web of all.filter((c) => serviceOf(c) === 'web')) {
    assert.equal(web.Config.Image, release.image);
    assert.equal(web.Config.Labels['mine'], '1');
    assert.ok(web.Config.Env.includes(`WHO=${one.app}/test/green/v1`));
    assert.ok(web.Config.Env.includes('COST=5$'));
    const { Networks } = web.NetworkSettings;
    assert.deepEqual(Object.keys(Networks).toSorted(), [`${one.app}-test-green_default`, 'edge'].toSorted());
    assert.ok(Networks.edge.Aliases.includes('shop-green'));
  }
  const worker = all.find((c) => serviceOf(c) === 'worker');
  assert.deepEqual(Object.keys(worker.NetworkSettings.Networks), [`${one.app}-test-green_default`]);
  await remove(one);
});

test('A release is another one when its image, its file or a mounted file is', { skip }, async () => {
  const yaml = `services: { web: { image: "\${IMAGE}", volumes: ["./settings.txt:/settings.txt:ro"] } }\n`;
  const id = async (text: string, tag: string, content: string) => {
    const one = lab(text, { app: 'same' });
    writeFileSync(join(one.workspace, 'settings.txt'), content);
    return (await one.compose.createRelease(request(tag))).id;
  };
  await registry.push(await buildApp(engine, 'shop:moving', { VERSION: 'a' }));
  const first = await id(yaml, 'moving', 'one');
  assert.equal(await id(yaml, 'moving', 'one'), first, 'whichever the workspace');
  assert.notEqual(await id(yaml, 'moving', 'two'), first, 'another file is mounted');
  assert.notEqual(await id(yaml.replace('web: {', 'web: { tty: true,'), 'moving', 'one'), first);
  await registry.push(await buildApp(engine, 'shop:moving', { VERSION: 'b' }));
  await engine.docker(['rmi', 'shop:moving', `${registry.host}/shop:moving`]);
  assert.notEqual(await id(yaml, 'moving', 'one'), first, 'the tag has moved');
});

test('A second release replaces the first on its color: containers, orphans and anonymous volumes', {
  skip,
}, async () => {
  const file = (extra: string) => `services:
  web: { image: "\${IMAGE}", volumes: [/scratch] }
${extra}`;
  const one = lab(file(`  old: { image: "\${IMAGE}", command: ${IDLE} }\n`));
  await one.compose.up('green', await one.compose.createRelease(request()), 3);
  const before = await containers(one);
  assert.equal(before.length, 4);
  await engine.docker(['stop', '-t', '0', ...before.map(({ Id }) => Id)]);

  const two = lab(file(''), { app: one.app });
  const release = await two.compose.createRelease(request());
  await two.compose.up('green', release, 1);
  const after = await containers(two);
  assert.deepEqual(after.map(serviceOf), ['web']);
  assert.ok(!before.some(({ Id }) => Id === after[0].Id));
  assert.ok(
    !before.some(({ Mounts }) => Mounts[0]?.Name === after[0].Mounts[0].Name),
    'not the parked one’s data',
  );

  await two.compose.up('green', release, 1);
  assert.notEqual((await containers(two))[0].Id, after[0].Id, 'all anew each time');
  assert.deepEqual(await containers(two, 'blue'), []);
  await remove(two);
});

test('What one service waits for and never gets is told with its log', { skip }, async () => {
  const failing = lab(`services:
  web: { image: "\${IMAGE}", depends_on: { migrate: { condition: service_completed_successfully } } }
  migrate: { image: "\${IMAGE}", command: [node, -e, "console.error('no table users'); process.exit(3)"] }
`);
  const failed = await rejection(
    failing.compose.up('green', await failing.compose.createRelease(request()), 1),
  );
  assert.equal(failed.code, 'compose-up-failed');
  assert.match(failed.message, /service "migrate" didn't complete successfully: exit 3\.$/);
  assert.match(failed.hint ?? '', /log of migrate/);
  assert.match(failed.details.join('\n'), /migrate-1: exited with 3\n {2}no table users/);
  assert.ok(failing.said.some((line) => line.startsWith('migrate-1: other services wait')));

  const never = lab(
    `services:
  web: { image: "\${IMAGE}", depends_on: { db: { condition: service_healthy } } }
  db:
    image: \${IMAGE}
    command: [node, -e, "console.log('replaying the log'); setInterval(() => {}, 1e6)"]
    healthcheck: { test: [CMD, node, -e, "console.log('still replaying'); process.exit(1)"], interval: 300ms, retries: 1000 }
`,
    { healthTimeoutMs: 2_000 },
  );
  const late = await rejection(never.compose.up('green', await never.compose.createRelease(request()), 1));
  assert.equal(late.code, 'health-timeout');
  assert.match(late.message, /^db did not come up within health.timeout \(2 s\)/);
  assert.match(
    late.details.join('\n'),
    /running, starting\nhealth check: still replaying\n {2}replaying the log/,
  );
  await remove(failing);
  await remove(never);
});

test('A container that can’t be started is told in Docker’s words', { skip }, async () => {
  const one = lab(`services: { web: { image: "\${IMAGE}", command: [no-such-program] } }\n`);
  const error = await rejection(one.compose.up('green', await one.compose.createRelease(request()), 1));
  assert.match(error.message, /exec: "no-such-program": executable file not found/);
  assert.match(error.hint ?? '', /`command:`/);
  await remove(one);
});

test('A cancelled run ends Compose, and leaves no file of its own', { skip }, async () => {
  const controller = new AbortController();
  const one = lab(
    `services:
  web: { image: "\${IMAGE}", depends_on: { db: { condition: service_healthy } } }
  db: { image: "\${IMAGE}", command: ${IDLE}, healthcheck: { test: [CMD, node, -e, "process.exit(1)"], interval: 300ms, retries: 1000 } }
`,
    { signal: controller.signal },
  );
  const temporary = mkdtempSync(join(engine.folder, 'files', 'temp-'));
  const former = process.env['RUNNER_TEMP'];
  process.env['RUNNER_TEMP'] = temporary;
  try {
    const release = await one.compose.createRelease(request());
    const up = one.compose.up('green', release, 1);
    const failed = assert.rejects(up, /cancelled by the test/);
    const waiting = await until(() => one.said.some((line) => line.startsWith('db-1:')));
    assert.ok(waiting);
    assert.equal(readdirSync(temporary).length, 1);
    controller.abort(new Error('cancelled by the test'));
    await failed;
    assert.deepEqual(readdirSync(temporary), []);
    assert.ok(await until(() => !composeRuns(temporary)), 'Compose itself has ended');
  } finally {
    if (former === undefined) delete process.env['RUNNER_TEMP'];
    else process.env['RUNNER_TEMP'] = former;
  }
  await remove(one);
});

test('An engine that goes away in the middle is no verdict, and `up` may be called again', {
  skip,
}, async () => {
  const one = lab(`services:
  web: { image: "\${IMAGE}", depends_on: { slow: { condition: service_completed_successfully } } }
  slow: { image: "\${IMAGE}", command: [node, -e, "setTimeout(() => {}, 1500)"] }
`);
  const release = await one.compose.createRelease(request());
  const up = one.compose.up('green', release, 1).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(await until(() => one.said.some((line) => line.startsWith('slow-1:'))));
  await engine.stop();
  const error = await up.finally(() => engine.start());
  assert.ok(error instanceof TransientError, String(error));
  await one.compose.up('green', release, 1);
  assert.deepEqual((await containers(one)).map(serviceOf).toSorted(), ['slow', 'web']);
  await remove(one);
});

test('An image that can’t be had is refused with what to do, before anything is started', {
  skip,
}, async () => {
  const yaml = (more = '') => `services: { web: { image: "\${IMAGE}"${more} } }\n`;
  const missing = await rejection(lab(yaml()).compose.createRelease(request('v999')));
  assert.equal(missing.code, 'image-missing');
  assert.equal(missing.message, `Image ${registry.host}/shop:v999 (service web) is not in ${registry.host}.`);

  const unreachable = await rejection(
    lab(yaml()).compose.createRelease({ color: 'green', image: '127.0.0.1:1/shop:v1', imageTag: 'v1' }),
  );
  assert.equal(unreachable.code, 'registry-unreachable');

  const never = lab(yaml(', pull_policy: never'));
  const local = await rejection(
    never.compose.createRelease({ color: 'green', image: 'only-here:v1', imageTag: 'v1' }),
  );
  assert.match(local.message, /pull_policy is never/);
  await engine.docker(['tag', 'app:base', 'only-here:v1']);
  const release = await never.compose.createRelease({
    color: 'green',
    image: 'only-here:v1',
    imageTag: 'v1',
  });
  assert.equal(release.image, 'only-here:v1', 'no registry, no digest');

  const foreign = lab(yaml(', pull_policy: never'));
  await engine.docker(['load'], { input: await emptyImage('arm:v1', 'arm64') });
  const arm = await rejection(
    foreign.compose.createRelease({ color: 'green', image: 'arm:v1', imageTag: 'v1' }),
  );
  assert.equal(arm.code, 'image-platform');
  assert.match(arm.message, /is built for linux\/arm64, and the Docker host is linux\/amd64/);
});

test('Another service’s image is pulled and named as well; what a digest names is not pulled twice', {
  skip,
}, async () => {
  const one = lab(`services:
  web: { image: "\${IMAGE}" }
  cache: { image: ${registry.host}/cache:1 }
`);
  const error = await rejection(one.compose.createRelease(request()));
  assert.match(error.message, /cache:1 \(service cache\) is not in/);

  const { image } = await lab(`services: { web: { image: "\${IMAGE}" } }\n`).compose.createRelease(request());
  await registry.stop();
  try {
    const again = await lab(`services: { web: { image: "\${IMAGE}" } }\n`).compose.createRelease({
      color: 'green',
      image,
      imageTag: 'v1',
    });
    assert.equal(again.image, image);
  } finally {
    await registry.start();
  }
});

const problems = async (one: Lab, color: 'blue' | 'green' = 'green', replicas = 1) =>
  (await one.compose.preflight(request('v1', color), replicas)).map(({ message }) => message);

test('A file without fault has no problems, and what is fixed by color collides with nobody', {
  skip,
}, async () => {
  const one = lab(`services:
  web: { image: "\${IMAGE}", volumes: ["scratch:/scratch", "logs:/logs"] }
  admin: { image: "\${IMAGE}", container_name: "admin-\${COLOR}", ports: ["3000"] }
volumes: { scratch: {}, logs: { name: "logs-\${COLOR}" } }
`);
  assert.deepEqual(await problems(one), []);
  assert.deepEqual(await problems(one, 'blue'), []);
});

test('Volumes of which each color has its own are told, once in a run', { skip }, async () => {
  const one = lab(`services:
  web: { image: "\${IMAGE}", volumes: ["data:/data", "scratch:/scratch"] }
volumes: { data: {}, scratch: {} }
x-blue-green: { accept: [scratch] }
`);
  assert.deepEqual(await problems(one), []);
  await one.compose.tellNotes(request());
  await one.compose.tellNotes(request());
  assert.equal(one.said.length, 1, one.said.join('\n'));
  assert.match(
    one.said[0] ?? '',
    new RegExp(`^Note: The volume data .*${one.app}-test-blue_data and ${one.app}-test-green_data`),
  );
});

test('A file that names the image by its tag is taken, and runs by the digest; a digest can’t be its tag', {
  skip,
}, async () => {
  const repository = request().image.replace(/:v1$/, '');
  const one = lab(`services: { web: { image: "${repository}:\${IMAGE_TAG}", command: ${IDLE} } }\n`);
  assert.deepEqual(await problems(one), []);
  const release = await one.compose.createRelease(request());
  assert.match(release.image, /:v1@sha256:[0-9a-f]{64}$/);
  await one.compose.up('green', release, 1);
  const { Config } = await engine.inspect(`${one.app}-test-green-web-1`);
  assert.equal(Config.Image, release.image);
  await remove(one);

  const digest = release.image.replace(/^.*@/, '');
  const found = await one.compose.preflight(
    { color: 'green', image: `${repository}@${digest}`, imageTag: digest },
    1,
  );
  assert.deepEqual(found.length, 1, JSON.stringify(found));
  assert.match(
    found[0]?.message ?? '',
    /takes its image by IMAGE_TAG, and this deployment names it by its digest/,
  );
});

test('What the engine has already is found', { skip }, async () => {
  const holder = lab(
    `services: { web: { image: "\${IMAGE}" }, x: { image: "\${IMAGE}", command: ${IDLE}, ports: ["127.0.0.1:45321:1"], container_name: mine } }\n`,
  );
  await holder.compose.up('green', await holder.compose.createRelease(request()), 1);
  const one = lab(`services:
  web: { image: "\${IMAGE}", networks: [gone] }
  admin:
    image: \${IMAGE}
    ports:
      - "45320:1"
      - "45321:1"
    container_name: mine
networks: { gone: { external: true, name: no-such-network } }
volumes: { lost: { external: true } }
`);
  writeFileSync(join(one.workspace, 'x'), '');
  const found = (await problems(one)).join('\n');
  assert.match(found, /external network no-such-network \(compose.yml:9\) does not exist/);
  assert.match(
    found,
    /admin \(compose.yml:6\) publishes port 45320 on the host, which both colors would need/,
  );
  assert.match(found, /admin \(compose.yml:7\) publishes port 45321/);
  assert.match(found, /admin \(compose.yml:8\) names its container mine, and both colors/);
  await remove(holder);
});

test('A file that Compose refuses is one problem, in its own words', { skip }, async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [
      `services:\n  web:\n    image: \${IMAGE}\n    imagee: 3\n`,
      /compose\.yml:4: services.web Additional property imagee/,
    ],
    ['services:\n  web:\n   image: x\n  - y\n', /Compose does not take compose.yml: line 4, column 1/],
    [
      `services: { web: { image: "\${NOT_GIVEN:?say which}" } }\n`,
      /required variable NOT_GIVEN is missing a value: say which/,
    ],
    [
      `services:\n  web:\n    image: \${IMAGE}\n    networks: [edgee]\n`,
      /compose.yml:4: service "web" refers to undefined network edgee/,
    ],
    [`services: { web: { image: "\${IMAGE}", env_file: none.env } }\n`, /none\.env not found/],
  ];
  for (const [yaml, expected] of cases) {
    const found = await problems(lab(yaml));
    assert.equal(found.length, 1, yaml);
    assert.match(found[0]!, expected);
  }
});

test('A CLI without the plugin, and a missing file, are told as such', { skip }, async () => {
  const without = mkdtempSync(join(engine.folder, 'files', 'no-plugin-'));
  const yaml = `services: { web: { image: "\${IMAGE}" } }\n`;
  const [plugin] = await lab(yaml, { env: { DOCKER_CONFIG: without } }).compose.preflight(request(), 1);
  assert.match(plugin!.message, /no Compose plugin/);
  assert.match(plugin!.fix, /docker-compose-plugin/);
});

test('The file is read as it is in this run, with the other color untouched', { skip }, async () => {
  const one = lab(`services: { web: { image: "\${IMAGE}" } }\n`);
  const release = await one.compose.createRelease(request());
  await one.compose.up('blue', release, 1);
  const [blue] = await containers(one, 'blue');
  await one.compose.up(otherColor('blue'), release, 1);
  assert.equal((await containers(one, 'blue'))[0].Id, blue.Id);
  assert.equal((await containers(one, 'blue'))[0].State.Running, true);
  await remove(one);
});

/** Looks at something until it is so. */
async function until(look: () => boolean, ms = 30_000): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (look()) return true;
    await new Promise((done) => setTimeout(done, 25));
  }
  return look();
}

/** Whether any process has the folder in its arguments. */
const composeRuns = (folder: string): boolean =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false;
      }
    });

/** What `docker load` takes for an image of another kind of machine, with nothing in it. */
async function emptyImage(tag: string, architecture: string): Promise<Uint8Array> {
  const folder = mkdtempSync(join(engine.folder, 'files', 'image-'));
  // Two empty blocks: a tar file without anything in it.
  const layer = new Uint8Array(1024);
  const digest = createHash('sha256').update(layer).digest('hex');
  writeFileSync(join(folder, 'layer.tar'), layer);
  const config = { architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] } };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: [tag], Layers: ['layer.tar'] }];
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const tar = await promisify(execFile)('tar', ['-C', folder, '-c', '.'], { encoding: 'buffer' });
  return tar.stdout;
}
