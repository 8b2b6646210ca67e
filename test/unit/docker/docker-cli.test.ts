import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { DockerCli } from '../../../src/target/docker/docker-cli.ts';
import { parseExact, parseJson } from '../../../src/target/docker/docker-json.ts';
import { LocalHost } from '../../../src/target/docker/local-host.ts';
import { TransientError } from '../../../src/target/target.ts';

const folder = mkdtempSync(join(tmpdir(), 'docker-cli-'));
after(() => rmSync(folder, { recursive: true }));

/** A CLI of which `docker` is this shell script. */
function cliOf(script: string): DockerCli {
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'docker'), 0o755);
  const host = new LocalHost(undefined);
  return new DockerCli({
    description: host.description,
    env: { PATH: `${folder}:${process.env['PATH']}` },
    dial: (address) => host.dial(address),
    url: (address) => host.url(address),
    close: () => host.close(),
  });
}

test('a command that does not end when it is asked to is ended, whatever it started goes on', async () => {
  // Its child, as a plugin is one, holds what it writes to.
  const cli = cliOf(`trap '' TERM\nsleep 120 &\necho $! > ${folder}/child\necho $$ > ${folder}/own\nwait`);
  const started = Date.now();
  try {
    await assert.rejects(
      cli.run(['ps'], { timeout: 500 }),
      (error) => error instanceof TransientError && /no answer within 0\.5 s/.test(error.message),
    );
    assert.ok(Date.now() - started < 30_000);
    const own = Number(readFileSync(join(folder, 'own'), 'utf8'));
    assert.throws(() => process.kill(own, 0), { code: 'ESRCH' });
  } finally {
    process.kill(Number(readFileSync(join(folder, 'child'), 'utf8')), 'SIGKILL');
  }
});

test('one that ends when it is asked to has the time for it', async () => {
  const cli = cliOf(
    `sleep 120 &\nchild=$!\ntrap 'kill $child; sleep 1; echo done > ${folder}/done; exit 0' TERM\nwait`,
  );
  const started = Date.now();
  await assert.rejects(
    cli.run(['ps'], { signal: AbortSignal.timeout(500) }),
    (error: Error) => error.name === 'TimeoutError',
  );
  assert.equal(readFileSync(join(folder, 'done'), 'utf8').trim(), 'done');
  assert.ok(Date.now() - started < 4_500, 'and is waited for no longer than it takes');
});

test('commands that nobody waits for any more are gone once it is closed, and keep no process', () => {
  // The one fails, and so whoever asked for both is through; the other, and what it started, go on.
  const script = `[ "$1" = fail ] && exit 1\ntrap '' TERM\nsleep 60 &\necho $! > ${folder}/plugin\necho $$ > ${folder}/asked\nwait`;
  cliOf(script);
  const source = (path: string) =>
    JSON.stringify(resolve(import.meta.dirname, '../../../src/target/docker', path));
  const program = (last: string) => `
    import { existsSync } from 'node:fs';
    import { DockerCli } from ${source('docker-cli.ts')};
    import { LocalHost } from ${source('local-host.ts')};
    const host = new LocalHost(undefined);
    const cli = new DockerCli({ ...host, env: { PATH: ${JSON.stringify(`${folder}:${process.env['PATH']}`)} } });
    const other = cli.run(['other']);
    other.catch(() => {});
    await Promise.all([other, cli.run(['fail'])]).catch(() => {});
    while (!existsSync(${JSON.stringify(join(folder, 'asked'))})) await new Promise((done) => setTimeout(done, 20));
    cli.close();
    ${last}
  `;
  for (const last of [
    'process.exit();',
    `await other.then(process.exit, ({ name }) => console.log(name));
     await cli.run(['again']).catch(({ name }) => console.log(name));`,
  ]) {
    rmSync(join(folder, 'asked'), { force: true });
    const started = Date.now();
    const { status, signal, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program(last)],
      { encoding: 'utf8', timeout: 20_000 },
    );
    try {
      assert.deepEqual([status, signal], [0, null], stderr);
      assert.ok(Date.now() - started < 60_000, `${Date.now() - started} ms`);
      assert.equal(stdout, last.startsWith('process') ? '' : 'TransientError\nTransientError\n');
      assert.ok(!isRunning(readFileSync(join(folder, 'asked'), 'utf8').trim()));
    } finally {
      if (existsSync(join(folder, 'plugin')))
        process.kill(Number(readFileSync(join(folder, 'plugin'), 'utf8')), 'SIGKILL');
    }
  }
});

/** One that has ended may wait to be buried. */
const isRunning = (pid: string): boolean =>
  /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.trim());

test('what is no JSON is not quoted: it may hold secrets', async () => {
  const text = '{"environment":{"TOKEN":"hunter2"';
  for (const parse of [
    () => parseJson(`WARN ${text}`, 'docker compose config'),
    () => parseJson(text, 'docker compose config'),
    () => parseExact(`[${text}`, 'docker container inspect'),
    () => parseExact(`hunter2`, 'docker container inspect'),
  ])
    assert.throws(parse, (error: Error) => {
      assert.match(error.message, /^docker \S+ \S+ did not answer in JSON/);
      assert.doesNotMatch(JSON.stringify([error.stack, error.cause, error]), /hunter2/);
      return true;
    });
  const cli = cliOf(`echo 'hunter2'`);
  await assert.rejects(cli.lines(['events']), (error: Error) => !error.message.includes('hunter2'));
});
