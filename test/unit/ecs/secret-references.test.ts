import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretReferences } from '../../../src/target/ecs/secret-references.ts';

const referencesOf = (container: object) =>
  secretReferences({
    arn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/shop:1',
    family: 'shop',
    content: { containerDefinitions: [{ name: 'app', ...container }] },
    tags: [],
  });
const secret = (valueFrom: string) => referencesOf({ secrets: [{ name: 'KEY', valueFrom }] });
const use = 'KEY of container app';

const FORMS: [string, object | undefined][] = [
  [
    'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/db-AbCdEf',
    {
      store: 'secret',
      region: 'us-east-1',
      names: ['arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/db-AbCdEf'],
    },
  ],
  [
    'arn:aws-cn:secretsmanager:cn-north-1:210987654321:secret:db-AbCdEf:password:AWSCURRENT:',
    {
      store: 'secret',
      region: 'cn-north-1',
      names: ['arn:aws-cn:secretsmanager:cn-north-1:210987654321:secret:db-AbCdEf'],
    },
  ],
  ['/shop/key', { store: 'parameter', names: ['/shop/key'] }],
  ['key:3', { store: 'parameter', names: ['key'] }],
  [
    'arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key',
    { store: 'parameter', region: 'eu-west-1', names: ['/shop/key'] },
  ],
  // The ARN of both.
  [
    'arn:aws:ssm:us-east-1:123456789012:parameter/key:live',
    { store: 'parameter', region: 'us-east-1', names: ['key', '/key'] },
  ],
  // None of these is in the account's own list.
  ['arn:aws:ssm:us-east-1:210987654321:parameter/shared', undefined],
  ['/aws/reference/secretsmanager/db', undefined],
  ['arn:aws:ssm:us-east-1:123456789012:parameter/aws/service/ami', undefined],
  ['arn:aws:s3:::bucket/key', undefined],
  ['', undefined],
];
for (const [valueFrom, found] of FORMS)
  test(`a secret by ${valueFrom || 'nothing'}`, () =>
    assert.deepEqual(secret(valueFrom), found === undefined ? [] : [{ ...found, use }]));

test('log drivers and registries have secrets too; that of a registry may go by its name', () => {
  const found = referencesOf({
    logConfiguration: { secretOptions: [{ name: 'splunk-token', valueFrom: 'token' }] },
    repositoryCredentials: { credentialsParameter: 'registry' },
  });
  assert.deepEqual(found, [
    { store: 'parameter', names: ['token'], use: 'splunk-token of container app' },
    { store: 'secret', names: ['registry'], use: 'repositoryCredentials of container app' },
  ]);
  assert.deepEqual(referencesOf({}), []);
});
