/**
 * One node of the load balancer, for one listener: a real HTTP/1.1 reverse proxy. It never closes a client's idle
 * connection, whatever happens to its configuration: a request that a client loses was lost by the deployment.
 */
import {
  createServer,
  type IncomingMessage,
  request as outgoingRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Clock } from '../contract.ts';
import type { RequestFacts } from './conditions.ts';
import type { Counters, Outcome } from './counters.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import type { Configuration } from './propagation.ts';
import { type Decision, type ForwardDecision, route } from './routing.ts';
import { stickinessCookie, stuckTo } from './stickiness.ts';
import type { Target, TargetPool } from './target-pool.ts';
import { passUpgrade } from './upgrade.ts';

export interface ProxyRoom {
  readonly node: string;
  /** What the node knows at this moment. */
  readonly configuration: () => Configuration;
  readonly pool: TargetPool;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: () => number;
}

/** AWS's idle timeout. In real time, since the slow requests of the tests take real time as well. */
const patienceMs = 60_000;

const reasons = { 502: 'Bad Gateway', 503: 'Service Temporarily Unavailable', 504: 'Gateway Time-out' };

/** The page that an ALB itself answers with. */
export function errorPage(status: 502 | 503 | 504): { headers: Record<string, string>; body: string } {
  const title = `${status} ${reasons[status]}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  return {
    headers: { server: 'awselb/2.0', 'content-type': 'text/html', 'content-length': String(body.length) },
    body,
  };
}

/** Decides on a request with what the node knows. */
export function decide(request: IncomingMessage, room: ProxyRoom): Decision {
  return route(room.configuration(), facts(request), {
    random: room.random,
    stuckTo: stuckTo(request.headers.cookie),
  });
}

/** A server that is not listening yet. */
export function createProxy(room: ProxyRoom): Server {
  const never = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };
  const server = createServer(never, (request, response) => handle(request, response, room));
  server.on('upgrade', (request, socket, head) => passUpgrade(request, socket, head, room));
  return server;
}

/** One request on its way, and what is to be counted when it is over. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly room: ProxyRoom;
  outcome: Outcome;
  /** How long the target took until it began to answer, in ms. */
  ms?: number;
}

function handle(request: IncomingMessage, response: ServerResponse, room: ProxyRoom): void {
  const exchange: Exchange = { request, response, room, outcome: 'fine' };
  const decision = decide(request, room);
  const count = room.counters.begin(
    room.node,
    decision.kind === 'forward' ? decision.targetGroupArn : undefined,
  );
  response.on('close', () => count(exchange.outcome, exchange.ms));
  const target = decision.kind === 'forward' ? room.pool.next(decision.targetGroupArn, room.node) : undefined;
  if (decision.kind === 'answer') {
    answer(exchange, decision.status, { server: 'awselb/2.0', ...decision.headers }, decision.body);
  } else if (decision.kind === 'forward' && target) {
    forward(exchange, decision, target);
  } else {
    refuse(exchange, 503);
  }
}

/** The load balancer's own answer. The rest of the request's body is read, or the connection would be spoilt. */
function answer(
  { request, response }: Exchange,
  status: number,
  headers: Record<string, string>,
  body: string,
): void {
  request.unpipe();
  request.resume();
  response.writeHead(status, headers).end(body);
}

function refuse(exchange: Exchange, status: 502 | 503 | 504): void {
  exchange.outcome = 'elb5xx';
  const { headers, body } = errorPage(status);
  answer(exchange, status, headers, body);
}

function forward(exchange: Exchange, decision: ForwardDecision, target: Target): void {
  const { request, response, room } = exchange;
  const outgoing = outgoingRequest({
    host: target.host,
    port: target.port,
    agent: target.connections,
    method: request.method,
    path: request.url,
    headers: requestHeaders(request, room.configuration()),
  });
  const began = performance.now();
  let late = false;
  const patience = setTimeout(() => {
    late = true;
    outgoing.destroy();
  }, patienceMs);
  outgoing.on('response', (incoming) => {
    clearTimeout(patience);
    exchange.ms = performance.now() - began;
    if (incoming.statusCode! >= 500) exchange.outcome = 'target5xx';
    const headers = responseHeaders(incoming);
    if (decision.stickForSeconds !== undefined) {
      headers.push('Set-Cookie', stickinessCookie(decision.targetGroupArn, decision.stickForSeconds));
    }
    response.writeHead(incoming.statusCode!, incoming.statusMessage, headers);
    incoming.pipe(response);
    // Half an answer cannot be taken back: the client's connection breaks, as it does at AWS.
    incoming.on('error', () => {
      exchange.outcome = 'elb5xx';
      response.destroy();
    });
  });
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    clearTimeout(patience);
    if (response.headersSent || response.destroyed) return;
    refuse(exchange, late ? 504 : 502);
    if (error.code === 'ECONNREFUSED') exchange.outcome = 'unconnected';
  });
  response.on('close', () => {
    clearTimeout(patience);
    if (!response.writableFinished) outgoing.destroy();
  });
  request.pipe(outgoing);
}

function facts(request: IncomingMessage): RequestFacts {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  return {
    method: request.method ?? 'GET',
    host: (request.headers.host ?? '').replace(/:\d+$/, ''),
    path,
    query: new URLSearchParams(query),
    headers: request.headersDistinct,
    sourceAddress: request.socket.remoteAddress ?? '',
  };
}
