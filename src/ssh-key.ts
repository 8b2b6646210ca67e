import { createPrivateKey } from 'node:crypto';

/** A private key as OpenSSH takes it, or why it is none: the end of a sentence, which never quotes it. */
export type SshKey = { readonly key: string } | { readonly problem: string };

const ARMOR = /^-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----\n([\s\S]+?)\n-----END \1-----\n$/;

/** OpenSSH's own format (PROTOCOL.key): this, then cipher, key derivation, its options, how many keys, the keys. */
const MAGIC = 'openssh-key-v1\0';

/**
 * Reads a private key as it comes out of a secret. Line ends are made those that OpenSSH wants: it refuses a key whose
 * last line has none, and inputs lose theirs.
 */
export function readSshKey(given: string): SshKey {
  const lines = given.trim().split(/\r\n|\r|\n/);
  const key = `${lines.map((line) => line.trim()).join('\n')}\n`;
  if (/^PuTTY-User-Key-File/.test(key))
    return { problem: 'is in PuTTY’s format: export it as an OpenSSH key (PuTTYgen: Conversions)' };
  if (/^(?:ssh|ecdsa|sk)-\S+ /.test(key) || key.includes('BEGIN PUBLIC KEY'))
    return { problem: 'is a public key: give the private one, the file without `.pub`' };
  if (/^-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(key)) return { problem: PASSPHRASE };
  const armor = ARMOR.exec(key);
  if (armor === null)
    return {
      problem: /BEGIN [A-Z ]*PRIVATE KEY/.test(key)
        ? 'is a private key that is cut off, or has lost its line breaks: put the whole file into the secret as it is'
        : 'is not a private key: put the whole file into the secret, from `-----BEGIN` to `-----END`',
    };
  const [, kind, body = ''] = armor;
  const problem = kind === 'OPENSSH PRIVATE KEY' ? problemOfOpenSsh(body) : problemOfPem(key);
  return problem === undefined ? { key } : { problem };
}

const PASSPHRASE =
  'has a passphrase, which nobody can type in here: make a key of its own for deployments, without one (`ssh-keygen -t ed25519 -N ""`)';
const DAMAGED = 'is a damaged private key: put the whole file into the secret as it is';

function problemOfPem(key: string): string | undefined {
  try {
    createPrivateKey(key);
    return undefined;
  } catch {
    // Its message may hold parts of the key.
    return DAMAGED;
  }
}

/** Node knows the other formats, but not this one. */
function problemOfOpenSsh(body: string): string | undefined {
  const bytes = Buffer.from(body, 'base64');
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return DAMAGED;
  let at = MAGIC.length;
  const number = () => {
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const field = () => {
    const length = number();
    at += length;
    if (at > bytes.length) throw new RangeError('cut off');
    return bytes.subarray(at - length, at);
  };
  try {
    if (field().toString('latin1') !== 'none') return PASSPHRASE;
    field();
    field();
    if (number() !== 1) return DAMAGED;
    field();
    const secret = field();
    // The same number twice: how OpenSSH itself sees that it read a key, and not noise.
    return at === bytes.length && secret.readUInt32BE(0) === secret.readUInt32BE(4) ? undefined : DAMAGED;
  } catch {
    return DAMAGED;
  }
}
