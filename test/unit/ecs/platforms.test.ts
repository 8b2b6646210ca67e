import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '@aws-sdk/client-ecs';
import { platformOf, platformProblems, platformsIn } from '../../../src/target/ecs/platforms.ts';

const definition = (runtimePlatform?: object) => ({
  arn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/shop:1',
  family: 'shop',
  content: { ...(runtimePlatform && { runtimePlatform }) },
  tags: [],
});
const fargate: Service = { launchType: 'FARGATE' };
const providers = (...names: string[]): Service => ({
  capacityProviderStrategy: names.map((capacityProvider) => ({ capacityProvider })),
});
const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };

test('what tasks run on: Fargate has a default, machines are what they are', () => {
  assert.deepEqual(platformOf(definition(), fargate), amd64);
  assert.deepEqual(platformOf(definition(), providers('FARGATE', 'FARGATE_SPOT')), amd64);
  assert.deepEqual(platformOf(definition({ operatingSystemFamily: 'LINUX' }), fargate), amd64);
  assert.deepEqual(platformOf(definition({ cpuArchitecture: 'ARM64' }), fargate), arm64);
  assert.deepEqual(platformOf(definition({ cpuArchitecture: 'ARM64' }), { launchType: 'EC2' }), arm64);
  assert.deepEqual(platformOf(definition({ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }), fargate), {
    os: 'windows',
    architecture: 'amd64',
  });
  for (const service of [{ launchType: 'EC2' as const }, {}, providers('FARGATE', 'machines')])
    assert.equal(platformOf(definition(), service), undefined);
  assert.equal(platformOf(definition({ cpuArchitecture: 'RISCV' }), fargate), undefined);
});

test('an image fits when one of its platforms does, or the 32-bit one of the same processor', () => {
  const problems = (...built: { os: string; architecture: string }[]) =>
    platformProblems('shop:v2', built, definition(), fargate);
  assert.deepEqual(problems(arm64, amd64), []);
  assert.deepEqual(problems({ os: 'linux', architecture: '386' }), []);
  assert.equal(problems({ os: 'windows', architecture: 'amd64' }).length, 1);
  const [told] = problems(arm64, arm64);
  assert.equal(
    told?.message,
    'shop:v2 is built for linux/arm64, and task definition shop:1 runs on linux/amd64.',
  );
  assert.match(told?.fix ?? '', /--platform linux\/amd64/);
  assert.deepEqual(platformProblems('shop:v2', [arm64], definition(), { launchType: 'EC2' }), []);
});

test('the platforms of a manifest: attestations are none, and what does not say its own leaves it open', () => {
  const of = (...platforms: (object | undefined)[]) =>
    platformsIn(JSON.stringify({ manifests: platforms.map((platform) => ({ platform })) }));
  assert.deepEqual(of(arm64, { os: 'unknown', architecture: 'unknown' }), [arm64]);
  assert.deepEqual(of({ ...arm64, variant: 'v8' }), [arm64]);
  assert.equal(of(arm64, undefined), undefined);
  assert.equal(of({ os: 'unknown', architecture: 'unknown' }), undefined);
  assert.equal(of(), undefined);
  assert.equal(platformsIn(JSON.stringify({ config: {}, layers: [] })), undefined);
});
