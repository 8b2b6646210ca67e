import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../sandbox/wire/request.ts';

export interface Recorded {
  readonly operation: string;
  readonly status: number;
  readonly answer: string;
  /** Whether the adapter asked, and not the test. */
  readonly ofAdapter: boolean;
}

export interface Recorder extends AsyncDisposable {
  readonly endpoint: string;
  readonly requests: Recorded[];
}

/** Stands between the SDK and an endpoint and writes down what is asked and answered. */
export async function startRecorder(to: string): Promise<Recorder> {
  const requests: Recorded[] = [];
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const { method, url, headers } = request;
    const onward = send(new URL(url ?? '/', to), { method, headers }, async (answered) => {
      const answer = await readBody(answered);
      requests.push({
        operation: operationOf(request, body),
        status: answered.statusCode ?? 0,
        answer,
        ofAdapter: /blue-green-deploy/.test(headers['user-agent'] ?? ''),
      });
      const { 'transfer-encoding': _, ...others } = answered.headers;
      response.writeHead(answered.statusCode ?? 502, others).end(answer);
    });
    onward.once('error', () => response.destroy());
    onward.end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function operationOf({ headers }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  return typeof target === 'string'
    ? (target.split('.')[1] ?? '')
    : (new URLSearchParams(body).get('Action') ?? '');
}
