import type { IncomingWebhookSendArguments } from '@slack/webhook';
import type { SlackOccasion } from '../config/environment.ts';
import { plain } from '../text.ts';
import { commitUrl, rollbackUrl } from './context.ts';
import { factsOf } from './facts.ts';
import { evidence } from './failure.ts';
import { shortImage, span } from './format.ts';
import type { RunInfo } from './run-info.ts';
import { codeBlockSlack, codeSlack, escapeSlack, linkSlack, mentionSlack } from './slack-text.ts';
import { runTime, type Timeline } from './timeline.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/**
 * Slack's limits for the text of a header and of a section (docs.slack.dev/reference/block-kit/blocks). A field may have
 * 2000 characters; each of ours has its own, smaller bound.
 */
const HEADER = 150;
const SECTION = 3_000;

const COLORS: Readonly<Record<Verdict['kind'], string>> = {
  success: '#2eb67d',
  neutral: '#36c5f0',
  'taken-back': '#e01e5a',
  failed: '#e01e5a',
};
const ROLLED_BACK = '#ecb22e';

/** Which of the occasions in the config a run is; none where nothing happened that others should know. */
export function occasionOf({ operation }: RunInfo, { outcome }: Timeline): SlackOccasion | undefined {
  if (operation === 'status' || operation === 'setup') return undefined;
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

/** The message about a run that has ended: one colour bar, what happened, and where to look. */
export function slackMessage(
  run: RunInfo,
  timeline: Timeline,
  mention: string | undefined,
): IncomingWebhookSendArguments {
  const verdict = verdictOf(run.operation, timeline);
  const isBad = verdict.kind === 'failed' || verdict.kind === 'taken-back';
  const call = isBad && mention ? `${mentionSlack(mention)} ` : '';
  const place = `${run.app} / ${run.environment}`;
  const color =
    verdict.kind === 'success' && timeline.outcome?.result === 'rolled-back'
      ? ROLLED_BACK
      : COLORS[verdict.kind];
  return {
    // What notifications show. Mentions call people only from here.
    text: `${call}${escapeSlack(`${place}: ${verdict.sentence}`, 500)}`,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    attachments: [
      {
        color,
        blocks: [
          {
            type: 'header',
            text: {
              type: 'plain_text',
              text: header(`${verdict.title}: ${place}`),
              emoji: false,
            },
          },
          { type: 'section', fields: fields(run, timeline, verdict).map(mrkdwn) },
          ...failure(timeline).map((text) => ({ type: 'section' as const, text: mrkdwn(text) })),
          ...links(run, verdict).map((text) => ({ type: 'section' as const, text: mrkdwn(text) })),
        ],
      },
    ],
  };
}

/** `verbatim`: Slack finds no channels, people and addresses in it by itself. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text, verbatim: true });

function fields(run: RunInfo, timeline: Timeline, verdict: Verdict): string[] {
  const { before, after } = factsOf(timeline);
  const { context } = run;
  const commit = context.sha === '' ? '' : linkSlack(commitUrl(context), context.sha.slice(0, 7));
  const environment =
    run.url === undefined || run.url.length > 1_000
      ? codeSlack(run.environment)
      : linkSlack(run.url, run.environment);
  const color =
    before && after && before.color !== after.color ? `${before.color} → ${after.color}` : after?.color;
  const all: [string, string][] = [
    ['Result', verdict.title],
    ['Environment', environment],
    ['Image', images(timeline, verdict)],
    ['Live color', color ?? 'unknown'],
    ['Duration', span(runTime(timeline))],
    ['Reason', escapeSlack(run.reason, 500)],
    ['Commit', commit],
    ['By', escapeSlack(context.actor, 100)],
  ];
  return all.filter(([, value]) => value !== '').map(([label, value]) => `*${label}*\n${value}`);
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

/** Links, not buttons: Slack warns of a button in an app that has no server to tell (slack-github-action#513). */
function links({ context }: RunInfo, { kind, title }: Verdict): string[] {
  const all: string[] = [];
  if (context.runUrl !== '') all.push(linkSlack(context.runUrl, 'Open the run'));
  const mayRollBack = kind !== 'neutral' && title !== 'Rolled back';
  if (mayRollBack && rollbackUrl(context) !== '') all.push(linkSlack(rollbackUrl(context), 'Roll back'));
  return all.length === 0 ? [] : [all.join('   ·   ')];
}

/** Nothing is escaped in plain text, so that it can be cut anywhere. */
function header(text: string): string {
  const line = plain(text);
  return line.length <= HEADER ? line : `${line.slice(0, HEADER - 1).toWellFormed()}…`;
}
