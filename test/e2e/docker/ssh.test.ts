import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SOME_USERS } from '../../docker/lab/load.ts';
import { docker } from '../../docker/lab/parts.ts';
import { SshServer, sshd } from '../../docker/lab/sshd.ts';
import { until } from '../../docker/lab/until.ts';
import { type Color, type DockerWorld, projectOf, startDockerWorld } from '../../docker/lab/world.ts';
import type { Load } from '../../load/index.ts';
import type { ActionOptions, ActionRun } from '../runner.ts';

// One host behind a real sshd through its releases, with users on it. Each test begins where the one before ended.

/** Says what it finds and ends well only when the color answers where it was told. */
const SMOKE = `
  const { BLUE_GREEN_URL: url, BLUE_GREEN_COLOR: color } = process.env;
  require('node:fs').writeFileSync('smoke.env', JSON.stringify(process.env));
  fetch(url).then((answer) => answer.json()).then((answer) => {
    require('node:fs').writeFileSync('smoke.json', JSON.stringify({ url, answer }));
    process.exit(answer.color === color ? 0 : 1);
  });
`;

const SHORT_PAUSES = `--import=${join(import.meta.dirname, 'short-pauses.mjs')}`;

describe('releases over SSH, under load', { skip: docker.skip || sshd.skip }, () => {
  let world: DockerWorld;
  let ssh: SshServer;
  /** The runner's own temporary folder. */
  let temp: string;
  let users: Load;
  let attempt = 0;

  before(async () => {
    world = await startDockerWorld({
      proxy: 'haproxy',
      images: { slow: { BOOT_MS: '2000' }, bad: { EXIT_AT_START: '3' } },
      config: {
        health: { path: '/health', timeout: '60s', interval: '100ms' },
        smoke: [{ path: '/health' }, { run: [process.execPath, '-e', SMOKE] }],
        retire: { drain: '1500ms' },
      },
    });
    ssh = await SshServer.start();
    temp = mkdtempSync(join(tmpdir(), 'rt-'));
  });
  after(async () => {
    await world?.[Symbol.asyncDispose]();
    await ssh?.[Symbol.asyncDispose]();
    if (temp !== undefined) rmSync(temp, { recursive: true, force: true });
  });
  afterEach(async () => {
    // By the folder of its sockets, so that orphans are found, too; a killed run's ssh takes a moment to be ended.
    await until('no ssh outlives its run', () =>
      processes().every((pid) => !(isSsh(pid) && commandLine(pid).includes(temp))),
    );
    // Reports are for later steps of the job.
    const files = readdirSync(temp, { recursive: true, withFileTypes: true }).filter(
      (one) => !one.isDirectory(),
    );
    assert.deepEqual(
      new Set(files.map(({ name }) => name)),
      new Set(['report.json']),
      'nothing temporary stays',
    );
    if (users !== undefined) assert.equal(users.snapshot().failed, 0, 'no request has failed');
  });

  function configWith(settings: Readonly<Record<string, unknown>>): string {
    const config = JSON.parse(world.config);
    const { docker: section } = config.environments.production;
    Object.assign(section, { host: ssh.url(world.engine.socket), 'known-hosts': ssh.knownHosts }, settings);
    return JSON.stringify(config, null, 1);
  }

  /** The action, on a runner that has no engine of its own. */
  function act(
    inputs: Record<string, string>,
    options: Partial<ActionOptions> = {},
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<ActionRun> {
    attempt += 1;
    return world.act(
      { config: configWith(settings), 'ssh-key': ssh.key, ...inputs },
      {
        ...options,
        env: {
          DOCKER_HOST: 'unix:///nowhere/docker.sock',
          RUNNER_TEMP: temp,
          GITHUB_RUN_ATTEMPT: String(attempt),
          ...options.env,
        },
      },
    );
  }

  /** What the run logs calls what is to happen then, each once. */
  function at(moments: readonly (readonly [RegExp, () => unknown])[]): (line: string) => void {
    const left = [...moments];
    return (line) => {
      const next = left[0];
      if (next === undefined || !next[0].test(line)) return;
      left.shift();
      next[1]();
    };
  }

  /** Does it as soon as Compose has created the first of the color's containers, and has more to do. */
  async function whileComposeIsUp(color: Color, act: () => unknown): Promise<void> {
    const label = `label=com.docker.compose.project=${projectOf(color)}`;
    const filters = ['type=container', 'event=create', label].flatMap((filter) => ['--filter', filter]);
    const events = spawn('docker', ['events', '--since', String(Date.now() / 1000), ...filters], {
      env: { ...process.env, ...world.engine.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      // It never comes where the run fails before.
      await once(events.stdout, 'data', { signal: AbortSignal.timeout(60_000) });
      const isUp = processes().some((pid) => / up --detach /.test(commandLine(pid)));
      act();
      assert.ok(isUp, 'Compose is at work');
    } finally {
      events.kill('SIGKILL');
    }
  }

  async function versionsOf(color: Color): Promise<readonly string[]> {
    const inspected = await world.engine.inspectAll((await world.containers(color)).map(({ id }) => id));
    return inspected.map(({ Config }) => Config.Image.match(/:(\w+)@sha256/)?.[1]);
  }

  /** How often a run connects. */
  async function connectionsOf<T>(run: () => Promise<T>): Promise<readonly [T, number]> {
    const before = ssh.connections;
    const result = await run();
    return [result, ssh.connections - before];
  }

  test('wrong key, unknown host key, no known-hosts: one clear error each, before any change', async () => {
    const stranger = readFileSync(ssh.newKey('stranger', 'ed25519'), 'utf8');
    const input = { 'image-tag': 'v1' };
    const runs = await Promise.all([
      act({ ...input, 'ssh-key': stranger }),
      act(input, {}, { 'known-hosts': ssh.knownHosts.replace('127.0.0.1', 'app-1.example.com') }),
      act(input, {}, { 'known-hosts': undefined }),
    ]);
    const says = [/took none of the keys/, /known-hosts has no .*key for \[127\.0\.0\.1\]/, /known-hosts/];
    for (const [index, run] of runs.entries()) {
      assert.equal(run.exitCode, 1);
      const errors = run.log.match(/^::error.*$/gm) ?? [];
      assert.equal(errors.length, 1, run.log);
      assert.match(errors[0]!, says[index]!);
      assert.match(run.report.error.message, says[index]!);
      assert.doesNotMatch(withoutMasks(run.log), /PRIVATE KEY/);
      assert.equal(run.postLog, '');
    }
    assert.equal(ssh.logins, 0);
    assert.equal(await world.engine.docker(['ps', '--all', '--format', '{{.Names}}']), 'edge');
  });

  test('a cancelled run that waits for the host ends at once', async () => {
    await using silent = await listenSilently();
    const host = `ssh://root@127.0.0.1:${silent.port}${world.engine.socket}`;
    let cancel = () => {};
    silent.onConnection(() => cancel());
    const onStart = (handle: { cancel(): void }) => (cancel = () => handle.cancel());
    const run = await act({ 'image-tag': 'v1' }, { onStart }, { host });
    assert.equal(run.exitCode, 1, run.log);
    assert.match(run.log, /::error.*The run was cancelled/);
  });

  test('setup finds what is there', async () => {
    const [run, connections] = await connectionsOf(() => act({ operation: 'setup' }));
    assert.equal(run.exitCode, 0, run.log);
    assert.equal(connections, 1);
  });

  test('a release that is refused leaves an empty color empty, also when the tunnel broke while it came up', async () => {
    const cut = whileComposeIsUp('green', () => ssh.cut());
    const [run, connections] = await connectionsOf(() =>
      Promise.all([act({ 'image-tag': 'bad' }), cut]).then(([run]) => run),
    );
    assert.equal(run.exitCode, 1, run.log);
    assert.match(run.log, /broke .*Connecting again/);
    assert.equal(run.outputs['result'], 'failed');
    assert.deepEqual(await world.containers('green'), []);
    assert.equal(await world.engine.docker(['ps', '--all', '--format', '{{.Names}}']), 'edge');
    assert.equal(connections, 2);
  });

  test('deploy: everything on one connection, and the key nowhere', async () => {
    const secrets = ssh.key.split('\n').filter((line) => line.length > 30 && !line.startsWith('-----'));
    assert.ok(secrets.length > 2);
    const seen = new Set<string>();
    let watching = true;
    const watch = (async () => {
      while (watching) {
        for (const pid of processes()) seen.add(commandLine(pid));
        await sleep(20);
      }
    })();
    const [run, connections] = await connectionsOf(() => act({ 'image-tag': 'v1' }));
    watching = false;
    await watch;
    assert.equal(run.exitCode, 0, run.log);
    assert.equal(run.outputs['result'], 'deployed');
    assert.equal(connections, 1);
    await world.assertClean('green');
    assert.deepEqual(await said(world), ['v1', 'green']);
    assert.ok(
      [...seen].some((line) => /^ssh /.test(line)) && [...seen].some((line) => /^docker /.test(line)),
    );

    const { url, answer } = JSON.parse(readFileSync(join(world.workspace, 'smoke.json'), 'utf8'));
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/, 'the runner reaches the color on loopback');
    assert.equal(answer.version, 'v1');
    const ids = (await world.engine.docker(['ps', '--all', '--quiet'])).split('\n');
    const places = {
      log: withoutMasks(run.log + run.postLog),
      summary: run.summary,
      report: JSON.stringify(run.report),
      outputs: JSON.stringify([run.outputs, run.state]),
      arguments: [...seen].join('\n'),
      'containers of the host': await world.engine.docker(['inspect', ...ids]),
      'environment of the smoke test': readFileSync(join(world.workspace, 'smoke.env'), 'utf8'),
    };
    for (const [place, text] of Object.entries(places))
      for (const secret of secrets) assert.ok(!text.includes(secret), `the key is in: ${place}`);
    users = await world.startUsers({ ...SOME_USERS, ratePerSecond: 500, mostInFlight: 150 });
  });

  test('stage, with the tunnel cut while Compose brings it up and again in healthy: staged, with its preview', async () => {
    const cut = whileComposeIsUp('blue', () => ssh.cut());
    const onLine = at([[/^::group::Wait until blue is healthy/, () => ssh.cut()]]);
    const [run, connections] = await connectionsOf(() =>
      Promise.all([act({ operation: 'stage', 'image-tag': 'slow' }, { onLine }), cut]).then(([run]) => run),
    );
    assert.equal(run.exitCode, 0, run.log);
    assert.equal(run.outputs['result'], 'staged');
    // A step that takes long says again what was said last.
    assert.equal(run.log.match(/(?<!last: )Connected to .* again/g)?.length, 2, run.log);
    assert.equal(connections, 3);
    const preview = await fetch(run.outputs['preview-url'] ?? '');
    assert.equal(((await preview.json()) as { version: string }).version, 'slow');
    assert.deepEqual(await said(world), ['v1', 'green']);
  });

  test('promote, with the tunnel cut right before the shift, while the release is watched, and in the middle of drain: as if nothing had happened', async () => {
    const onLine = at([
      [/^::group::Switch traffic to blue/, () => ssh.cut()],
      [/^::group::Watch blue/, () => ssh.cut()],
      [/^::group::Let green finish/, () => setTimeout(() => ssh.cut(), 500)],
    ]);
    const [run, connections] = await connectionsOf(() => act({ operation: 'promote' }, { onLine }));
    assert.equal(run.exitCode, 0, run.log);
    assert.equal(run.outputs['result'], 'deployed');
    assert.equal(run.log.match(/(?<!last: )Connected to .* again/g)?.length, 3, run.log);
    assert.equal(connections, 4);
    assert.deepEqual(await said(world), ['slow', 'blue']);
    await world.assertClean('blue');
  });

  test('rollback on one connection', async () => {
    const [run, connections] = await connectionsOf(() => act({ operation: 'rollback' }));
    assert.equal(run.exitCode, 0, run.log);
    assert.equal(run.outputs['result'], 'rolled-back');
    assert.equal(connections, 1);
    assert.deepEqual(await said(world), ['v1', 'green']);
    await world.assertClean('green');
  });

  test('a release that is refused leaves the parked one as it was', async () => {
    const parked = await world.containers('blue');
    const [run, connections] = await connectionsOf(() => act({ 'image-tag': 'bad' }));
    assert.equal(run.exitCode, 1, run.log);
    assert.match(run.log, /EXIT_AT_START is 3/, 'with its last words');
    assert.equal(connections, 1);
    assert.deepEqual(
      (await world.containers('blue')).map(({ name }) => name),
      parked.map(({ name }) => name),
    );
    assert.deepEqual(await versionsOf('blue'), ['slow', 'slow', 'slow']);
    assert.deepEqual(await said(world), ['v1', 'green']);
    await world.assertClean('green');
  });

  test('a host that is gone for good: the run ends and says so, users keep what they have, the next run puts it right', async () => {
    const stopped: Promise<void>[] = [];
    const cut = whileComposeIsUp('blue', () => stopped.push(ssh.stop()));
    const [run] = await Promise.all([
      act({ 'image-tag': 'v2' }, { env: { NODE_OPTIONS: SHORT_PAUSES } }),
      cut,
    ]);
    await Promise.all(stopped);
    assert.equal(run.exitCode, 1, run.log);
    assert.match(run.report.error.message, /^The connection to ssh:.* broke and could not be made again/);
    assert.equal(run.report.error.code, 'host-unreachable');
    assert.equal(run.log.match(/^::error.*$/gm)?.length, 1, run.log);
    assert.deepEqual(await said(world), ['v1', 'green']);
    assert.equal(run.postExitCode, 1, run.postLog);

    await ssh.start();
    const [next, connections] = await connectionsOf(() => act({ 'image-tag': 'v2' }));
    assert.equal(next.exitCode, 0, next.log);
    assert.match(next.log, /An earlier deploy of v2 ended half-way: undo it/);
    assert.equal(next.outputs['result'], 'deployed');
    assert.equal(connections, 1);
    assert.deepEqual(await said(world), ['v2', 'blue']);
    await world.assertClean('blue');
  });

  test('a cancelled deployment leaves no ssh and nothing temporary, and everything as it was', async () => {
    let cancel = () => {};
    const onStart = (handle: { cancel(): void }) => (cancel = () => handle.cancel());
    const onLine = at([[/^::group::Wait until green is healthy/, () => cancel()]]);
    const run = await act({ 'image-tag': 'slow' }, { onStart, onLine });
    // On a machine that is too busy, the runner kills it before it has put everything back: then the post step does.
    assert.notEqual(run.exitCode, 0, run.log);
    assert.equal(run.postExitCode, 0, run.postLog);
    assert.match(run.log, /The run was cancelled/);
    assert.deepEqual(await said(world), ['v2', 'blue']);
    await world.assertClean('blue');
  });

  test('no request failed', async (t) => {
    const { requests, seconds, heldBack } = await world.usersSaw();
    t.diagnostic(`${requests} requests in ${Math.round(seconds)} s, 0 failed, ${heldBack} held back`);
  });
});

const said = async (world: DockerWorld) => {
  const { version, color } = await world.answer();
  return [version, color];
};

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

const processes = (): readonly number[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);

/** What the runner takes out of the log: it is told there what to hide. */
const withoutMasks = (log: string): string => log.replace(/^::add-mask::.*$/gm, '');

const isSsh = (pid: number): boolean => /(?:^| )ssh /.test(commandLine(pid));

/** Takes connections and never says a word. */
async function listenSilently() {
  const taken = Promise.withResolvers<void>();
  const server = createServer(() => taken.resolve()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' ? address!.port : 0,
    onConnection: (tell: () => void) => void taken.promise.then(tell),
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
