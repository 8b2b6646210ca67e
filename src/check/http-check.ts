import type { HttpExpectation, Identity } from '../config/environment.ts';
import { fill, type ReleaseValues } from '../config/template.ts';
import type { Attempt } from './attempts.ts';
import { type IdentityJudgement, judge, judgeIdentity } from './expectation.ts';
import { type Answer, send } from './http.ts';

export interface HttpCheck {
  /** Absolute; may hold `{color}` and `{image-tag}`. */
  readonly url: string;
  readonly expected: HttpExpectation;
  readonly values: ReleaseValues;
  /** What the way in needs, on top of the headers of the test, and stronger than those. */
  readonly wayIn?: Readonly<Record<string, string>>;
  /** The answer must prove that it is of the subject. */
  readonly identity?: Identity;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/** Asks once, and judges the answer. Rejects only when the signal is aborted. */
export async function checkOnce(check: HttpCheck): Promise<Attempt> {
  const { expected, values, identity } = check;
  const url = URL.parse(fill(check.url, values));
  if (url === null) return { ok: false, detail: `${fill(check.url, values)} is not a URL` };
  const own = Object.entries(expected.headers).map(([name, value]) => [name, fill(value, values)]);
  const answer = await send({
    url,
    headers: { ...Object.fromEntries(own), ...check.wayIn },
    timeout: expected.timeout,
    userAgent: check.userAgent,
    signal: check.signal,
  });
  if (answer.kind === 'no-answer') return { ok: false, detail: answer.reason };
  const judgement = judge(answer, expected, values);
  if (identity === undefined) return judgement;
  const proof = judgeIdentity(answer, identity, values);
  if (proof.verdict === 'subject')
    return judgement.ok ? { ok: true, detail: `${judgement.detail}, ${proof.got}` } : judgement;
  // Without the header, a refused 5xx is more likely the load balancer's own word on the idle color: a failure.
  if (proof.verdict === 'absent' && answer.status >= 500 && !judgement.ok) return judgement;
  return elsewhere(answer, proof);
}

/**
 * Load-balancer nodes learn of the preview rule one after the other. Until then they give the request to the live
 * color, and however good that answer is, it says nothing of the release that is to be proven.
 */
function elsewhere(answer: Answer, { verdict, got, expected }: IdentityJudgement): Attempt {
  const rule =
    verdict === 'other'
      ? 'the request went to another release, past the preview rule'
      : 'either the request went past the preview rule, or the release does not send the header here';
  return {
    ok: false,
    elsewhere: true,
    detail: `${answer.status} with ${got}, expected ${expected}: ${rule}`,
  };
}

/** The address for a path below a base URL, whose own path is kept. */
export const below = (base: string, path: string): string => {
  const url = new URL(base);
  const credentials = url.username === '' ? '' : `${url.username}:${url.password}@`;
  return `${url.protocol}//${credentials}${url.host}${url.pathname.replace(/\/+$/, '')}${path}`;
};
