import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import {
  call,
  forward,
  newStage,
  register,
  type Stage,
  startTarget,
  type TestTarget,
  until,
  version,
} from './testing.ts';

/** Both colors healthy, each with one target. */
async function twoColors({
  elb,
  blue,
  green,
}: Stage): Promise<{ v1: TestTarget; [Symbol.asyncDispose](): Promise<void> }> {
  const v1 = await startTarget('v1', '127.1.1.1');
  const v2 = await startTarget('v2', '127.1.1.2');
  await Promise.all([register(elb, blue, v1), register(elb, green, v2)]);
  const kill = async () => {
    await Promise.all([v1.kill(), v2.kill()]);
  };
  return { v1, [Symbol.asyncDispose]: kill };
}

const onNode = (stage: Stage, address: string) => stage.url.replace('127.0.0.1', address);

test('a request reaches the target whole, and the answer comes back whole', async () => {
  await using stage = await newStage();
  await using _colors = await twoColors(stage);
  const response = await fetch(`${stage.url}/a/b?c=d%20e`, {
    headers: { 'x-forwarded-for': '10.0.0.9', cookie: 'a=b' },
  });
  const { headers } = (await response.json()) as { headers: Record<string, string> };
  assert.equal(headers.host, new URL(stage.url).host, 'the host that the client asked for');
  assert.equal(headers['x-forwarded-for'], '10.0.0.9, 127.0.0.1');
  assert.equal(headers['x-forwarded-proto'], 'http');
  assert.equal(headers.cookie, 'a=b');
  assert.ok(_colors.v1.paths.includes('/a/b?c=d%20e'));
  const big = 'x'.repeat(3_000_000);
  const echo = await fetch(`${stage.url}/echo`, { method: 'POST', body: big });
  assert.equal((await echo.text()) === big, true);
});

test('bodies stream in both directions', async () => {
  await using stage = await newStage();
  await using _colors = await twoColors(stage);
  const { port } = stage.elb.endpoint(stage.listenerArn);
  const sending = request({ host: '127.0.0.1', port, path: '/echo', method: 'POST', agent: false });
  sending.write('first');
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  const [first] = await once(response, 'data');
  assert.equal(String(first), 'first', 'answered before the request has ended');
  sending.end('second');
  const [second] = await once(response, 'data');
  assert.equal(String(second), 'second');
});

test('right after ModifyListener the API has moved and the nodes have not; they follow one by one', async () => {
  await using stage = await newStage();
  await using _colors = await twoColors(stage);
  const applied: [string, boolean][] = [];
  stage.elb.events.on('applied', ({ node, settled }) => applied.push([node, settled]));
  const nodes = () =>
    Promise.all(['127.0.0.1', '127.0.0.2'].map((address) => version(onNode(stage, address))));
  stage.elb.hold();
  stage.shift(0, 100);
  assert.deepEqual(await nodes(), ['v1', 'v1']);
  assert.equal(stage.elb.isSettled(), false);
  stage.elb.release('127.0.0.1');
  await until(() => applied.length === 1, 'the first node');
  assert.deepEqual(await nodes(), ['v2', 'v1']);
  assert.equal(stage.elb.isSettled(), false);
  stage.elb.release('127.0.0.2');
  await stage.elb.settled();
  assert.deepEqual(await nodes(), ['v2', 'v2']);
  assert.deepEqual(applied, [
    ['127.0.0.1', false],
    ['127.0.0.2', true],
  ]);
});

test('without a hand on it, each node moves some time after the call', async () => {
  await using stage = await newStage({ lagSeconds: [10, 20] });
  const began = performance.now();
  const moved = new Map<string, number>();
  stage.elb.events.on('applied', ({ node }) => moved.set(node, performance.now() - began));
  stage.shift(0, 100);
  assert.equal(stage.elb.isSettled(), false);
  await stage.elb.settled();
  assert.deepEqual([...moved.keys()].sort(), ['127.0.0.1', '127.0.0.2']);
  assert.ok(Math.min(...moved.values()) >= 95, 'at least 10 s, scaled');
});

test('the newest configuration wins, even when an older one arrives later', async () => {
  await using stage = await newStage();
  await using _colors = await twoColors(stage);
  stage.elb.setLag([20, 20]);
  stage.shift(0, 100);
  stage.elb.setLag([0, 0]);
  stage.shift(100, 0);
  await stage.elb.settled();
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(await version(stage.url), 'v1');
});

test('rules are tried by priority, and the default comes last', async () => {
  await using stage = await newStage({ lagSeconds: [0, 0] });
  await using _colors = await twoColors(stage);
  const fixed = (body: string) => [
    {
      Type: 'fixed-response',
      FixedResponseConfig: { StatusCode: '418', MessageBody: body, ContentType: 'text/css' },
    } as const,
  ];
  const path = (value: string) => [{ Field: 'path-pattern', Values: [value] }];
  const ListenerArn = stage.listenerArn;
  stage.elb.createRule({ ListenerArn, Priority: 20, Conditions: path('/a*'), Actions: fixed('twenty') });
  stage.elb.createRule({ ListenerArn, Priority: 10, Conditions: path('/ab*'), Actions: fixed('ten') });
  await stage.elb.settled();
  const response = await fetch(`${stage.url}/abc`);
  assert.deepEqual(
    [response.status, response.headers.get('content-type'), await response.text()],
    [418, 'text/css', 'ten'],
  );
  assert.equal(await (await fetch(`${stage.url}/ac`)).text(), 'twenty');
  assert.equal(await version(`${stage.url}/c`), 'v1');
});

test('a preview rule leads to the idle color those who know the header, and nobody else', async () => {
  await using stage = await newStage();
  await using _colors = await twoColors(stage);
  stage.elb.hold();
  const { RuleArn } = stage.elb.createRule({
    ListenerArn: stage.listenerArn,
    Priority: 1,
    Conditions: [
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-preview', Values: ['nonce'] } },
    ],
    Actions: forward([stage.green, 1]),
  });
  const headers = { 'x-preview': 'nonce' };
  assert.equal(await version(stage.url, { headers }), 'v1', 'not before the nodes know of it');
  stage.elb.release();
  await stage.elb.settled();
  assert.equal(await version(stage.url, { headers }), 'v2');
  assert.equal(await version(stage.url, { headers: { 'x-preview': 'other' } }), 'v1');
  call(stage.elb, 'DeleteRule', { RuleArn });
  await stage.elb.settled();
  assert.equal(await version(stage.url, { headers }), 'v1');
});

test('weights share the requests', async () => {
  await using stage = await newStage({ lagSeconds: [0, 0] });
  await using _colors = await twoColors(stage);
  stage.shift(50, 50);
  await stage.elb.settled();
  const versions = new Set<unknown>();
  for (let count = 0; count < 60; count += 1) versions.add(await version(stage.url));
  assert.deepEqual([...versions].sort(), ['v1', 'v2']);
});

test('idle client connections outlive every change of the configuration', async () => {
  await using stage = await newStage({ lagSeconds: [0, 0] });
  await using _colors = await twoColors(stage);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { port } = stage.elb.endpoint(stage.listenerArn);
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      const asking = get({ host: '127.0.0.1', port, agent }, (response) => {
        response.resume().on('end', () => resolve(`${response.headers['x-version']} ${asking.reusedSocket}`));
      }).on('error', reject);
    });
  assert.equal(await ask(), 'v1 false');
  const announced = (await fetch(stage.url)).headers.get('keep-alive');
  assert.equal(announced, null, 'no time after which the connection would be closed');
  for (const [weight, wanted] of [
    [0, 'v2'],
    [100, 'v1'],
    [0, 'v2'],
  ] as const) {
    stage.shift(weight, 100 - weight);
    await stage.elb.settled();
    assert.equal(await ask(), `${wanted} true`);
  }
  agent.destroy();
});

test('group stickiness keeps a client with its group', async () => {
  await using stage = await newStage({ lagSeconds: [0, 0] });
  await using _colors = await twoColors(stage);
  const sticky = (blueWeight: number) => {
    const [action] = forward([stage.blue, blueWeight], [stage.green, 100 - blueWeight]);
    const TargetGroupStickinessConfig = { Enabled: true, DurationSeconds: 3 };
    const DefaultActions = [
      { ...action, ForwardConfig: { ...action!.ForwardConfig, TargetGroupStickinessConfig } },
    ];
    call(stage.elb, 'ModifyListener', { ListenerArn: stage.listenerArn, DefaultActions });
    return stage.elb.settled();
  };
  await sticky(100);
  const first = await fetch(stage.url);
  const cookie = first.headers
    .getSetCookie()
    .find((text) => text.startsWith('AWSALBTG='))!
    .split(';')[0]!;
  await sticky(0);
  assert.equal(await version(stage.url, { headers: { cookie } }), 'v1');
  assert.equal(await version(stage.url), 'v2');
  // Until the cookie ends, after 3 s.
  let last: unknown;
  while (last !== 'v2') last = await version(stage.url, { headers: { cookie } });
});
