import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createReport } from '../../../src/report/reporters.ts';
import { captureLog, commandsIn } from './capture.ts';
import { options, play, runner, TOKEN } from './runner-files.ts';
import { stories } from './stories.ts';

const SECRET = 'http://127.0.0.1:9/services/T000/B000/s3cr3t';
test('the report file has everything, and no secret', async (t) => {
  const { files } = await play(t, 'refused');
  const text = await readFile((await files.outputs())['report']!, 'utf8');
  assert.ok(!text.includes(TOKEN));
  const report = JSON.parse(text);
  assert.equal(report.schemaVersion, 1);
  assert.equal(report.run.reason, 'because ***');
  assert.equal(report.run.runUrl, 'https://github.com/acme/shop/actions/runs/4711');
  assert.deepEqual(report.steps[4], {
    step: 'healthy',
    title: 'Wait until green is healthy',
    startedAt: '2026-11-21T12:00:02.620Z',
    ok: false,
    detail: 'green is not healthy: 3 of 3 tasks stopped with exit code 1',
    ms: 12_300,
  });
  assert.deepEqual(report.weights, [{ at: '2026-11-21T12:00:00.575Z', blue: 100, green: 0 }]);
  assert.equal(report.health.length, 2);
  assert.equal(report.error.code, 'unhealthy');
  assert.equal(report.error.details.length, 3);
  assert.equal(report.result, 'failed');
  assert.equal(report.live.color, 'blue');
  assert.equal(report.durationMs, 16_720);
});

test('the summary holds no secret, in whatever form it is written there', async (t) => {
  const { files } = await play(t, 'refused', {
    request: {
      operation: 'deploy',
      reason: `see ${SECRET}`,
      force: false,
      imageTag: '',
      slackWebhookUrl: SECRET,
    },
  });
  assert.match(await files.summary(), /see \*\*\*/);
  assert.ok(!(await files.summary()).includes('s3cr3t'));
});

test('a listener that throws or rejects is a warning, and the others hear everything', async (t) => {
  const heard: string[] = [];
  const { files, log } = await play(t, 'deployed', {
    listeners: {
      broken: () => {
        throw new Error('no\n::error::injected');
      },
      late: (async () => {
        throw new Error('later');
      }) as () => void,
      good: (event) => void heard.push(event.type),
    },
  });
  assert.equal(heard.length, stories.deployed().length);
  assert.equal((await files.outputs())['result'], 'deployed');
  const warnings = log.lines().filter((line) => line.startsWith('::warning::'));
  assert.deepEqual([...new Set(warnings)].toSorted(), [
    '::warning::Report (broken): no ::error::injected',
    '::warning::Report (late): later',
  ]);
  assert.equal(warnings.length, 2, 'each is said once');
});

test('a dead Slack, a full disk and missing files are warnings; the rest is done all the same', async (t) => {
  const files = await runner(t);
  const log = captureLog(t);
  process.env['GITHUB_STEP_SUMMARY'] = join(files.temp, 'no-such-folder', 'summary');
  const report = createReport(
    options(join(files.temp, 'no-such-folder'), {
      request: { operation: 'deploy', reason: '', force: false, imageTag: 'v2', slackWebhookUrl: SECRET },
      environment: { app: 'a', name: 'e', slack: { on: ['success', 'failure', 'rollback'] } },
    }),
  );
  for (const event of stories.deployed()) report.listener(event);
  await report.finish();
  const outputs = await files.outputs();
  assert.equal(outputs['result'], 'deployed');
  assert.equal(outputs['report'], '');
  const warnings = log.lines().filter((line) => line.startsWith('::warning::'));
  assert.deepEqual(
    warnings.map((line) => /Report \((\w+)\)/.exec(line)?.[1]),
    ['report', 'summary', 'slack'],
  );
  assert.ok(!log.text().includes('s3cr3t'));
  assert.notEqual(process.exitCode, 1, 'the step would fail');
});

test('Slack is told at the end', async (t) => {
  let told = '';
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (chunk) => (told += chunk));
    request.on('end', () => response.end('ok'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const slackWebhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/s3cr3t`;
  const variable = 'SMOKE_TEST_PASSWORD';
  process.env[variable] = 'hunter2 & friends';
  t.after(() => delete process.env[variable]);
  const reason = 'hunter2 & friends can log in';
  const { log } = await play(t, 'takenBack', {
    request: { operation: 'deploy', reason, force: false, imageTag: 'v2', slackWebhookUrl },
    environment: { app: 'storefront', name: 'production', slack: { on: ['rollback'], mention: '<!here>' } },
  });
  assert.match(told, /\*\*\* can log in/);
  assert.ok(!told.includes('hunter2'));
  assert.match(JSON.parse(told).text, /^<!here> storefront \/ production: Users had storefront:v2/);
  assert.ok(!commandsIn(log.lines()).includes('warning'));
});

test('outside of a workflow, without a file for the summary, nobody is warned', async (t) => {
  const files = await runner(t);
  const log = captureLog(t);
  delete process.env['GITHUB_STEP_SUMMARY'];
  const report = createReport(options(files.temp));
  for (const event of stories.deployed()) report.listener(event);
  await report.finish();
  assert.ok(!commandsIn(log.lines()).includes('warning'));
});
