import type { IncomingWebhookSendArguments } from '@slack/webhook';
import { tagOf } from '../release/image.ts';
import { plain } from '../text.ts';
import { version } from '../version.ts';
import { commitUrl, compareUrl } from './context.ts';
import { address } from './format.ts';
import type { RunInfo } from './run-info.ts';
import { codeSlack, escapeSlack, linkSlack } from './slack-text.ts';

/**
 * Slack's limits (docs.slack.dev/reference/block-kit): characters of a header's text and of a button's, of a button's
 * address, fields in a section. A field may have 2000 characters; each of ours has its own, smaller bound.
 */
const HEADER = 150;
const BUTTON = 75;
const URL_LENGTH = 3_000;

export interface Parts {
  readonly color: string;
  /** What notifications show, in Slack's markup. Mentions call people only from here. */
  readonly text: string;
  /** Foreign text. */
  readonly title: string;
  readonly fields: readonly (readonly [label: string, value: string])[];
  /** Each in Slack's markup, within a section's limit. */
  readonly sections?: readonly string[];
  readonly buttons: readonly Button[];
  /** Foreign text: where it happened, beside which version of this action says so. */
  readonly footer: string;
}

export interface Button {
  readonly text: string;
  /** Empty for no button. */
  readonly url: string;
}

/** One message: one colour bar, with all that there is to say beside it. */
export function messageOf(parts: Parts): IncomingWebhookSendArguments {
  const { color, text, title, fields, sections = [], buttons, footer } = parts;
  const filled = fields.filter(([, value]) => value !== '');
  return {
    text,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    attachments: [
      {
        color,
        blocks: [
          { type: 'header', text: { type: 'plain_text', text: cut(title, HEADER), emoji: false } },
          { type: 'section', fields: filled.map(([label, value]) => mrkdwn(`*${label}*\n${value}`)) },
          ...sections.map((section) => ({ type: 'section' as const, text: mrkdwn(section) })),
          ...actions(buttons),
          {
            type: 'context',
            elements: [mrkdwn(escapeSlack(`Blue/Green Deploy ${version}, ${footer}`, 500))],
          },
        ],
      },
    ],
  };
}

/**
 * Buttons that lead somewhere. An app without a server gets a small warning beside one that was pressed, which is shown
 * to that person alone, and the page opens all the same (slack-github-action#513; docs/slack.md says what helps).
 */
function actions(buttons: readonly Button[]) {
  const elements = buttons
    .map(({ text, url }) => ({ text, url: url === '' ? '' : address(url) }))
    .filter(({ url }) => url !== '' && url !== '#' && url.length <= URL_LENGTH)
    .map(({ text, url }, index) => ({
      type: 'button' as const,
      action_id: `open-${index}`,
      text: { type: 'plain_text' as const, text: cut(text, BUTTON), emoji: false },
      url,
    }));
  return elements.length === 0 ? [] : [{ type: 'actions' as const, elements }];
}

/** `verbatim`: Slack finds no channels, people and addresses in it by itself. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text, verbatim: true });

/** Nothing is escaped in plain text, so that it can be cut anywhere. */
function cut(text: string, limit: number): string {
  const line = plain(text);
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`;
}

/** The environment, as a link where users can open it. */
export const environmentSlack = ({ url, environment }: RunInfo): string =>
  url === undefined || url.length > 1_000 ? codeSlack(environment) : linkSlack(url, environment);

export const commitSlack = ({ context }: RunInfo): string =>
  context.sha === '' ? '' : linkSlack(commitUrl(context), context.sha.slice(0, 7));

/** What is between two images, where both are tagged with their commits. */
export const changesButton = (
  { context }: RunInfo,
  from: string | undefined,
  to: string | undefined,
): Button => ({
  text: 'Changes',
  url: from && to ? compareUrl(context, tagOf(from), tagOf(to)) : '',
});
