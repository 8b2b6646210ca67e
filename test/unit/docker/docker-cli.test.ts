import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
