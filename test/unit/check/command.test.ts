import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, runCommand } from '../../../src/check/command.ts';
import { commandEnv } from '../../../src/check/command-env.ts';
import { lives, never, subject } from './helpers.ts';

const directory = mkdtempSync(join(tmpdir(), 'check-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

const env = { PATH: process.env['PATH'] ?? '' };
const node = (script: string, ...args: string[]) => [process.execPath, '-e', script, '--', ...args];

async function run(argv: readonly string[], more: Partial<Command> = {}) {
  const lines: string[] = [];
  const output = (line: string) => lines.push(line);
  const result = await runCommand({
    argv,
    cwd: directory,
    env,
    timeout: 20_000,
    signal: never,
    output,
    ...more,
  });
  return { ...result, lines };
}

function script(name: string, text: string, mode = 0o755): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return `./${name}`;
}

/** Resolves when nothing lives any more. Far more time than it takes; what outlives it is ended here. */
async function gone(pids: readonly number[]): Promise<void> {
  const end = Date.now() + 15_000;
  while (pids.some(lives)) {
    if (Date.now() > end) {
      const left = pids.filter(lives);
      for (const pid of left) process.kill(pid, 'SIGKILL');
      assert.fail(`still running: ${left.join(', ')}`);
    }
    await delay(10);
  }
}

test('exit code 0 is good; arguments arrive as they are, without a shell', async () => {
  const args = ['a b', '$HOME', '`id`', '"', "'", '\\', '*', '; exit 1', '--version', ''];
  const { ok, detail, output, lines } = await run(
    node('console.log(JSON.stringify(process.argv.slice(1)))', ...args),
  );
  assert.deepEqual([ok, detail, output?.length], [true, 'exit code 0', undefined]);
  assert.deepEqual(JSON.parse(lines[0] ?? ''), args);
});

test('it runs in the workspace, with the given environment and no input', async () => {
  const { lines } = await run(['sh', '-c', 'pwd; echo "$A"; env | cut -d= -f1 | sort | tr "\\n" " "; cat'], {
    env: { ...env, A: 'b' },
  });
  assert.deepEqual(lines.slice(0, 2), [directory, 'b']);
  assert.doesNotMatch(lines[2] ?? '', /INPUT_|BLUE_GREEN|npm_/);
});

test('another exit code is shown with the last line, and the last 20 lines are kept, plain', async () => {
  const { ok, detail, output, lines } = await run([
    'sh',
    '-c',
    'for i in $(seq 30); do echo "line $i"; done; printf "\\033[31mred\\033[0m end" >&2; exit 3',
  ]);
  assert.deepEqual([ok, detail], [false, 'exit code 3; its last line: red end']);
  assert.equal(output?.length, 20);
  assert.equal(output?.at(-1), 'red end');
  assert.equal(output?.[0], 'line 12');
  assert.equal(lines.length, 31);
  assert.equal((await run(['false'])).detail, 'exit code 1; it wrote nothing');
});

test('output goes line by line to the listener only, workflow commands untouched', async () => {
  const written: unknown[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((chunk: unknown) => written.push(chunk) > 0) as typeof process.stdout.write;
  try {
    const { lines } = await run(['echo', '::set-output name=result::deployed']);
    assert.deepEqual(lines, ['::set-output name=result::deployed']);
  } finally {
    process.stdout.write = write;
  }
  assert.equal(
    written.some((chunk) => String(chunk).includes('set-output')),
    false,
  );
});

test('what can not be started says why', async () => {
  const cases: [string, RegExp][] = [
    [
      'no-such-command-here',
      /^no-such-command-here was not found: it is neither in PATH nor in the workspace/,
    ],
    [script('no-mode.sh', '#!/bin/sh\n', 0o644), /^\.\/no-mode\.sh is not executable \(chmod \+x/],
    [
      script('no-interpreter.sh', '#!/no/such/sh\n'),
      /was not found: .* the program in its #! line is missing$/,
    ],
  ];
  for (const [program, wanted] of cases) {
    const { ok, detail, lines } = await run([program]);
    assert.equal(ok, false);
    assert.match(detail, wanted);
    assert.deepEqual(lines, []);
  }
  assert.match(
    (await run(['true'], { cwd: '/no/such/place' })).detail,
    /^it could not be started: .*\/no\/such\/place/,
  );
  assert.equal((await run([script('good.sh', '#!/bin/sh\nexit 0')])).ok, true);
});

test('a signal is named', async () => {
  assert.equal(
    (await run(['sh', '-c', 'kill -SEGV $$'])).detail,
    'exit code 139 (SIGSEGV); it wrote nothing',
  );
});

test('the time-out ends the command and its children, also those who do not listen to SIGTERM', async () => {
  const stubborn = `trap '' TERM; echo $$; while :; do sleep 1000; done`;
  const parent = `sh -c "$0" & echo $$; wait`;
  const { ok, detail, lines } = await run(['sh', '-c', parent, stubborn], { timeout: 1000, grace: 200 });
  assert.equal(ok, false);
  assert.match(detail, /^it did not end within 1 s and was ended; its last line: \d+$/);
  assert.equal(lines.length, 2);
  await gone(lines.map(Number));
});

test('a command that cleans up on SIGTERM is given the time, and has failed all the same', async () => {
  const polite = `process.on('SIGTERM', () => setTimeout(() => { console.log('clean'); process.exit(0) }, 50));
    console.log('up'); setInterval(() => {}, 1000)`;
  const { ok, detail, lines } = await run(node(polite), { timeout: 1000 });
  assert.deepEqual([ok, lines], [false, ['up', 'clean']]);
  assert.match(detail, /^it did not end within 1 s and was ended; its last line: clean$/);
});

test('processes that a command leaves behind are ended', async () => {
  const { ok, lines } = await run(['sh', '-c', 'sleep 1000 & echo $!']);
  assert.equal(ok, true);
  await gone(lines.map(Number));
});

test('a process that left the group does not hold up the deployment', async () => {
  const stray = `const { pid } = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'inherit', detached: true });
    console.log(pid); process.exit(0)`;
  const { ok, lines } = await run(node(stray));
  process.kill(Number(lines[0]));
  assert.equal(ok, true);
});

test('an abort ends the command and its children, with the reason of the abort', async () => {
  const reason = new Error('cancelled');
  const controller = new AbortController();
  const pids: number[] = [];
  const output = (line: string) => {
    pids.push(Number(line));
    if (pids.length === 2) controller.abort(reason);
  };
  const argv = ['sh', '-c', 'sleep 1000 & echo $!; echo $$; wait'];
  await assert.rejects(run(argv, { signal: controller.signal, output }), reason);
  await gone(pids);
  const before = new AbortController();
  before.abort(reason);
  await assert.rejects(run(argv, { signal: before.signal }), reason);
});

test('an abort before the command is up ends it too', async () => {
  const reason = new Error('cancelled');
  const controller = new AbortController();
  const running = run(['sleep', '1000'], { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(running, reason);
});

test('when this action is killed, the command is ended', async () => {
  const module = JSON.stringify(join(import.meta.dirname, '../../../src/check/command.ts'));
  const action = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { runCommand } from ${module};
       await runCommand({ argv: ['sh', '-c', 'sleep 1000 & echo $!; echo $$; wait'], cwd: '/', env: process.env,
         timeout: 1e6, signal: new AbortController().signal, output: (line) => console.log(line) });`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const pids: number[] = [];
  let text = '';
  for await (const chunk of action.stdout) {
    text += chunk;
    if (text.split('\n').length > 2) break;
  }
  pids.push(...text.trim().split('\n').map(Number));
  assert.ok(pids.every(lives));
  const ended = once(action, 'exit');
  action.kill('SIGKILL');
  await ended;
  await gone(pids);
});

test('a command sees the job, the release and the preview, but no secret of this action', () => {
  const preview = { url: 'http://lb', headers: { 'x-blue-green-preview': 'abc' }, since: 0 };
  const job = {
    PATH: '/bin',
    AWS_REGION: 'us-east-1',
    'INPUT_GITHUB-TOKEN': 's',
    'INPUT_SLACK-WEBHOOK-URL': 's',
    'INPUT_SSH-KEY': 's',
    STATE_handle: 's',
    ACTIONS_RUNTIME_TOKEN: 's',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 's',
    ACTIONS_ID_TOKEN_REQUEST_URL: 's',
    GITHUB_TOKEN: 's',
    GH_TOKEN: 's',
    GITHUB_OUTPUT: 's',
    GITHUB_STATE: 's',
    GITHUB_SHA: 'abc',
    GITHUB_STEP_SUMMARY: '/x',
    UNSET: undefined,
  };
  assert.deepEqual(commandEnv(job, 'production', subject, preview), {
    PATH: '/bin',
    AWS_REGION: 'us-east-1',
    GITHUB_SHA: 'abc',
    GITHUB_STEP_SUMMARY: '/x',
    BLUE_GREEN_URL: 'http://lb',
    BLUE_GREEN_COLOR: 'green',
    BLUE_GREEN_IMAGE: 'repo/shop:v2',
    BLUE_GREEN_ENVIRONMENT: 'production',
    BLUE_GREEN_HEADER: 'x-blue-green-preview',
    BLUE_GREEN_HEADER_VALUE: 'abc',
  });
  assert.equal(commandEnv({}, 'production', subject, undefined)['BLUE_GREEN_URL'], '');
});
