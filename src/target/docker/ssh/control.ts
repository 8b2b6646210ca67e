import { spawn } from 'node:child_process';
import { sshEnv } from './ssh-env.ts';

export interface ControlResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One session on the host may have to start a shell there, with whatever its user lets that do. */
const ANSWER_MS = 10_000;

/**
 * Asks the ssh that holds the connection, over its control socket, for a way or a session more. Makes no connection of
 * its own in any case.
 */
export function control(
  socket: string,
  args: { readonly options?: readonly string[]; readonly host: string; readonly command?: string },
  signal: AbortSignal,
): Promise<ControlResult> {
  return new Promise((resolve, reject) => {
    const { options = [], host, command } = args;
    const child = spawn(
      'ssh',
      [
        // No config: its LocalForward would be asked for once more with each -O forward.
        ...['-F', 'none', '-S', socket, '-T', '-a', '-x', '-o', 'ControlMaster=no'],
        // Where the host allows no session, ssh would go and connect by itself.
        ...['-o', 'BatchMode=yes', '-o', 'ProxyCommand=false', ...options, '--', host],
        ...(command === undefined ? [] : [command]),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: sshEnv() },
    );
    // With SIGTERM, it would wait for the end of the session.
    const end = () => {
      child.kill('SIGKILL');
      // The ssh that it asked was handed them, and keeps them until the end of the session.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(end, ANSWER_MS);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code) => {
      settle();
      resolve({ code, stdout, stderr });
    });
  });
}
