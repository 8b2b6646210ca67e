import type { Operation } from '../release/policy.ts';
import { factsOf } from './facts.ts';
import { shortImage } from './format.ts';
import type { Timeline } from './timeline.ts';

/** How a run ended, in words that log, summary and Slack share. */
export interface Verdict {
  /** `taken-back`: users had the release, and it was taken from them. */
  readonly kind: 'success' | 'neutral' | 'taken-back' | 'failed';
  /** Two words: `Deployed`, `Not deployed`. */
  readonly title: string;
  /** What it means for users. Foreign text may be in it. */
  readonly sentence: string;
}

const FAILED: Readonly<Record<Operation, string>> = {
  deploy: 'Not deployed',
  stage: 'Not staged',
  promote: 'Not promoted',
  abort: 'Not aborted',
  rollback: 'Not rolled back',
  plan: 'Not planned',
  status: 'Failed',
  setup: 'Not set up',
  watch: 'Watch failed',
};

/** Judges a finished run. */
export function verdictOf(operation: Operation, timeline: Timeline): Verdict {
  const { outcome } = timeline;
  const { before, after, withheld } = factsOf(timeline);
  const now =
    after === undefined || after.image === ''
      ? 'Nothing is live.'
      : `${shortImage(after.image)} is live on ${after.color}.`;
  switch (outcome?.result) {
    case undefined:
      return { kind: 'failed', title: FAILED[operation], sentence: 'The run ended before it had a result.' };
    case 'deployed': {
      const isFirst = before?.image === '';
      const kept = isFirst || outcome.previousImage === '' ? undefined : shortImage(outcome.previousImage);
      const rest = isFirst
        ? ' It is the first release here.'
        : kept
          ? ` ${kept} is kept for a rollback.`
          : '';
      return { kind: 'success', title: 'Deployed', sentence: `${now}${rest}` };
    }
    case 'staged':
      return {
        kind: 'neutral',
        title: 'Staged',
        sentence: `${shortImage(withheld ?? '')} waits on ${outcome.idleColor} for promote or abort. ${now}`,
      };
    case 'aborted':
      return { kind: 'neutral', title: 'Aborted', sentence: outcome.summary };
    case 'rolled-back':
      if (outcome.error === undefined)
        return { kind: 'success', title: 'Rolled back', sentence: `${now.slice(0, -1)} again.` };
      return {
        kind: 'taken-back',
        title: 'Taken back',
        sentence: `Users had ${shortImage(withheld ?? before?.image ?? '')}, and it was taken back. ${now}`,
      };
    case 'unchanged':
      return { kind: 'neutral', title: 'Unchanged', sentence: outcome.summary };
    case 'planned':
      return outcome.error === undefined
        ? { kind: 'neutral', title: 'Planned', sentence: outcome.summary }
        : { kind: 'failed', title: 'Would fail', sentence: `A deployment would be refused. ${now}` };
    case '':
      return {
        kind: 'neutral',
        title: operation === 'setup' ? 'Set up' : 'Status',
        sentence: outcome.summary,
      };
    case 'failed':
      return { kind: 'failed', title: FAILED[operation], sentence: failure(timeline, now) };
  }
}

/** What a failure means for users. */
function failure(timeline: Timeline, now: string): string {
  const { after, withheld, reachedUsers } = factsOf(timeline);
  if (after === undefined) return 'What is live could not be read: look at the target, then run status.';
  if (withheld === undefined || reachedUsers) return now;
  if (after.image === '') return `${shortImage(withheld)} never reached users. Nothing is live.`;
  return `${shortImage(withheld)} never reached users; ${shortImage(after.image)} stays live on ${after.color}.`;
}
