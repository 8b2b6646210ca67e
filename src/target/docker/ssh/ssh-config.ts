import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TempFolder } from './folder.ts';

/**
 * The config file that ssh gets with -F: the user's own ones, between what must be and what is the default. ssh hands
 * `-F` on to the processes for jump hosts, but none of the other options: whatever is to count for those stands here.
 * The first value wins; only IdentityFile adds up.
 *
 * Jump hosts' keys are checked, too: against the lines in `known-hosts`, and the user's own known_hosts, unless the
 * user's config says otherwise for them. What passes through a jump host is sealed for the host behind it.
 */
export function sshConfig(folder: TempFolder, keys: readonly string[], connectTimeout: number): string {
  const homes = [...new Set([process.env['HOME'] ?? homedir(), userInfo().homedir])];
  return [
    // Nobody is there to answer a question. A master of the user's own for a jump host could outlive us.
    'Host *',
    '  BatchMode yes',
    '  ControlMaster no',
    '  ControlPath none',
    '',
    // ssh itself looks only in the home that the user database names; container jobs have another HOME.
    ...homes.map((home) => `Include "${join(home, '.ssh/config')}"`),
    'Include "/etc/ssh/ssh_config"',
    '',
    // For jump hosts; the host itself is told more strictly on the command line.
    'Host *',
    '  StrictHostKeyChecking yes',
    `  ConnectTimeout ${connectTimeout}`,
    `  UserKnownHostsFile ${[folder.knownHosts, ...homes.map((home) => join(home, '.ssh/known_hosts'))].map(quoted).join(' ')}`,
    ...keys.map((path) => `  IdentityFile ${quoted(path)}`),
    '',
  ].join('\n');
}

/** ssh fills in what stands behind a percent sign. */
const quoted = (path: string): string => `"${path.replaceAll('%', '%%')}"`;
