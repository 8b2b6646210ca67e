import http from 'node:http';
import net from 'node:net';
import { duration, excerpt } from '../../text.ts';
import type { Dialed, DockerHost } from './host.ts';

export interface ProbeRequest {
  readonly host: DockerHost;
  /** As the Docker host sees it. */
  readonly address: string;
  readonly port: number;
  /** Absent: that it takes a connection is enough. */
  readonly path?: string;
  /** For all of it, in ms. */
  readonly timeout: number;
}

export interface Probed {
  readonly ok: boolean;
  /** One line: `GET /health answered 503: database down`. */
  readonly text: string;
  /** Nobody listens there. */
  readonly refused: boolean;
}

/** How much of a body is read, in bytes: enough to say why. */
const MAX_BODY = 4096;
/**
 * A tunnel takes every connection, and closes it again when it finds nobody at the other end. How long to wait for
 * that, in ms: longer than a way there and back.
 */
const TUNNEL_MS = 500;

/**
 * Asks one container whether it is there for users: an answer below 400, or just a connection, on one of its own.
 * @throws TransientError when there is no way to the host at the moment
 */
export async function probe(request: ProbeRequest): Promise<Probed> {
  const { host, address, port } = request;
  const stillStands = host.tunnel?.();
  const dialed = await host.dial({ host: address, port });
  const isTunnel = 'path' in dialed || dialed.host !== address || dialed.port !== port;
  const probed = await (request.path === undefined
    ? connect(request, dialed, isTunnel)
    : get(request as ProbeRequest & { path: string }, dialed));
  if (probed.refused && isTunnel) {
    // It may be the tunnel itself that broke under the question, which says nothing of the container.
    await stillStands?.();
    // Tells when the host opens no such way at all.
    await host.dial({ host: address, port });
  }
  return probed;
}

function get(
  { address, port, path, timeout }: ProbeRequest & { path: string },
  dialed: Dialed,
): Promise<Probed> {
  const what = `GET ${path}`;
  return new Promise((resolve) => {
    const request = http.request({
      ...('path' in dialed ? { socketPath: dialed.path } : dialed),
      path,
      // As a load balancer would ask. No agent that could hold a connection from before.
      headers: {
        host: `${address.includes(':') ? `[${address}]` : address}:${port}`,
        'user-agent': 'blue-green-deploy health',
        accept: '*/*',
      },
      agent: new http.Agent({ keepAlive: false }),
    });
    let isConnected = false;
    request.once('socket', (socket) => socket.once('connect', () => (isConnected = true)));
    const timer = setTimeout(() => end(late(what, isConnected, timeout)), timeout);
    request.on('error', (error: NodeJS.ErrnoException) => end(noAnswer(what, error)));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 400)
        return end({ ok: true, text: `${what} answered ${status}`, refused: false });
      let body = '';
      const say = () =>
        end({
          ok: false,
          text: `${what} answered ${status}${body.trim() === '' ? '' : `: ${excerpt(body)}`}`,
          refused: false,
        });
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MAX_BODY) say();
      });
      response.on('end', say);
      response.on('error', say);
    });
    request.end();

    function end(result: Probed) {
      clearTimeout(timer);
      request.destroy();
      resolve(result);
    }
  });
}

function connect({ port, timeout }: ProbeRequest, dialed: Dialed, isTunnel: boolean): Promise<Probed> {
  const what = `connection to port ${port}`;
  return new Promise((resolve) => {
    const socket = net.connect(dialed);
    let timer = setTimeout(() => end(late(what, false, timeout)), timeout);
    socket.on('error', (error: NodeJS.ErrnoException) => end(noAnswer(what, error)));
    socket.on('connect', () => {
      if (!isTunnel) return end(taken);
      // Somebody who speaks first is there.
      socket.once('data', () => end(taken));
      socket.once('close', () =>
        end({ ok: false, text: `${what}: the tunnel closed the connection`, refused: true }),
      );
      clearTimeout(timer);
      timer = setTimeout(() => end(taken), Math.min(TUNNEL_MS, timeout));
    });
    const taken: Probed = { ok: true, text: `${what} was taken`, refused: false };

    function end(result: Probed) {
      clearTimeout(timer);
      resolve(result);
      socket.destroy();
    }
  });
}

/** Who takes no connection at all is most often not to be reached from here: nobody refuses it either. */
const late = (what: string, isConnected: boolean, timeout: number): Probed => ({
  ok: false,
  text: `${what}: no ${isConnected ? 'answer' : 'connection'} within ${duration(timeout)}`,
  refused: false,
});

function noAnswer(what: string, error: NodeJS.ErrnoException): Probed {
  const { code = '' } = error;
  // Through a tunnel, nobody there shows as a connection that is closed without a word.
  const refused = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code);
  const reason =
    code === 'ECONNREFUSED'
      ? 'connection refused'
      : refused
        ? 'the other end closed the connection'
        : excerpt(error.message);
  return { ok: false, text: `${what}: ${reason}`, refused };
}
