import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { exec } from '@actions/exec';
import { duration, excerpt } from '../text.ts';
import type { Attempt } from './attempts.ts';
import { lineCutter } from './lines.ts';
import { supervise } from './supervisor.ts';

export interface Command {
  /** The program and its arguments. No shell: nothing in them is special. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** ms */
  readonly timeout: number;
  /** Between SIGTERM and SIGKILL, in ms. */
  readonly grace?: number;
  /** Each line of output as it comes, raw: colors, `::workflow commands::` and all. */
  readonly output: (line: string) => void;
  readonly signal: AbortSignal;
}

const GRACE_MS = 5000;
const KEPT_LINES = 20;
/** How long a process that left the group may hold the output open after the command's end, in ms. */
const STRAY_OUTPUT_MS = 2000;

/**
 * Runs a command and judges its exit code. At the time-out and on an abort, the command and all processes of its group
 * are ended, and are gone when this returns. Rejects only when the signal is aborted, with its reason.
 */
export async function runCommand(command: Command): Promise<Attempt> {
  const { argv, cwd, env, timeout, grace = GRACE_MS, output, signal } = command;
  signal.throwIfAborted();
  const mark = randomUUID();
  const kept: string[] = [];
  let supervisor: number | undefined;
  let spawnError = '';
  let late = false;
  let ending = false;

  const stdout = lineCutter((line) => (line.startsWith(mark) ? told(line) : keep(line)));
  const stderr = lineCutter(keep);
  const timer = setTimeout(() => {
    late = true;
    end();
  }, timeout);
  signal.addEventListener('abort', end);
  try {
    const script = `(${supervise})()`;
    const code = await exec(`"${process.execPath}"`, ['-e', script, '--', mark, String(grace), ...argv], {
      cwd,
      env,
      silent: true,
      ignoreReturnCode: true,
      delay: STRAY_OUTPUT_MS,
      listeners: { stdout: (chunk) => stdout.write(chunk), stderr: (chunk) => stderr.write(chunk) },
    });
    stdout.end();
    stderr.end();
    signal.throwIfAborted();
    return judgeEnd({ program: argv[0] ?? '', code, spawnError, kept, late: late ? timeout : undefined });
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, detail: `it could not be started: ${(error as Error).message}` };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }

  function keep(line: string) {
    kept.push(line);
    if (kept.length > KEPT_LINES) kept.shift();
    output(line);
  }
  /** A line of the supervisor's own: see there. */
  function told(line: string) {
    const [, what, value = ''] = line.split(' ');
    if (what === 'error') spawnError = value;
    if (what !== 'pid') return;
    supervisor = Number(value);
    if (ending) end();
  }
  function end() {
    ending = true;
    if (supervisor === undefined) return; // Not up yet: its first line calls us again.
    try {
      process.kill(supervisor, 'SIGTERM');
    } catch {
      // It has ended by itself in this moment.
    }
  }
}

interface End {
  readonly program: string;
  readonly code: number;
  /** Why it could not be started, `ENOENT`; empty when it was. */
  readonly spawnError: string;
  readonly kept: readonly string[];
  /** The time that it took too long for, in ms. */
  readonly late: number | undefined;
}

function judgeEnd({ program, code, spawnError, kept, late }: End): Attempt {
  if (spawnError !== '') return { ok: false, detail: notStarted(program, spawnError) };
  const output = kept.map((line) => excerpt(line));
  const last = output.findLast((line) => line !== '');
  const said = last === undefined ? 'it wrote nothing' : `its last line: ${last}`;
  if (late !== undefined)
    return { ok: false, detail: `it did not end within ${duration(late)} and was ended; ${said}`, output };
  if (code === 0) return { ok: true, detail: 'exit code 0' };
  return { ok: false, detail: `exit code ${code}${signalOf(code)}; ${said}`, output };
}

function notStarted(program: string, code: string): string {
  if (code === 'ENOENT')
    return `${program} was not found: it is neither in PATH nor in the workspace, or the program in its #! line is missing`;
  if (code === 'EACCES') return `${program} is not executable (chmod +x, and commit that)`;
  return `${program} could not be started (${code})`;
}

/** Shells and our supervisor give 128 + signal. */
function signalOf(code: number): string {
  const signal = Object.entries(constants.signals).find(([, value]) => value === code - 128);
  return code > 128 && signal !== undefined ? ` (${signal[0]})` : '';
}
