import * as z from 'zod/mini';
import { DURATION, formatDuration, parseDuration } from '../duration.ts';

/**
 * The kinds of value that keys have. Each says what to write instead of what was written: the end of a sentence which
 * problems.ts begins with the path and the value.
 */

/** What the documentation tells of a key; all of it also ends up in the JSON Schema. */
export interface About {
  /** One line, no full stop: the README's table and the editor's hover text. */
  readonly is: string;
  /** Its type in words, where the schema does not show it. */
  readonly words?: string;
  /** What holds where the key is absent, where that is not a fixed value. */
  readonly absent?: string;
  readonly examples?: readonly unknown[];
}

/** Describes a key. */
export const about = ({ is, ...meta }: About) => z.meta({ description: is, ...meta } as z.core.GlobalMeta);

/** YAML makes a number of `1.10` and a boolean of `true`: where text is wanted, quotes are missing. */
const textOr = (fix: string) => (issue: { readonly input?: unknown }) =>
  ['number', 'boolean'].includes(typeof issue.input) ? `put it in quotes; ${fix}` : fix;

/** Text that matches. `fix` as in `write a name`. */
export const text = (pattern: RegExp, fix: string) =>
  z.string({ error: textOr(fix) }).check(z.regex(pattern, { error: fix }));

/** Any text on one line. */
export const line = (fix: string) => text(/^[^\p{Cc}]{1,2000}$/u, `${fix}, on one line`);

const DURATION_FIX = 'write a whole number and a unit: `500ms`, `30s`, `5m` or `1h`';
/** Timers hold no more than 24 days, and GitHub ends a job after five. */
const LONGEST = 24 * 3_600_000;

/** Milliseconds from `30s`, at least `min` of them. */
export const duration = (min = 0) =>
  z.pipe(
    z
      .string({
        error: ({ input }) => (typeof input === 'number' ? `add a unit, as in \`${input}s\`` : DURATION_FIX),
      })
      .check(
        z.regex(DURATION, { error: DURATION_FIX }),
        z.refine((value) => (parseDuration(value) ?? min) >= min, {
          error: `write at least \`${formatDuration(min)}\``,
        }),
        z.refine((value) => (parseDuration(value) ?? 0) <= LONGEST, { error: 'write at most `24h`' }),
        z.meta({ words: 'duration' } as z.core.GlobalMeta),
      ),
    z.transform((value) => parseDuration(value) ?? 0),
  );

export const whole = (min: number, max: number) => {
  const error = `write a whole number from ${min} to ${max}, without quotes`;
  return z.int({ error }).check(z.minimum(min, { error }), z.maximum(max, { error }));
};

/** A share, in percent, from `1%` or `0.5%`. `fix` as in `write a share`. */
export const percent = (fix: string) =>
  z.pipe(
    z.string({ error: fix }).check(
      z.regex(/^\d{1,3}(?:\.\d{1,3})?%$/, { error: fix }),
      z.refine((value) => Number.parseFloat(value) <= 100, { error: fix }),
      z.meta({ words: 'percentage' } as z.core.GlobalMeta),
    ),
    z.transform((value) => Number.parseFloat(value)),
  );

export const oneOf = <const T extends string>(values: readonly T[]) =>
  z.enum(values, { error: `write ${values.map((value) => `\`${value}\``).join(' or ')}` });

/** A map with fixed keys. Unknown ones are reported by problems.ts, which knows what to suggest. */
export const section = <T extends z.core.$ZodLooseShape>(shape: T, fix = 'write a map of keys') =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'invalid_type' ? fix : undefined),
  });

/** For checks of several keys: run them although one key is wrong, so that everything is told at once. */
export const always = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null,
};

/** A list with at least `min` items. */
export const list = <T extends z.core.SomeType>(item: T, min = 0) =>
  z.array(item, { error: 'write a list' }).check(z.minLength(min, { error: 'write at least one item' }));

/** A value for each color; the two must differ. */
export const perColor = (value: z.ZodMiniType<string, string>, what: string) =>
  section({ blue: value, green: value }).check(
    z.refine(({ blue, green }) => blue !== green, {
      path: ['green'],
      error: `each color needs its own ${what}`,
    }),
  );
