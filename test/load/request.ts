/** One request, once: no retry, and everything that a user would call a failure is one. */
import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { ConnectionKind, FailureKind } from './types.ts';

export interface Attempt {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The address that is dialed; `host` is only what the server is told. */
  readonly node: string;
  readonly port: number;
  readonly host: string;
  readonly connection: ConnectionKind;
  /** Without one, the request has a connection to itself. */
  readonly agent: Agent | undefined;
  readonly body: string | undefined;
  readonly timeoutMs: number;
}

export interface Outcome {
  readonly version: string;
  readonly status: number | undefined;
  readonly reused: boolean;
  readonly latencyMs: number;
  readonly failure: { readonly kind: FailureKind; readonly message: string } | undefined;
}

/** Sends it, and waits for the last byte of the answer. Never rejects. */
export async function send(attempt: Attempt): Promise<Outcome> {
  const began = performance.now();
  const { node, port, path, method, host, agent, body } = attempt;
  const length =
    body === undefined ? {} : { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) };
  const request = httpRequest({
    host: node,
    port,
    path,
    method,
    headers: { host, ...length },
    agent: agent ?? false,
  });
  let late = false;
  const patience = setTimeout(() => {
    late = true;
    request.destroy(new Error(`no answer within ${attempt.timeoutMs} ms`));
  }, attempt.timeoutMs);
  let response: IncomingMessage | undefined;
  let failure: Outcome['failure'];
  try {
    response = await answerTo(request, body);
    failure = judge(response.statusCode!, await textOf(response), body);
  } catch (error) {
    failure = { kind: late ? 'timeout' : kindOf(error), message: (error as Error).message };
  } finally {
    clearTimeout(patience);
  }
  return {
    version: (response?.headers['x-version'] as string | undefined) ?? 'unknown',
    status: response?.statusCode,
    reused: request.reusedSocket,
    latencyMs: performance.now() - began,
    failure,
  };
}

function answerTo(request: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // The listener for errors stays: a connection can also break after the head of the answer.
    request.on('error', reject).on('response', resolve).end(body);
  });
}

function textOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('error', reject).on('end', () => resolve(text));
  });
}

function judge(status: number, text: string, sent: string | undefined): Outcome['failure'] {
  if (status >= 400) return { kind: 'status', message: `status ${status}: ${text.slice(0, 100)}` };
  if (sent !== undefined && text !== sent) {
    return {
      kind: 'echo',
      message: `sent ${sent.length} characters, got ${text.length}: ${text.slice(0, 100)}`,
    };
  }
  return undefined;
}

function kindOf(error: unknown): FailureKind {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'HPE_INVALID_EOF_STATE') return 'reset';
  return code === 'ETIMEDOUT' ? 'timeout' : 'other';
}
