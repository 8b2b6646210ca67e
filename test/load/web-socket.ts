/** Somebody with a WebSocket (RFC 6455), who sends all the time and wants to hear each message again. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerOf } from './connection.ts';
import { kindOf } from './request.ts';
import type { Tally } from './tally.ts';
import type { FailureKind, LoadPlan } from './types.ts';

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** With this status a server that shuts down asks its clients to go elsewhere. */
const goingAway = 1001;
/** After a connection that failed, not another one right away. */
const againMs = 100;

export interface WebSocketOptions {
  readonly node: string;
  readonly port: number;
  readonly host: string;
  readonly plan: LoadPlan;
  readonly tally: Tally;
}

export class WebSocketUser {
  readonly #options: WebSocketOptions;

  constructor(options: WebSocketOptions) {
    this.#options = options;
  }

  /** One connection after the other, until the signal. */
  async run(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const conversation = new Conversation(this.#options);
      const ended = await conversation.run(stopping);
      if (ended === 'drained') this.#options.tally.drained();
      if (ended === 'failed') await sleep(againMs, undefined, { signal: stopping }).catch(() => {});
    }
  }
}

/** One connection, from the handshake to its end. */
class Conversation {
  readonly #options: WebSocketOptions;
  readonly #socket: Socket;
  readonly #ended = Promise.withResolvers<'drained' | 'failed' | 'stopped'>();
  readonly #began = performance.now();
  #isOpen = false;
  #isOver = false;
  #version = 'unknown';
  #received: Buffer = Buffer.alloc(0);
  #sent = 0;
  /** When each message without an answer was sent. */
  readonly #pending = new Map<string, number>();

  constructor(options: WebSocketOptions) {
    this.#options = options;
    const { node, port, host, plan } = options;
    this.#socket = connect({ host: node, port, noDelay: true });
    this.#socket.write(
      `GET ${plan.paths.webSocket} HTTP/1.1\r\nhost: ${host}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#lost(kindOf({ code: error.code ?? '' }), error.message),
    );
    this.#socket.on('close', () => this.#lost('reset', 'the connection was closed without a word'));
  }

  async run(stopping: AbortSignal): Promise<'drained' | 'failed' | 'stopped'> {
    const { plan } = this.#options;
    const timer = setInterval(() => this.#tick(stopping.aborted), plan.webSockets.everyMs);
    const ended = await this.#ended.promise;
    clearInterval(timer);
    return ended;
  }

  #tick(isStopping: boolean): void {
    const { timeoutMs } = this.#options.plan;
    const oldest = this.#isOpen ? this.#pending.values().next().value : this.#began;
    if (oldest !== undefined && performance.now() - oldest > timeoutMs)
      this.#lost('timeout', `no answer within ${timeoutMs} ms`);
    if (!this.#isOpen || this.#isOver) return;
    if (!isStopping) {
      this.#sent += 1;
      const text = `message ${this.#sent}`;
      this.#pending.set(text, performance.now());
      this.#say(TEXT, Buffer.from(text));
    } else if (this.#pending.size === 0) {
      this.#say(CLOSE, Buffer.from([1000 >> 8, 1000 & 255]));
      this.#over('stopped');
    }
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    if (!this.#isOpen && !this.#shakeHands()) return;
    for (
      let frame = frameIn(this.#received);
      frame !== undefined && !this.#isOver;
      frame = frameIn(this.#received)
    ) {
      this.#received = this.#received.subarray(frame.length);
      if (frame.opcode === PING) this.#say(PONG, frame.payload);
      else if (frame.opcode === TEXT) this.#echoed(frame.payload.toString());
      else if (frame.opcode === CLOSE) this.#closed(frame.payload);
    }
  }

  #shakeHands(): boolean {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const head = this.#received.toString('latin1', 0, end);
    const status = Number(head.slice(9, 12));
    if (status !== 101) {
      this.#lost('status', `status ${status} instead of a WebSocket`, status);
      return false;
    }
    this.#version = headerOf(head, 'x-version') ?? headerOf(head, 'X-Version') ?? 'unknown';
    this.#isOpen = true;
    this.#received = this.#received.subarray(end + 4);
    return true;
  }

  #echoed(text: string): void {
    const sent = this.#pending.get(text);
    if (sent === undefined) {
      this.#lost('echo', `never sent: ${text.slice(0, 100)}`);
    } else {
      this.#pending.delete(text);
      this.#count(performance.now() - sent);
    }
  }

  /** What was sent and not answered by then is for the next connection: the server said so in time. */
  #closed(payload: Buffer): void {
    const code = payload.length >= 2 ? payload.readUInt16BE(0) : 0;
    if (code === goingAway) {
      this.#say(CLOSE, payload);
      this.#over('drained');
    } else {
      this.#lost('other', `closed by the server with ${code}`);
    }
  }

  #lost(kind: FailureKind, message: string, status?: number): void {
    if (this.#isOver) return;
    const oldest = this.#pending.values().next().value ?? (this.#isOpen ? performance.now() : this.#began);
    this.#count(performance.now() - oldest, { kind, message }, status);
    this.#over('failed');
  }

  #over(how: 'drained' | 'failed' | 'stopped'): void {
    this.#isOver = true;
    if (how === 'failed') this.#socket.destroy();
    else this.#socket.end();
    this.#ended.resolve(how);
  }

  #count(latencyMs: number, failure?: { kind: FailureKind; message: string }, status = 101): void {
    this.#options.tally.add(
      { method: 'GET', connection: 'websocket', node: this.#options.node },
      { version: this.#version, status, reused: this.#sent > 1, latencyMs, failure },
    );
  }

  #say(opcode: number, payload: Buffer): void {
    if (!this.#socket.writable) return;
    const mask = randomBytes(4);
    const masked = payload.map((byte, index) => byte ^ mask[index % 4]!);
    // Our messages are shorter than what needs a longer length.
    this.#socket.write(Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, masked]));
  }
}

/** The first whole frame, which servers do not mask; undefined while some of it is still to come. */
function frameIn(data: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data[1]! & 127;
  const start = short === 126 ? 4 : 2;
  if (data.length < start) return undefined;
  const length = start + (short === 126 ? data.readUInt16BE(2) : short);
  if (data.length < length) return undefined;
  return { opcode: data[0]! & 15, payload: data.subarray(start, length), length };
}
