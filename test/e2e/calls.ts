import type { RequestRecord } from '../sandbox/wire/server.ts';

/** How often each operation was called, throttled calls too, the most frequent first. */
export function callsByOperation(requests: readonly RequestRecord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { service, operation } of requests) {
    const name = `${service}:${operation}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

/** Rows of a table for people: one operation each, one column for each of `columns`. */
export function callTable(
  columns: Readonly<Record<string, ReadonlyMap<string, number>>>,
  format: (count: number) => string = String,
): string {
  const names = [...new Set(Object.values(columns).flatMap((column) => [...column.keys()]))].sort();
  const sum = (column: ReadonlyMap<string, number>, of: string) =>
    [...column].reduce((total, [name, count]) => (name.startsWith(of) ? total + count : total), 0);
  const line = (label: string, cells: string[]) =>
    [label.padEnd(44), ...cells.map((cell) => cell.padStart(10))].join(' ');
  const all = Object.values(columns);
  return [
    line('calls', Object.keys(columns)),
    ...names.map((name) =>
      line(
        name,
        all.map((column) => format(column.get(name) ?? 0)),
      ),
    ),
    line(
      'all of ecs',
      all.map((column) => format(sum(column, 'ecs:'))),
    ),
    line(
      'all of elasticloadbalancing',
      all.map((column) => format(sum(column, 'elasticloadbalancing:'))),
    ),
    line(
      'all',
      all.map((column) => format(sum(column, ''))),
    ),
  ].join('\n');
}
