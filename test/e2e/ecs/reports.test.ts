import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slack } from '../slack.ts';
import { startWorld } from '../world.ts';

// What people are told, through the built action: log, summary, JSON, Slack.

const hostile = 'because <!channel> & | ```\n::error::stolen\n<script>';

test('summary, JSON report and Slack tell of a deployment, and of hostile text only its letters', async () => {
  await using hook = await slack();
  await using world = await startWorld({ load: false, config: { smoke: [{ path: '/health' }] } });
  const run = await world.act({ 'image-tag': 'v2', reason: hostile, 'slack-webhook-url': hook.url });
  assert.equal(run.exitCode, 0, run.log);
  assert.match(run.summary, /```mermaid\ngantt/);
  assert.match(run.summary, /GET \/health/);
  assert.doesNotMatch(run.summary, /<script>/);
  assert.doesNotMatch(run.log, /^::error::stolen/m);
  assert.match(run.log, /^::add-mask::.*s3cret/m);
  assert.equal(run.log.split('s3cret').length, 2, 'the webhook is in the log once: where it is masked');

  const { report } = run;
  assert.equal(report.result, 'deployed');
  assert.deepEqual(
    report.steps.map(({ step }: { step: string }) => step),
    ['lock', 'inspect', 'preflight', 'stage', 'healthy', 'smoke', 'shift', 'stabilize', 'drain', 'retire'],
  );
  assert.ok(report.checks.length > 0 && report.weights.length > 0);
  assert.doesNotMatch(JSON.stringify(report), /s3cret/);

  assert.equal(hook.messages.length, 1);
  const message = JSON.stringify(hook.messages[0]);
  for (const part of [
    'production',
    'v1',
    'v2',
    'green',
    'ann',
    '0123456',
    '/actions/runs/4711',
    'rollback.yml',
  ])
    assert.ok(message.includes(part), `Slack tells ${part}: ${message}`);
  assert.doesNotMatch(message, /<!channel>|<!here>/);
});

test('Slack is told of a refused release, with its reason, and somebody is mentioned', async () => {
  await using hook = await slack();
  await using world = await startWorld({
    load: false,
    images: { broken: { env: { CRASH_AFTER_MS: '50', EXIT_CODE: '9' } } },
    config: { slack: { on: ['failure'], mention: '<!here>' } },
  });
  await world.act({ 'image-tag': 'v2', 'slack-webhook-url': hook.url });
  assert.equal(hook.messages.length, 0, 'only failures were asked for');
  await world.act({ 'image-tag': 'broken', 'slack-webhook-url': hook.url });
  assert.equal(hook.messages.length, 1);
  const message = JSON.stringify(hook.messages[0]);
  assert.match(message, /exited with 9/);
  assert.match(message, /<!here>/);
});

test('Slack is told of the start, the end and the way back, in this order', async () => {
  await using hook = await slack();
  await using world = await startWorld({
    load: false,
    images: { bad: { env: { HEALTH: 'status:500' } } },
    config: { slack: { on: ['start', 'success', 'failure', 'rollback'], mention: '<!here>' } },
  });
  const runs: Record<string, string>[] = [
    { 'image-tag': 'v2' },
    { 'image-tag': 'bad' },
    { operation: 'rollback' },
    { operation: 'status' },
  ];
  for (const inputs of runs) await world.act({ ...inputs, 'slack-webhook-url': hook.url });
  const told = hook.messages.map(({ text, attachments: [{ color, blocks }] }) => [
    blocks[0].text.text,
    color,
    text.startsWith('<!here> '),
  ]);
  assert.deepEqual(told, [
    ['Deploying: shop / production', '#36c5f0', false],
    ['Deployed: shop / production', '#2eb67d', false],
    ['Deploying: shop / production', '#36c5f0', false],
    ['Not deployed: shop / production', '#e01e5a', true],
    ['Rolling back: shop / production', '#36c5f0', false],
    ['Rolled back: shop / production', '#ecb22e', false],
  ]);
});

for (const [what, answer] of [
  ['refuses', 500],
  ['hangs', 'hang'],
] as const) {
  test(`a Slack that ${what} is a warning`, async () => {
    await using hook = await slack(answer);
    await using world = await startWorld({ load: false });
    const run = await world.act({ 'image-tag': 'v2', 'slack-webhook-url': hook.url });
    assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'deployed'], run.log);
    assert.match(run.log, /::warning::.*slack/i);
    assert.equal(run.log.split('s3cret').length, 2);
  });
}

test('the log is never silent for 15 s', async () => {
  await using world = await startWorld({
    load: false,
    config: { stabilize: { for: '20s', interval: '1s' } },
  });
  let last = Date.now();
  let longest = 0;
  const run = await world.act(
    { 'image-tag': 'v2' },
    {
      onLine: () => {
        longest = Math.max(longest, Date.now() - last);
        last = Date.now();
      },
    },
  );
  assert.equal(run.outputs['result'], 'deployed');
  assert.ok(longest > 5_000, 'there was a silence to break');
  assert.ok(longest < 15_000, `${longest} ms without a line`);
});
