/**
 * HTTP/1.1 on a socket, as much of it as load needs. Node's own client takes several times the CPU for each request,
 * which on a small machine is what proxies and containers then lack: it would be measured instead of them. It also
 * hides what happens to a connection that rests, which is what this is about.
 */
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly version: string | undefined;
  readonly body: string;
}

/** A connection broke, or what came over it is no HTTP. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: ConnectionError): void;
}

/** Fresh connections are for the server to close; one that forgets shall not fill the machine with them. */
const lingerMs = 2_000;

export class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: Waiting | undefined;
  #answers = 0;
  #open = true;
  /** Called once, when it can't be used any more. */
  onClose: () => void = () => {};

  constructor(address: { readonly host: string; readonly port: number }) {
    this.#socket = connect({ ...address, noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#end(error.code ?? '', error.message));
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('close', () => this.#end('ECONNRESET', 'socket hang up'));
  }

  /** Whether it has carried an answer. */
  get used(): boolean {
    return this.#answers > 0;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /**
   * Sends a request, and waits for the last byte of the answer. One at a time.
   * @throws ConnectionError
   */
  exchange(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (!this.#open) return reject(new ConnectionError('ECONNRESET', 'the connection is closed'));
      this.#waiting = { resolve, reject };
      this.#socket.write(request, 'latin1');
    });
  }

  /** Leaves it to the server to close. */
  leave(): void {
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
  }

  destroy(code: string, message: string): void {
    this.#end(code, message);
  }

  #take(chunk: Buffer): void {
    if (this.#waiting === undefined) {
      // Nothing was asked: whatever it is, it would be taken for the next answer.
      this.#end('ECONNRESET', `unasked: ${chunk.toString('latin1').slice(0, 100)}`);
      return;
    }
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    this.#look(false);
  }

  /** The server sends nothing more: the end of an answer without a length, or of the connection. */
  #ended(): void {
    if (this.#waiting !== undefined && this.#received.length > 0) this.#look(true);
    this.#end('ECONNRESET', 'socket hang up');
  }

  #look(isEnd: boolean): void {
    let parsed: Parsed | undefined;
    try {
      parsed = parse(this.#received, isEnd);
    } catch (error) {
      this.#end('EPROTO', (error as Error).message);
      return;
    }
    if (parsed === undefined) return;
    const waiting = this.#waiting!;
    this.#waiting = undefined;
    this.#answers += 1;
    this.#received = Buffer.alloc(0);
    if (!parsed.keeps) {
      this.#close();
      this.leave();
    }
    waiting.resolve(parsed.answer);
  }

  #end(code: string, message: string): void {
    this.#close();
    this.#socket.destroy();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(new ConnectionError(code, message));
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.onClose();
  }
}

interface Parsed {
  readonly answer: Answer;
  /** Whether the connection can carry another. */
  readonly keeps: boolean;
}

/** The answer, once all of it is there. @throws Error when it is none */
function parse(data: Buffer, isEnd: boolean): Parsed | undefined {
  const headEnd = data.indexOf('\r\n\r\n');
  if (headEnd === -1) {
    if (data.length > 65_536) throw new Error('an answer without an end of its head');
    return undefined;
  }
  const head = data.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  if (!head.startsWith('HTTP/1.') || !(status >= 100)) throw new Error(`no HTTP: ${head.slice(0, 100)}`);
  const start = headEnd + 4;
  if (status < 200 && status !== 101) return parse(data.subarray(start), isEnd);
  const lower = head.toLowerCase();
  const length = headerOf(lower, 'content-length');
  const body =
    status === 204 || status === 304
      ? ''
      : length !== undefined
        ? exactly(data, start, Number(length))
        : headerOf(lower, 'transfer-encoding')?.endsWith('chunked')
          ? chunked(data, start)
          : isEnd
            ? data.toString('latin1', start)
            : undefined;
  if (body === undefined) return undefined;
  return {
    answer: { status, version: headerOf(head, 'x-version') ?? headerOf(head, 'X-Version'), body },
    keeps: !isEnd && !head.startsWith('HTTP/1.0') && headerOf(lower, 'connection') !== 'close',
  };
}

function exactly(data: Buffer, start: number, length: number): string | undefined {
  return data.length < start + length ? undefined : data.toString('latin1', start, start + length);
}

function chunked(data: Buffer, start: number): string | undefined {
  let body = '';
  for (let at = start; ; ) {
    const line = data.indexOf('\r\n', at);
    if (line === -1) return undefined;
    const size = Number.parseInt(data.toString('latin1', at, line), 16);
    if (Number.isNaN(size)) throw new Error('a chunk without a length');
    const end = line + 2 + size + 2;
    // The last chunk is empty, as is what may follow it.
    if (data.length < end) return undefined;
    if (size === 0) return body;
    body += data.toString('latin1', line + 2, end - 2);
    at = end;
  }
}

/** Of a head, by a name in the case in which it is written there. */
export function headerOf(head: string, name: string): string | undefined {
  const at = head.indexOf(`\r\n${name}:`);
  if (at === -1) return undefined;
  const end = head.indexOf('\r\n', at + 2);
  return head.slice(at + name.length + 3, end === -1 ? undefined : end).trim();
}

/** Connections that are kept. First in, first out: every one is used in turn, none is left to go stale. */
export class Pool {
  readonly #address: { readonly host: string; readonly port: number };
  readonly #least: number;
  readonly #free: Connection[] = [];
  #total = 0;

  /** @param least as many are opened before one is used again */
  constructor(address: { readonly host: string; readonly port: number }, least: number) {
    this.#address = address;
    this.#least = least;
  }

  take(): Connection {
    const free = this.#total < this.#least ? undefined : this.#free.shift();
    if (free !== undefined) return free;
    const connection = new Connection(this.#address);
    this.#total += 1;
    connection.onClose = () => {
      this.#total -= 1;
      const index = this.#free.indexOf(connection);
      if (index !== -1) this.#free.splice(index, 1);
    };
    return connection;
  }

  give(connection: Connection): void {
    if (connection.isOpen) this.#free.push(connection);
  }
}
