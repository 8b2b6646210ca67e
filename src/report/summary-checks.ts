import { span } from './format.ts';
import { inline, table } from './markdown.ts';
import type { CheckRecord } from './timeline.ts';

const MOST_ROWS = 60;

/** The checks as a table: those that were asked again and again while a release was watched in one row. */
export function checksTable(checks: readonly CheckRecord[]): string {
  if (checks.length === 0) return '';
  const groups = [...Map.groupBy(checks, ({ purpose, check }) => `${purpose} ${check.name}`).values()];
  const rows = groups.slice(0, MOST_ROWS).map(row);
  const more = groups.length > MOST_ROWS ? `\n\n${groups.length - MOST_ROWS} more are in the report.` : '';
  return `### Checks\n\n${table(['Check', 'Purpose', 'Result', 'Detail', 'Attempts', 'Time'], rows)}${more}`;
}

function row(group: readonly CheckRecord[]): readonly string[] {
  const last = group.at(-1)!;
  const failed = group.filter(({ check }) => !check.ok);
  // The shift is asked after until it has arrived: only the last answer counts. Of a watch, each one does.
  const shown = last.purpose === 'identity' ? last : (failed.at(-1) ?? last);
  const result =
    group.length === 1 || last.purpose === 'identity'
      ? last.check.ok
        ? 'ok'
        : '**failed**'
      : `${group.length - failed.length} of ${group.length} ok`;
  const slowest = span(Math.max(...group.map(({ check }) => check.ms)));
  return [
    inline(last.check.name),
    last.purpose,
    result,
    inline(shown.check.detail),
    String(group.reduce((sum, { check }) => sum + check.attempts, 0)),
    group.length === 1 ? slowest : `up to ${slowest}`,
  ];
}
