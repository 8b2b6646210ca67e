import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { DeployError } from '../../../errors.ts';
import type { SshAddress } from './address.ts';

/** What the user trusts: lines of a known_hosts file, or keys by their fingerprints alone. */
export type TrustedKeys =
  | { readonly kind: 'lines'; readonly text: string }
  | { readonly kind: 'fingerprints'; readonly fingerprints: readonly string[] };

const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}=?$/;
const KEY = '(?:ssh-[\\w-]+|ecdsa-[\\w-]+|sk-[\\w.@-]+)\\s+[A-Za-z0-9+/]{20,}={0,2}';
const BARE_KEY = new RegExp(`^${KEY}(?:\\s|$)`);
const LINE = new RegExp(`^(?:@[\\w-]+\\s+)?(\\S+)\\s+${KEY}(?:\\s|$)`);

/**
 * Reads the setting `known-hosts`: text, a path, or fingerprints. Of the text, a public key without a host's name is
 * good as well (what stands in the host's own /etc/ssh/ssh_host_ed25519_key.pub): people mix these forms up.
 * @throws DeployError when there is nothing in it that could be trusted
 */
export async function readKnownHosts(
  setting: string | undefined,
  address: SshAddress,
  workspace: string,
): Promise<TrustedKeys> {
  const text = (setting ?? '').trim();
  if (text === '')
    throw new DeployError(`docker.known-hosts is missing, so ${address.description} could be anyone.`, {
      code: 'known-hosts-missing',
      hint: `Put the host’s line there: ${howToGet(address)}`,
    });
  const words = text.split(/[\s,]+/);
  if (words.every((word) => FINGERPRINT.test(word)))
    return { kind: 'fingerprints', fingerprints: words.map((word) => word.replace(/=$/, '')) };
  if (/^(?:SHA256:|(?:MD5:)?(?:[0-9a-f]{2}:){15})/i.test(text))
    throw unusable('docker.known-hosts is no whole fingerprint of the kind SHA256.', address);
  if (!/\s/.test(text) || !text.split(/\r?\n/).some(isKey)) {
    if (text.includes('\n'))
      throw unusable('docker.known-hosts holds no line of a known_hosts file.', address);
    const path = resolve(workspace, fromHome(text));
    const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new DeployError(
        error.code === 'ENOENT'
          ? `docker.known-hosts: there is no file ${text}, nor is that a line of one or a fingerprint.`
          : `docker.known-hosts: ${text} can’t be read (${error.code}).`,
        {
          code: 'known-hosts-unusable',
          hint: `Put the host’s line there: ${howToGet(address)}`,
          cause: error,
        },
      );
    });
    if (!content.split(/\r?\n/).some(isKey))
      throw unusable(`docker.known-hosts: ${text} holds no line of a known_hosts file.`, address);
    return { kind: 'lines', text: asFile(content) };
  }
  return { kind: 'lines', text: asFile(text) };
}

const isKey = (line: string): boolean => BARE_KEY.test(line.trim()) || LINE.test(line.trim());

/** As ssh reads it: without carriage returns, each key with a name before it. */
const asFile = (text: string): string =>
  `${text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .map((line) => (BARE_KEY.test(line) ? `* ${line}` : line))
    .join('\n')}\n`;

/** The names that known_hosts lines are for, for an error; hashed ones can't be told. */
export const namesIn = (text: string): readonly string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => LINE.exec(line.trim())?.[1])
      .filter((name) => name !== undefined)
      .map((name) => (name.startsWith('|') ? 'a hashed name' : name)),
  ),
];

/** `SHA256:…` of the key on a known_hosts line, as ssh-keygen -lf shows it. */
export function fingerprintOf(line: string): string | undefined {
  const blob = /\s(AAAA[A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(line)?.[1];
  if (blob === undefined) return undefined;
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** How one gets the line and makes sure of it: never just by believing what came over the network. */
export const howToGet = ({ host, port }: Pick<SshAddress, 'host' | 'port'>): string =>
  `\`ssh-keyscan ${port === undefined ? '' : `-p ${port} `}${host}\` prints it; make sure that \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` shows the same fingerprint on the host itself.`;

/** ssh goes by the user database; here HOME counts, which container jobs set to another folder. */
export const fromHome = (path: string): string =>
  path.startsWith('~/') ? resolve(process.env['HOME'] ?? homedir(), path.slice(2)) : path;

const unusable = (message: string, address: SshAddress) =>
  new DeployError(message, {
    code: 'known-hosts-unusable',
    hint: `It takes lines of a known_hosts file, the path of one, or a fingerprint (SHA256:…). ${howToGet(address)}`,
  });
