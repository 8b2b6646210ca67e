import { readFile, rm, writeFile } from 'node:fs/promises';
import { DeployError } from '../../../errors.ts';
import type { SshAddress } from './address.ts';
import { hostArgs, NoConnection, type Patience } from './connection.ts';
import type { TempFolder } from './folder.ts';
import { startGuarded } from './guard.ts';
import { fingerprintOf } from './known-hosts.ts';
import { sshMissing } from './ssh-env.ts';

/** A host has at most one key of each; the first is what nearly all show. */
const KINDS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521',
  'rsa-sha2-512,rsa-sha2-256',
];

/**
 * Finds the host's key that has one of the fingerprints and writes its known_hosts line, which is all that is trusted
 * from then on. ssh itself is asked for the keys, and not ssh-keyscan: it alone goes through jump hosts and knows under
 * which name it will look for the key (HostName, HostKeyAlias). It tries no login.
 * @throws DeployError `host-key-unknown` when none of the host's keys is the right one; NoConnection
 */
export async function trustByFingerprint(
  fingerprints: readonly string[],
  {
    address,
    folder,
    patience,
    signal,
  }: { address: SshAddress; folder: TempFolder; patience: Patience; signal: AbortSignal },
): Promise<void> {
  const came: string[] = [];
  for (const kind of KINDS) {
    await rm(folder.offered, { force: true });
    const lines = await said(
      [
        ...['-N', '-T', '-a', '-x', '-v', '-S', 'none'],
        ...hostArgs(address, folder, [], folder.offered, patience),
        // Into a file of its own, that nothing else reads.
        ...['-o', 'StrictHostKeyChecking=accept-new', '-o', 'PreferredAuthentications=none'],
        ...['-o', 'ClearAllForwardings=yes', '-o', `HostKeyAlgorithms=${kind}`, '--', address.host],
      ],
      folder,
      (patience.connect + 10) * 1000,
      signal,
    );
    signal.throwIfAborted();
    const line = await readFile(folder.offered, 'utf8').catch(() => '');
    const fingerprint = fingerprintOf(line);
    if (fingerprint === undefined) {
      if (lines.some((text) => /no matching host key type found/.test(text))) continue;
      throw new NoConnection(lines);
    }
    if (fingerprints.includes(fingerprint)) {
      await writeFile(folder.knownHosts, line);
      await rm(folder.offered, { force: true });
      return;
    }
    came.push(`${line.split(' ')[1]} ${fingerprint}`);
  }
  await rm(folder.offered, { force: true });
  throw new DeployError(`None of the host keys of ${address.host} has the fingerprint in known-hosts.`, {
    code: 'host-key-unknown',
    hint: 'Either the host was set up anew, or somebody stands in between: see what `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` shows on the host itself.',
    details: [
      ...came.map((key) => `A key that came: ${key}`),
      ...fingerprints.map((fingerprint) => `known-hosts: ${fingerprint}`),
    ],
  });
}

/** What an ssh says that comes to an end by itself. @throws DeployError `ssh-missing` */
function said(
  args: readonly string[],
  folder: TempFolder,
  timeout: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const { child, isMissing, end } = startGuarded(args, folder.path);
    let text = '';
    const timer = setTimeout(() => {
      text += 'The greeting timed out\n';
      end();
    }, timeout);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      if (isMissing()) reject(sshMissing());
      else resolve(text.split(/\r?\n/));
    });
  });
}
