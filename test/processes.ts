import { type ChildProcess, execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';

/**
 * Kills a child that does not end in time. Something that it started may still hold its pipes, and with them its `close`
 * back: nobody waits for that.
 */
export function endWithin(child: ChildProcess, ms: number): void {
  const limit = setTimeout(() => {
    child.kill('SIGKILL');
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, ms);
  child.once('close', () => clearTimeout(limit)).once('error', () => clearTimeout(limit));
}

/** For whoever has to find out why a process does not end: what it holds open, and those that it started. */
export function describeProcess(pid: number): string {
  const started = startedBy(pid);
  return `It holds: ${openFiles(pid).join(', ')}\nIts processes:${started.map((line) => `\n  ${line}`).join('') || ' none'}`;
}

/** Its files, sockets and pipes, by the kernel's names. */
function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return attempt(() => readdirSync(folder), []).flatMap((name) =>
    attempt(() => [`${name} ${readlinkSync(`${folder}/${name}`)}`], []),
  );
}

/** It may be gone while it is looked at. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

/** Its children, theirs, and so on, a line each: own number, seconds since the start, command. */
function startedBy(pid: number): string[] {
  const all = execFileSync('ps', ['-e', '-o', 'ppid=,pid=,etimes=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^ *(?<parent>\d+) +(?<rest>(?<own>\d+) .*)$/.exec(line)?.groups)
    .filter((groups) => groups !== undefined);
  const below = (parent: string): string[] =>
    all
      .filter((one) => one['parent'] === parent)
      .flatMap((one) => [one['rest']!.slice(0, 300), ...below(one['own']!)]);
  return below(String(pid));
}
