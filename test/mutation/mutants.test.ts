import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { SIDE_BY_SIDE } from '../e2e/side-by-side.ts';

// Tests that can fail: each of these bugs, which other tools have, must turn the end-to-end tests red. A mutant is the
// real source with one line changed; Node runs it as it is.

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = join(ROOT, '.tmp/mutants');
after(() => rm(FOLDER, { recursive: true, force: true }));

interface Mutant {
  readonly bug: string;
  readonly edits: readonly { readonly file: string; readonly from: string; readonly to: string }[];
  /** The tests that must notice. */
  readonly suite: string;
  readonly pattern: string;
}

const mutants: readonly Mutant[] = [
  {
    bug: 'shift before the new color is healthy',
    edits: [
      { file: 'release/attempt.ts', from: 'await healthy(session, color);', to: '' },
      // Which would wait for health again: right after the start, ECS shows a count that has not grown yet.
      { file: 'release/attempt.ts', from: 'await topUp(session, attempt.journal);', to: '' },
      { file: 'release/shift.ts', from: 'if (!isProven(health))', to: 'if (false)' },
    ],
    suite: 'test/e2e/ecs/deploy.test.ts',
    pattern: 'takes its time to start',
  },
  {
    bug: 'retire before the data plane has moved',
    edits: [
      {
        file: 'release/retire.ts',
        from: 'const told = proven || (await followed(session, shiftedAt));',
        to: 'return;',
      },
      {
        file: 'release/converge.ts',
        from: 'if (!session.checks.canIdentify) return false;',
        to: 'return true;',
      },
      {
        file: 'release/attempt.ts',
        from: 'await stabilize(session, subject.color, watch);',
        to: '',
      },
    ],
    suite: 'test/e2e/ecs/deploy.test.ts',
    pattern: 'two deployments in a row',
  },
  {
    bug: 'the deployment is found by its position',
    edits: [
      {
        file: 'target/ecs/services.ts',
        from: 'service.deployments?.find((deployment) => deployment.id === id)',
        to: 'service.deployments?.[0]',
      },
      {
        file: 'target/ecs/services.ts',
        from: "service.deployments?.find(({ status }) => status === 'PRIMARY')",
        to: 'service.deployments?.[0]',
      },
    ],
    suite: 'test/e2e/ecs/deploy.test.ts',
    pattern: 'the new release is live',
  },
  {
    bug: 'a refused release stays on the idle color',
    edits: [
      {
        file: 'release/undo.ts',
        from: 'session.target.restore(to, parkedRelease, parkedCount)',
        to: 'session.target.park(to, 0)',
      },
    ],
    suite: 'test/e2e/ecs/refused.test.ts',
    pattern: 'never healthy',
  },
  {
    bug: 'a share of the traffic is not watched',
    edits: [
      {
        file: 'release/shift.ts',
        from: 'await watched(session, watch, { weights, duration: every, last: false });',
        to: '',
      },
    ],
    suite: 'test/e2e/ecs/canary.test.ts',
    pattern: 'a release that fails 20 %',
  },
  {
    bug: 'a dead run is not looked for',
    edits: [{ file: 'release/recover.ts', from: 'if (journal === undefined) {', to: 'if (true) {' }],
    suite: 'test/e2e/ecs/crash.test.ts',
    pattern: 'killed after the shift',
  },
];

describe('tests that can fail', { concurrency: SIDE_BY_SIDE }, () => {
  test('the suites that must notice are green without a bug', { timeout: 300_000 }, async () => {
    const source = await plant('none', []);
    const { code, output } = await run(
      source,
      'test/e2e/ecs/deploy.test.ts',
      'the new release is live|two deployments|takes its time',
    );
    assert.equal(code, 0, output);
  });

  for (const [index, { bug, edits, suite, pattern }] of mutants.entries()) {
    test(`planted: ${bug}`, { timeout: 300_000 }, async () => {
      const source = await plant(String(index), edits);
      const { code, output } = await run(source, suite, pattern);
      assert.match(output, /^ℹ fail [1-9]|^# fail [1-9]/m, `${suite} stayed green:\n${output}`);
      assert.notEqual(code, 0);
    });
  }
});

/** A copy of the source with the bug in it, to be run in place of dist/. */
async function plant(name: string, edits: Mutant['edits']): Promise<string> {
  const folder = join(FOLDER, name);
  await mkdir(folder, { recursive: true });
  await cp(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  await writeFile(join(folder, 'index.js'), "import './src/index.ts';\n");
  for (const { file, from, to } of edits) {
    const path = join(folder, 'src', file);
    const text = await readFile(path, 'utf8');
    assert.equal(text.split(from).length, 2, `${file} has this once: ${from}`);
    await writeFile(path, text.replace(from, to));
  }
  return folder;
}

function run(dist: string, suite: string, pattern: string): Promise<{ code: number | null; output: string }> {
  // NODE_TEST_CONTEXT would make the inner runner report to the outer one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--test', '--test-name-pattern', pattern, suite], {
    cwd: ROOT,
    env: { ...env, BLUE_GREEN_DIST: dist },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    output += text;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, output })));
}
