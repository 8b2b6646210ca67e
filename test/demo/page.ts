import { marked } from 'marked';
import type { ActionRun } from '../e2e/runner.ts';
import { escapeXml } from './chart.ts';
import { drawXychart } from './xychart.ts';

/** The job summaries as GitHub shows them, beneath the picture of the traffic. */
export async function renderPage(
  picture: string,
  runs: readonly { title: string; run: ActionRun }[],
): Promise<string> {
  const sections = await Promise.all(
    runs.map(async ({ title, run }) => {
      // GitHub draws Mermaid itself; a page that must work without a network draws the same on its own.
      const summary = run.summary.replace(/```mermaid\n([\s\S]*?)```/g, (_, mermaid: string) =>
        mermaid.includes('xychart') ? drawXychart(mermaid) : drawSteps(run),
      );
      return `<h1>${escapeXml(title)}</h1>\n${await marked.parse(summary)}`;
    }),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Blue/Green Deploy: demo</title><style>
body { font: 15px/1.5 -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; color: #1f2328; max-width: 1012px; margin: 32px auto; padding: 0 16px }
table { border-collapse: collapse } td, th { border: 1px solid #d0d7de; padding: 6px 13px; text-align: left }
pre, code { background: #f6f8fa; border-radius: 6px; font-size: 85% } pre { padding: 16px; overflow: auto } svg { max-width: 100%; height: auto }
h1 { border-bottom: 1px solid #d0d7de; margin-top: 48px }
</style></head><body>
${picture}
${sections.join('\n')}
</body></html>
`;
}

interface Step {
  readonly title: string;
  readonly startedAt: string;
  readonly ms: number;
  readonly ok: boolean;
}

/** The steps of the JSON report as bars on a common time line. */
function drawSteps({ report }: ActionRun): string {
  const steps: Step[] = report?.steps ?? [];
  if (steps.length === 0) return '';
  const start = Math.min(...steps.map(({ startedAt }) => Date.parse(startedAt)));
  const end = Math.max(...steps.map(({ startedAt, ms }) => Date.parse(startedAt) + ms), start + 1);
  const x = (time: number) => 300 + (690 * (time - start)) / (end - start);
  const rows = steps.map(({ title, startedAt, ms, ok }, index) => {
    const from = x(Date.parse(startedAt));
    const width = Math.max(2, x(Date.parse(startedAt) + ms) - from);
    const y = 8 + index * 24;
    return (
      `<text x="290" y="${y + 14}" text-anchor="end">${escapeXml(title.length > 44 ? `${title.slice(0, 43)}…` : title)}</text>` +
      `<rect x="${from.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="18" rx="3" fill="${ok ? '#54aeff' : '#cf222e'}"/>`
    );
  });
  const height = steps.length * 24 + 16;
  // One line: a blank one would end the HTML block for a Markdown parser.
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 ${height}" width="1000" height="${height}" font-family="sans-serif" font-size="13">${rows.join('')}</svg>\n`;
}
