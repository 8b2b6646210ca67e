import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { supervise } from '../../../check/supervisor.ts';
import { sshEnv } from './ssh-env.ts';

/** An ssh that does not outlive this process, however that ends: not even a kill -9. */
export interface GuardedSsh {
  /** Its stdout is the supervisor's. */
  readonly child: ChildProcessWithoutNullStreams;
  /** There is no `ssh` on this machine; known when it has ended. */
  readonly isMissing: () => boolean;
  /** Ends it, with the processes for jump hosts. */
  readonly end: () => void;
}

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2000;
/** How long a process that left the group (a ProxyCommand that calls setsid) may hold the output open after ssh's end. */
const STRAY_OUTPUT_MS = 1000;

/**
 * Runs ssh under the supervisor that smoke tests' commands have, too: it ends ssh and whatever that started when it is
 * told to, and as soon as its standard input ends, which the kernel sees to when this process dies. Then it removes the
 * folder, as nobody else will. It leads a process group of its own, so that Ctrl-C in a terminal does not cut the way on which the traffic is
 * just being given back.
 */
export function startGuarded(args: readonly string[], folder: string): GuardedSsh {
  const mark = randomUUID();
  const child = spawn(process.execPath, ['-e', guard(folder), '--', mark, String(GRACE_MS), 'ssh', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: sshEnv(),
  });
  let isMissing = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes(`${mark} error ENOENT`)) isMissing = true;
  });
  // What it wrote has long been read then; whoever waits for its end waits for the end of these.
  child.on('exit', () => {
    const timer = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, STRAY_OUTPUT_MS);
    child.on('close', () => clearTimeout(timer));
  });
  return { child, isMissing: () => isMissing, end: () => void child.kill('SIGTERM') };
}

const guard = (folder: string): string => `
  let alone = false;
  process.stdin.on('close', () => { alone = true; });
  process.on('exit', () => {
    if (alone) require('node:fs').rmSync(${JSON.stringify(folder)}, { recursive: true, force: true });
  });
  (${supervise})()`;
