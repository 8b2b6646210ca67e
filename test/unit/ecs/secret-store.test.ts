import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { type Aws, connect } from '../../../src/target/ecs/aws.ts';
import type { SecretReference } from '../../../src/target/ecs/secret-references.ts';
import { SecretStore } from '../../../src/target/ecs/secret-store.ts';
import { readBody } from '../../sandbox/wire/request.ts';

type Input = Record<string, unknown> & { NextToken?: string; ParameterFilters: { Values: string[] }[] };
let answer: (input: Input, response: ServerResponse) => void;
const asked: { headers: IncomingHttpHeaders; input: Input }[] = [];
const server = createServer(async (request, response) => {
  const input = JSON.parse(await readBody(request)) as Input;
  asked.push({ headers: request.headers, input });
  answer(input, response);
});
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
after(() => server.close());
Object.assign(process.env, {
  AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  AWS_ACCESS_KEY_ID: 'ASIAUNITTEST00000000',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'session',
});

async function look(references: Omit<SecretReference, 'use'>[], aws: Aws = connect('us-east-1')) {
  asked.length = 0;
  const store = new SecretStore(aws);
  const found = await store.look(
    references.map((one) => ({ ...one, use: 'KEY of container app' })),
    'shop:1',
  );
  store.close();
  return found;
}

test('parameters are looked for page by page, fifty at a time, and an empty page is not the end', async () => {
  answer = ({ NextToken, ParameterFilters: [filter] }, response) => {
    const Parameters =
      NextToken === undefined
        ? []
        : filter!.Values.filter((name) => name !== '/p7').map((Name) => ({ Name }));
    response.end(JSON.stringify({ Parameters, ...(NextToken === undefined && { NextToken: 'more' }) }));
  };
  const names = Array.from({ length: 60 }, (_, i) => `/p${i}`);
  const { problems, notes } = await look(names.map((name) => ({ store: 'parameter', names: [name] })));
  assert.deepEqual(
    asked.map(({ input }) => [input.ParameterFilters[0]!.Values.length, input.NextToken]),
    [
      [50, undefined],
      [50, 'more'],
      [10, undefined],
      [10, 'more'],
    ],
  );
  const { headers } = asked[0]!;
  assert.equal(headers['x-amz-target'], 'AmazonSSM.DescribeParameters');
  assert.match(String(headers['authorization']), /\/us-east-1\/ssm\/aws4_request, SignedHeaders=.*host/);
  assert.equal(headers['x-amz-security-token'], 'session');
  assert.deepEqual(notes, []);
  assert.deepEqual(
    problems.map(({ message }) => message),
    [
      'Parameter /p7 does not exist in us-east-1: task definition shop:1 takes KEY of container app from it, and no task starts without.',
    ],
  );
});

test('a parameter that only an ARN names is there under either of its names', async () => {
  answer = (_, response) => response.end(JSON.stringify({ Parameters: [{ Name: '/key' }] }));
  const found = await look([{ store: 'parameter', region: 'eu-west-1', names: ['key', '/key'] }]);
  assert.deepEqual(found, { problems: [], notes: [] });
  assert.match(String(asked[0]?.headers['authorization']), /\/eu-west-1\/ssm\//);
});

test('a secret that is about to be deleted can not be read any more', async () => {
  answer = (_, response) => response.end(JSON.stringify({ Name: 'db', DeletedDate: 1_790_000_000 }));
  const { problems } = await look([{ store: 'secret', names: ['db'] }]);
  assert.match(problems[0]?.message ?? '', /^Secret db is scheduled for deletion: /);
  assert.match(problems[0]?.fix ?? '', /RestoreSecret/);
});

test('what AWS does not answer is one note for each store, not one for each secret', async () => {
  answer = (_, response) => {
    response.writeHead(400);
    response.end(JSON.stringify({ __type: 'AccessDeniedException', Message: 'User: x is not authorized' }));
  };
  const { problems, notes } = await look([
    { store: 'secret', names: ['db'] },
    { store: 'secret', names: ['other'] },
    { store: 'parameter', names: ['/key'] },
  ]);
  assert.deepEqual(problems, []);
  assert.deepEqual(notes, [
    'Not checked: whether the secrets of Secrets Manager exist, as AWS denies secretsmanager:DescribeSecret.',
    'Not checked: whether the parameters of the Parameter Store exist, as AWS denies ssm:DescribeParameters.',
  ]);
  answer = (_, response) => void response.destroy();
  const dead = await look([{ store: 'parameter', names: ['/key'] }]);
  assert.match(dead.notes.join(), /^Not checked: .*ssm:DescribeParameters/);
});
