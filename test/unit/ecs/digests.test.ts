import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '@aws-sdk/client-ecs';
import { isImage, tagOf } from '../../../src/release/image.ts';
import type { Aws } from '../../../src/target/ecs/aws.ts';
import { repositoryOf } from '../../../src/target/ecs/images.ts';
import { mixedDigests } from '../../../src/target/ecs/mixed-digests.ts';
import { Registry } from '../../../src/target/ecs/registry.ts';

const [A, B] = ['a', 'b'].map((one) => `sha256:${one.repeat(64)}`) as [string, string];

const task = (digest: string | undefined, processor = 'x86_64', name = 'app'): Task => ({
  attributes: [{ name: 'ecs.cpu-architecture', value: processor }],
  containers: [{ name, ...(digest !== undefined && { imageDigest: digest }) }],
});

test('mixed are different digests of one container on one kind of processor', () => {
  assert.equal(mixedDigests([], ['app']), undefined);
  assert.equal(mixedDigests([task(A), task(A), task(undefined)], ['app']), undefined);
  assert.equal(mixedDigests([task(A), task(B, 'arm64')], ['app']), undefined, 'each platform has its own');
  assert.equal(mixedDigests([task(A, 'x86_64', 'agent'), task(B, 'x86_64', 'agent')], ['app']), undefined);
  assert.deepEqual(mixedDigests([task(A), task(B), task(B)], ['agent', 'app']), {
    container: 'app',
    digests: new Map([
      [A, 1],
      [B, 2],
    ]),
  });
});

const PLACES: [string, { region: string; registryId: string; repositoryName: string } | undefined][] = [
  [
    '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:v1',
    { region: 'us-east-1', registryId: '123456789012', repositoryName: 'shop' },
  ],
  [
    '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/shop:v1',
    { region: 'cn-north-1', registryId: '123456789012', repositoryName: 'team/shop' },
  ],
  [
    '210987654321.dkr.ecr-fips.us-gov-west-1.amazonaws.com/shop:v1',
    { region: 'us-gov-west-1', registryId: '210987654321', repositoryName: 'shop' },
  ],
  [
    '123456789012.dkr-ecr.eu-west-1.on.aws/shop:v1',
    { region: 'eu-west-1', registryId: '123456789012', repositoryName: 'shop' },
  ],
  ['public.ecr.aws/acme/shop:v1', undefined],
  ['ghcr.io/acme/shop:v1', undefined],
  ['shop', undefined],
  [`123456789012.dkr.ecr.us-east-1.amazonaws.com/shop@${A}`, undefined],
];
for (const [reference, place] of PLACES)
  test(`whom to ask about ${reference.slice(0, 70)}`, async () => {
    const found: object[] = [];
    const open = (_: unknown, { region }: { region: string }) => ({
      send: ({ input }: { input: { registryId: string; repositoryName: string; imageIds: object[] } }) => {
        assert.deepEqual(input.imageIds, [{ imageTag: 'v1' }]);
        found.push({ region, registryId: input.registryId, repositoryName: input.repositoryName });
        return Promise.resolve({ imageDetails: [{ imageDigest: B }] });
      },
    });
    const registry = new Registry({ open } as unknown as Aws);
    const { references, tag, remarks } = await registry.pin(new Map([['app', reference]]));
    assert.deepEqual(found, place === undefined ? [] : [place]);
    assert.deepEqual(remarks, []);
    const expected = place === undefined ? reference : `${reference.slice(0, -':v1'.length)}@${B}`;
    assert.deepEqual([references.get('app'), tag], [expected, place === undefined ? undefined : 'v1']);
  });

test('an image is meant by its tag, its digest, and its reference with or without one', () => {
  const image = `registry.example.com:5000/shop:v1@${A}`;
  assert.equal(tagOf(image), 'v1');
  assert.equal(tagOf(`registry.example.com:5000/shop@${A}`), A);
  assert.equal(tagOf('registry.example.com:5000/shop'), 'latest');
  for (const wanted of ['v1', A, image, 'registry.example.com:5000/shop:v1'])
    assert.ok(isImage(image, wanted), wanted);
  for (const wanted of ['v2', B, 'latest', 'shop:v1', '']) assert.ok(!isImage(image, wanted), wanted);
  for (const one of [image, 'registry.example.com:5000/shop', 'registry.example.com:5000/shop:v1'])
    assert.equal(repositoryOf(one), 'registry.example.com:5000/shop');
});
