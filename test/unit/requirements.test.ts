import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const TESTS = resolve(import.meta.dirname, '..');

/** Runs a test file as `npm test` does. */
function run(source: string, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'blue-green-'));
  try {
    const file = join(folder, 'some.test.ts');
    writeFileSync(file, source);
    const { NODE_TEST_CONTEXT: _, REQUIRE_ALL: __, ...own } = process.env;
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--test', `--test-reporter=${join(TESTS, 'reporter.ts')}`, file],
      { env: { ...own, ...env }, encoding: 'utf8' },
    );
    return { status, lines: stdout.trimEnd().split('\n') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanting = `
  import { test } from 'node:test';
  import { requirement } from ${JSON.stringify(join(TESTS, 'requirements.ts'))};
  const moto = requirement('moto', () => undefined);
  test('a', { skip: moto.skip }, () => {});
  test('b', { skip: moto.skip }, () => {});
  test('c', () => {});
`;

test('what a machine lacks is named in the last lines, with how to get it', () => {
  const { status, lines } = run(wanting);
  assert.equal(status, 0);
  assert.deepEqual(lines.slice(-2), [
    'NOT TESTED on this machine:',
    '  2 tests: moto is missing: python3 -m venv .tmp/moto && .tmp/moto/bin/pip install -r test/moto/requirements.txt',
  ]);
});

test('with REQUIRE_ALL it is a failure', () => {
  const { status, lines } = run(wanting, { REQUIRE_ALL: '1' });
  assert.notEqual(status, 0);
  assert.match(lines.join('\n'), /moto is missing: python3 -m venv/);
});

test('where nothing is skipped, that is said too', () => {
  const { status, lines } = run(`import { test } from 'node:test'; test('a', () => {});`);
  assert.equal(status, 0);
  assert.equal(lines.at(-1), 'Nothing was skipped.');
});
