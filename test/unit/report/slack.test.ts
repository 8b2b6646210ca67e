import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type SlackOptions, tellSlack, tellSlackOfStart } from '../../../src/report/slack.ts';
import { info, timelineOf } from './runs.ts';
import { stories } from './stories.ts';

const SECRET = '/services/T000/B000/s3cr3t';
const ON = ['success', 'failure', 'rollback'] as const;

/** A Slack of our own; gives its webhook's address. */
async function slack(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${SECRET}`;
}

const tell = (
  webhookUrl: string,
  options: Partial<SlackOptions> = {},
  name: keyof typeof stories = 'deployed',
  limit = 30_000,
) => tellSlack({ webhookUrl, on: ON, ...options }, info(), timelineOf(stories[name]()), limit);

async function refusal(webhookUrl: string, limit?: number): Promise<string> {
  const error = await tell(webhookUrl, {}, 'deployed', limit).then(
    () => assert.fail('it was sent'),
    (thrown: Error) => thrown,
  );
  assert.equal(error.cause, undefined);
  for (const secret of [webhookUrl, SECRET, 's3cr3t', new URL(webhookUrl).host])
    assert.ok(!`${error.message} ${error.stack?.split('\n')[0]}`.includes(secret), error.message);
  return error.message;
}

test('Slack gets the message', async (t) => {
  let body = '';
  const url = await slack(t, (request, response) => {
    assert.equal(request.url, SECRET);
    assert.equal(request.headers['content-type'], 'application/json');
    request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
    request.on('end', () => response.end('ok'));
  });
  assert.equal(await tell(url), 'sent');
  assert.match(JSON.parse(body).text, /storefront:v2 is live on green/);
});

test('only the wanted occasions are told', async (t) => {
  let asked = 0;
  const url = await slack(t, (_, response) => {
    asked += 1;
    response.end('ok');
  });
  assert.equal(await tell(url, { on: ['failure'] }), 'not-wanted');
  assert.equal(await tell(url, { on: ['failure'] }, 'takenBack'), 'not-wanted');
  assert.equal(asked, 0);
  assert.equal(await tell(url, { on: ['rollback'] }, 'takenBack'), 'sent');
  assert.equal(await tell(url, { on: ['failure'] }, 'refused'), 'sent');
  assert.equal(asked, 2);
});

test('a start is told only where it is wanted', async (t) => {
  const texts: string[] = [];
  const url = await slack(t, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      texts.push(JSON.parse(body).text);
      response.end('ok');
    });
  });
  const intent = stories.deployed().find((event) => event.type === 'intent')!;
  const start = (on: SlackOptions['on']) => tellSlackOfStart({ webhookUrl: url, on }, info(), intent);
  assert.equal(await start(ON), 'not-wanted');
  assert.equal(await start(['start']), 'sent');
  assert.deepEqual(texts.length, 1);
  assert.match(texts[0]!, /Deploying storefront:v2 to green/);
});

test('a refusal names its cause, not the address', async (t) => {
  const url = await slack(t, (_, response) => response.writeHead(404).end('no_service'));
  assert.equal(await refusal(url), 'Slack was not told: it answered 404 (no_service).');
});

test('a broken Slack is asked once, and what it answers is not believed', async (t) => {
  let asked = 0;
  const url: string = await slack(t, (_, response) => {
    asked += 1;
    response.writeHead(500).end(`\u001b[31m::error::no\n${url}\n${'x'.repeat(100_000)}`);
  });
  assert.match(await refusal(url), /^Slack was not told: it answered 500 \(::error::no \*\*\* x+…\)\.$/);
  assert.equal(asked, 1);
});

test('a slow Slack is given up', async (t) => {
  const silent = await slack(t, () => {});
  assert.equal(await refusal(silent, 300), 'Slack was not told: it did not answer within 0.3 s.');
  const halfway = await slack(t, (_, response) => response.writeHead(200).write('o'));
  assert.equal(await refusal(halfway, 300), 'Slack was not told: it did not answer within 0.3 s.');
});

test('a dead Slack', async () => {
  const url = `http://127.0.0.1:9${SECRET}`;
  assert.match(
    await refusal(url),
    /^Slack was not told: the (connection failed \([A-Z_]+\)|request failed)\.$/,
  );
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  assert.equal(
    await refusal(`http://127.0.0.1:${port}${SECRET}`),
    'Slack was not told: the connection failed (ECONNREFUSED).',
  );
});

test('a redirect is not followed: the message belongs to Slack', async (t) => {
  let followed = false;
  const other = await slack(t, (_, response) => {
    followed = true;
    response.end('ok');
  });
  const url = await slack(t, (_, response) => response.writeHead(307, { location: other }).end());
  assert.match(await refusal(url), /^Slack was not told: the request failed\.$/);
  assert.equal(followed, false);
});
