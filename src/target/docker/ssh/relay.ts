import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Dialed } from '../host.ts';

/** A port on loopback here which leads to an address that only the Docker host sees. */
export class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(dial: () => Promise<Dialed>) {
    // Half-open as TCP has it: a client that has said everything still waits for the answer.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, async (client) => {
      this.#hold(client);
      try {
        const dialed = await dial();
        if (client.destroyed) return;
        const far = connect({ ...dialed, allowHalfOpen: true });
        this.#hold(far);
        client.on('close', () => far.destroy());
        // Without an error, what came from there may still be on its way to the client.
        far.on('close', (hadError) => (hadError ? client.destroy() : client.end()));
        client.pipe(far).pipe(client);
      } catch {
        // As a host that is away: whoever connected asks again.
        client.destroy();
      }
    });
    // It must not keep a process alive that has nothing else to do.
    this.#server.unref();
  }

  static async open(dial: () => Promise<Dialed>): Promise<Relay> {
    const relay = new Relay(dial);
    await new Promise<void>((resolve, reject) => {
      relay.#server.once('error', reject);
      relay.#server.listen(0, '127.0.0.1', resolve);
    });
    return relay;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
