import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const SOURCE = resolve(import.meta.dirname, '../../../src/target/docker/dial-stdio.ts');

test('a connection that is given up ends, and does not keep the process, whatever the CLI makes of SIGTERM', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dial-stdio-'));
  t.after(() => rmSync(folder, { recursive: true }));
  // As Docker's own: it hears SIGTERM, and goes on for as long as the engine may still answer.
  const docker = `#!/bin/sh\ntrap '' TERM\necho $$ > ${folder}/pid\necho ready\nexec sleep 60\n`;
  writeFileSync(join(folder, 'docker'), docker);
  chmodSync(join(folder, 'docker'), 0o755);
  const program = `
    import { DialStdio } from ${JSON.stringify(SOURCE)};
    const connection = new DialStdio({ PATH: ${JSON.stringify(`${folder}:${process.env['PATH']}`)} });
    connection.once('data', () => connection.destroy());
  `;
  const { status, signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.deepEqual([status, signal], [0, null], stderr);
  const pid = readFileSync(join(folder, 'pid'), 'utf8').trim();
  const left = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.trim();
  // It may wait to be buried.
  assert.match(left, /^(?:Z.*)?$/);
});
