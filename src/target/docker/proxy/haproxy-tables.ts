/** What HAProxy's socket tells, read by the names in its headers: columns move from version to version. */

/** A line of `show stat`. */
export interface Stat {
  /** `BACKEND` for the backend itself. */
  readonly name: string;
  /** Requests that are worked on, and that wait. */
  readonly current: number;
  readonly queued: number;
  /** Requests since HAProxy's start, those that are worked on with them. */
  readonly given: number;
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
  return rows(text).map((field) => ({
    name: field('svname'),
    current: Number(field('scur')),
    queued: Number(field('qcur')),
    given: Number(field('stot')),
    status: field('status'),
    // `* L7OK`: the next one is on its way, this is what the last one said.
    check: field('check_status').replace(/^\* /, ''),
    address: field('addr'),
    lastChange: Number(field('lastchg')),
  }));
}

/** What a backend has answered since HAProxy's start. */
export interface Tally {
  readonly requests: number;
  readonly errors: number;
  /** From a request's arrival to the beginning of its answer, in ms: a mean in which old requests weigh less and less. */
  readonly meanMs: number;
}

/**
 * Measured on HAProxy 2.6.12 and 3.0.11:
 * - A request counts in `hrsp_*` when it has come to its end, with the status that the client got: 502, 503 and 504 of
 *   HAProxy's own are `hrsp_5xx`, though the server has answered nothing. `econ` and `eresp` count the same once more.
 * - An answer that the server cut off in the middle stays what its status was, and is in `srv_abrt`, which nothing else
 *   of the above is in.
 * - `stot` counts requests that are under way as well.
 * - `ttime` has WebSockets and slow clients in it.
 */
export function parseTally(text: string): Tally | undefined {
  const field = rows(text).find((one) => one('svname') === 'BACKEND');
  if (field === undefined) return undefined;
  const sum = (...names: readonly string[]) => names.reduce((total, name) => total + Number(field(name)), 0);
  return {
    requests: sum('hrsp_1xx', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx', 'hrsp_other'),
    errors: sum('hrsp_5xx', 'srv_abrt'),
    meanMs: sum('qtime', 'ctime', 'rtime'),
  };
}

/** Each line as a look-up by the name of a column. */
function rows(text: string): readonly ((name: string) => string)[] {
  const [header = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const names = header.replace(/^# /, '').split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return (name) => values[names.indexOf(name)] ?? '';
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
