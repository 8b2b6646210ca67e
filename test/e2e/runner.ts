import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describeProcess } from '../processes.ts';
import { SLOW } from '../slow.ts';

/** The bundle that GitHub will run. A mutation test points this at another. */
const BUNDLE = process.env['BLUE_GREEN_DIST'] ?? resolve(import.meta.dirname, '../../dist');

/** More than any run takes here, and less than the limit of a test: what hangs is told with what it wrote. */
const LONGEST_RUN_MS = 3 * 60_000 * SLOW;

const COMPILE_CACHE = resolve(import.meta.dirname, '../../.tmp/compile-cache');

export interface ActionOptions {
  /** As written under `with:`; absent ones get their default from action.yml, as the runner does it. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The checked-out repository; a fresh empty folder when absent. */
  readonly workspace?: string;
  /** Each line of the log, as it comes. */
  readonly onLine?: (line: string) => void;
  /** Whether the post step runs afterwards, as on a runner; not after a machine is lost. */
  readonly post?: boolean;
  /** Gets the process as soon as it runs, to cancel or kill it. */
  readonly onStart?: (handle: { cancel(): void; kill(): void }) => void;
}

export interface ActionRun {
  /** Null when it was killed. */
  readonly exitCode: number | null;
  /** Everything written to stdout and stderr. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The JSON report, if one was written. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at all of it
  readonly report: any;
  readonly postLog: string;
  readonly postExitCode: number | null;
}

/** Runs the action as GitHub's runner does: INPUT_* variables, files for what it says, then the post step. */
export async function runAction(options: ActionOptions): Promise<ActionRun> {
  const temp = await mkdtemp(join(tmpdir(), 'blue-green-'));
  try {
    const files = {
      GITHUB_OUTPUT: join(temp, 'output'),
      GITHUB_STATE: join(temp, 'state'),
      GITHUB_STEP_SUMMARY: join(temp, 'summary.md'),
      GITHUB_ENV: join(temp, 'env'),
      GITHUB_PATH: join(temp, 'path'),
    };
    for (const file of Object.values(files)) await writeFile(file, '');
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: temp,
      RUNNER_TEMP: temp,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: options.workspace ?? temp,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_API_URL: 'http://127.0.0.1:9/api',
      GITHUB_RUN_ID: '4711',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REF_NAME: 'main',
      GITHUB_ACTOR: 'ann',
      GITHUB_WORKFLOW: 'deploy',
      // No metadata service here: without this, missing credentials take seconds to be missed.
      AWS_EC2_METADATA_DISABLED: 'true',
      // Nor is this on a runner: most of a run's time here would be the compiling of the same bundle, again and again.
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...files,
      ...options.env,
      ...Object.fromEntries(
        Object.entries({ operation: 'deploy', force: 'false', ...options.inputs }).map(([name, value]) => [
          `INPUT_${name.toUpperCase()}`,
          value,
        ]),
      ),
    };
    const main = await node(env, options);
    const state = parseCommands(await readFile(files.GITHUB_STATE, 'utf8'));
    const outputs = parseCommands(await readFile(files.GITHUB_OUTPUT, 'utf8'));
    const withState = Object.fromEntries(
      Object.entries(state).map(([key, value]) => [`STATE_${key}`, value]),
    );
    const post =
      options.post === false
        ? { exitCode: null, log: '' }
        : await node({ ...env, ...withState }, { onLine: options.onLine });
    return {
      exitCode: main.exitCode,
      log: main.log,
      outputs,
      state,
      summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
      report: outputs['report'] ? JSON.parse(await readFile(outputs['report'], 'utf8')) : undefined,
      postLog: post.log,
      postExitCode: post.exitCode,
    };
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

async function node(
  env: Record<string, string>,
  { onLine, onStart }: Pick<ActionOptions, 'onLine' | 'onStart'>,
): Promise<{ exitCode: number | null; log: string }> {
  const child = spawn(process.execPath, [join(BUNDLE, 'index.js')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  onStart?.({
    // Runner: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL; only the node process gets them.
    cancel: () => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGTERM'), 7_500).unref();
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
    },
    kill: end,
  });
  let log = '';
  let rest = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      log += text;
      if (onLine === undefined) return;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
  }
  const exitCode = await new Promise<number | null>((done, reject) => {
    const limit = setTimeout(() => {
      const found = describeProcess(child.pid!);
      end();
      // Something that it started may hold them, and would keep the test from ending.
      child.stdout.destroy();
      child.stderr.destroy();
      reject(new Error(`The run did not end within ${LONGEST_RUN_MS / 60_000} minutes.\n${found}\n${log}`));
    }, LONGEST_RUN_MS);
    child.on('close', (code) => {
      clearTimeout(limit);
      done(code);
    });
  });
  process.off('exit', end);
  return { exitCode, log };
}

/** The runner's file commands: `name<<delimiter`, lines, `delimiter`. A later value replaces an earlier one. */
function parseCommands(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const [, name, delimiter] = /^(.+?)<<(.+)$/.exec(lines[index]!) ?? [];
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, index + 1);
    values[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return values;
}
