import type { IncomingWebhookSendArguments } from '@slack/webhook';
import type { SlackOccasion } from '../config/environment.ts';
import { excerpt } from '../text.ts';
import { redact, redactAll } from './redact.ts';
import type { RunInfo } from './run-info.ts';
import { type Intent, occasionOf, slackMessage, startMessage } from './slack-message.ts';
import { escapeSlack } from './slack-text.ts';
import type { Timeline } from './timeline.ts';

export interface SlackOptions {
  readonly webhookUrl: string;
  /** What is told. */
  readonly on: readonly SlackOccasion[];
  /** Slack's own markup, `<!here>`; used when something went wrong. */
  readonly mention?: string;
  /** What must not be told, whatever it stands in. */
  readonly secrets?: readonly string[];
}

/** Slack answers in a fraction of this, or not at all. */
const TIMEOUT_MS = 5_000;

/**
 * Tells Slack how the run ended, if that is one of the occasions.
 * @throws Error that names the cause and never the webhook's address, which is a secret
 */
export async function tellSlack(
  { webhookUrl, on, mention, secrets }: SlackOptions,
  run: RunInfo,
  timeline: Timeline,
  timeout = TIMEOUT_MS,
): Promise<'sent' | 'not-wanted'> {
  const occasion = occasionOf(run, timeline);
  if (occasion === undefined || !on.includes(occasion)) return 'not-wanted';
  return send(webhookUrl, without(secrets, slackMessage(run, timeline, mention)), timeout);
}

/**
 * Tells Slack what a run is going to do, if that is wanted.
 * @throws Error as above
 */
export async function tellSlackOfStart(
  { webhookUrl, on, secrets }: SlackOptions,
  run: RunInfo,
  intent: Intent,
  timeout = TIMEOUT_MS,
): Promise<'sent' | 'not-wanted'> {
  if (!on.includes('start')) return 'not-wanted';
  return send(webhookUrl, without(secrets, startMessage(run, intent)), timeout);
}

/** As they are, and as Slack's markup has them. */
const without = (
  secrets: readonly string[] = [],
  message: IncomingWebhookSendArguments,
): IncomingWebhookSendArguments =>
  redactAll(
    message,
    secrets.flatMap((secret) => [secret, escapeSlack(secret, 10_000)]),
  );

async function send(
  webhookUrl: string,
  message: IncomingWebhookSendArguments,
  timeout: number,
): Promise<'sent'> {
  // Loaded here, so that a run without Slack does not pay for it.
  const { IncomingWebhook } = await import('@slack/webhook');
  try {
    // No second attempt: Slack may have taken the first, and would show it twice.
    await new IncomingWebhook(webhookUrl, { timeout }).send(message);
    return 'sent';
  } catch (error) {
    // No `cause`: the library's errors may hold the address.
    throw new Error(`Slack was not told: ${redact(reason(error, timeout), [webhookUrl])}.`);
  }
}

/** Why it failed, from the kinds of errors of @slack/webhook 8 and of fetch beneath it. */
function reason(error: unknown, timeout: number): string {
  const chain = causes(error);
  for (const one of chain) {
    if ('statusCode' in one) {
      const body = 'body' in one && typeof one.body === 'string' ? excerpt(one.body, 100) : '';
      return `it answered ${one.statusCode}${body === '' ? '' : ` (${body})`}`;
    }
    if (one.name === 'TimeoutError') return `it did not answer within ${timeout / 1_000} s`;
  }
  // Only a code: messages name the address.
  const code = chain
    .map((one) => ('code' in one ? String(one.code) : ''))
    .findLast((text) => /^[A-Z_]+$/.test(text));
  return code === undefined ? 'the request failed' : `the connection failed (${code})`;
}

function causes(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let one = error; one instanceof Error && chain.length < 5; one = one.cause) chain.push(one);
  return chain;
}
