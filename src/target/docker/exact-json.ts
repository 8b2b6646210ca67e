/**
 * JSON whose numbers come out as they went in: Docker's are 64 bits wide (an unlimited ulimit is 2^63 - 1), and what
 * JavaScript would make of those, Docker refuses.
 */
export const parseExact = <T>(text: string): T => JSON.parse(text, reviver) as T;

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
