import { runInNewContext } from 'node:vm';
import type { BodyExpectation, HttpExpectation, Identity } from '../config/environment.ts';
import { fill, fillPattern, type ReleaseValues } from '../config/template.ts';
import { excerpt, firstLines } from '../text.ts';
import type { Answer } from './http.ts';

export interface Judgement {
  readonly ok: boolean;
  /** What came back, and what was expected if that was something else. One line, no full stop. */
  readonly detail: string;
  /** The beginning of the body that was refused, where it has more to say than `detail` shows. */
  readonly output?: readonly string[];
}

const OUTPUT_LINES = 20;
/** For matching one regular expression against one body. */
const PATTERN_MS = 1000;

/** Judges status and body of an answer. Pure. */
export function judge(answer: Answer, expected: HttpExpectation, values: ReleaseValues): Judgement {
  if (answer.status !== expected.status)
    return refused(answer, `${answer.status}${target(answer)}, expected ${expected.status}`);
  if (expected.body === undefined) return { ok: true, detail: `${answer.status}` };
  const { ok, detail } = judgeBody(answer.body, expected.body, values);
  if (ok) return { ok, detail: `${answer.status}, ${detail}` };
  return refused(answer, `${answer.status}, but ${detail}`);
}

function judgeBody(
  body: string,
  expected: BodyExpectation,
  values: ReleaseValues,
): { ok: boolean; detail: string } {
  if (expected.kind === 'text') {
    const text = fill(expected.text, values);
    const ok = body.includes(text);
    return { ok, detail: `the body ${ok ? 'contains' : 'does not contain'} '${excerpt(text, 100)}'` };
  }
  const pattern = new RegExp(fillPattern(expected.source, values), expected.flags);
  const shown = excerpt(`${pattern}`, 100);
  const ok = matches(pattern, body);
  if (ok === undefined)
    return {
      ok: false,
      detail: `matching ${shown} took longer than ${PATTERN_MS} ms: simplify the expression`,
    };
  return { ok, detail: `the body ${ok ? 'matches' : 'does not match'} ${shown}` };
}

/**
 * Some expressions take years for some bodies, and while they do, nothing else runs: no time-out, no renewal of the
 * lock. Hence in a context that can be stopped. Nothing when it was.
 */
function matches(pattern: RegExp, body: string): boolean | undefined {
  try {
    return runInNewContext('pattern.test(body)', { pattern, body }, { timeout: PATTERN_MS }) as boolean;
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}

function refused(answer: Answer, what: string): Judgement {
  const shown = excerpt(answer.body);
  const body = shown === '' ? 'the body is empty' : `the body is: ${shown}`;
  const part = answer.truncated ? '; only its beginning was read' : '';
  const output = firstLines(answer.body, OUTPUT_LINES);
  return {
    ok: false,
    detail: `${what}; ${body}${part}`,
    ...((output.length > 1 || shown.endsWith('…')) && { output }),
  };
}

/** People expect redirects to be followed: say where this one leads, and that it was not. */
function target({ status, headers }: Answer): string {
  if (status < 300 || status > 399 || headers.location === undefined) return '';
  return ` to ${excerpt(headers.location, 100)} (redirects are not followed)`;
}

export interface IdentityJudgement {
  readonly verdict: 'subject' | 'other' | 'absent';
  /** `x-version: v1`, or `no x-version`. */
  readonly got: string;
  /** `x-version: v2` */
  readonly expected: string;
}

/** Which release gave an answer: the header's value is compared exactly, without the blanks around it. Pure. */
export function judgeIdentity(answer: Answer, identity: Identity, values: ReleaseValues): IdentityJudgement {
  const wanted = fill(identity.value, values).trim();
  const expected = `${identity.header}: ${wanted}`;
  const raw = answer.headers[identity.header.toLowerCase()];
  if (raw === undefined) return { verdict: 'absent', got: `no ${identity.header}`, expected };
  const value = String(raw).trim();
  return {
    verdict: value === wanted ? 'subject' : 'other',
    got: `${identity.header}: ${excerpt(value, 100)}`,
    expected,
  };
}
