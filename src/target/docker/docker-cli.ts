import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { DeployError } from '../../errors.ts';
import { excerpt } from '../../text.ts';
import { TransientError } from '../target.ts';
import { DockerError, isMissing } from './docker-error.ts';
import { parseJson } from './docker-json.ts';
import { ANSWER_MS, EngineApi } from './engine-api.ts';
import type { DockerHost } from './host.ts';

export interface RunOptions {
  /** What the command reads. */
  readonly input?: string | Uint8Array;
  /** Environment of this command alone. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder in which it runs. */
  readonly cwd?: string;
  /** Ends the command, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** How long it may take, in ms. */
  readonly timeout?: number;
  /** Each line as it comes, of both streams: Compose tells its progress on stderr, `docker pull` on stdout. */
  readonly onProgress?: (line: string) => void;
}

/** As much as is read of what the engine lists. */
export interface ListedContainer {
  readonly Id: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** The job's environment, which Compose files fill in variables from, without this action's own inputs and state. */
const OUTER = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(INPUT|STATE)_/i.test(name)),
);

/** Most commands are answered in milliseconds; none of ours waits for anything but `compose up` and pulls. */
const TIMEOUT_MS = 60_000;
/** How long a command has to end once it is asked to; then it is made to. A cancelled job has ten seconds in all. */
const KILL_AFTER_MS = 5_000;

/** What the CLI says when there is no engine at the other end, or the connection to it broke. */
const NO_ANSWER =
  /cannot connect to the docker daemon|failed to connect to the docker api|error during connect|connection (?:refused|reset)|broken pipe|unexpected eof|i\/o timeout|use of closed network connection|no such host|(?:^|: )eof$|the docker daemon is not running|context deadline exceeded/im;

/** An engine that passes on whom it could not reach (a registry) is itself there. */
const ANSWERED = /error response from daemon/i;

/**
 * The Docker CLI: whatever way to an engine the user has (a socket, TLS, a context), it knows it, and Compose is only
 * to be had there. Arguments go to it as they are, never through a shell. What is asked often goes to the engine itself.
 */
export class DockerCli {
  /** The engine's HTTP API, on the CLI's own way to it. */
  readonly api: EngineApi;
  readonly #host: DockerHost;
  readonly #closed = new AbortController();
  /** An engine that never answered is missing; one that did is only away for a moment. */
  #answered = false;

  constructor(host: DockerHost) {
    this.#host = host;
    this.api = new EngineApi({
      host,
      env: () => this.#env,
      // What a stopped container is made again from is read and written in one version, which the CLI knows as well.
      version: async () =>
        (await this.run(['version', '--format', '{{.Client.APIVersion}}'], { timeout: ANSWER_MS })).trim(),
    });
  }

  /**
   * Runs `docker <args>` and returns what it wrote to stdout.
   * @throws DockerError with what Docker said when it refused
   * @throws TransientError when the engine was there before and can't be reached now
   * @throws DeployError `docker-missing`, `docker-unreachable`; `host-unreachable` when the way there is lost for good
   */
  async run(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { signal, timeout = TIMEOUT_MS } = options;
    if (this.#closed.signal.aborted)
      throw new TransientError(`docker ${args[0]} was not asked: the run is over`);
    const limit = AbortSignal.timeout(timeout);
    const { code, stdout, stderr } = await this.#spawn(
      args,
      options,
      signal === undefined ? limit : AbortSignal.any([signal, limit]),
    );
    signal?.throwIfAborted();
    if (code === 0) {
      this.#answered = true;
      return stdout;
    }
    if (this.#closed.signal.aborted) throw new TransientError(`docker ${args[0]} was ended: the run is over`);
    if (limit.aborted)
      throw new TransientError(`docker ${args[0]} gave no answer within ${timeout / 1000} s`);
    if (NO_ANSWER.test(stderr) && !ANSWERED.test(stderr)) {
      const lost = this.#host.lost?.();
      if (lost !== undefined) throw lost;
      // Before it, Compose tells how far it got.
      const said = excerpt(stderr.split('\n').find((line) => NO_ANSWER.test(line)) ?? stderr);
      if (this.#answered) throw new TransientError(`docker ${args[0]}: ${said}`);
      throw new DeployError(`No Docker engine answers on ${this.#host.description}: ${said}`, {
        code: 'docker-unreachable',
        hint: 'Run the job on a machine with Docker (`runs-on: ubuntu-latest`, or a runner of your own on the host), or say under `docker:` in the config where the engine is (`host: ssh://deploy@app-1.example.com`).',
      });
    }
    this.#answered = true;
    throw new DockerError(saidBy(stderr) || `docker ${args[0]} ended with ${code}`, stderr);
  }

  /** `run`, for commands with `--format json` and its like: one JSON value for each line. */
  async lines<T>(args: readonly string[], options?: RunOptions): Promise<readonly T[]> {
    const text = await this.run(args, options);
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => parseJson<T>(line, `docker ${args[0]}`));
  }

  /** `docker inspect` of what there is; names and ids that are gone are left out. */
  async inspect<T>(type: 'container' | 'image' | 'network', names: readonly string[]): Promise<readonly T[]> {
    const found = await Promise.all(
      names.map((name) => this.api.get<T>(inspectPath(type, name)).catch(unlessMissing)),
    );
    return found.filter((one) => one !== undefined) as T[];
  }

  /** All containers, running or not, that every one of the filters lets through. */
  containers(filters: Readonly<Record<string, readonly string[]>>): Promise<readonly ListedContainer[]> {
    return this.api.get(`/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify(filters))}`);
  }

  /** The tags, as `repository:tag`, of what is in these repositories. */
  async tagsOf(repositories: readonly string[]): Promise<readonly string[]> {
    const filters = encodeURIComponent(JSON.stringify({ reference: repositories }));
    const images = await this.api.get<readonly { readonly RepoTags?: readonly string[] | null }[]>(
      `/images/json?filters=${filters}`,
    );
    return images
      .flatMap(({ RepoTags }) => RepoTags ?? [])
      .filter((tag) => repositories.includes(tag.slice(0, tag.lastIndexOf(':'))));
  }

  /** Ends what still runs, at once: whoever asked is through, as when one of several questions failed. */
  close(): void {
    this.#closed.abort();
    this.api.close();
  }

  get #env(): NodeJS.ProcessEnv {
    return { ...OUTER, ...this.#host.env };
  }

  #spawn(
    args: readonly string[],
    { input, env, cwd, onProgress }: RunOptions,
    signal: AbortSignal,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn('docker', args, {
        cwd,
        env: { ...this.#env, ...env },
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      });
      let last: NodeJS.Timeout | undefined;
      const end = () => {
        child.kill('SIGKILL');
        // A plugin that it started may hold them, and is waited for no longer.
        child.stdout!.destroy();
        child.stderr!.destroy();
      };
      const ask = () => {
        child.kill('SIGTERM');
        last = setTimeout(end, KILL_AFTER_MS);
      };
      const done = () => {
        signal.removeEventListener('abort', ask);
        this.#closed.signal.removeEventListener('abort', end);
        clearTimeout(last);
      };
      signal.addEventListener('abort', ask);
      this.#closed.signal.addEventListener('abort', end);
      if (signal.aborted) ask();
      const out: Buffer[] = [];
      const decoder = new StringDecoder('utf8');
      let stderr = '';
      const tellOut = lineTeller(onProgress);
      const tellErr = lineTeller(onProgress);
      child.stdout!.on('data', (chunk: Buffer) => {
        out.push(chunk);
        tellOut(decoder.write(chunk));
      });
      child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
        stderr += chunk;
        tellErr(chunk);
      });
      // A command that ends without reading its input is told by its exit code.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input);
      child.on('error', (error: NodeJS.ErrnoException) => {
        done();
        if (error.code !== 'ENOENT') return reject(error);
        reject(
          new DeployError('There is no `docker` command on this runner.', {
            code: 'docker-missing',
            hint: 'Use a runner with the Docker CLI and its Compose plugin, as GitHub’s have them: `runs-on: ubuntu-latest`.',
          }),
        );
      });
      child.on('close', (code) => {
        done();
        tellOut('\n');
        tellErr('\n');
        resolve({ code, stdout: Buffer.concat(out).toString('utf8'), stderr });
      });
    });
  }
}

/** Cuts what comes in pieces into lines. The last one is told once it is ended. */
function lineTeller(tell: ((line: string) => void) | undefined): (chunk: string) => void {
  if (tell === undefined) return () => {};
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') tell(line.trim());
  };
}

/** The last lines hold what went wrong; before them there may be progress. */
const saidBy = (stderr: string): string =>
  stderr
    .trim()
    .split('\n')
    .slice(-5)
    .map((line) => line.replace(/^\s*(?:error response from daemon|error):\s*/i, '').trim())
    .filter((line) => line !== '')
    .join(' ');

function inspectPath(type: 'container' | 'image' | 'network', name: string): string {
  // Names of images have slashes of their own.
  const escaped = name.split('/').map(encodeURIComponent).join('/');
  return type === 'network' ? `/networks/${escaped}` : `/${type}s/${escaped}/json`;
}

function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
