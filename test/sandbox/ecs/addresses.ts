import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Not a port of any app; holding it says that the /16 network is taken. */
const claimPort = 64_999;

/**
 * Loopback addresses for tasks: each has its own, as with awsvpc, so that all can listen on the same port. Test files
 * run side by side on one machine, hence a sandbox claims a /16 network of its own within 127.0.0.0/8.
 */
export class Addresses {
  readonly #network: number;
  readonly #claim: Server;
  #last = 255;

  private constructor(network: number, claim: Server) {
    this.#network = network;
    this.#claim = claim;
  }

  static async claim(): Promise<Addresses> {
    for (;;) {
      const network = randomInt(16, 255);
      const server = createServer().unref();
      const free = await new Promise<boolean>((resolve) => {
        server.once('error', () => resolve(false));
        server.listen(claimPort, `127.${network}.0.1`, () => resolve(true));
      });
      if (free) return new Addresses(network, server);
    }
  }

  /** An address that no task had before: a new task never answers for an old one. */
  next(): string {
    this.#last += 1;
    // The last number of an address is kept within 1..254.
    if (this.#last % 256 === 0) this.#last += 1;
    if (this.#last % 256 === 255) this.#last += 2;
    return `127.${this.#network}.${Math.floor(this.#last / 256)}.${this.#last % 256}`;
  }

  close(): void {
    this.#claim.close();
  }
}
