import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { call, forward, newStage, register, setAttribute, startTarget, until, version } from './testing.ts';

test('a group without targets is a 503, with no failing over to the other group', async () => {
  await using stage = await newStage({ lagSeconds: [0, 0] });
  const { elb, blue, green } = stage;
  await using v1 = await startTarget('v1');
  await register(elb, blue, v1);
  stage.shift(0, 100);
  await elb.settled();
  const response = await fetch(stage.url, { method: 'POST', body: 'x'.repeat(200_000) });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('server'), 'awselb/2.0');
  await response.text();
  await until(() => elb.inFlight(green) === 0, 'over');
  assert.deepEqual(elb.stats().targetGroups[green], { requests: 1, target5xx: 0, elb5xx: 1, inFlight: 0 });
});

test('a target that is gone is a 502, until a health check notices', async () => {
  await using stage = await newStage({ lagSeconds: [0, 0] });
  await using target = await startTarget('v1');
  const settings = {
    Name: 'patient',
    Port: 8080,
    TargetType: 'ip',
    HealthCheckIntervalSeconds: 300,
  } as const;
  const group = stage.elb.createTargetGroup(settings).TargetGroupArn!;
  call(stage.elb, 'ModifyListener', { ListenerArn: stage.listenerArn, DefaultActions: forward([group, 1]) });
  await register(stage.elb, group, target);
  await stage.elb.settled();
  assert.equal(await version(stage.url), 'v1');
  await target.kill();
  assert.equal(await version(stage.url), 502);
  assert.equal(await version(stage.url, { method: 'POST', body: 'x'.repeat(200_000) }), 502);
  assert.equal(stage.elb.registry.health(group, target)!.State, 'healthy');
});

test('requests go to healthy targets only; when there is none, the group fails open', async () => {
  await using stage = await newStage();
  const { elb, blue } = stage;
  await using good = await startTarget('v1');
  await using bad = await startTarget('v1', '127.1.0.2');
  await Promise.all([register(elb, blue, good), register(elb, blue, bad)]);
  bad.answer = (_, response) => response.writeHead(500, { 'x-version': 'bad' }).end();
  await until(() => elb.registry.health(blue, bad)!.State === 'unhealthy', 'one unhealthy');
  for (let count = 0; count < 10; count += 1) assert.equal(await version(stage.url), 'v1');
  await good.kill();
  await until(() => elb.registry.health(blue, good)!.State === 'unhealthy', 'both unhealthy');
  const answers = new Set([await version(stage.url), await version(stage.url)]);
  assert.deepEqual(answers, new Set(['bad', 502]));
  await until(() => elb.inFlight(blue) === 0, 'over');
  const { target5xx, elb5xx } = elb.stats().targetGroups[blue]!;
  assert.deepEqual({ target5xx, elb5xx }, { target5xx: 1, elb5xx: 1 });
});

test('draining: no new requests, those in flight end', async () => {
  await using stage = await newStage();
  const { elb, blue } = stage;
  await using leaving = await startTarget('leaving');
  await using staying = await startTarget('staying', '127.1.0.2');
  await Promise.all([register(elb, blue, leaving), register(elb, blue, staying)]);
  setAttribute(elb, blue, 'deregistration_delay.timeout_seconds', '100');
  const slow = [version(`${stage.url}/slow?ms=120`), version(`${stage.url}/slow?ms=120`)];
  await until(() => elb.inFlight(blue) === 2, 'both in flight');
  const gone = elb.registry.deregister(blue, leaving);
  for (let count = 0; count < 10; count += 1) assert.equal(await version(stage.url), 'staying');
  assert.deepEqual((await Promise.all(slow)).sort(), ['leaving', 'staying']);
  await gone;
  assert.equal(elb.inFlight(blue), 0);
});

test('when all targets drain, new requests are 503; what outlives the delay is 502', async () => {
  await using stage = await newStage();
  const { elb, blue } = stage;
  await using target = await startTarget('v1');
  await register(elb, blue, target);
  setAttribute(elb, blue, 'deregistration_delay.timeout_seconds', '10');
  const slow = version(`${stage.url}/slow?ms=5000`);
  await until(() => elb.inFlight(blue) === 1, 'in flight');
  const gone = elb.registry.deregister(blue, target);
  assert.equal(await version(stage.url), 503);
  await gone;
  assert.equal(await slow, 502);
});

test('an answer that breaks off breaks off for the client as well', async () => {
  await using stage = await newStage();
  await using target = await startTarget('v1');
  await register(stage.elb, stage.blue, target);
  target.answer = (_, response) => {
    response.write('half of ');
    setTimeout(() => response.socket!.resetAndDestroy(), 20);
  };
  await assert.rejects(fetch(stage.url).then((response) => response.text()));
  await until(() => stage.elb.stats().targetGroups[stage.blue]!.elb5xx === 1, 'counted');
});

test('a client that gives up is not waited for', async () => {
  await using stage = await newStage();
  await using target = await startTarget('v1');
  await register(stage.elb, stage.blue, target);
  const leaving = new AbortController();
  const asked = fetch(`${stage.url}/slow?ms=60000`, { signal: leaving.signal });
  await until(() => stage.elb.inFlight(stage.blue) === 1, 'in flight');
  leaving.abort();
  await assert.rejects(asked);
  await until(() => stage.elb.inFlight(stage.blue) === 0, 'over');
});

test('WebSockets pass, and are cut with their target', async () => {
  await using stage = await newStage();
  await using target = await startTarget('v1');
  await register(stage.elb, stage.blue, target);
  target.server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.on('error', () => {}).pipe(socket);
  });
  const { port } = stage.elb.endpoint(stage.listenerArn);
  const client = connect(port, '127.0.0.1');
  client
    .setEncoding('utf8')
    .write('GET /socket HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  const [head] = (await once(client, 'data')) as [string];
  assert.match(head, /^HTTP\/1\.1 101 /);
  client.write('hello');
  const [text] = await once(client, 'data');
  assert.equal(text, 'hello');
  assert.equal(stage.elb.inFlight(stage.blue), 1);
  const closed = once(client, 'close');
  client.resume();
  await stage.elb.registry.deregister(stage.blue, target);
  await closed;
});
