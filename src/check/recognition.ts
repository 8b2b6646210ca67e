import type { Identity } from '../config/environment.ts';
import { fill } from '../config/template.ts';
import type { CheckResult } from '../release/events.ts';
import type { Preview } from '../target/target.ts';
import { excerpt } from '../text.ts';
import { type Attempt, type AttemptsContext, attempt } from './attempts.ts';
import type { CheckSubject } from './check.ts';
import { judgeIdentity } from './expectation.ts';
import { type Answer, send } from './http.ts';
import { below } from './http-check.ts';

export interface RecognitionContext extends AttemptsContext {
  readonly userAgent: string;
  /** How long after `preview.since` requests may still go past it, in ms. */
  readonly propagation: number;
  /** For each request, in ms. */
  readonly timeout?: number;
}

const RETRIES = 5;
/** How long answers of another release are put up with at least, in ms: a new rule may come late to a busy node. */
const PATIENCE_MS = 10_000;
const TIMEOUT_MS = 5000;

/**
 * Whether the release answers through the preview as `identity` says. One answer that does is enough: then header and
 * value are right, and what they will prove after the shift can be proven. Rejects only when the signal is aborted.
 */
export async function recognizeOnce(
  identity: Identity,
  preview: Preview,
  subject: CheckSubject,
  context: RecognitionContext,
): Promise<CheckResult> {
  const { clock, signal, userAgent, propagation, timeout = TIMEOUT_MS } = context;
  const path = fill(identity.path, subject);
  return attempt(
    {
      name: `GET ${path} for ${identity.header}`,
      retries: RETRIES,
      // Until every node knows the preview rule, another release may answer: that says nothing of this one.
      patience: Math.max(PATIENCE_MS, preview.since + propagation - clock.now()),
      once: async () => {
        const url = new URL(below(preview.url, path));
        const answer = await send({ url, headers: preview.headers, timeout, userAgent, signal });
        if (answer.kind === 'no-answer') return { ok: false, detail: answer.reason };
        return judged(answer, identity, subject);
      },
    },
    context,
  );
}

function judged(answer: Answer, identity: Identity, subject: CheckSubject): Attempt {
  const { verdict, got, expected } = judgeIdentity(answer, identity, subject);
  if (verdict === 'subject') return { ok: true, detail: `${answer.status}, ${got}` };
  const detail = `${answer.status} with ${got}, expected ${expected}${meant(answer, identity, subject)}`;
  // Without the header, a 5xx is more likely the proxy's own word.
  const elsewhere = verdict === 'other' || answer.status < 500;
  return { ok: false, detail, elsewhere };
}

/** Where another header has the value, that one may be meant. */
function meant({ headers }: Answer, identity: Identity, subject: CheckSubject): string {
  const wanted = fill(identity.value, subject).trim();
  const [name] =
    Object.entries(headers).find(
      ([header, value]) =>
        header !== identity.header.toLowerCase() && [value].flat().some((one) => one?.trim() === wanted),
    ) ?? [];
  return name === undefined ? '' : `; it is in ${excerpt(name, 100)}`;
}
