import { escapeXml } from './chart.ts';

const WIDTH = 1000;
const HEIGHT = 220;
const FRAME = { left: 48, right: 16, top: 32, bottom: 32 };

/** Draws a Mermaid xychart of lines as SVG: GitHub does so by itself, a page without a network has to. */
export function drawXychart(mermaid: string): string {
  const text = (pattern: RegExp) => pattern.exec(mermaid)?.[1] ?? '';
  const seconds = Number(text(/x-axis .* --> (\d+)/));
  const top = Number(text(/y-axis .* --> (\d+)/));
  const paint = text(/"plotColorPalette": "([^"]*)"/).split(', ');
  const lines = [...mermaid.matchAll(/line \[(.*)\]/g)].map(([, list]) => list!.split(', ').map(Number));
  const y = (value: number) => HEIGHT - FRAME.bottom - (value / top) * (HEIGHT - FRAME.top - FRAME.bottom);
  const drawn = lines.map((values, index) => {
    const x = (n: number) => FRAME.left + (n / (values.length - 1)) * (WIDTH - FRAME.left - FRAME.right);
    const points = values.map((value, n) => `${x(n).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    return `<polyline fill="none" stroke-width="3" stroke="${escapeXml(paint[index] ?? '#1f2328')}" points="${points}"/>`;
  });
  const labels =
    `<text x="${FRAME.left}" y="20">${escapeXml(text(/title "(.*)"/))}</text>` +
    `<text x="${FRAME.left - 8}" y="${y(top) + 4}" text-anchor="end">${top}</text>` +
    `<text x="${FRAME.left - 8}" y="${y(0) + 4}" text-anchor="end">0</text>` +
    `<text x="${WIDTH - FRAME.right}" y="${HEIGHT - 10}" text-anchor="end">${seconds} s</text>`;
  // One line: a blank one would end the HTML block for a Markdown parser.
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="13">${drawn.join('')}${labels}</svg>\n`;
}
