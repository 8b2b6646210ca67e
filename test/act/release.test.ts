import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';

// The release workflow's own commands, with a `gh` that only writes down what it is told: nothing here may be tagged.

const ROOT = resolve(import.meta.dirname, '../..');
const workflow = parse(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8'));
interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
}
const steps: readonly Step[] = workflow.jobs.release.steps;

interface Told {
  readonly status: number | null;
  readonly calls: readonly string[];
}

/** Runs one step; `fails` says which of gh's calls GitHub refuses. */
function run(name: string, env: Record<string, string>, fails = /^$/): Told {
  const step = steps.find((one) => one.name === name);
  assert.ok(step?.run, name);
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    const gh = join(folder, 'gh');
    const log = join(folder, 'log');
    writeFileSync(log, '');
    writeFileSync(gh, `#!/bin/sh\necho "$*" >> ${log}\n! echo "$*" | grep -qE '${fails.source}'\n`);
    chmodSync(gh, 0o755);
    // As GitHub runs them: bash -e, and nothing of theirs is written into the script.
    const { status } = spawnSync('bash', ['-e', '-c', step.run], {
      cwd: ROOT,
      env: { PATH: `${folder}${delimiter}${process.env['PATH']}`, RUNNER_TEMP: folder, ...env },
    });
    return { status, calls: readFileSync(log, 'utf8').trim().split('\n').filter(Boolean) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ENV = {
  VERSION: '1.4.2',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
  GITHUB_REPOSITORY: 'acme/action',
  GITHUB_REF: 'refs/heads/main',
};

test('only main is released', () => {
  assert.equal(run('Only from main', ENV).status, 0);
  assert.notEqual(run('Only from main', { ...ENV, GITHUB_REF: 'refs/heads/other' }).status, 0);
});

test('everything is tested and attested before anything is tagged', () => {
  const at = (what: RegExp) =>
    steps.findIndex(({ name = '', run: script = '', uses = '' }) => what.test(`${name} ${script} ${uses}`));
  const order = [
    /refs\/heads\/main/,
    /\.ci\/run/,
    /scripts\/release\.ts/,
    /attest-build-provenance/,
    /gh release create/,
    /git\/refs/,
  ].map(at);
  assert.ok(
    order.every((index) => index >= 0),
    order.join(),
  );
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
});

test('the tag is the version’s, at the commit that was tested', () => {
  const { status, calls } = run('Tag and release', ENV);
  assert.equal(status, 0);
  assert.equal(calls.length, 1);
  assert.match(calls[0]!, /^release create v1\.4\.2 --target 0123456789abcdef0123456789abcdef01234567 /);
});

test('the major tag is moved, or made the first time', () => {
  const moved = run('Move the major tag', ENV);
  assert.equal(moved.status, 0);
  assert.deepEqual(moved.calls, [
    `api --method PATCH repos/acme/action/git/refs/tags/v1 -f sha=${ENV.GITHUB_SHA} -F force=true`,
  ]);
  const made = run('Move the major tag', ENV, /PATCH/);
  assert.equal(made.status, 0);
  assert.equal(
    made.calls[1],
    `api --method POST repos/acme/action/git/refs -f ref=refs/tags/v1 -f sha=${ENV.GITHUB_SHA}`,
  );
  assert.notEqual(run('Move the major tag', ENV, /api/).status, 0, 'a release without its major tag is red');
});

test('the licence of each library that is bundled is in dist/licenses.txt', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const licences = readFileSync(join(ROOT, 'dist/licenses.txt'), 'utf8').split('\n');
  for (const name of Object.keys(dependencies)) assert.ok(licences.includes(name), name);
});
