import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type CheckOptions, createChecks } from '../../../src/check/checks.ts';
import type { SmokeTest } from '../../../src/config/environment.ts';
import type { CheckResult } from '../../../src/release/events.ts';
import type { Preview } from '../../../src/target/target.ts';
import { expectation, identity, never, pathTest, quickClock, serve, subject } from './helpers.ts';

const stabilize = {};

function setUp(environment: Partial<CheckOptions['environment']>, options: Partial<CheckOptions> = {}) {
  const progress: string[] = [];
  const output: string[] = [];
  const clock = quickClock();
  const checks = createChecks({
    environment: { name: 'production', smoke: [], stabilize, ...environment },
    version: '1.2.3',
    workspace: process.cwd(),
    env: process.env,
    propagation: 0,
    log: { progress: (text) => progress.push(text), output: (line) => output.push(line) },
    clock,
    ...options,
  });
  const seen: CheckResult[] = [];
  const smoke = (preview?: Preview, signal = never) =>
    checks.smoke(subject, preview, signal, (check) => seen.push(check));
  return { checks, smoke, seen, progress, output, clock };
}

/** Answers with the next of the list, and stays at the last. */
async function sequence(t: TestContext, answers: readonly [number, string?, string?][]): Promise<Preview> {
  let asked = 0;
  const port = await serve(t, (request, response) => {
    const [status, body, version] = answers[Math.min(asked, answers.length - 1)] ?? [500];
    asked += 1;
    if (request.headers['x-blue-green-preview'] !== 'nonce')
      return response.writeHead(400).end('no preview header');
    if (version !== undefined) response.setHeader('x-version', version);
    return response.writeHead(status).end(body);
  });
  return { url: `http://127.0.0.1:${port}`, headers: { 'x-blue-green-preview': 'nonce' }, since: 1_000_000 };
}

test('tests run in order, each kind, and each result is told', async (t) => {
  const preview = await sequence(t, [[200, 'fine']]);
  const direct = await serve(t, (request, response) =>
    response.end(`${request.url} ${request.headers['user-agent']}`),
  );
  const smoke: SmokeTest[] = [
    pathTest,
    {
      ...expectation,
      kind: 'url',
      url: `http://user:secret@127.0.0.1:${direct}/{color}`,
      body: { kind: 'pattern', source: '^/green blue-green-deploy/1\\.2\\.3$', flags: '' },
    },
    {
      kind: 'run',
      run: ['sh', '-c', 'echo "{image-tag} $BLUE_GREEN_HEADER_VALUE $BLUE_GREEN_ENVIRONMENT"'],
      timeout: 20_000,
      retries: 0,
    },
  ];
  const { checks, smoke: run, seen, output, progress } = setUp({ smoke });
  assert.equal(checks.smokeTests, 3);
  assert.deepEqual(await run(preview), { ok: true });
  assert.deepEqual(
    seen.map(({ name, ok, detail, attempts }) => [name, ok, detail, attempts]),
    [
      ['GET /health', true, '200', 1],
      [
        `GET http://127.0.0.1:${direct}/green`,
        true,
        '200, the body matches /^\\/green blue-green-deploy\\/1\\.2\\.3$/',
        1,
      ],
      [`sh -c 'echo "v2 $BLUE_GREEN_HEADER_VALUE $BLUE_GREEN_ENVIRONMENT"'`, true, 'exit code 0', 1],
    ],
  );
  assert.deepEqual(output, ['v2 nonce production']);
  assert.deepEqual(progress, []);
});

test('the first failure ends it', async (t) => {
  const preview = await sequence(t, [[500, 'boom']]);
  const { smoke, seen } = setUp({ smoke: [pathTest, { ...pathTest, path: '/other' }] });
  const { ok, failed } = await smoke(preview);
  assert.equal(ok, false);
  assert.deepEqual([failed?.name, failed?.detail], ['GET /health', '500, expected 200; the body is: boom']);
  assert.deepEqual(seen, [failed]);
});

test('retries: one second apart, and told when the answer changes', async (t) => {
  const preview = await sequence(t, [[503], [503], [500], [200]]);
  const { smoke, seen, progress, clock } = setUp({ smoke: [{ ...pathTest, retries: 3 }] });
  assert.equal((await smoke(preview)).ok, true);
  assert.deepEqual([seen[0]?.attempts, seen[0]?.ms, clock.slept], [4, 3000, [1000, 1000, 1000]]);
  assert.deepEqual(progress, [
    'GET /health: 503, expected 200; the body is empty; trying again.',
    'GET /health: 500, expected 200; the body is empty; trying again.',
  ]);
});

test('retries end', async (t) => {
  const preview = await sequence(t, [[503]]);
  const { smoke } = setUp({ smoke: [{ ...pathTest, retries: 2 }] });
  assert.equal((await smoke(preview)).failed?.attempts, 3);
});

test('a command is retried too', async () => {
  const { smoke } = setUp({ smoke: [{ kind: 'run', run: ['false'], timeout: 20_000, retries: 1 }] });
  assert.equal((await smoke()).failed?.attempts, 2);
});

test('answers of the live color are no failures, until the time of the test is over', async (t) => {
  const lagging = await sequence(t, [
    [200, '', 'v1'],
    [404, '', 'v1'],
    [200, '', 'v1'],
    [200, '', 'v2'],
  ]);
  const late = setUp({ smoke: [{ ...pathTest, timeout: 10_000 }], identity, url: lagging.url });
  assert.equal((await late.smoke(lagging)).ok, true);
  assert.deepEqual([late.seen[0]?.attempts, late.seen[0]?.detail], [4, '200, x-version: v2']);

  const live = await sequence(t, [[200, '', 'v1']]);
  const wrong = setUp({ smoke: [{ ...pathTest, timeout: 2000, retries: 1 }], identity, url: live.url });
  const { failed } = await wrong.smoke(live);
  assert.match(
    failed?.detail ?? '',
    /^200 with x-version: v1, expected x-version: v2: the request went to another/,
  );
  assert.equal(failed?.ms, 5000);
  // A platform that needs longer than the test to open its preview gets that time.
  const slow = setUp(
    { smoke: [{ ...pathTest, timeout: 1000 }], identity, url: live.url },
    { propagation: 20_000 },
  );
  assert.equal((await slow.smoke(live)).failed?.ms, 20_000);
});

test('answers of the live color do not use up the retries', async (t) => {
  const preview = await sequence(t, [
    [200, '', 'v1'],
    [200, '', 'v1'],
    [503, '', 'v2'],
    [200, '', 'v2'],
  ]);
  const { smoke } = setUp({ smoke: [{ ...pathTest, retries: 1 }], identity, url: preview.url });
  assert.equal((await smoke(preview)).ok, true);
});

test('a path without a preview fails with what to do instead', async () => {
  const { smoke } = setUp({ smoke: [pathTest] });
  const { failed } = await smoke(undefined);
  assert.match(failed?.detail ?? '', /^there is no preview .* use `url` or `run` instead$/);
});

test('an abort between two attempts ends it, with the reason of the abort', async (t) => {
  const reason = new Error('cancelled');
  const controller = new AbortController();
  const clock = quickClock(() => controller.abort(reason));
  const { smoke } = setUp({ smoke: [{ ...pathTest, retries: 5 }] }, { clock });
  await assert.rejects(smoke(await sequence(t, [[503]]), controller.signal), reason);
});

test('the probe asks through the url, and does not exist where none is configured', async (t) => {
  const port = await serve(t, (request, response) =>
    response.writeHead(request.url === '/app/v2' ? 200 : 404).end(),
  );
  const url = `http://127.0.0.1:${port}/app/`;
  const { checks } = setUp({
    url,
    stabilize: { ...stabilize, probe: { ...expectation, path: '/{image-tag}' } },
  });
  const result = await checks.probe(subject, never);
  assert.deepEqual([result?.name, result?.ok, result?.detail], ['GET /v2', true, '200']);
  assert.equal(await setUp({ url }).checks.probe(subject, never), undefined);
});

test('the release is asked who it is through the preview', async (t) => {
  const preview = await sequence(t, [[200, '', 'v2']]);
  const { checks } = setUp({ identity, url: 'http://nobody.invalid' });
  assert.equal((await checks.recognize(subject, preview, never)).ok, true);
  const wrong = setUp({ identity: { ...identity, value: 'v{image-tag}' }, url: 'http://nobody.invalid' });
  const { ok, detail } = await wrong.checks.recognize(subject, preview, never);
  assert.deepEqual([ok, detail], [false, '200 with x-version: v2, expected x-version: vv2']);
  assert.equal(wrong.progress.length, 1);
  await assert.rejects(setUp({}).checks.recognize(subject, preview, never), TypeError);
});

test('identity needs to be configured, with a url', async (t) => {
  const port = await serve(t, (_, response) => response.setHeader('x-version', 'v2').end());
  assert.equal(setUp({ identity }).checks.canIdentify, false);
  await assert.rejects(setUp({ identity }).checks.identify(subject, 'is', never), TypeError);
  const { checks } = setUp(
    { identity, url: `http://shop.example.com:${port}` },
    { resolve: async () => ['127.0.0.1'] },
  );
  assert.equal(checks.canIdentify, true);
  assert.equal((await checks.identify(subject, 'is', never)).ok, true);
});
