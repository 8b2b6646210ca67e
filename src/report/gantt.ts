import { excerpt } from '../text.ts';
import { capital, span } from './format.ts';
import type { StepRecord } from './timeline.ts';

/**
 * The steps as a Mermaid gantt chart. Its axis is the time since the beginning, which needs no time zone.
 *
 * Mermaid's lexer takes the first rule that fits, so a task's text must not begin with one of its keywords, nor hold
 * `:`, `;`, `#` or `%`: hence the duration in front, and letters, digits and a few signs only after it.
 */
export function gantt(steps: readonly StepRecord[], end: number): string {
  const begin = steps[0]?.startedAt;
  if (begin === undefined) return '';
  const lines = [
    'gantt',
    '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
    '  axisFormat %H:%M:%S',
    '  todayMarker off',
  ];
  const seen = new Map<string, number>();
  for (const [index, { step, title, startedAt, ms, ok }] of steps.entries()) {
    // Sections of the same name would be counted as one, and their names stand beside the wrong bars.
    const times = (seen.get(step) ?? 0) + 1;
    seen.set(step, times);
    const length = ms ?? Math.max(0, end - startedAt);
    // A bar without any length is not drawn, and a chart of such has no axis.
    const until = startedAt + Math.max(1, length);
    const mark = ok === true ? 'done' : 'crit';
    const task = `${span(length)} - ${label(title)}`;
    lines.push(`  section ${capital(step)}${times === 1 ? '' : ` ${times}`}`);
    lines.push(`    ${task} :${mark}, s${index}, ${moment(startedAt - begin)}, ${moment(until - begin)}`);
  }
  return ['```mermaid', ...lines, '```'].join('\n');
}

/** Foreign text may be in a title: an image, a tag. Registries go, as they would push the rest out of the picture. */
const label = (title: string): string =>
  excerpt(
    excerpt(title)
      .replace(/\S+\//g, '')
      .replace(/[^\p{L}\p{N} ._/@()+=-]+/gu, ' '),
    60,
  ).replace('…', '...') || 'step';

/** A moment of a day that no clock change touches. */
const moment = (ms: number): string =>
  new Date(Date.UTC(2000, 0, 1) + ms).toISOString().replace('T', ' ').replace('Z', '');
