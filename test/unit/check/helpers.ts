import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { CheckSubject } from '../../../src/check/check.ts';
import type { HttpExpectation, Identity, PathTest } from '../../../src/config/environment.ts';
import type { Clock } from '../../../src/release/clock.ts';

export const subject: CheckSubject = { color: 'green', image: 'repo/shop:v2', imageTag: 'v2' };
export const identity: Identity = { header: 'x-version', value: '{image-tag}', path: '/' };
export const expectation: HttpExpectation = { status: 200, headers: {}, timeout: 5000, retries: 0 };
export const pathTest: PathTest = { ...expectation, kind: 'path', path: '/health' };
export const never = new AbortController().signal;

/** A clock that needs no time: sleeping moves it on. */
export function quickClock(onSleep: () => void = () => {}): Clock & { readonly slept: number[] } {
  let time = 1_000_000;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      slept.push(ms);
      time += ms;
      onSleep();
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  };
}

/** An HTTP server for the length of a test; gives its port. */
export async function serve(
  t: TestContext,
  answer: RequestListener,
  host = '127.0.0.1',
  port = 0,
): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A TCP server for the length of a test; gives its port. */
export async function serveTcp(t: TestContext, connected: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    connected(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether a process does anything still; one that has ended and waits to be noticed does not. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // Gone in between, or a system without /proc.
    return process.platform !== 'linux' && (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
