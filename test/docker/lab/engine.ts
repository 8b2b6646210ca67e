/** A Docker engine of a test file's own, so that tests neither meet each other nor anything that is the user's. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithin } from '../../processes.ts';
import type { FromKeeper, ToKeeper } from './keeper.ts';
import { docker as parts } from './parts.ts';

export interface Engine extends AsyncDisposable {
  /** A folder that is removed with the engine; `files` in it is for tests. */
  readonly folder: string;
  readonly socket: string;
  /** What a process needs to talk to this engine, with Compose: DOCKER_HOST, DOCKER_CONFIG, PATH. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Runs `docker <args>` and returns what it wrote to stdout, without the last line break.
   * @throws Error with what it wrote to stderr
   */
  docker(args: readonly string[], options?: CommandOptions): Promise<string>;
  /** `docker inspect` of one thing. */
  // biome-ignore lint/suspicious/noExplicitAny: Docker's own, of which each test looks at something else
  inspect(name: string): Promise<any>;
  /** The same of several, in their order, and with one command. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  inspectAll(names: readonly string[]): Promise<any[]>;
  /** A /24 of this engine's addresses that Docker does not give away by itself, for `network create --subnet`. */
  subnet(): string;
  /**
   * The machine reboots: every container stops, networks are gone, then the engine starts on what is on the disk.
   * `power-cut`: nobody is told; `shutdown`: the engine stops containers as it does on SIGTERM.
   */
  restart(how?: 'power-cut' | 'shutdown'): Promise<void>;
  /** The two halves of `restart`. */
  stop(how?: 'power-cut' | 'shutdown'): Promise<void>;
  start(): Promise<void>;
  /** What dockerd wrote. */
  log(): string;
  close(): Promise<void>;
}

/** More than any command takes here, on a busy machine too. */
const LONGEST_COMMAND_MS = 120_000;

export interface CommandOptions {
  readonly input?: string | Uint8Array | NodeJS.ReadableStream;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts an engine; resolves when it answers. It ends with `close()`, or with this process however that ends. */
export async function startEngine(): Promise<Engine> {
  const { path, plugins } = parts.get();
  const keeper = fork(fileURLToPath(new URL('./keeper.ts', import.meta.url)), {
    // No flags of ours: those of a test runner would make it run tests.
    execArgv: [],
    // A group of its own, so that Ctrl-C leaves it the time to clear up.
    detached: true,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // A test that forgets its engine shall fail and not hang: the engine ends with the process.
  keeper.unref();
  const ask = asker(keeper);
  const { folder, prefix } = await ask({ type: 'start' });
  const socket = join(folder, 'docker.sock');
  const config = join(folder, 'config');
  mkdirSync(config);
  mkdirSync(join(folder, 'files'));
  writeFileSync(join(config, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [plugins] }));
  const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: config, PATH: path };
  let subnets = 128;
  let closed: Promise<void> | undefined;
  const docker: Engine['docker'] = (args, options) => command('docker', args, env, options);
  const close = () => {
    closed ??= (async () => {
      const gone = once(keeper, 'exit');
      await ask({ type: 'close' });
      await gone;
    })();
    return closed;
  };
  return {
    folder,
    socket,
    env,
    docker,
    inspect: async (name) => JSON.parse(await docker(['inspect', name]))[0],
    inspectAll: async (names) => (names.length === 0 ? [] : JSON.parse(await docker(['inspect', ...names]))),
    subnet() {
      if (subnets > 255) throw new Error('All subnets of this engine are given away');
      return `${prefix}.${subnets++}.0/24`;
    },
    async restart(how = 'power-cut') {
      await ask({ type: 'stop', how });
      await ask({ type: 'start' });
    },
    stop: async (how = 'power-cut') => void (await ask({ type: 'stop', how })),
    start: async () => void (await ask({ type: 'start' })),
    log: () => readFileSync(join(folder, 'dockerd.log'), 'utf8'),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** One question at a time, each with its answer. */
function asker(keeper: ChildProcess) {
  let last: Promise<unknown> = Promise.resolve();
  const asked = async (message: ToKeeper): Promise<Extract<FromKeeper, { type: 'done' }>> => {
    // While it is awaited, the answer shall keep this process alive.
    keeper.ref();
    keeper.channel?.ref();
    try {
      const answer = await new Promise<FromKeeper>((resolve, reject) => {
        const ended = (code: number | null, signal: string | null) =>
          reject(new Error(`The keeper of the Docker engine ended (${signal ?? `exit code ${code}`})`));
        keeper.once('exit', ended);
        keeper.once('message', (reply: FromKeeper) => {
          keeper.off('exit', ended);
          resolve(reply);
        });
        keeper.send(message, (error) => {
          if (error) reject(error);
        });
      });
      if (answer.type === 'failed') throw new Error(answer.message);
      return answer;
    } finally {
      if (message.type !== 'close') keeper.unref();
      keeper.channel?.unref();
    }
  };
  return (message: ToKeeper) => {
    const answer = last.then(() => asked(message));
    last = answer.catch(() => {});
    return answer;
  };
}

/** `docker <args>` on the engine that the CLI finds by itself: the user's own. */
export const runDocker: Engine['docker'] = (args, options) => command('docker', args, {}, options);

function command(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  options: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      cwd: options.cwd,
      env: { ...process.env, ...env, ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    endWithin(child, LONGEST_COMMAND_MS);
    let stdout = '';
    let stderr = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin?.on('error', () => {});
    if (typeof options.input === 'object' && 'pipe' in options.input) options.input.pipe(child.stdin!);
    else child.stdin?.end(options.input);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout.replace(/\n$/, ''));
      else reject(new Error(`${name} ${args.join(' ')} ended with ${code ?? signal}: ${stderr.trim()}`));
    });
  });
}
