/** What HAProxy's socket tells, read by the names in its headers: columns move from version to version. */

/** A line of `show stat`. */
export interface Stat {
  /** `BACKEND` for the backend itself. */
  readonly name: string;
  /** Requests that are worked on, and that wait. */
  readonly current: number;
  readonly queued: number;
  /** `UP`, `UP 1/3` (before a check has said so), `DOWN`, `MAINT (resolution)` (no address), `no check`, ... */
  readonly status: string;
  /** `L7OK`, ...; of the last check that ended, whoever had the address then. */
  readonly check: string;
  /** `10.0.0.2:3000`; empty without an address. */
  readonly address: string;
  /** Whole seconds since it went up or down. */
  readonly lastChange: number;
}

export function parseStats(text: string): readonly Stat[] {
  const [header = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const names = header.replace(/^# /, '').split(',');
  return lines.map((line) => {
    const values = line.split(',');
    const field = (name: string) => values[names.indexOf(name)] ?? '';
    return {
      name: field('svname'),
      current: Number(field('scur')),
      queued: Number(field('qcur')),
      status: field('status'),
      // `* L7OK`: the next one is on its way, this is what the last one said.
      check: field('check_status').replace(/^\* /, ''),
      address: field('addr'),
      lastChange: Number(field('lastchg')),
    };
  });
}

/** What the servers of a backend resolve; from `show servers state`. */
export interface ServerName {
  /** Empty for a fixed address. */
  readonly host: string;
  readonly port: number;
}

export function parseServerNames(text: string): readonly ServerName[] {
  // The first line is the format's version.
  const [, header = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const names = header.replace(/^# /, '').split(' ');
  return lines.map((line) => {
    const values = line.split(' ');
    const host = values[names.indexOf('srv_fqdn')] ?? '-';
    return { host: host === '-' ? '' : host, port: Number(values[names.indexOf('srv_port')]) };
  });
}

/** The entries of `show map <file>`: an address in memory, the key, the value. */
export function parseMap(text: string): readonly (readonly [key: string, value: string])[] {
  return text.split('\n').flatMap((line) => {
    const [, key, value] = /^0x[0-9a-f]+ (\S+) (.*)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value.trim()] as const];
  });
}

/** What a map file holds for a key. Lines are `key value`, blank, or comments. */
export const readEntry = (file: string, key: string): string | undefined =>
  file
    .split('\n')
    .map((line) => entryOf(line))
    .find((entry) => entry?.key === key)?.value;

/** The file with exactly one entry for the key, where the first one was or at the end; all else stays as it is. */
export function withEntry(file: string, key: string, value: string): string {
  const entry = `${key} ${value}`;
  let isSet = false;
  const lines = file.split('\n').flatMap((line) => {
    if (entryOf(line)?.key !== key) return [line];
    if (isSet) return [];
    isSet = true;
    return [line.endsWith('\r') ? `${entry}\r` : entry];
  });
  if (isSet) return lines.join('\n');
  const before = file === '' || file.endsWith('\n') ? file : `${file}\n`;
  return `${before}${entry}\n`;
}

function entryOf(line: string): { key: string; value: string } | undefined {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  const [, key = '', value = ''] = /^(\S+)\s*(.*)$/.exec(trimmed) ?? [];
  return { key, value };
}
