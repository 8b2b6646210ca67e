import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { excerpt } from '../../text.ts';

/**
 * A connection to whatever engine the Docker CLI would talk to: `docker system dial-stdio` connects its stdin and stdout
 * to it, so TLS, contexts and tunnels are the CLI's. To `http.Agent` it looks like a socket that it may keep.
 */
export class DialStdio extends Duplex {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;

  constructor(env: NodeJS.ProcessEnv) {
    // With the engine's end it is over, as a socket is.
    super({ allowHalfOpen: false });
    this.#child = spawn('docker', ['system', 'dial-stdio'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout, stderr } = this.#child;
    let said = '';
    stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
    // Whoever writes to an engine that has gone away is told by the command's end.
    stdin.on('error', () => {});
    this.#child.on('error', (error) => this.destroy(error));
    this.#child.on('close', () => {
      if (this.destroyed) return;
      if (said.trim() !== '') this.destroy(new Error(excerpt(said)));
      else if (this.readableLength === 0) this.destroy();
      // What came before it is still read.
      else this.push(null);
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // It hears SIGTERM and goes on (seen with Docker 28): one with a question under way kept this process for minutes. All
    // that it has is the connection.
    this.#child.kill('SIGKILL');
    this.unref();
    done(error);
  }

  // What `http` asks of a socket. A connection that nobody waits on must not keep this process alive.
  setKeepAlive = (): this => this;
  setNoDelay = (): this => this;
  setTimeout = (): this => this;
  ref = (): this => this.#each('ref');
  unref = (): this => this.#each('unref');

  #each(what: 'ref' | 'unref'): this {
    this.#child[what]();
    // They are pipes, which can be left out of account as well; their types don't say so.
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr])
      (stream as unknown as Record<typeof what, () => void>)[what]();
    return this;
  }
}
