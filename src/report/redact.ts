/** Shorter values would turn half of a report into stars. */
const SHORTEST = 6;

/** Takes secrets out of a text; also as they stand inside of JSON. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets.filter((one) => one.length >= SHORTEST))
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1)]))
      clean = clean.replaceAll(form, '***');
  return clean;
}

/** The same in every text of a JSON value. */
export const redactAll = <T>(value: T, secrets: readonly string[]): T =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? redact(part, secrets) : part)),
  ) as T;
