/** One request, once: no retry, and everything that a user would call a failure is one. */
import { type Answer, Connection, type ConnectionError, type Pool } from './connection.ts';
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
  readonly pool: Pool | undefined;
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
  const { node, port, pool, body } = attempt;
  const connection = pool?.take() ?? new Connection({ host: node, port });
  const reused = connection.used;
  const patience = setTimeout(
    () => connection.destroy('ETIMEDOUT', `no answer within ${attempt.timeoutMs} ms`),
    attempt.timeoutMs,
  );
  let answer: Answer | undefined;
  let failure: Outcome['failure'];
  try {
    answer = await connection.exchange(textOf(attempt));
    failure = judge(answer, body);
  } catch (error) {
    failure = { kind: kindOf(error as ConnectionError), message: (error as Error).message };
  } finally {
    clearTimeout(patience);
  }
  if (pool === undefined) connection.leave();
  else pool.give(connection);
  return {
    version: answer?.version ?? 'unknown',
    status: answer?.status,
    reused,
    latencyMs: performance.now() - began,
    failure,
  };
}

function textOf({ method, path, host, pool, body }: Attempt): string {
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${pool ? 'keep-alive' : 'close'}\r\n`;
  // Bodies are ASCII: as many bytes as characters.
  return body === undefined
    ? `${head}\r\n`
    : `${head}content-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

function judge({ status, body }: Answer, sent: string | undefined): Outcome['failure'] {
  if (status >= 400) return { kind: 'status', message: `status ${status}: ${body.slice(0, 100)}` };
  if (sent !== undefined && body !== sent) {
    return {
      kind: 'echo',
      message: `sent ${sent.length} characters, got ${body.length}: ${body.slice(0, 100)}`,
    };
  }
  return undefined;
}

export function kindOf({ code }: { readonly code: string }): FailureKind {
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'reset';
  return code === 'ETIMEDOUT' ? 'timeout' : 'other';
}
