/** Headers on their way through the load balancer. */
import type { IncomingMessage } from 'node:http';

/** These speak of one connection, not of the message: each side of the proxy has its own. */
const ofTheConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
]);

const ownRequestHeaders = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-port']);

/** Headers as Node takes them: names and values in turn, with their case and their repetitions kept. */
function kept(message: IncomingMessage, dropped: (name: string) => boolean): string[] {
  const result: string[] = [];
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index]!;
    if (!dropped(name.toLowerCase())) result.push(name, message.rawHeaders[index + 1]!);
  }
  return result;
}

/** What a target is sent: the client's headers, where the request came from, and how long the body is. */
export function requestHeaders(
  request: IncomingMessage,
  { protocol, port }: { protocol: string; port: number },
): string[] {
  const headers = kept(request, (name) => ofTheConnection.has(name) || ownRequestHeaders.has(name));
  const before = request.headers['x-forwarded-for'];
  const client = request.socket.remoteAddress ?? '';
  headers.push('X-Forwarded-For', before ? `${before}, ${client}` : client);
  headers.push('X-Forwarded-Proto', protocol.toLowerCase(), 'X-Forwarded-Port', String(port));
  if (request.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  else if (request.headers['content-length'] === undefined && hasBody(request))
    headers.push('Content-Length', '0');
  return headers;
}

/** What the client is answered: the target's headers, without those of the target's connection. */
export function responseHeaders(response: IncomingMessage): string[] {
  return kept(response, (name) => ofTheConnection.has(name));
}

/** Without a length, Node would send these as chunked, with an empty body. */
function hasBody({ method }: IncomingMessage): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}
