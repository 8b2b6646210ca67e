/**
 * One node of a network load balancer, for one listener: it shares out connections, and knows nothing of what is said on
 * them. Where a connection leads is decided when it comes; a change of the weights is for those that come after.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ProxyRoom } from './proxy.ts';
import { route } from './routing.ts';

/** A server that can end what it serves, as those of HTTP can. */
export type FlowServer = Server & { closeAllConnections(): void };

/** Rules, and what they ask of a request, are not for connections. */
const NOTHING = {
  method: '',
  host: '',
  path: '',
  query: new URLSearchParams(),
  headers: {},
  sourceAddress: '',
};

/** A server that is not listening yet. */
export function createFlows(room: ProxyRoom): FlowServer {
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client)).on('error', () => {});
    lead(client, room);
  });
  return Object.assign(server, {
    closeAllConnections: () => {
      for (const client of clients) client.destroy();
    },
  });
}

function lead(client: Socket, { configuration, random, pool, node, counters }: ProxyRoom): void {
  const decision = route(configuration(), NOTHING, { random, stuckTo: undefined });
  const group = decision.kind === 'forward' ? decision.targetGroupArn : undefined;
  const target = group === undefined ? undefined : pool.next(group, node);
  const count = counters.begin(node, group);
  if (target === undefined) {
    count('elb5xx');
    client.resetAndDestroy();
    return;
  }
  const onward = connect({ host: target.host, port: target.port, allowHalfOpen: true, noDelay: true });
  const cut = () => {
    client.destroy();
    onward.destroy();
  };
  target.upgraded.add(cut);
  let isBroken = false;
  onward.on('error', () => {
    isBroken = true;
    client.resetAndDestroy();
  });
  onward.once('close', () => {
    target.upgraded.delete(cut);
    count(isBroken ? 'elb5xx' : 'fine');
    client.destroySoon();
  });
  client.once('close', () => onward.destroySoon());
  client.pipe(onward).pipe(client);
}
