import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { DeployError } from '../../src/errors.ts';
import { readInputs, SECRET_INPUTS, secretsOf } from '../../src/inputs.ts';

const { privateKey: pair } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { privateKey: ed25519, publicKey } = generateKeyPairSync('ed25519');
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8') => key.export({ type, format: 'pem' }).toString();

const field = (...parts: (string | Buffer)[]) => {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A key in OpenSSH's own format, as `ssh-keygen` writes it. */
function openSsh({ cipher = 'none', check = [7, 7], cut = 0 } = {}): string {
  const { d = '', x = '' } = ed25519.export({ format: 'jwk' });
  const [secret, open] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const type = field('ssh-ed25519');
  const inner = Buffer.concat([
    ...check.map(number),
    ...[type, field(open), field(secret, open), field('a comment'), Buffer.from([1, 2, 3])],
  ]);
  const bytes = Buffer.concat([
    ...[Buffer.from('openssh-key-v1\0'), field(cipher), field('none'), field(''), number(1)],
    ...[field(type, field(open)), field(inner)],
  ]);
  const lines =
    bytes
      .subarray(0, bytes.length - cut)
      .toString('base64')
      .match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join(
    '\n',
  );
}

const given = (key: string, more: Record<string, string> = {}) => ({
  INPUT_ENVIRONMENT: 'production',
  'INPUT_IMAGE-TAG': 'v2',
  'INPUT_SSH-KEY': key,
  ...more,
});

const good: [string, string][] = [
  ['OpenSSH', openSsh()],
  ['PKCS #1', pem(pair, 'pkcs1')],
  ['PKCS #8', pem(pair, 'pkcs8')],
];
for (const [format, key] of good)
  test(`a private key in the format ${format} comes out as OpenSSH takes it`, () => {
    assert.equal(readInputs(given(key)).sshKey, key);
    // The runner, an editor, or YAML may have had it in between.
    for (const worn of [key.trim(), key.replaceAll('\n', '\r\n'), `\n\n${key.replaceAll('\n', '\n    ')}`])
      assert.equal(readInputs(given(worn)).sshKey, key);
  });

const encrypted = pair
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' })
  .toString();
const encryptedPem = pair
  .export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' })
  .toString();
const PASSPHRASE =
  'ssh-key has a passphrase, which nobody can type in here: make a key of its own for deployments, without one (`ssh-keygen -t ed25519 -N ""`).';
const DAMAGED = 'ssh-key is a damaged private key: put the whole file into the secret as it is.';
const CUT =
  'ssh-key is a private key that is cut off, or has lost its line breaks: put the whole file into the secret as it is.';
const bad: [string, string, string][] = [
  ['with a passphrase (OpenSSH)', openSsh({ cipher: 'aes256-ctr' }), PASSPHRASE],
  ['with a passphrase (PKCS #8)', encrypted, PASSPHRASE],
  ['with a passphrase (PEM)', encryptedPem, PASSPHRASE],
  ['without its end', openSsh().slice(0, 200), CUT],
  ['on one line', openSsh().replaceAll('\n', ' '), CUT],
  ['with written line breaks', openSsh().replaceAll('\n', '\\n'), CUT],
  ['that is cut inside', openSsh({ cut: 30 }), DAMAGED],
  ['whose check numbers differ', openSsh({ check: [7, 8] }), DAMAGED],
  ['with the inside of another format', openSsh().replaceAll('OPENSSH ', ''), DAMAGED],
  ['of noise', pem(pair, 'pkcs1').replace(/\n.*\n/, '\nAAAA\n'), DAMAGED],
  [
    'that is public',
    `ssh-ed25519 ${Buffer.from('some public key').toString('base64')} deploy`,
    'ssh-key is a public key: give the private one, the file without `.pub`.',
  ],
  [
    'that is public (PEM)',
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    'ssh-key is a public key: give the private one, the file without `.pub`.',
  ],
  [
    'of PuTTY',
    'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n',
    'ssh-key is in PuTTY’s format: export it as an OpenSSH key (PuTTYgen: Conversions).',
  ],
  [
    'that is a path',
    '/home/deploy/.ssh/id_ed25519',
    'ssh-key is not a private key: put the whole file into the secret, from `-----BEGIN` to `-----END`.',
  ],
];

for (const [what, key, expected] of bad)
  test(`a key ${what} is refused, and not quoted`, () => {
    assert.throws(
      () => readInputs(given(key)),
      (error) => {
        assert.ok(error instanceof DeployError);
        assert.equal(error.code, 'inputs-invalid');
        assert.equal(error.message, expected);
        assert.equal(error.cause, undefined);
        return true;
      },
    );
  });

test('without a key there is none', () => {
  assert.equal(readInputs(given('')).sshKey, '');
  assert.equal(readInputs(given('   ')).sshKey, '');
});

test('everything secret is masked, a key line by line and whole', () => {
  const key = openSsh();
  const request = readInputs(
    given(key, {
      'INPUT_SLACK-WEBHOOK-URL': 'https://hooks.example.com/T0',
      'INPUT_GITHUB-TOKEN': 'ghs_1',
    }),
  );
  const lines = key.trim().split('\n').slice(1, -1);
  assert.ok(lines.length > 2);
  assert.deepEqual(secretsOf(request), ['https://hooks.example.com/T0', 'ghs_1', key.trim(), ...lines]);
  assert.deepEqual(secretsOf({}), []);
  const inputs = new Set(
    Object.entries(request)
      .filter(([, value]) => /hooks|ghs_|PRIVATE/.test(String(value)))
      .map(([name]) => name),
  );
  assert.equal(inputs.size, SECRET_INPUTS.length);
});
