/** WebSockets and other upgrades: once the target agrees, bytes go through in both directions. */
import { type IncomingMessage, request as outgoingRequest, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Outcome } from './counters.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { decide, errorPage, type ProxyRoom } from './proxy.ts';

/** Passes an upgrade on to the target that the rules choose; anything else is answered and closed. */
export function passUpgrade(request: IncomingMessage, client: Duplex, head: Buffer, room: ProxyRoom): void {
  client.on('error', () => client.destroy());
  const decision = decide(request, room);
  const count = room.counters.begin(
    room.node,
    decision.kind === 'forward' ? decision.targetGroupArn : undefined,
  );
  let outcome: Outcome = 'fine';
  client.once('close', () => count(outcome));
  const refuse = (status: 502 | 503) => {
    outcome = 'elb5xx';
    const { headers, body } = errorPage(status);
    client.end(`${messageHead(status, [...Object.entries(headers).flat(), 'connection', 'close'])}${body}`);
  };

  if (decision.kind === 'answer') {
    const headers = [...Object.entries(decision.headers).flat(), 'connection', 'close'];
    client.end(`${messageHead(decision.status, headers)}${decision.body}`);
    return;
  }
  const target = decision.kind === 'forward' ? room.pool.next(decision.targetGroupArn, room.node) : undefined;
  if (!target) {
    refuse(503);
    return;
  }

  const outgoing = outgoingRequest({
    host: target.host,
    port: target.port,
    agent: false,
    method: request.method,
    path: request.url,
    headers: [
      ...requestHeaders(request, room.configuration()),
      'Connection',
      'Upgrade',
      'Upgrade',
      request.headers.upgrade!,
    ],
  });
  const cut = () => {
    outgoing.destroy();
    client.destroy();
  };
  target.upgraded.add(cut);
  client.once('close', () => {
    target.upgraded.delete(cut);
    outgoing.destroy();
  });
  outgoing.on('upgrade', (incoming, server, first) => {
    server.on('error', cut).on('close', cut);
    const headers = [
      ...responseHeaders(incoming),
      'Connection',
      'Upgrade',
      'Upgrade',
      request.headers.upgrade!,
    ];
    client.write(messageHead(101, headers));
    client.write(first);
    server.write(head);
    server.pipe(client).pipe(server);
  });
  outgoing.on('response', (incoming) => {
    client.write(messageHead(incoming.statusCode!, [...responseHeaders(incoming), 'Connection', 'close']));
    incoming.pipe(client);
  });
  outgoing.on('error', () => {
    if (!client.destroyed) refuse(502);
  });
  outgoing.end();
}

function messageHead(status: number, headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`];
  for (let index = 0; index < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
