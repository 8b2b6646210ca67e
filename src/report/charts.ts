import { COLORS, type Color, type PerColor } from '../release/color.ts';
import { errorRate } from '../release/watch/answers.ts';
import type { Timeline } from './timeline.ts';

/** How many points a line has: Mermaid draws them at equal distances. */
const POINTS = 40;

/** Each color's share of the traffic over time, in percent, as a Mermaid chart; empty where it never moved. */
export function shareChart(timeline: Timeline): string {
  const { weights } = timeline;
  if (weights.length < 2) return '';
  return chart(timeline, {
    title: 'Share of the traffic in percent: blue and green',
    top: 100,
    valueAt: (at, color) => (weights.findLast((one) => one.at <= at) ?? weights[0]!).weights[color],
  });
}

/** Each color's share of errors, as the load balancer or proxy counted them so far; empty where nobody counted. */
export function errorChart(timeline: Timeline): string {
  const { answers } = timeline;
  if (answers.length === 0) return '';
  const worst = Math.max(...answers.flatMap(({ colors }) => COLORS.map((color) => errorRate(colors[color]))));
  return chart(timeline, {
    title: 'Errors in percent of the answers: blue and green',
    top: Math.max(1, Math.ceil(worst)),
    valueAt: (at, color) => {
      const known = answers.findLast((one) => one.at <= at);
      return known === undefined ? 0 : errorRate(known.colors[color]);
    },
  });
}

function chart(
  { startedAt = 0, endedAt = 0 }: Timeline,
  { title, top, valueAt }: { title: string; top: number; valueAt: (at: number, color: Color) => number },
): string {
  const seconds = Math.max(1, Math.ceil((endedAt - startedAt) / 1000));
  const times = Array.from(
    { length: POINTS },
    (_, n) => startedAt + ((endedAt - startedAt) * n) / (POINTS - 1),
  );
  const line = (color: Color) =>
    `  line [${times.map((at) => Number(valueAt(at, color).toFixed(2))).join(', ')}]`;
  return [
    '```mermaid',
    `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${COLORS.map((color) => PAINT[color]).join(', ')}"}}}}%%`,
    'xychart-beta',
    `  title "${title}"`,
    `  x-axis "seconds" 0 --> ${seconds}`,
    `  y-axis 0 --> ${top}`,
    ...COLORS.map(line),
    '```',
  ].join('\n');
}

const PAINT: PerColor<string> = { blue: '#0969da', green: '#2da44e' };
