import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import { RoleCredentials } from '../../../src/target/ecs/role-credentials.ts';
import { TransientError } from '../../../src/target/target.ts';
import { startTokenEndpoint, type TokenEndpoint } from '../../e2e/oidc.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

// When credentials are renewed, in virtual time: STS and GitHub are the sandbox's.

const HOUR = 3_600_000;
const options = { role: 'arn:aws:iam::123456789012:role/deploy', region: 'us-east-1' };
const former = { ...process.env };
let sandbox: Sandbox;
let github: TokenEndpoint;

before(async () => {
  sandbox = await startSandbox();
  github = await startTokenEndpoint();
  Object.assign(process.env, sandbox.env, github.env);
  mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
});
after(async () => {
  mock.timers.reset();
  await github[Symbol.asyncDispose]();
  await sandbox.close();
  process.env = former;
});
beforeEach(() => {
  sandbox.sessions.assumed.length = 0;
  github.isDown = false;
});

const create = (env: NodeJS.ProcessEnv = {}) =>
  new RoleCredentials({ ...options, env: { ...process.env, GITHUB_REPOSITORY: 'acme/shop', ...env } });
const sessions = () => sandbox.sessions.assumed.length;
const pass = (share: number) => mock.timers.setTime(Date.now() + share * HOUR);
/** Until what goes on behind the caller's back is done. */
const until = async (count: number) => {
  while (sessions() < count) await new Promise((done) => setImmediate(done));
};

test('one session for all who ask, also at once', async () => {
  const credentials = create();
  const all = await Promise.all([credentials.get(), credentials.get(), credentials.get()]);
  assert.equal(new Set(all.map(({ accessKeyId }) => accessKeyId)).size, 1);
  pass(0.79);
  assert.equal((await credentials.get()).accessKeyId, all[0]!.accessKeyId);
  assert.equal(sessions(), 1);
});

test('renewed behind the calls at four fifths of its time, and awaited when it is about to end', async () => {
  const credentials = create();
  const first = await credentials.get();
  pass(0.81);
  assert.equal((await credentials.get()).accessKeyId, first.accessKeyId, 'nobody waits');
  await until(2);
  let second = await credentials.get();
  while (second.accessKeyId === first.accessKeyId) {
    await new Promise((done) => setImmediate(done));
    second = await credentials.get();
  }
  assert.equal(sessions(), 2);
  pass(0.96);
  const third = await credentials.get();
  assert.notEqual(third.accessKeyId, second.accessKeyId);
  assert.equal(sessions(), 3);
});

test('without an answer the old ones are used while they hold; then it is no news, never a verdict', async () => {
  const credentials = create();
  const first = await credentials.get();
  github.isDown = true;
  pass(0.9);
  assert.equal((await credentials.get()).accessKeyId, first.accessKeyId);
  pass(0.06);
  await assert.rejects(
    credentials.get(),
    (error) => error instanceof TransientError && /GitHub/.test(error.message),
  );
  github.isDown = false;
  assert.notEqual((await credentials.get()).accessKeyId, first.accessKeyId);
});

test('dropped, they are not used again', async () => {
  const credentials = create();
  const first = await credentials.get();
  credentials.drop();
  assert.notEqual((await credentials.get()).accessKeyId, first.accessKeyId);
});

test('names of sessions are what STS takes, whatever the repository is called', async () => {
  for (const [repository, run, name] of [
    ['acme/shop', '4711', 'blue-green-acme-shop-4711'],
    [`acme/${'x'.repeat(100)}`, '12345678901', `blue-green-acme-${'x'.repeat(36)}-12345678901`],
    ['acme/läden', '', 'blue-green-acme-l-den-'],
    ['', '', 'blue-green--'],
  ] as const) {
    await create({ GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run }).get();
    assert.equal(sandbox.sessions.assumed.at(-1)?.RoleSessionName, name);
  }
});

test('without what GitHub gives to jobs with id-token: write, nothing begins', () => {
  for (const missing of ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'])
    assert.throws(() => create({ [missing]: '' }), { code: 'no-id-token' });
});
