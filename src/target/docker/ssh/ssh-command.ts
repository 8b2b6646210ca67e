import { spawn } from 'node:child_process';
import { DeployError } from '../../../errors.ts';

export interface SshResult {
  readonly code: number | null;
  readonly stdout: string;
  /** Its lines, without what only tells that they are debug output. */
  readonly lines: readonly string[];
}

/** Runs an `ssh` that ends by itself. Its arguments are never a shell's; it can't ask anybody anything. */
export function runSsh(
  args: readonly string[],
  { timeout, signal }: { timeout: number; signal: AbortSignal },
): Promise<SshResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: sshEnv(),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') reject(sshMissing());
      else if (error.name !== 'AbortError') reject(error);
      // At a time-out or an abort, 'close' follows, with what it said until then.
    });
    child.on('close', (code) => resolve({ code, stdout, lines: stderr.split(/\r?\n/) }));
  });
}

/**
 * Our own environment, without the action's inputs (the key is one of them), and with messages in the language that
 * we look for in them.
 */
export const sshEnv = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('INPUT_'))),
  LC_ALL: 'C',
});

export const sshMissing = () =>
  new DeployError('There is no `ssh` command on this runner.', {
    code: 'ssh-missing',
    hint: 'Install OpenSSH’s client (apt-get install openssh-client), which GitHub’s own runners have.',
  });
