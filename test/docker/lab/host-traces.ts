/** What an engine puts into the host outside of its folder and its processes, and how it is taken away again. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';

export const cgroupOf = (prefix: string): string => `/blue-green-lab-${prefix}`;

/**
 * Bridged packets may pass the host's iptables, and where another Docker has run their policy is DROP: then containers
 * on one network can't reach each other. Our engine leaves iptables alone, so the lab says it for its own addresses.
 */
export function allowForwarding(prefix: string): void {
  iptables('-I', prefix);
}

/**
 * All containers of an engine are one group, which the scheduler takes for one process among those of the machine: on
 * a busy one, they would hardly come to work. Here they weigh as much as several.
 */
export function weighCgroup(prefix: string): void {
  for (const [tree, file, weight] of [
    ['cpu', 'cpu.shares', '8192'],
    ['', 'cpu.weight', '800'],
  ] as const) {
    if (tree !== '' && !existsSync(join(CGROUPS, tree))) continue;
    if (tree === '' && !existsSync(join(CGROUPS, 'cgroup.controllers'))) continue;
    const folder = join(CGROUPS, tree, cgroupOf(prefix));
    mkdirSync(folder, { recursive: true });
    if (existsSync(join(folder, file))) writeFileSync(join(folder, file), weight);
  }
}

/** The host's part of a reboot: networks and control groups are gone. */
export function removeNetworks(prefix: string): void {
  const links = JSON.parse(execFileSync('ip', ['-json', '-4', 'addr'], { encoding: 'utf8' })) as {
    ifname: string;
    addr_info: { local: string }[];
  }[];
  for (const { ifname, addr_info } of links) {
    if (!ifname.startsWith('br-') || !addr_info.some(({ local }) => local.startsWith(`${prefix}.`))) continue;
    execFileSync('ip', ['link', 'delete', ifname], { stdio: 'ignore' });
  }
}

export function removeCgroups(prefix: string): void {
  // Version 1 has a tree for each controller, version 2 has one for all.
  const trees = [CGROUPS, ...readdirSync(CGROUPS).map((name) => join(CGROUPS, name))];
  for (const tree of trees) removeTree(join(tree, cgroupOf(prefix)));
}

/** Everything. */
export function removeTraces(prefix: string): void {
  let isThere = iptables('-C', prefix);
  while (isThere) isThere = iptables('-D', prefix) && iptables('-C', prefix);
  removeNetworks(prefix);
  removeCgroups(prefix);
}

/** The files in a control group are no files: only its folders can be removed, from the innermost on. */
function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  }
  rmdirSync(folder);
}

function iptables(command: '-I' | '-C' | '-D', prefix: string): boolean {
  const network = `${prefix}.0.0/16`;
  try {
    const rule = ['FORWARD', '-s', network, '-d', network, '-j', 'ACCEPT'];
    // Somebody else may hold iptables’ lock, and for ever.
    execFileSync('iptables', ['-w', '10', command, ...rule], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
