import { formatWeights } from '../release/color.ts';
import { readable } from '../release/image.ts';
import { excerpt } from '../text.ts';
import { factsOf } from './facts.ts';
import { evidence } from './failure.ts';
import { span } from './format.ts';
import type { RunInfo } from './run-info.ts';
import { runTime, type Timeline } from './timeline.ts';
import { verdictOf } from './verdict.ts';

const RULE = '-'.repeat(100);

/** The end of the log: how it ended and, of a failure, why and what to do, on one screen and outside of any group. */
export function endScreen(run: RunInfo, timeline: Timeline): readonly string[] {
  const { title, sentence, kind } = verdictOf(run.operation, timeline);
  const { outcome } = timeline;
  const lines = [RULE, `${title}. ${sentence}`, RULE, ...facts(run, timeline)];
  if (outcome?.error !== undefined) lines.push('', ...failure(timeline));
  else if (kind === 'success' && run.operation !== 'rollback' && outcome?.previousImage)
    lines.push(
      row('way back', `operation: rollback (or the rollback workflow) brings ${outcome.previousImage}`),
    );
  if (outcome?.previewUrl)
    lines.push(row('preview', `${outcome.previewUrl}${outcome.result === 'staged' ? ', see above' : ''}`));
  return [...lines, RULE];
}

function facts({ app, environment, url }: RunInfo, timeline: Timeline): string[] {
  const { before, after, withheld } = factsOf(timeline);
  const weights = timeline.weights.at(-1)?.weights;
  const lines = [row('environment', [`${app} / ${environment}`, url ?? ''].filter(Boolean).join(', '))];
  if (after !== undefined) {
    lines.push(row('live color', change(before?.color, after.color)));
    lines.push(...images(before?.image, after.image));
  }
  if (withheld !== undefined)
    lines.push(row(timeline.outcome?.result === 'staged' ? 'staged' : 'not live', withheld));
  if (weights !== undefined) lines.push(row('traffic', formatWeights(weights)));
  return [...lines, row('duration', span(runTime(timeline)))];
}

function failure({ outcome, steps }: Timeline): string[] {
  const error = outcome?.error;
  if (error === undefined) return [];
  const failed = steps.find((step) => step.ok === false);
  const where = failed === undefined ? '' : ` (${failed.step}, after ${span(failed.ms ?? 0)})`;
  const lines = [row('what failed', `${excerpt(error.message, 1_000)}${where}`)];
  const why = evidence(error);
  if (why.length > 0) lines.push(row('why', ''), ...why.map((line) => `    | ${line}`));
  const cause = error.cause instanceof Error ? error.cause.message : '';
  if (!error.message.includes(cause)) lines.push(row('caused by', excerpt(cause, 1_000)));
  if (error.hint !== undefined) lines.push(row('what to do', excerpt(error.hint, 1_000)));
  return lines;
}

/** `blue -> green`, or that nothing changed. */
function change(before: string | undefined, after: string): string {
  if (before === undefined) return after || 'nothing';
  if (before === after) return `${after || 'nothing'} (as before)`;
  return `${before || 'nothing'} -> ${after || 'nothing'}`;
}

/** Full references are long: each has a line of its own. */
function images(before: string | undefined, after: string): string[] {
  if (before === undefined || before === after)
    return [row('image', change(before && readable(before), readable(after)))];
  return [
    row('image', `from ${readable(before || 'nothing')}`),
    row('', `to   ${readable(after || 'nothing')}`),
  ];
}

const row = (label: string, value: string) => `  ${label.padEnd(12)} ${value}`.trimEnd();
