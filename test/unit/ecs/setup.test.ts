import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trafficRule } from '../../../src/target/ecs/arn.ts';
import { CloudWatch } from '../../../src/target/ecs/cloud-watch.ts';
import { setUp } from '../../../src/target/ecs/setup.ts';
import { signalsFrom } from '../../../src/target/ecs/signals.ts';
import type { Traffic } from '../../../src/target/ecs/traffic.ts';

const listener = (kind: 'app' | 'net') =>
  trafficRule(
    `arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/${kind}/shop/0123456789abcdef/fedcba9876543210`,
  );
const groups = { blue: 'arn:blue', green: 'arn:green' };
const cloudWatch = new CloudWatch({ open: () => assert.fail('CloudWatch is not asked') });

test('a network load balancer counts no answers: none are offered, and no alarms are made on them', async () => {
  assert.ok(signalsFrom(cloudWatch, [listener('app')], async () => groups).answers);
  const { alarms, answers } = signalsFrom(cloudWatch, [listener('app'), listener('net')], async () => groups);
  assert.ok(alarms);
  assert.equal(answers, undefined);
  const traffic = { rules: [listener('net')], detached: async () => [] } as unknown as Traffic;
  const common = { app: 'shop', environment: 'production', cloudWatch, traffic, groups };
  const made = (alarms: { 'error-rate': number; 'response-time': number } | undefined) =>
    setUp({ ...common, alarms, attach: () => assert.fail('nothing is attached') }, () => {});
  await assert.rejects(made({ 'error-rate': 5, 'response-time': 1_000 }), { code: 'not-supported' });
  assert.deepEqual(await made(undefined), []);
});
