/**
 * Stands between us and a command, as a process of its own: @actions/exec can neither end what it started nor give
 * it a process group. It starts the command as the leader of a new group, and ends all of that group
 * - when it is told to (SIGTERM): time-out, cancelled run;
 * - when its standard input ends, which is how it learns that this action was killed;
 * - when the command has ended and left processes behind.
 * The group gets SIGTERM, and SIGKILL `grace` ms later. Exit code: the command's own, or 128 + signal, as shells do.
 * What we need to know stands on lines that begin with `mark`: its process id, and why a command could not be started.
 *
 * It is written as a function and handed to `node -e` as text, because the bundle is one file. So it must not refer
 * to anything outside of itself, imports included.
 *
 * Arguments: mark, grace in ms, program, arguments of the program.
 */
export function supervise(): void {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const { readdirSync, readFileSync, writeSync } = process.getBuiltinModule('node:fs');
  const { constants } = process.getBuiltinModule('node:os');
  const [mark = '', grace = '', program = '', ...args] = process.argv.slice(1);
  // First of all: from the next line on we can be told to end, and must not do so without the command.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  // Before the command writes its first byte to the same pipe: that is why these lines are always whole.
  writeSync(1, `${mark} pid ${process.pid}\n`);
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
  let code: number | undefined;
  let deadline: number | undefined;

  /** Signal 0 only asks. False when nobody is left. */
  function toGroup(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(-(child.pid as number), signal);
    } catch (error) {
      // EPERM: somebody is left who belongs to another user, and is out of our reach.
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  }
  /**
   * Whether somebody of the group still runs. For the kernel, those count too who have ended and were not collected,
   * which is for ever in a container whose first process collects nobody (as in a job's container on GitHub).
   */
  function populated(): boolean {
    if (!toGroup(0)) return false;
    try {
      return readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && runs(entry));
    } catch {
      return true; // No /proc here.
    }
  }
  function runs(pid: string): boolean {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(group) === child.pid && !'ZX'.includes(state);
    } catch {
      return false; // Gone in this moment.
    }
  }
  function end() {
    if (deadline !== undefined || child.pid === undefined) return;
    deadline = Date.now() + Number(grace);
    toGroup('SIGTERM');
    setInterval(watch, 20);
  }
  function watch() {
    const expired = Date.now() >= (deadline as number);
    if (expired) toGroup('SIGKILL');
    // The leader's own end is worth waiting for: it holds the exit code.
    if (code !== undefined && (expired || !populated())) process.exit(code);
    // What even SIGKILL does not end (it belongs to another user: sudo) must not hold up a deployment.
    if (Date.now() >= (deadline as number) + 1000) process.exit(128 + constants.signals.SIGKILL);
  }

  child.on('error', (error: NodeJS.ErrnoException) => {
    writeSync(1, `${mark} error ${error.code}\n`);
    process.exit(error.code === 'ENOENT' ? 127 : 126);
  });
  child.on('exit', (status, signal) => {
    code = status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
    if (!populated()) process.exit(code);
    end();
  });
  process.stdin.on('close', end).on('error', end).resume();
}
