import { COLORS } from '../release/color.ts';
import { errorRate, percent } from '../release/watch/answers.ts';
import { errorChart, shareChart } from './charts.ts';
import { elapsed, span } from './format.ts';
import { code, table } from './markdown.ts';
import type { Timeline } from './timeline.ts';

const MOST_ROWS = 60;

/** How the traffic moved, what users were answered meanwhile, and what became of our own requests. */
export function trafficOf(timeline: Timeline): string {
  const parts = [...moves(timeline), ...answered(timeline), ...own(timeline)];
  return parts.length === 0 ? '' : ['### Traffic', ...parts].join('\n\n');
}

function moves(timeline: Timeline): string[] {
  const { weights, startedAt = 0 } = timeline;
  if (weights.length < 2) return []; // The traffic never moved, as the summary's first table says already.
  const rows = weights
    .slice(0, MOST_ROWS)
    .map(({ at, weights: { blue, green } }) => [elapsed(at - startedAt), `${blue} %`, `${green} %`]);
  return [shareChart(timeline), table(['After', 'blue', 'green'], rows)];
}

function answered(timeline: Timeline): string[] {
  const last = timeline.answers.at(-1);
  if (last === undefined) return [];
  const rows = COLORS.map((color) => {
    const { requests, errors, latencyMs } = last.colors[color];
    const rate = requests === 0 ? '' : percent(errorRate(last.colors[color]));
    const latency = latencyMs === undefined ? '' : `${Math.round(latencyMs)} ms`;
    return [color, String(requests), String(errors), rate, latency];
  });
  return [
    errorChart(timeline),
    table(['Color', 'Answers', 'Errors', 'Share', `Latency (${last.latency})`], rows),
  ];
}

function own({ ownTraffic }: Timeline): string[] {
  return ownTraffic.map(
    ({ sent, failed, worstMs, lastFailure }) =>
      `Requests of our own while the traffic moved: ${sent} sent, ${failed} failed, the slowest took ${span(worstMs)}.${lastFailure === '' ? '' : ` The last that failed: ${code(lastFailure, 300)}`}`,
  );
}
