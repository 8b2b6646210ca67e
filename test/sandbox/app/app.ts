/**
 * The application that the sandbox's tasks run. What it does is said by its environment, as an image's author would:
 *
 * VERSION, COLOR, TASK      who it is (answers carry `x-version`, and `{"version","color","ok","task"}`)
 * ADDRESS, PORT             where it listens; without PORT it is a worker that listens nowhere
 * LISTEN_PORT               listens there instead, as an application with another idea of its port does
 * BOOT_MS                   how long it takes until it listens
 * HEALTH                    `GET /health`: ok | never (500) | after:<ms> | status:<n> | hang (no answer)
 * DEGRADE_AFTER_MS          from then on everything is answered with 500, /health too
 * CRASH_AFTER_MS, EXIT_CODE exits so long after its start, with that code (default 1)
 * EXIT_AT_START             exits at once, with this code
 * OOM                       is killed for its memory use after so many ms
 * FAIL_RATE, FAIL_PATH      share of requests, and the one path, answered with 500
 * WRONG_BODY                answers with this body instead of its JSON
 * SIGTERM                   graceful (finishes requests in flight, the default) | exit (at once) | ignore
 *
 * It has no import statement, so that the sandbox can start it as a CommonJS script: 30 ms instead of 85 ms, and tests
 * start dozens of it on two cores.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

const http = process.getBuiltinModule('node:http');
const net = process.getBuiltinModule('node:net');
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
    sandbox?.write('oom\n', () => process.kill(process.pid, 'SIGKILL'));
  }, Number(env['OOM']));
}

process.on('SIGTERM', () => {
  if (env['SIGTERM'] === 'ignore') return;
  if (env['SIGTERM'] === 'exit' || !server.listening) process.exit(143);
  closing = true;
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
  if (degraded() || url.pathname === env['FAIL_PATH']) status = 500;
  else if (url.pathname === '/health') status = healthStatus();
  else if (Math.random() < Number(env['FAIL_RATE'] ?? 0)) status = 500;
  if (url.pathname === '/slow')
    await new Promise((done) => setTimeout(done, Number(url.searchParams.get('ms') ?? 1000)));
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
    task: env['TASK'] ?? '',
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
