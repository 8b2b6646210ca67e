import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for Slack's incoming webhooks. */
export async function slack(answer: number | 'hang' = 200) {
  // biome-ignore lint/suspicious/noExplicitAny: Block Kit
  const messages: any[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      messages.push(JSON.parse(body));
      const status = answer;
      if (status !== 'hang') response.writeHead(status).end(status === 200 ? 'ok' : 'no_service');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    messages,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T000/B000/s3cret`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
