import * as z from 'zod/mini';
import type { BodyExpectation } from '../environment.ts';
import { fill, fillPattern } from '../template.ts';
import { about, text, whole } from './fields.ts';

/** Requests, and what must come back. */

/** Stands in where a value must be well-formed before `{color}` and `{image-tag}` are known. */
const SAMPLE = { color: 'blue', imageTag: 'v1' };

/** `//host` and `/\host` would be another host. */
export const path = text(
  /^\/(?![/\\])[^\s\\#\p{Cc}]*$/u,
  'write a path that starts with one `/`, as in `/health`',
);

const URL_FIX = 'write an absolute URL, as in `https://shop.example.com`';
export const url = text(/^[^\s\p{Cc}]{1,2000}$/u, URL_FIX).check(
  z.refine((value) => URL.canParse(fill(value, SAMPLE)) && /^https?:\/\/[^/]/i.test(value), {
    error: URL_FIX,
  }),
  z.refine((value) => !/^https?:\/\/[^/?#]*@/i.test(value), {
    error: 'take the user and password out; use an `Authorization` header',
  }),
);

export const headerName = text(
  /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/,
  'write a header name, as in `x-version`',
);

/** Values may be secrets: they are never shown. */
const headerValue = z
  .string({ error: 'put it in quotes' })
  .check(
    z.refine((value) => !/[^\t\P{Cc}]/u.test(value), { error: 'remove line breaks and control characters' }),
  );

const headers = z.record(headerName, headerValue, {
  error: (issue) => (issue.code === 'invalid_type' ? 'write a map of names and values' : undefined),
});

function patternError(value: string): string | undefined {
  const body = parseBody(value);
  if (body.kind === 'text') return undefined;
  if (/[^ims]/.test(body.flags)) return 'the flags after the last `/` can be `i`, `m` and `s`';
  try {
    new RegExp(fillPattern(body.source, SAMPLE), body.flags);
    return undefined;
  } catch (error) {
    return `correct the regular expression: ${(error as Error).message.replace(/^.*\/[a-z]*: /s, '')}`;
  }
}

/** `/…/flags` is a regular expression, all else is text. */
function parseBody(value: string): BodyExpectation {
  const match = /^\/(.+)\/([a-z]*)$/s.exec(value);
  if (!match) return { kind: 'text', text: value };
  return { kind: 'pattern', source: match[1]!, flags: match[2]! };
}

const BODY_FIX = 'write the text that must be in the body, or a `/regular expression/`';
const body = z.pipe(
  z.string({ error: `put it in quotes; ${BODY_FIX}` }).check(
    z.minLength(1, { error: BODY_FIX }),
    z.check((context) => {
      const message = patternError(context.value);
      if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
    }),
  ),
  z.transform(parseBody),
);

/** Shared by everything that asks an address. `retries` and `timeout` have defaults of their own in each place. */
export const expectation = {
  status: z.optional(
    whole(100, 599).check(
      about({ is: 'Status that must come back; redirects are not followed', absent: '`200`' }),
    ),
  ),
  body: z.optional(
    body.check(
      about({
        is: 'What the body must contain: text, or a `/regular expression/` with the flags `i`, `m`, `s`',
        words: 'text',
        absent: 'any body',
        examples: ['"ok":true', '/"status": *"(ok|up)"/i'],
      }),
    ),
  ),
  headers: z.optional(
    headers.check(
      about({
        is: 'Request headers',
        absent: 'none',
        words: 'map of text',
        examples: [{ Accept: 'application/json' }],
      }),
    ),
  ),
};
