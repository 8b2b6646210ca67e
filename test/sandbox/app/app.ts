/**
 * The application that the sandbox's tasks and the Docker lab's containers run. What it does is said by its environment,
 * as an image's author would:
 *
 * VERSION, COLOR, TASK      who it is (answers carry `x-version`, and `{"version","color","ok","task"}`)
 * ADDRESS, PORT             where it listens; without PORT it is a worker that listens nowhere
 * LISTEN_PORT               listens there instead, as an application with another idea of its port does
 * BOOT_MS                   how long it takes until it listens
 * HEALTH                    `GET /health`: ok | never (500) | after:<ms> | status:<n> | hang (no answer)
 * DEGRADE_AFTER_MS          from then on everything is answered with 500, /health too
 * CRASH_AFTER_MS, EXIT_CODE exits so long after its start, with that code (default 1)
 * EXIT_AT_START             exits at once, with this code
 * OOM                       after so many ms it is killed for its memory use: by the sandbox, or in a container by the
 *                           kernel, as it takes more and more
 * SLOW_MS                   answers everything but `/health` so much later
 * FAIL_RATE, FAIL_PATH      share of requests, and the one path, answered with 500
 * FAIL_METHOD               method whose requests are answered with 500: POST
 * DELAY_MS                  how much later everything but `/health` is answered
 * BAD_WHILE                 while this file exists, everything but /health is answered with 500
 * WRONG_BODY                answers with this body instead of its JSON
 * SIGTERM                   graceful (finishes requests in flight, the default) | exit (at once) | ignore
 *
 * `/slow?ms=` answers so much later, `/echo` with what it was sent, and `/ws` is a WebSocket that echoes.
 *
 * It has no import statement, so that the sandbox can start it as a CommonJS script: 30 ms instead of 85 ms, and tests
 * start dozens of it on two cores.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const http = process.getBuiltinModule('node:http');
const net = process.getBuiltinModule('node:net');
const fs = process.getBuiltinModule('node:fs');
const crypto = process.getBuiltinModule('node:crypto');
const os = process.getBuiltinModule('node:os');
const env = process.env;
const started = Date.now();
let closing = false;

/** File descriptor 3 is the sandbox: the app says there that it runs, and dies when the sandbox is gone. */
const sandbox = env['SANDBOX_CHANNEL'] ? new net.Socket({ fd: Number(env['SANDBOX_CHANNEL']) }) : undefined;
sandbox?.on('error', () => process.exit(1));
sandbox?.on('close', () => process.exit(1));
sandbox?.resume();

if (env['EXIT_AT_START']) {
  console.error(`cannot start: EXIT_AT_START is ${env['EXIT_AT_START']}`);
  process.exit(Number(env['EXIT_AT_START']));
}
sandbox?.write('up\n');

/** Containers have no name for their task but their host name. */
const task = env['TASK'] ?? os.hostname();
if (sandbox === undefined) console.log(`version ${env['VERSION'] ?? ''} starts as ${task}`);

const server = http.createServer((request, response) => void answer(request, response));
// Longer than a load balancer keeps its connections to targets (60 s), or requests would meet a closing connection.
server.keepAliveTimeout = 75_000;

if (env['PORT']) {
  setTimeout(
    () =>
      server.listen(Number(env['LISTEN_PORT'] ?? env['PORT']), env['ADDRESS'] ?? '127.0.0.1', () =>
        console.log('listening'),
      ),
    Number(env['BOOT_MS'] ?? 0),
  );
} else {
  setInterval(() => {}, 60_000);
}

if (env['CRASH_AFTER_MS']) {
  setTimeout(() => {
    console.error('fatal: the app crashes, as CRASH_AFTER_MS asks for');
    process.exit(Number(env['EXIT_CODE'] ?? 1));
  }, Number(env['CRASH_AFTER_MS']));
}
if (env['OOM']) {
  setTimeout(() => {
    if (sandbox === undefined) takeMemory([]);
    else sandbox.write('oom\n', () => process.kill(process.pid, 'SIGKILL'));
  }, Number(env['OOM']));
}

process.on('SIGTERM', () => {
  if (env['SIGTERM'] === 'ignore') return;
  if (env['SIGTERM'] === 'exit' || !server.listening) process.exit(143);
  closing = true;
  if (sandbox === undefined) console.log('SIGTERM: finishing what is in flight');
  for (const socket of webSockets) say(socket, CLOSE, GOING_AWAY);
  // Node closes idle connections itself; busy ones close after the answer that is under way (`connection: close`).
  server.close(() => process.exit(0));
});

function degraded(): boolean {
  return env['DEGRADE_AFTER_MS'] !== undefined && Date.now() - started >= Number(env['DEGRADE_AFTER_MS']);
}

function healthStatus(): number {
  const health = env['HEALTH'] ?? 'ok';
  if (health === 'never') return 500;
  if (health.startsWith('after:')) return Date.now() - started >= Number(health.slice(6)) ? 200 : 503;
  if (health.startsWith('status:')) return Number(health.slice(7));
  return 200;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://app');
  const body = await read(request);
  let status = 200;
  if (url.pathname === '/health' && env['HEALTH'] === 'hang') return;
  if (degraded() || url.pathname === env['FAIL_PATH'] || request.method === env['FAIL_METHOD']) status = 500;
  else if (url.pathname === '/health') status = healthStatus();
  else if (env['BAD_WHILE'] && fs.existsSync(env['BAD_WHILE'])) status = 500;
  else if (Math.random() < Number(env['FAIL_RATE'] ?? 0)) status = 500;
  if (env['SLOW_MS'] && url.pathname !== '/health')
    await new Promise((done) => setTimeout(done, Number(env['SLOW_MS'])));
  if (url.pathname === '/slow')
    await new Promise((done) => setTimeout(done, Number(url.searchParams.get('ms') ?? 1000)));
  if (env['DELAY_MS'] && url.pathname !== '/health')
    await new Promise((done) => setTimeout(done, Number(env['DELAY_MS'])));
  if (closing) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json', 'x-version': env['VERSION'] ?? '' });
  if (url.pathname === '/echo') response.end(body);
  else response.end(env['WRONG_BODY'] ?? JSON.stringify(identity(status)));
}

function identity(status: number): object {
  return {
    version: env['VERSION'] ?? '',
    color: env['COLOR'] ?? '',
    ok: status < 400,
    task,
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Until the kernel ends it. Without a limit it would be the machine that suffers. */
function takeMemory(taken: Buffer[]): void {
  if (taken.length === 0) console.error('taking all the memory there is, as OOM asks for');
  if (taken.length >= 100) {
    console.error('OOM wants a container with a memory limit below 1 GB');
    process.exit(3);
  }
  taken.push(Buffer.alloc(10_000_000, 1));
  setImmediate(takeMemory, taken);
}

// As much of RFC 6455 as an echo takes: whole messages of less than 64 KB.
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** Status 1001, with which a server that shuts down asks its clients to go elsewhere. */
const GOING_AWAY = Buffer.from([3, 233]);
const webSockets = new Set<Socket>();

server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
  const key = request.headers['sec-websocket-key'];
  if (!request.url?.startsWith('/ws') || key === undefined || degraded()) {
    socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    return;
  }
  const accept = crypto.hash('sha1', `${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`, 'base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\nx-version: ${env['VERSION'] ?? ''}\r\n\r\n`,
  );
  webSockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  socket.on('close', () => webSockets.delete(socket));
  let pending = head;
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = frameIn(pending); frame !== undefined; frame = frameIn(pending)) {
      pending = pending.subarray(frame.length);
      if (frame.opcode === CLOSE) socket.end(frameOf(CLOSE, frame.payload));
      else if (frame.opcode === PING) say(socket, PONG, frame.payload);
      else if (frame.opcode === TEXT) say(socket, TEXT, frame.payload);
    }
  });
  if (closing) say(socket, CLOSE, GOING_AWAY);
});

function say(socket: Socket, opcode: number, payload: Buffer): void {
  if (socket.writable) socket.write(frameOf(opcode, payload));
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? [0x80 | opcode, length] : [0x80 | opcode, 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), payload]);
}

/** The first whole frame, unmasked; undefined while some of it is still to come. */
function frameIn(data: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data[1]! & 127;
  const start = short === 126 ? 4 : 2;
  if (data.length < start + 4) return undefined;
  const size = short === 126 ? data.readUInt16BE(2) : short;
  const length = start + 4 + size;
  if (data.length < length) return undefined;
  const mask = data.subarray(start, start + 4);
  const payload = Buffer.from(data.subarray(start + 4, length).map((byte, index) => byte ^ mask[index % 4]!));
  return { opcode: data[0]! & 15, payload, length };
}
