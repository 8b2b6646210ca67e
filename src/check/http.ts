import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { duration } from '../text.ts';
import { codeOf, explain } from './failure.ts';

export interface HttpRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For all of it, from the name lookup to the last byte of the body, in ms. */
  readonly timeout: number;
  /** Body of a POST; absent for GET. */
  readonly post?: string;
  /** Keeps connections for further requests; absent: each request has one of its own. */
  readonly agent?: http.Agent;
  /** Connect to this IP address; the Host header and the TLS server name stay those of `url`. */
  readonly address?: string;
  /** How much of the body is read, in bytes. */
  readonly maxBody?: number;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body was longer than `maxBody`; `body` is its beginning. */
  readonly truncated: boolean;
}

/** Nobody answered, or not completely. */
export interface NoAnswer {
  readonly kind: 'no-answer';
  /** One line, no full stop. */
  readonly reason: string;
  /** Node's code (`ECONNREFUSED`), where there is one. */
  readonly code: string;
}

const MAX_BODY = 1024 * 1024;
/** Node gives each of a name's addresses only 250 ms to answer the handshake: too little for a far or busy one. */
const NEXT_ADDRESS_AFTER_MS = 1000;

/**
 * One request, on a connection of its own unless it brings an agent, so that the answer shows where a new user would end
 * up, not where an old connection leads. Redirects are not followed: a 301 is an answer, and must be expected as one. HTTP_PROXY is not
 * used: a check must see what users see, internal hosts (the preview of a private load balancer) are not reachable
 * through a proxy anyway, and a proxy could answer from its cache.
 *
 * Whatever goes wrong is an answer of its own kind. Only an abort rejects, with the signal's reason.
 */
export async function send(request: HttpRequest): Promise<Answer | NoAnswer> {
  const { signal, timeout } = request;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const progress: Progress = { stage: 'looking up the name', received: 0 };
    const timer = setTimeout(() => end(late(timeout, progress)), timeout);
    signal.addEventListener('abort', aborted);
    let outgoing: http.ClientRequest | undefined;
    try {
      outgoing = open(request);
      outgoing.on('error', (error) => end(noAnswer(error)));
      follow(outgoing, progress, request.url.protocol === 'https:');
      outgoing.on('response', (response) =>
        read(response, request.maxBody ?? MAX_BODY, progress).then(end, (error) =>
          end(broken(error, progress)),
        ),
      );
      // 101 was not asked for, and leads to no body: an answer like any other.
      outgoing.on('upgrade', ({ statusCode = 101, headers }, socket) => {
        socket.destroy();
        end({ kind: 'answer', status: statusCode, headers, body: '', truncated: false });
      });
      outgoing.end(request.post);
    } catch (error) {
      // Node refuses what can not be sent: a line break in a header, for one.
      end(noAnswer(error));
    }

    function end(result: Answer | NoAnswer) {
      // A connection whose answer was read to its end goes back to the agent by itself.
      const isWhole = result.kind === 'answer' && !result.truncated && request.agent !== undefined;
      cleanUp(isWhole);
      resolve(result);
    }
    function aborted() {
      cleanUp();
      reject(signal.reason);
    }
    function cleanUp(isWhole = false) {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      if (!isWhole) outgoing?.destroy();
    }
  });
}

function open({ url, address, headers, userAgent, post, agent }: HttpRequest): http.ClientRequest {
  const { Agent, request } = url.protocol === 'https:' ? https : http;
  const sent: Record<string, string> = {
    host: url.host,
    'user-agent': userAgent,
    accept: '*/*',
    // The body is compared as text, and nobody unpacks it here.
    'accept-encoding': 'identity',
  };
  if (post !== undefined) sent['content-length'] = String(Buffer.byteLength(post));
  for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = value;
  const hostname = unbracketed(url.hostname);
  const named = unbracketed(URL.parse(`http://${sent['host']}`)?.hostname ?? hostname);
  return request({
    // An agent of its own, never the global one: that may hold open connections, or a proxy.
    agent: agent ?? new Agent({ keepAlive: false }),
    method: post === undefined ? 'GET' : 'POST',
    protocol: url.protocol,
    host: address ?? hostname,
    port: url.port === '' ? undefined : Number(url.port),
    // TLS allows no IP address as a server name.
    ...(isIP(named) === 0 && { servername: named }),
    path: `${url.pathname}${url.search}`,
    ...(url.username !== '' && {
      auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`,
    }),
    headers: sent,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
  } as https.RequestOptions);
}

/** How far a request has come: for the message when it comes no further. */
interface Progress {
  stage:
    | 'looking up the name'
    | 'connecting'
    | 'in the TLS handshake'
    | 'waiting for the response headers'
    | 'body';
  /** Bytes of the body. */
  received: number;
}

function follow(outgoing: http.ClientRequest, progress: Progress, secure: boolean): void {
  outgoing.on('socket', (socket) => {
    const asked = 'waiting for the response headers';
    // Open already: it gets nothing to tell any more, and would collect listeners from request to request.
    if (outgoing.reusedSocket) {
      progress.stage = asked;
      return;
    }
    socket.on('lookup', () => (progress.stage = 'connecting'));
    socket.on('connect', () => (progress.stage = secure ? 'in the TLS handshake' : asked));
    socket.on('secureConnect', () => (progress.stage = asked));
    if (isIP(unbracketed(outgoing.host)) !== 0) progress.stage = 'connecting';
  });
}

async function read(response: IncomingMessage, maxBody: number, progress: Progress): Promise<Answer> {
  progress.stage = 'body';
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk);
    progress.received += chunk.length;
    if (progress.received > maxBody) break;
  }
  return {
    kind: 'answer',
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).subarray(0, maxBody).toString('utf8'),
    truncated: progress.received > maxBody,
  };
}

const noAnswer = (error: unknown): NoAnswer => ({
  kind: 'no-answer',
  reason: explain(error),
  code: codeOf(error),
});

const broken = (error: unknown, { received }: Progress): NoAnswer => ({
  kind: 'no-answer',
  reason: `the connection broke in the middle of the answer, after ${received} bytes of the body`,
  code: codeOf(error),
});

const late = (timeout: number, { stage, received }: Progress): NoAnswer => ({
  kind: 'no-answer',
  reason:
    stage === 'body'
      ? `the body did not end within ${duration(timeout)} (${received} bytes so far)`
      : `no answer within ${duration(timeout)} (${stage})`,
  code: 'ETIMEDOUT',
});

/** IPv6 addresses stand in brackets in a URL, and only there. */
const unbracketed = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');
