import { formatWeights } from '../release/color.ts';
import { version } from '../version.ts';
import { commitUrl, rollbackUrl } from './context.ts';
import { factsOf } from './facts.ts';
import { evidence } from './failure.ts';
import { capital, span } from './format.ts';
import { gantt } from './gantt.ts';
import { code, fence, inline, link, table } from './markdown.ts';
import { planSection } from './plan.ts';
import type { RunInfo } from './run-info.ts';
import { checksTable } from './summary-checks.ts';
import { trafficOf } from './summary-traffic.ts';
import { runTime, type Timeline } from './timeline.ts';
import { verdictOf } from './verdict.ts';

/** A run has a dozen steps; more rows than this help nobody. */
const MOST_ROWS = 60;

/** The job summary, in GitHub's Markdown. Its parts are bounded, so that it stays far below GitHub's 1 MiB. */
export function summaryOf(run: RunInfo, timeline: Timeline): string {
  // A schedule writes it every few minutes: nobody reads more, where nothing was done.
  if (run.operation === 'watch' && timeline.outcome?.result === 'unchanged')
    return `${[heading(run, timeline), warnings(timeline)].filter((part) => part !== '').join('\n\n')}\n`;
  return `${[
    heading(run, timeline),
    timeline.plan === undefined ? failure(timeline) : planSection(timeline.plan),
    changes(run, timeline),
    wayOn(run, timeline),
    steps(timeline),
    trafficOf(timeline),
    checksTable(timeline.checks),
    warnings(timeline),
    `<sub>Blue/Green Deploy ${version}</sub>`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function heading({ app, environment, operation }: RunInfo, timeline: Timeline): string {
  const { title, sentence } = verdictOf(operation, timeline);
  return `## ${title}: ${inline(app)} / ${inline(environment)}\n\n**${inline(sentence)}**`;
}

function failure({ outcome, steps: all }: Timeline): string {
  const error = outcome?.error;
  if (error === undefined) return '';
  const failed = all.find((step) => step.ok === false);
  const where = failed === undefined ? '' : ` in step **${failed.step}**, after ${span(failed.ms ?? 0)}`;
  const parts = [`### What happened\n\n${code(error.message, 1_000)}${where} (${code(error.code)})`];
  const why = evidence(error);
  if (why.length > 0) parts.push(fence(why));
  if (error.hint !== undefined) parts.push(`**What to do:** ${inline(error.hint, 1_000)}`);
  return parts.join('\n\n');
}

function changes(run: RunInfo, timeline: Timeline): string {
  const { before, after, withheld } = factsOf(timeline);
  const { context, reason, url, operation, environment, force, target } = run;
  const last = timeline.weights.at(-1)?.weights;
  const rows: [string, string][] = [
    ['Environment', url === undefined ? code(environment) : `${code(environment)}, ${link(code(url), url)}`],
    ['Operation', `${code(operation)}${force ? ', with <code>force</code>' : ''}`],
    ['Live color', after === undefined ? 'unknown' : change(before?.color, after.color)],
    ['Live image', after === undefined ? 'unknown' : change(before?.image, after.image)],
    ['Release', after === undefined ? 'unknown' : change(before?.release, after.release)],
    [timeline.outcome?.result === 'staged' ? 'Staged' : 'Not live', code(withheld ?? '')],
    ['Traffic', last === undefined ? '' : formatWeights(last)],
    ['Reason', code(reason)],
    ['By', code(context.actor)],
    ['Commit', context.sha === '' ? '' : link(code(context.sha.slice(0, 7)), commitUrl(context))],
    ['Run', context.runUrl === '' ? '' : link(inline(context.workflow) || 'run', context.runUrl)],
    ['Target', code(target)],
    ['Duration', span(runTime(timeline))],
  ];
  return table(
    ['', ''],
    rows.filter(([, value]) => value !== '').map(([label, value]) => [`**${label}**`, value]),
  );
}

function change(before: string | undefined, after: string): string {
  const shown = (text: string) => (text === '' ? 'nothing' : code(text));
  if (before === undefined) return shown(after);
  return before === after ? `${shown(after)} (as before)` : `${shown(before)} → ${shown(after)}`;
}

/** What one can do next: where it is told depends on how the run ended. */
function wayOn({ context, operation, environment }: RunInfo, { outcome, preview }: Timeline): string {
  const rollback =
    rollbackUrl(context) === '' ? 'rollback workflow' : link('rollback workflow', rollbackUrl(context));
  switch (outcome?.result) {
    case 'deployed':
      if (outcome.previousImage === '')
        return '### Way back\n\nNothing was live here before: there is no release to go back to.';
      return `### Way back\n\nStart the ${rollback} for ${code(environment)} (or run \`operation: rollback\`): it brings back ${code(outcome.previousImage)}, release ${code(outcome.previousRelease)}, with the configuration that it had.`;
    case 'staged': {
      const headers = Object.entries(preview?.headers ?? {}).map(
        ([name, value]) => ` -H '${name}: ${value}'`,
      );
      const look = preview === undefined ? '' : `\n\n${fence([`curl${headers.join('')} ${preview.url}`])}`;
      return `### Way on\n\nRun \`operation: promote\` to give it to the users, or \`operation: abort\` to drop it.${look}`;
    }
    case 'rolled-back':
      if (outcome.error !== undefined || operation !== 'rollback') return '';
      return '### Way on\n\nDeploy a release that is mended. The one that was rolled back from is marked, and not gone back to without `force`.';
    default:
      return '';
  }
}

function steps({ steps: all, endedAt }: Timeline): string {
  if (all.length === 0) return '';
  const shown = all.slice(0, MOST_ROWS);
  const rows = shown.map(({ step, title, ok, detail, ms }) => [
    capital(step),
    inline(title),
    ok === undefined ? 'cut off' : ok ? 'done' : '**failed**',
    inline(detail ?? ''),
    ms === undefined ? '' : span(ms),
  ]);
  const list = `<details><summary>Steps</summary>\n\n${table(['Step', 'What', 'Result', 'Detail', 'Time'], rows)}\n\n</details>`;
  return `### Timeline\n\n${gantt(shown, endedAt ?? 0)}\n\n${list}`;
}

function warnings({ notes }: Timeline): string {
  const lines = notes.filter((note) => note.kind === 'warning').slice(0, MOST_ROWS);
  if (lines.length === 0) return '';
  return `### Warnings\n\n${lines.map(({ message }) => `- ${inline(message)}`).join('\n')}`;
}
