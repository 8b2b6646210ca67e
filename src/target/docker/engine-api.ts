import http from 'node:http';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { excerpt } from '../../text.ts';
import { TransientError } from '../target.ts';
import { DialStdio } from './dial-stdio.ts';
import { DockerError } from './docker-error.ts';
import { parseJson } from './docker-json.ts';
import type { DockerHost } from './host.ts';

/**
 * The engine answers within milliseconds, and within a few seconds on a host that has no time. Whoever asks it asks again:
 * what is longer than this only makes every limit above it longer.
 */
export const ANSWER_MS = 20_000;
/** Creating a container copies what its image has in volumes, which may be gigabytes, and nothing asks for that twice. */
const CHANGE_MS = 60_000;
/** More than are ever asked for at once, on a host with many containers, would each start a process here. */
const CONNECTIONS = 4;

export interface EngineApiOptions {
  readonly host: DockerHost;
  /** The environment in which the CLI finds the engine, as it is now. */
  readonly env: () => NodeJS.ProcessEnv;
  /** The version that the CLI speaks with this engine. Throws when there is no engine. */
  readonly version: () => Promise<string>;
  /** In ms, for tests. */
  readonly limits?: { readonly answer: number; readonly change: number };
}

/**
 * The engine's own HTTP API, on connections that are kept: the CLI takes 15 ms to start for each question, and ten times
 * that on a busy machine, where the engine answers within one. A deployment asks a hundred times.
 */
export class EngineApi {
  readonly #options: EngineApiOptions;
  readonly #agent: Agent;
  #version: Promise<string> | undefined;
  readonly #closed = new AbortController();

  constructor(options: EngineApiOptions) {
    this.#options = options;
    this.#agent = new Agent(options.env);
  }

  /**
   * All of these throw
   * - DockerError with what the engine said when it refused
   * - TransientError when it gave no answer; what was asked for may have been done
   */
  async get<T>(path: string): Promise<T> {
    return parseJson(String(await this.#ask('GET', path)), `The engine, asked GET ${path},`);
  }

  /** POSTs JSON and returns the answer's. */
  async post<T>(path: string, body: unknown): Promise<T> {
    const answer = String(await this.#ask('POST', path, Buffer.from(JSON.stringify(body))));
    return parseJson(answer || '{}', `The engine, asked POST ${path},`);
  }

  async delete(path: string): Promise<void> {
    await this.#ask('DELETE', path);
  }

  /** A file or folder of a container, running or not, as a tar. A link is not followed, unless `/.` comes after it. */
  getArchive(container: string, path: string): Promise<Buffer> {
    return this.#ask('GET', archive(container, path));
  }

  /** Unpacks a tar in a folder of a container, which must be there. */
  async putArchive(container: string, folder: string, tar: Buffer): Promise<void> {
    await this.#ask('PUT', archive(container, folder), tar);
  }

  /** Ends all connections. What is still asked, or about to be, gets no answer: a connection would keep this process. */
  close(): void {
    this.#closed.abort(new Error('the run is over'));
    this.#agent.close();
  }

  async #ask(method: string, path: string, body?: Buffer): Promise<Buffer> {
    const version = await this.#apiVersion();
    if (this.#closed.signal.aborted)
      throw new TransientError(`${method} ${path} was not asked: the run is over`);
    const { status, answer } = await this.#patiently(method, `/v${version}${path}`, body);
    if (status < 300) return answer;
    throw new DockerError(
      messageOf(String(answer)) || `the engine answered ${method} ${path} with status ${status}`,
    );
  }

  #apiVersion(): Promise<string> {
    this.#version ??= this.#options.version();
    this.#version.catch(() => (this.#version = undefined));
    return this.#version;
  }

  /** A kept connection may have broken since it was used last. What can be asked twice then is, on a new one. */
  async #patiently(method: string, path: string, body?: Buffer): Promise<Answer> {
    const { answer, change } = this.#options.limits ?? { answer: ANSWER_MS, change: CHANGE_MS };
    // One for both times.
    const limit = AbortSignal.timeout(method === 'POST' ? change : answer);
    const signal = AbortSignal.any([limit, this.#closed.signal]);
    try {
      return await exchange(this.#agent, { method, path, body, signal });
    } catch (error) {
      if (!(error instanceof StaleConnection) || method === 'POST')
        throw this.#unanswered(method, path, error);
    }
    try {
      return await exchange(this.#agent, { method, path, body, signal });
    } catch (error) {
      throw this.#unanswered(method, path, error);
    }
  }

  #unanswered(method: string, path: string, error: unknown): Error {
    return (
      this.#options.host.lost?.() ??
      new TransientError(
        `the engine gave no answer to ${method} ${path}: ${excerpt((error as Error).message)}`,
      )
    );
  }
}

interface Answer {
  readonly status: number;
  readonly answer: Buffer;
}

/** What broke was a connection from before. */
class StaleConnection extends Error {}

class Agent extends http.Agent {
  readonly #env: () => NodeJS.ProcessEnv;
  #isClosed = false;

  constructor(env: () => NodeJS.ProcessEnv) {
    super({ keepAlive: true, maxSockets: CONNECTIONS });
    this.#env = env;
  }

  /** For each connection that ends, Node asks for another one if somebody waits: here, that would start a process. */
  override createConnection(
    _options: unknown,
    done?: (error: Error | null, connection: Duplex) => void,
  ): Duplex | undefined {
    if (!this.#isClosed) return new DialStdio(this.#env());
    (done as ((error: Error) => void) | undefined)?.(new Error('the run is over'));
    return undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.destroy();
  }

  /** Connections to one engine are alike; another one's are others. */
  override getName(): string {
    return this.#env()['DOCKER_HOST'] ?? '';
  }
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer | undefined;
  readonly signal: AbortSignal;
}

const exchange = (agent: Agent, { method, path, body, signal }: Question): Promise<Answer> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = http.request({
      // The engine wants some host, whichever.
      headers: {
        host: 'docker',
        ...(body !== undefined && {
          'content-type': method === 'PUT' ? 'application/x-tar' : 'application/json',
          'content-length': body.length,
        }),
      },
      method,
      path,
      agent,
      signal,
    });
    const fail = (error: Error) =>
      // Our own end of it says nothing of the connection.
      reject(
        request.reusedSocket && !signal.aborted
          ? new StaleConnection(error.message, { cause: error })
          : error,
      );
    request.once('response', (response) => {
      buffer(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), fail);
    });
    request.once('error', fail);
    // One that still waits for a connection is told of its end by nobody before it has one.
    signal.addEventListener('abort', () => fail(signal.reason));
    request.end(body);
  });

const archive = (container: string, path: string) =>
  `/containers/${encodeURIComponent(container)}/archive?path=${encodeURIComponent(path)}`;

function messageOf(answer: string): string {
  try {
    return String((JSON.parse(answer) as { message?: unknown }).message ?? '');
  } catch {
    return excerpt(answer);
  }
}
