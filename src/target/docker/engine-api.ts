import { spawn } from 'node:child_process';
import http from 'node:http';
import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { excerpt } from '../../text.ts';
import { TransientError } from '../target.ts';
import { type DockerCli, DockerError } from './docker-cli.ts';
import type { DockerHost } from './host.ts';

const TIMEOUT_MS = 60_000;

/**
 * The engine's own HTTP API, for the few things that the CLI has no words for. `docker system dial-stdio` connects its
 * stdin and stdout to whatever engine the CLI would talk to, so there is no second way to it: TLS, contexts and tunnels
 * are the CLI's.
 */
export class EngineApi {
  readonly #docker: DockerCli;
  readonly #host: DockerHost;
  #version: Promise<string> | undefined;

  constructor(docker: DockerCli, host: DockerHost) {
    this.#docker = docker;
    this.#host = host;
  }

  /**
   * POSTs JSON and returns the answer's.
   * @throws DockerError with what the engine said when it refused
   * @throws TransientError when it gave no answer; what was asked for may have been done
   */
  async post<T>(path: string, body: unknown): Promise<T> {
    const prefix = `/v${await this.#apiVersion()}`;
    const { status, answer } = await this.#exchange(`${prefix}${path}`, JSON.stringify(body));
    if (status < 300) return (answer === '' ? {} : JSON.parse(answer)) as T;
    throw new DockerError(messageOf(answer) || `the engine answered ${path} with status ${status}`);
  }

  /** The version that the CLI speaks with this engine: what `docker inspect` shows is in its words. */
  #apiVersion(): Promise<string> {
    this.#version ??= this.#docker
      .run(['version', '--format', '{{.Client.APIVersion}}'])
      .then((version) => version.trim());
    this.#version.catch(() => (this.#version = undefined));
    return this.#version;
  }

  async #exchange(path: string, body: string): Promise<{ status: number; answer: string }> {
    const child = spawn('docker', ['system', 'dial-stdio'], {
      env: { ...process.env, ...this.#host.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const said = text(child.stderr).catch(() => '');
    const gone = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
    const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
    stream.on('error', () => {});
    try {
      return await new Promise((resolve, reject) => {
        const request = http.request({
          // The engine wants some host, whichever.
          headers: {
            host: 'docker',
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
          method: 'POST',
          path,
          // Instead of an agent: the connection is the child's, and for this request alone.
          createConnection: () => stream,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        request.once('response', (response) => {
          text(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), reject);
        });
        request.once('error', reject);
        child.once('error', reject);
        request.end(body);
      });
    } catch (error) {
      child.kill();
      await gone;
      throw new TransientError(
        `the engine gave no answer to POST ${path}: ${excerpt((await said) || String(error))}`,
      );
    } finally {
      // With its stdin at an end, the command ends.
      stream.destroy();
      child.kill();
    }
  }
}

function messageOf(answer: string): string {
  try {
    return String((JSON.parse(answer) as { message?: unknown }).message ?? '');
  } catch {
    return excerpt(answer);
  }
}
