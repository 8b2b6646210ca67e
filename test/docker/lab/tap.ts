import { rmSync } from 'node:fs';
import http from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Engine } from './engine.ts';

/** A request that changes something on the engine, whoever sends it: the action, the Docker CLI or Compose. */
export interface Change {
  readonly method: string;
  /** Without the version, and with names for the ids of containers: `/containers/shop-web-1/stop?t=3`. */
  readonly path: string;
  readonly body: string;
}

/** Stands between the action and its engine: sees each change, and loses the machine of the run at one of them. */
export interface Tap extends AsyncDisposable {
  /** DOCKER_HOST for the action. */
  readonly host: string;
  /** All changes so far that reached the engine. */
  readonly changes: readonly Change[];
  /**
   * Called with each change before the engine hears of it. `before`: it never does; `after`: the engine does what it is
   * asked, and nobody hears of that. Then `kill` is called, and every connection is cut.
   */
  watch(verdict: (change: Change) => 'before' | 'after' | undefined, kill: () => void): void;
  /** Cuts every connection, as when the machine at their other end is lost. */
  cut(): void;
}

export async function tapEngine(engine: Engine): Promise<Tap> {
  const path = join(engine.folder, 'tap.sock');
  const changes: Change[] = [];
  const open = new Set<Socket>();
  const names = new Map<string, string>();
  let judge: Parameters<Tap['watch']>[0] = () => undefined;
  let lose = () => {};
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  const agent = new http.Agent({ keepAlive: true });
  const upstream = ({ method, url, headers }: http.IncomingMessage) =>
    http.request({ socketPath: engine.socket, method, path: url, headers, agent });
  const server = http.createServer((request, response) => {
    void (async () => {
      const { method = '', url = '' } = request;
      const isChange = ['POST', 'PUT', 'DELETE'].includes(method);
      // Small, all of them; a body of which some is read can't be piped any more.
      const body = isChange ? await buffer(request) : undefined;
      const change = { method, path: readable(url, names), body: body?.toString('utf8') ?? '' };
      const verdict = isChange ? judge(change) : undefined;
      if (verdict !== undefined) judge = () => undefined;
      const lost = () => {
        lose();
        cut();
      };
      if (verdict === 'before') return lost();
      if (isChange) changes.push(change);
      const forwarded = upstream(request);
      forwarded.on('response', (answer) => {
        const name = /^\/containers\/create\?.*\bname=([^&]+)/.exec(change.path)?.[1];
        if (name !== undefined)
          answer.on('data', (json: Buffer) =>
            names.set(/"Id":"(\w+)"/.exec(json.toString())?.[1] ?? name, name),
          );
        if (verdict === 'after') {
          answer.resume().once('end', lost);
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        // Events are told as they come.
        response.flushHeaders();
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      });
      forwarded.on('error', () => response.destroy());
      response.on('close', () => forwarded.destroy());
      forwarded.end(body);
    })().catch(() => response.destroy());
  });
  // `docker exec` and its like: bytes from then on.
  server.on('upgrade', (request, socket, head) => {
    const other = connect(engine.socket);
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let index = 0; index < request.rawHeaders.length; index += 2)
      lines.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`);
    other.write(`${lines.join('\r\n')}\r\n\r\n`);
    other.write(head);
    other.pipe(socket).pipe(other);
    for (const end of [other, socket]) end.on('error', () => end.destroy());
    socket.once('close', () => other.destroy());
    // What the engine said before it is still to be delivered.
    other.once('close', () => socket.end());
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    changes,
    watch(verdict, kill) {
      judge = verdict;
      lose = kill;
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      agent.destroy();
      server.close();
      rmSync(path, { force: true });
    },
  };
}

const readable = (url: string, names: ReadonlyMap<string, string>): string =>
  url.replace(/^\/v[\d.]+/, '').replace(/[0-9a-f]{64}/g, (id) => names.get(id) ?? id);
