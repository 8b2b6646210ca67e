import type { IncomingWebhookSendArguments } from '@slack/webhook';
import type { SlackOccasion } from '../config/environment.ts';
import type { Event } from '../release/events.ts';
import { rollbackUrl } from './context.ts';
import { factsOf } from './facts.ts';
import { evidence } from './failure.ts';
import { capital, shortImage, span } from './format.ts';
import type { RunInfo } from './run-info.ts';
import { type Button, changesButton, commitSlack, environmentSlack, messageOf } from './slack-blocks.ts';
import { codeBlockSlack, codeSlack, escapeSlack, mentionSlack } from './slack-text.ts';
import { runTime, type Timeline } from './timeline.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Characters of a section's text (docs.slack.dev/reference/block-kit/blocks). */
const SECTION = 3_000;

const STARTED = '#36c5f0';
const ROLLED_BACK = '#ecb22e';
const COLORS: Readonly<Record<Verdict['kind'], string>> = {
  success: '#2eb67d',
  neutral: '#8d8d8d',
  'taken-back': '#e8702a',
  failed: '#e01e5a',
};

/** Which of the occasions in the config a run is; none where nothing happened that others should know. */
export function occasionOf({ operation }: RunInfo, { outcome }: Timeline): SlackOccasion | undefined {
  if (['status', 'setup', 'plan'].includes(operation)) return undefined;
  switch (outcome?.result) {
    case 'deployed':
    case 'staged':
    case 'aborted':
      return 'success';
    case 'rolled-back':
      return 'rollback';
    case 'failed':
    case undefined:
      return 'failure';
    default:
      return undefined;
  }
}

export type Intent = Extract<Event, { type: 'intent' }>;

const DOING: Readonly<Partial<Record<RunInfo['operation'], string>>> = {
  deploy: 'Deploying',
  stage: 'Staging',
  promote: 'Promoting',
  rollback: 'Rolling back',
};

/** The message about a run that begins: what it is going to do. Nobody is called: there is nothing to be done. */
export function startMessage(
  run: RunInfo,
  { from, to, image, previousImage }: Omit<Intent, 'at'>,
): IncomingWebhookSendArguments {
  const doing = DOING[run.operation] ?? capital(run.operation);
  const place = `${run.app} / ${run.environment}`;
  const sentence = `${shortImage(image)} to ${to}, ${shortImage(previousImage) || 'nothing'} is live on ${from}.`;
  return messageOf({
    color: STARTED,
    text: escapeSlack(`${place}: ${doing} ${sentence}`, 500),
    title: `${doing}: ${place}`,
    fields: [
      ['Environment', environmentSlack(run)],
      ['Image', `${codeSlack(shortImage(previousImage)) || 'nothing'} → ${codeSlack(shortImage(image))}`],
      ['Color', `${from} → ${to}`],
      ['Reason', escapeSlack(run.reason, 500)],
      ['Commit', commitSlack(run)],
      ['By', escapeSlack(run.context.actor, 100)],
    ],
    buttons: [openRun(run), changesButton(run, previousImage, image)],
    footer: run.target,
  });
}

/** The message about a run that has ended: what happened, why, and where to look. */
export function slackMessage(
  run: RunInfo,
  timeline: Timeline,
  mention: string | undefined,
): IncomingWebhookSendArguments {
  const verdict = verdictOf(run.operation, timeline);
  const isBad = verdict.kind === 'failed' || verdict.kind === 'taken-back';
  const call = isBad && mention ? `${mentionSlack(mention)} ` : '';
  const place = `${run.app} / ${run.environment}`;
  const isRollback = verdict.kind === 'success' && timeline.outcome?.result === 'rolled-back';
  return messageOf({
    color: isRollback ? ROLLED_BACK : COLORS[verdict.kind],
    text: `${call}${escapeSlack(`${place}: ${verdict.sentence}`, 500)}`,
    title: `${verdict.title}: ${place}`,
    fields: fields(run, timeline, verdict),
    sections: failure(timeline),
    buttons: buttons(run, timeline, verdict),
    footer: run.target,
  });
}

function fields(run: RunInfo, timeline: Timeline, verdict: Verdict): [string, string][] {
  const { before, after } = factsOf(timeline);
  const color =
    before && after && before.color !== after.color ? `${before.color} → ${after.color}` : after?.color;
  return [
    ['Result', verdict.title],
    ['Environment', environmentSlack(run)],
    ['Image', images(timeline, verdict)],
    ['Live color', color ?? 'unknown'],
    ['Duration', span(runTime(timeline))],
    ['Reason', escapeSlack(run.reason, 500)],
    ['Commit', commitSlack(run)],
    ['By', escapeSlack(run.context.actor, 100)],
  ];
}

/** From what to what; of a failure, what is live and what is not. */
function images(timeline: Timeline, { kind }: Verdict): string {
  const { before, after, withheld } = factsOf(timeline);
  const name = (image: string | undefined) => codeSlack(shortImage(image ?? '')) || 'nothing';
  // `watch` brings nothing: it takes back what was live.
  if (kind === 'taken-back') return `${name(withheld ?? before?.image)} → ${name(after?.image)}`;
  if (kind === 'neutral' && withheld !== undefined)
    return `${name(withheld)} waits, ${name(after?.image)} stays`;
  if (withheld !== undefined) return `${name(after?.image)} stays, ${name(withheld)} is not live`;
  if (before === undefined || before.image === after?.image) return name(after?.image);
  return `${name(before.image)} → ${name(after?.image)}`;
}

/** Why, what to do, and the evidence: one section each, as each has its own limit. */
function failure({ outcome }: Timeline): string[] {
  const error = outcome?.error;
  if (error === undefined) return [];
  const hint = error.hint === undefined ? '' : `\n*What to do:* ${escapeSlack(error.hint, 1_000)}`;
  const why = evidence(error, 12);
  const text = [`*What happened:* ${escapeSlack(error.message, 1_500)}${hint}`];
  return why.length === 0 ? text : [...text, codeBlockSlack(why, SECTION)];
}

/** To the run, to the commits between the two releases, and to the button that takes it back. */
function buttons(run: RunInfo, timeline: Timeline, { kind, title }: Verdict): Button[] {
  const { before, after, withheld } = factsOf(timeline);
  const mayRollBack = kind !== 'neutral' && title !== 'Rolled back';
  // Of a rollback: what users had and have no longer.
  const [from, to] = title === 'Rolled back' ? [after, before] : [before, withheld ?? after];
  const image = (one: typeof from | string) => (typeof one === 'string' ? one : one?.image);
  return [
    openRun(run),
    changesButton(run, image(from), image(to)),
    ...(mayRollBack ? [{ text: 'Roll back', url: rollbackUrl(run.context) }] : []),
  ];
}

const openRun = ({ context }: RunInfo): Button => ({ text: 'Open the run', url: context.runUrl });
