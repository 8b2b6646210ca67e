import * as z from 'zod/mini';
import { splitCommand } from '../command.ts';
import type { SmokeTest } from '../environment.ts';
import { enumerate } from '../show.ts';
import { about, always, duration, list, section, whole } from './fields.ts';
import { expectation, path, url } from './http.ts';

const RUN_FIX = 'write a command, or a list of the program and its arguments';

/** A string is split here, so that what a shell would have to do is refused before anything is deployed. */
const run = z.union([z.string(), z.array(z.string())], { error: RUN_FIX }).check(
  z.check(({ value, issues }) => {
    const message = typeof value === 'string' ? splitError(value) : argumentsError(value);
    if (message !== undefined) issues.push({ code: 'custom', input: value, message });
  }),
);

function splitError(command: string): string | undefined {
  try {
    splitCommand(command);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const argumentsError = (args: readonly string[]) =>
  !args[0] || args.some((arg) => arg.includes('\0')) ? RUN_FIX : undefined;

const KINDS = ['path', 'url', 'run'] as const;
/** Keys which mean nothing for a command. */
const HTTP_ONLY = ['status', 'body', 'headers'] as const;

const test = section({
  path: z.optional(
    path.check(
      about({
        is: 'A request through the preview',
        absent: 'one of `path`, `url` and `run`',
        examples: ['/health'],
      }),
    ),
  ),
  url: z.optional(
    url.check(
      about({
        is: 'A request to an address that leads to the idle color',
        absent: 'one of the three',
        examples: ['https://{color}.shop.example.com/health'],
      }),
    ),
  ),
  run: z.optional(
    run.check(
      about({
        is: 'A command in the workspace, run without a shell; it is told `BLUE_GREEN_URL`, `_COLOR`, `_IMAGE`, `_ENVIRONMENT`, `_HEADER` and `_HEADER_VALUE`',
        words: 'command or list of arguments',
        absent: 'one of the three',
        examples: ['npm run test:smoke'],
      }),
    ),
  ),
  ...expectation,
  timeout: z.optional(
    duration(100).check(about({ is: 'How long one attempt may take', absent: '`5s`, with `run` `5m`' })),
  ),
  retries: z.optional(
    whole(0, 100).check(about({ is: 'Further attempts, a second apart', absent: '`5`, with `run` `0`' })),
  ),
}).check(
  z.check(({ value, issues }) => {
    const given = KINDS.filter((kind) => value[kind] !== undefined);
    if (given.length !== 1)
      issues.push({
        code: 'custom',
        input: value,
        params: {
          says: `has ${given.length === 0 ? 'no `path`, `url` or `run`' : enumerate(given)}: write exactly one of \`path\`, \`url\` and \`run\``,
        },
      });
    else if (given[0] === 'run')
      for (const key of HTTP_ONLY)
        if (value[key] !== undefined)
          issues.push({
            code: 'custom',
            input: value[key],
            path: [key],
            params: { says: 'means nothing for a command: remove it' },
          });
  }, always),
);

type Test = z.output<typeof test>;

function toSmokeTest({
  path,
  url,
  run,
  status = 200,
  body,
  headers = {},
  timeout,
  retries,
}: Test): SmokeTest {
  if (run !== undefined) {
    const args = typeof run === 'string' ? splitCommand(run) : run;
    return { kind: 'run', run: args, timeout: timeout ?? 300_000, retries: retries ?? 0 };
  }
  const expected = { status, body, headers, timeout: timeout ?? 5000, retries: retries ?? 5 };
  if (path !== undefined) return { kind: 'path', path, ...expected };
  return { kind: 'url', url: url!, ...expected };
}

export const smoke = list(z.pipe(test, z.transform(toSmokeTest)));
