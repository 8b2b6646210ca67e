import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { documentedActions } from './policy.ts';
import { assertClean, startWorld } from './world.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const documented = documentedActions();

test('the documented IAM policy names exactly what the code calls', () => {
  const folder = join(ROOT, 'src/target/ecs');
  const source = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const called = new Set(
    [
      ...source.matchAll(
        /(?:read|modify|found\(\w+,)\(?\s*'((?:ecs|elasticloadbalancing|application-autoscaling|cloudwatch|logs|ecr):\w+)'/g,
      ),
    ].map(([, action]) => action!),
  );
  // Not a call of ours: RegisterTaskDefinition passes the task's roles on.
  assert.deepEqual([...documented].filter((action) => action !== 'iam:PassRole').sort(), [...called].sort());
});

test('with the documented policy, and nothing more, everything works', async () => {
  await using world = await startWorld({
    load: false,
    sandbox: { ecr: true },
    images: { v3: {} },
    config: {
      ecs: { alarms: {} },
      identity: { header: 'x-version', value: '{image-tag}' },
      smoke: [{ path: '/health' }],
      stabilize: {
        for: '1s',
        interval: '250ms',
        alarms: ['{app}-{environment}-{color}-5xx'],
        'max-error-rate': '1%',
      },
    },
  });
  world.sandbox.allowed = documented;
  const runs: Record<string, string>[] = [
    { operation: 'setup' },
    { 'image-tag': 'v2' },
    { operation: 'rollback' },
    { operation: 'stage', 'image-tag': 'v3' },
    { operation: 'abort' },
    { 'image-tag': 'v3' },
    { operation: 'rollback', 'image-tag': 'v2', force: 'true' },
    { operation: 'status' },
  ];
  for (const inputs of runs) {
    const run = await world.act(inputs);
    assert.equal(run.exitCode, 0, `${JSON.stringify(inputs)}\n${run.log}`);
  }
  await assertClean(world, 'blue');
});
