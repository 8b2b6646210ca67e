import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redact, redactAll } from '../../../src/report/redact.ts';
import { secretVariables } from '../../../src/report/secret-variables.ts';

test('variables are secrets by their names, where their values are more than a word', () => {
  const secret = ['DB_PASSWORD', 'NPM_TOKEN', 'STRIPE_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'client_secret'];
  for (const name of secret)
    assert.deepEqual(secretVariables({ [name]: ' s3cret-value ' }), ['s3cret-value'], name);
  const open = [
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'TOKEN_URL',
    'AWS_ACCESS_KEY_ID',
    'SECRET_NAME',
    'TOKENIZER',
    'PATH',
    'KEYBOARD',
  ];
  for (const name of open) assert.deepEqual(secretVariables({ [name]: 's3cret-value' }), [], name);
  assert.deepEqual(secretVariables({ DB_PASSWORD: 'root', NPM_TOKEN: undefined }), []);
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nshort\n-----END KEY-----';
  assert.ok(secretVariables({ TLS_KEY: key }).includes('MIIEvQIBADANBg'), 'lines are told one by one');
  assert.ok(!secretVariables({ TLS_KEY: key }).includes('-----END KEY-----'));
});

test('texts of a message lose their secrets, and its keys stay', () => {
  const message = { password: ['the password is p&ss"word', { text: 'nothing' }], count: 2 };
  assert.deepEqual(redactAll(message, ['p&ss"word', 'password']), {
    password: ['the *** is ***', { text: 'nothing' }],
    count: 2,
  });
  assert.equal(redact('{"a":"p&ss\\"word"}', ['p&ss"word']), '{"a":"***"}');
});

test('what is left of a secret where a line was cut is lost as well', () => {
  const secret = 'sk_live_4242424242';
  assert.equal(redact('key: sk_live_424…\nsk_live… sk_li…', [secret]), 'key: ***…\n***… sk_li…');
  assert.equal(redact(`${secret}…`, [secret]), '***…');
});
