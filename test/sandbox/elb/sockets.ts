/** Listening on the same port of every node, as a load balancer's name stands for several addresses and one port. */
import { once } from 'node:events';
import type { Server } from 'node:net';

const mostAttempts = 20;

/** Opens one server per address, all on one free port; returns the port. Servers are made anew for each attempt. */
export async function listenEverywhere<Proxy extends Server>(
  addresses: readonly string[],
  make: (address: string) => Proxy,
): Promise<{ port: number; servers: Proxy[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const servers: Proxy[] = [];
    let port = 0;
    try {
      for (const address of addresses) {
        const server = make(address);
        servers.push(server.listen(port, address));
        await once(server, 'listening');
        port = (server.address() as { port: number }).port;
      }
      return { port, servers };
    } catch (error) {
      // A port that is free on one address may be taken on another.
      for (const server of servers) server.close();
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === mostAttempts) throw error;
    }
  }
}
