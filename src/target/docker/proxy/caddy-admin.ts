import { request } from 'node:http';
import { DeployError } from '../../../errors.ts';
import { TransientError } from '../../target.ts';
import type { DockerHost } from '../host.ts';

const TIMEOUT_MS = 10_000;

/** Caddy's admin endpoint, of which we only read. */
export class CaddyAdmin {
  readonly #host: DockerHost;
  readonly #base: URL;
  /** An endpoint that never answered is missing; one that did is only away for a moment. */
  #answered = false;

  /** @param base `http://127.0.0.1:2019`, as the Docker host sees it */
  constructor(host: DockerHost, base: string) {
    this.#host = host;
    this.#base = new URL(base);
  }

  /**
   * @throws DeployError `caddy-unreachable`, `caddy-refused`
   * @throws TransientError when it answered before
   */
  async get(path: string): Promise<unknown> {
    const { hostname, port, host } = this.#base;
    const dialed = await this.#host.dial({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 80 : Number(port),
    });
    const address = 'path' in dialed ? { socketPath: dialed.path } : { host: dialed.host, port: dialed.port };
    let answer: { readonly status: number; readonly body: string };
    try {
      answer = await new Promise((resolve, reject) => {
        // Caddy refuses names that it doesn't know itself by: through a tunnel, the name stays what it is on the host.
        const asked = request({ ...address, path, headers: { host }, agent: false });
        // For all of it: what comes in drops, without an end, is no answer either.
        const late = () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`));
        const timer = setTimeout(late, TIMEOUT_MS);
        asked.on('close', () => clearTimeout(timer));
        asked.on('error', reject);
        asked.on('response', (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            body += chunk;
          });
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        });
        asked.end();
      });
    } catch (error) {
      const message = `Caddy’s admin endpoint ${host} on ${this.#host.description} does not answer: ${(error as Error).message}`;
      if (this.#answered) throw new TransientError(message, { cause: error });
      throw new DeployError(`${message}.`, {
        code: 'caddy-unreachable',
        hint: 'Let it listen (`admin 0.0.0.0:2019`) and publish it on the host’s loopback only (`127.0.0.1:2019:2019`), or leave out proxy.caddy.admin.',
        cause: error,
      });
    }
    this.#answered = true;
    if (answer.status !== 200)
      throw new DeployError(`Caddy’s admin endpoint ${host} answered ${answer.status} for ${path}.`, {
        code: 'caddy-refused',
        hint: 'Check that proxy.caddy.admin is Caddy’s admin endpoint, and which `origins` it allows.',
      });
    return JSON.parse(answer.body);
  }
}
