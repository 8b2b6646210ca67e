// biome-ignore-all lint/suspicious/noExplicitAny: GitHub's answers are data here
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunInfo } from '../../../src/report/run-info.ts';
import { version } from '../../../src/version.ts';
import { context, info, timelineOf } from './runs.ts';
import { stories } from './stories.ts';

// A GitHub of our own, over HTTP: what it is told, and what it knows already.

const calls: { method: string; path: string; body: any }[] = [];
let known: any[] = [];
let statuses: Record<number, any[]> = {};
let refuse = 0;
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '', 'http://github.test');
  calls.push({
    method: request.method ?? '',
    path: url.pathname,
    body: text === '' ? undefined : JSON.parse(text),
  });
  const answer = (status: number, value: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (refuse !== 0) return answer(refuse, { message: 'Resource not accessible by integration' });
  const [, id] = /deployments\/(\d+)\/statuses$/.exec(url.pathname) ?? [];
  if (request.method === 'GET') return answer(200, id === undefined ? known : (statuses[Number(id)] ?? []));
  return answer(201, { id: 99 });
});

let create: typeof import('../../../src/report/github-deployment.ts').createGitHubDeployment;
before(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  // @actions/github reads it when it is loaded, which is when the first deployment is told.
  process.env['GITHUB_API_URL'] = `http://127.0.0.1:${port}`;
  ({ createGitHubDeployment: create } = await import('../../../src/report/github-deployment.ts'));
});
after(() => server.close());
beforeEach(() => {
  calls.length = 0;
  known = [];
  statuses = {};
  refuse = 0;
});

async function tell(story: keyof typeof stories, changes: Partial<RunInfo> = {}, token = 'ghs_token') {
  const notes: string[] = [];
  const events = stories[story]();
  const deployment = create({ run: info(changes), token, note: (message) => notes.push(message) });
  for (const event of events) deployment?.listener(event);
  await deployment?.finish(timelineOf(events));
  return { notes, made: calls.filter(({ method }) => method === 'POST') };
}
const states = (made: typeof calls) =>
  made
    .filter(({ path }) => path.endsWith('/statuses'))
    .map(({ path, body }) => [path.split('/')[5], body.state]);

test('a deployment is in progress, then a success, and ends the one before', async () => {
  known = [{ id: 7, sha: 'older', payload: { 'blue-green': { app: 'storefront', image: 'repo:v1' } } }];
  const { made } = await tell('deployed');
  const [created] = made;
  assert.equal(created?.path, '/repos/acme/shop/deployments');
  assert.equal(created?.body.environment, 'production');
  assert.equal(created?.body.ref, context.sha);
  assert.equal(created?.body.auto_merge, false);
  assert.deepEqual(created?.body.required_contexts, []);
  const { app, color, release, version: by, digest } = created?.body.payload['blue-green'] ?? {};
  assert.deepEqual(
    { app, color, release, by, digest },
    { app: 'storefront', color: 'green', release: 'storefront:8', by: version, digest: '' },
  );
  assert.match(created?.body.payload['blue-green'].image, /storefront:v2$/);
  assert.deepEqual(states(made), [
    ['99', 'in_progress'],
    ['99', 'success'],
    ['7', 'inactive'],
  ]);
  assert.equal(made[2]?.body.environment_url, 'https://shop.example.com');
  assert.match(made[2]?.body.log_url, /actions\/runs\/4711/);
});

test('a deployment that takes longer than the calls that began it gets its last state all the same', async (t) => {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  t.mock.method(AbortSignal, 'timeout', (ms: number) => timeout(ms / 30));
  const events = stories.deployed();
  const deployment = create({ run: info(), token: 'ghs_token' });
  for (const event of events) deployment?.listener(event);
  await delay(1_200);
  await deployment?.finish(timelineOf(events));
  assert.deepEqual(states(calls.filter(({ method }) => method === 'POST')), [
    ['99', 'in_progress'],
    ['99', 'success'],
  ]);
});

test('no secret of the job is told', async () => {
  const deployment = create({ run: info(), token: 'ghs_token', secrets: ['storefront'] });
  for (const event of stories.deployed()) deployment?.listener(event);
  await deployment?.finish(timelineOf(stories.deployed()));
  const descriptions = calls.flatMap(({ body }) => body?.description ?? []);
  assert.ok(descriptions.some((text) => text.includes('***')));
  assert.ok(!descriptions.some((text) => text.includes('storefront')));
});

test('a refused release is a failure, and the one before stays active', async () => {
  known = [{ id: 7, sha: 'older', payload: { 'blue-green': { app: 'storefront' } } }];
  const { made } = await tell('refused');
  assert.deepEqual(states(made), [
    ['99', 'in_progress'],
    ['99', 'failure'],
  ]);
  for (const { body } of made) assert.ok((body.description ?? '').length <= 140);
});

test('the deployment that GitHub made for the job itself is not doubled', async () => {
  known = [{ id: 5, sha: context.sha, payload: {} }];
  statuses = {
    5: [
      { state: 'in_progress', log_url: `https://github.com/acme/shop/actions/runs/${context.runId}/job/1` },
    ],
  };
  assert.deepEqual((await tell('deployed')).made, []);
});

test('a deployment of the same commit by another run is no reason to be silent', async () => {
  known = [{ id: 5, sha: context.sha, payload: {} }];
  statuses = { 5: [{ state: 'success', log_url: 'https://github.com/acme/shop/actions/runs/1/job/1' }] };
  assert.equal(states((await tell('deployed')).made).length, 2);
});

test('a rollback carries the commit of the release that it goes back to, not that of its own workflow', async () => {
  const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/storefront:v1';
  known = [
    {
      id: 8,
      sha: 'newer',
      payload: { 'blue-green': { app: 'storefront', image: 'repo:v2' }, previous: 'repo:v0' },
    },
    { id: 7, sha: 'c0ffee', payload: JSON.stringify({ 'blue-green': { app: 'storefront', image } }) },
  ];
  statuses = { 8: [{ state: 'success' }], 7: [{ state: 'inactive' }] };
  const { made, notes } = await tell('rolledBack', { operation: 'rollback' });
  assert.equal(made[0]?.body.task, 'rollback');
  assert.equal(made[0]?.body.ref, 'c0ffee');
  assert.match(notes.join(), /GitHub remembers repo:v0 as the release before. The target counts/);
});

test('a deployment that failed since is no memory of what was before', async () => {
  const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/storefront:v1';
  const of = (id: number, previous: string) => ({
    ...{ id, sha: `sha${id}` },
    payload: { 'blue-green': { app: 'storefront', image: `repo:v${id}` }, previous },
  });
  known = [of(9, 'repo:v8'), of(8, image), of(7, 'repo:v6')];
  statuses = { 9: [{ state: 'failure' }], 8: [{ state: 'success' }], 7: [{ state: 'inactive' }] };
  const { made, notes } = await tell('rolledBack', { operation: 'rollback' });
  assert.deepEqual(notes, []);
  // Only what is still active is ended.
  assert.deepEqual(states(made), [
    ['99', 'in_progress'],
    ['99', 'success'],
    ['8', 'inactive'],
  ]);
});

test('what a dead run left in progress is ended by the next success; older ones are not asked for', async () => {
  known = [9, 8, 7, 6].map((id) => ({ id, sha: 'x', payload: { 'blue-green': { app: 'storefront' } } }));
  statuses = { 9: [{ state: 'in_progress' }], 8: [{ state: 'success' }], 7: [{ state: 'inactive' }] };
  const { made } = await tell('deployed');
  assert.deepEqual(states(made).slice(2), [
    ['9', 'inactive'],
    ['8', 'inactive'],
  ]);
  assert.ok(!calls.some(({ path }) => path.endsWith('/6/statuses')));
});

test('the digest is there on its own, where it is known', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const events = stories
    .deployed()
    .map((event) => (event.type === 'intent' ? { ...event, image: `${event.image}@${digest}` } : event));
  const deployment = create({ run: info(), token: 'ghs_token' });
  for (const event of events) deployment?.listener(event);
  await deployment?.finish(timelineOf(events));
  const [created] = calls.filter(({ method }) => method === 'POST');
  assert.equal(created?.body.payload['blue-green'].digest, digest);
});

test('another run whose number begins alike is another run', async () => {
  known = [{ id: 5, sha: context.sha, payload: {} }];
  statuses = {
    5: [{ state: 'success', log_url: `https://github.com/acme/shop/actions/runs/${context.runId}9/job/1` }],
  };
  assert.equal(states((await tell('deployed')).made).length, 2);
});

test('without the permission one line says which, and nothing fails', async () => {
  refuse = 403;
  const { notes } = await tell('deployed');
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /deployments: write/);
});

test('a GitHub that fails is an error for the caller to make a warning of', async () => {
  refuse = 500;
  await assert.rejects(tell('deployed'), /GitHub was not told of the deployment/);
});

test('nothing is told without a token, or of what users do not get', async () => {
  await tell('deployed', {}, '');
  await tell('deployed', { operation: 'stage' });
  assert.deepEqual(calls, []);
});
