import { connect } from 'node:net';
import { DeployError } from '../../../errors.ts';
import { excerpt } from '../../../text.ts';
import { TransientError } from '../../target.ts';
import type { DockerHost, HostAddress } from '../host.ts';

/** Commands are answered in less than a millisecond; a tunnel adds tens. */
const TIMEOUT_MS = 10_000;

/**
 * HAProxy's admin socket. One command for each connection: HAProxy then closes it, and a command whose answer was lost
 * can't be mistaken for another's.
 */
export class HaproxySocket {
  readonly #host: DockerHost;
  readonly #address: HostAddress;
  /** As the user wrote it. */
  readonly #socket: string;
  readonly #limit: number;
  /** A socket that never answered is missing or wrong; one that did is only away for a moment. */
  #answered = false;

  /**
   * @param socket a path, or `tcp://address:port`, as the Docker host sees it
   * @param limit for a whole answer, in ms; for tests
   */
  constructor(host: DockerHost, socket: string, limit = TIMEOUT_MS) {
    this.#limit = limit;
    this.#host = host;
    this.#socket = socket;
    this.#address = socketAddress(socket);
  }

  /**
   * Sends one command and returns the answer, without the empty line that ends it.
   * @param words escaped as HAProxy wants them
   * @throws DeployError `haproxy-unreachable`, `haproxy-denied`, `haproxy-not-admin`, `haproxy-map-unknown`,
   * `haproxy-backend-missing`, `haproxy-refused`
   * @throws TransientError when it answered before
   */
  async ask(...words: readonly string[]): Promise<string> {
    const command = words.map(escaped).join(' ');
    const answer = await this.#exchange(command);
    this.#answered = true;
    this.#refuse(command, answer);
    return answer;
  }

  async #exchange(command: string): Promise<string> {
    const dialed = await this.#host.dial(this.#address);
    let text: string;
    try {
      text = await exchange(dialed, `${command}\n`, this.#limit);
    } catch (error) {
      if (this.#answered)
        throw new TransientError(`HAProxy’s socket ${this.#socket}: ${(error as Error).message}`, {
          cause: error,
        });
      throw this.#unreachable(error as NodeJS.ErrnoException);
    }
    // Every answer ends with an empty line, in 2.6 as in 3.0; for `set map` and its like that is all of it. Less is an
    // answer that was cut off: a tunnel that breaks ends a connection just as its end does.
    if (text === '\n') return '';
    if (text.endsWith('\n\n')) return text.slice(0, -2);
    const cut = new Error(text === '' ? 'it was closed without an answer' : 'the answer was cut off');
    if (this.#answered || text !== '')
      throw new TransientError(`HAProxy’s socket ${this.#socket}: ${cut.message}`);
    throw this.#unreachable(cut);
  }

  #unreachable(error: NodeJS.ErrnoException): DeployError {
    const place = `${this.#socket} on ${this.#host.description}`;
    const options = { cause: error };
    switch (error.code) {
      case 'ENOENT':
        return new DeployError(`There is no HAProxy socket at ${place}.`, {
          ...options,
          code: 'haproxy-unreachable',
          hint: 'Start HAProxy with `stats socket … level admin` in a directory that is mounted from the host, and set proxy.haproxy.socket to its path on the host.',
        });
      case 'EACCES':
      case 'EPERM':
        return new DeployError(`This user may not open HAProxy’s socket ${place}.`, {
          ...options,
          code: 'haproxy-denied',
          hint: 'Give the socket the group of this user: `stats socket … mode 660 gid <number>`; in examples/docker-haproxy that is ADMIN_GID.',
        });
      case 'ECONNREFUSED':
        return new DeployError(`Nobody listens at HAProxy’s socket ${place}.`, {
          ...options,
          code: 'haproxy-unreachable',
          hint: 'Start HAProxy, or correct proxy.haproxy.socket.',
        });
      default:
        return new DeployError(`HAProxy’s socket ${place} does not answer: ${error.message}.`, {
          ...options,
          code: 'haproxy-unreachable',
          // sshd takes the connection first and only then finds that there is no such socket, or that it may not open it.
          hint: 'Through SSH, a socket that is missing or that the user may not open looks like this: check its path and its group on the host.',
        });
    }
  }

  #refuse(command: string, answer: string): void {
    const known = REFUSALS.find(([pattern]) => pattern.test(answer));
    if (known === undefined) return;
    const [, code, hint] = known;
    throw new DeployError(`HAProxy refused \`${command}\`: ${excerpt(answer)}`, { code, hint });
  }
}

/** What HAProxy 2.6 and 3.0 say, and what it means. There is no status: an answer is only text. */
const REFUSALS: readonly (readonly [RegExp, string, string])[] = [
  [
    /^Permission denied/,
    'haproxy-not-admin',
    'Put `level admin` on the `stats socket` line of haproxy.cfg that proxy.haproxy.socket names.',
  ],
  [
    /^Unknown map identifier/,
    'haproxy-map-unknown',
    'Set proxy.haproxy.map to the path of the map exactly as haproxy.cfg has it; `show map` on the socket lists them.',
  ],
  [
    /^(?:No such (?:proxy|backend|server)|Can't find backend)/,
    'haproxy-backend-missing',
    'Set proxy.haproxy.backends to the names that haproxy.cfg has; `show backend` on the socket lists them.',
  ],
  [
    /^Unknown command/,
    'haproxy-refused',
    'Set proxy.haproxy.socket to the `stats socket` of an HAProxy 2.6 or later, not to its master socket.',
  ],
];

export const socketAddress = (socket: string): HostAddress => {
  if (!socket.startsWith('tcp://')) return { path: socket };
  const { hostname, port } = new URL(socket);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
};

/** Spaces and semicolons end words and commands; a line break would begin another command, which nothing escapes. */
function escaped(word: string): string {
  if (/[\r\n]/.test(word)) throw new TypeError(`A line break in ${JSON.stringify(word)}`);
  return word.replace(/[\\ ;]/g, '\\$&');
}

const exchange = (address: HostAddress, request: string, limit: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(address);
    let text = '';
    // For all of it: what comes in drops, without an end, is no answer either.
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${limit / 1000} s`)), limit);
    socket.on('close', () => clearTimeout(timer));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(text));
    // Not `end`: HAProxy may drop a command whose sender has closed its half before the answer.
    socket.write(request);
  });
