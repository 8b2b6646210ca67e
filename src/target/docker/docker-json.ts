import { DeployError } from '../../errors.ts';

/**
 * JSON that Docker wrote. It may hold secrets (what a container's environment says), and JavaScript's own error would quote
 * it where it breaks off.
 * @param source who wrote it, for people
 */
export function parseJson<T>(text: string, source: string, reviver?: Parameters<typeof JSON.parse>[1]): T {
  try {
    return JSON.parse(text, reviver) as T;
  } catch {
    throw new DeployError(`${source} did not answer in JSON (${text.length} characters).`, {
      code: 'unexpected',
      hint: 'A wrapper of `docker`, or a plugin, may write something of its own: run it on the runner to see.',
    });
  }
}

/**
 * JSON whose numbers come out as they went in: Docker's are 64 bits wide (an unlimited ulimit is 2^63 - 1), and what
 * JavaScript would make of those, Docker refuses.
 */
export const parseExact = <T>(text: string, source = 'Docker'): T => parseJson<T>(text, source, reviver);

/** What TypeScript's library does not know yet of JSON in Node 24. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

function reviver(
  this: unknown,
  _key: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  const isInexact =
    typeof value === 'number' &&
    context?.source !== undefined &&
    !Number.isSafeInteger(value) &&
    Number.isInteger(value);
  return isInexact ? rawJSON(context.source!) : value;
}
