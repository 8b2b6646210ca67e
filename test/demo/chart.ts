export interface Point {
  /** Seconds since the start. */
  readonly t: number;
  readonly blue: number;
  readonly green: number;
  readonly failed: number;
}

export interface Mark {
  readonly t: number;
  readonly label: string;
}

const WIDTH = 1000;
const HEIGHT = 360;
const FRAME = { left: 56, right: 16, top: 76, bottom: 40 };

/** Requests per second by color, stacked, with a line at each switch: an SVG picture. */
export function drawTraffic(points: readonly Point[], marks: readonly Mark[]): string {
  const end = Math.max(...points.map(({ t }) => t), 1);
  const top = Math.max(...points.map(({ blue, green, failed }) => blue + green + failed), 1) * 1.1;
  const x = (t: number) => FRAME.left + (t / end) * (WIDTH - FRAME.left - FRAME.right);
  const y = (rate: number) => HEIGHT - FRAME.bottom - (rate / top) * (HEIGHT - FRAME.top - FRAME.bottom);
  const area = (low: (p: Point) => number, high: (p: Point) => number, fill: string) =>
    `<path fill="${fill}" d="M${[
      ...points.map((point) => `${x(point.t).toFixed(1)},${y(high(point)).toFixed(1)}`),
      ...points.toReversed().map((point) => `${x(point.t).toFixed(1)},${y(low(point)).toFixed(1)}`),
    ].join('L')}Z"/>`;
  const grid = ticks(top, 4).map(
    (rate) =>
      `<line x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${y(rate)}" y2="${y(rate)}" stroke="#d0d7de"/>` +
      `<text x="${FRAME.left - 8}" y="${y(rate) + 4}" text-anchor="end">${rate}</text>`,
  );
  const times = ticks(end, 10).map(
    (t) => `<text x="${x(t)}" y="${HEIGHT - FRAME.bottom + 18}" text-anchor="middle">${t} s</text>`,
  );
  const lines = marks.map(
    ({ t, label }, index) =>
      `<line x1="${x(t)}" x2="${x(t)}" y1="${FRAME.top - 8}" y2="${HEIGHT - FRAME.bottom}" stroke="#1f2328" stroke-dasharray="4 3"/>` +
      `<text x="${x(t)}" y="${FRAME.top - 12 - (index % 2) * 16}" text-anchor="${x(t) > WIDTH * 0.8 ? 'end' : 'start'}">${escapeXml(label)}</text>`,
  );
  const legend = [
    ['#0969da', 'blue'],
    ['#2da44e', 'green'],
    ['#cf222e', 'failed'],
  ].map(
    ([fill, name], index) =>
      `<rect x="${FRAME.left + index * 80}" y="8" width="12" height="12" fill="${fill}"/>` +
      `<text x="${FRAME.left + 18 + index * 80}" y="18">${name}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" fill="#1f2328">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...grid,
    ...times,
    area(
      () => 0,
      ({ blue }) => blue,
      '#0969da',
    ),
    area(
      ({ blue }) => blue,
      ({ blue, green }) => blue + green,
      '#2da44e',
    ),
    area(
      ({ blue, green }) => blue + green,
      ({ blue, green, failed }) => blue + green + failed,
      '#cf222e',
    ),
    ...lines,
    ...legend,
    `<text x="${WIDTH - FRAME.right}" y="18" text-anchor="end">requests per second</text>`,
    '</svg>',
  ].join('\n');
}

/** Round values from 0 to `end`, about `count` of them. */
function ticks(end: number, count: number): number[] {
  const rough = end / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? power;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => Number((index * step).toFixed(3)));
}

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
