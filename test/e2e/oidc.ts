import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** GitHub's endpoint for OIDC tokens, as a job with `id-token: write` has it. */
export interface TokenEndpoint {
  /** What the runner gives such a job. */
  readonly env: Readonly<Record<string, string>>;
  /** The tokens given away so far. */
  readonly tokens: string[];
  /** Answers 500 while it is set. */
  isDown: boolean;
  [Symbol.asyncDispose](): Promise<void>;
}

const BEARER = 'runner-request-token';

export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const tokens: string[] = [];
  const state = { isDown: false };
  const server = createServer((request, response) => {
    const [status, body] = state.isDown ? [500, {}] : answer(request, tokens);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: BEARER,
      // None but those that the action gets for itself.
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SESSION_TOKEN: '',
    },
    tokens,
    get isDown() {
      return state.isDown;
    },
    set isDown(value) {
      state.isDown = value;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function answer(request: IncomingMessage, tokens: string[]): [number, object] {
  const { searchParams } = new URL(request.url ?? '/', 'http://github');
  if (request.headers.authorization !== `Bearer ${BEARER}`) return [401, {}];
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    aud: searchParams.get('audience'),
    sub: 'repo:acme@1/shop@2:environment:production',
    jti: String(tokens.length),
  };
  const token = `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`;
  tokens.push(token);
  return [200, { count: 1, value: token }];
}
