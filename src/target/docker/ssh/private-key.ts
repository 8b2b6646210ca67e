import { access, constants } from 'node:fs/promises';
import { DeployError } from '../../../errors.ts';

const HINT =
  'Give the whole private key (what ssh-keygen wrote without .pub), from -----BEGIN to END-----, without a passphrase.';

/**
 * A private key as ssh reads it. Secrets lose their last line feed on the way through web forms, or gain carriage
 * returns; ssh then says only `error in libcrypto`.
 * @throws DeployError `ssh-key-unusable`
 */
export function keyText(key: string): string {
  const text = `${key.replaceAll('\r', '').trim()}\n`;
  if (/^(?:ssh-|ecdsa-|sk-)\S+ AAAA/.test(text))
    throw unusable('The input ssh-key is a public key; logging in takes the private one.');
  if (/^PuTTY-User-Key-File/.test(text))
    throw unusable('The input ssh-key is a key of PuTTY’s, which OpenSSH can’t read (puttygen exports it).');
  if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\s\S]*\n-----END [A-Z ]*PRIVATE KEY-----\n$/.test(text))
    throw unusable('The input ssh-key is no whole private key.');
  return text;
}

/** @throws DeployError `ssh-key-unusable` when the file can't be read */
export async function readableKey(path: string): Promise<string> {
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw new DeployError(`docker.identity-file: ${path} can’t be read (${error.code}).`, {
      code: 'ssh-key-unusable',
      hint: 'Name a private key that is on this runner, or give the key itself as input `ssh-key`.',
    });
  });
  return path;
}

const unusable = (message: string) => new DeployError(message, { code: 'ssh-key-unusable', hint: HINT });
