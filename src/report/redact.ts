/** Shorter values would turn half of a report into stars. */
const SHORTEST = 6;

/** Takes secrets out of a text; also as they stand inside of JSON, and what is left of one where a line was cut. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets.filter((one) => one.length >= SHORTEST))
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1)]))
      clean = withoutBeginning(clean.replaceAll(form, '***'), form);
  return clean;
}

/** Long lines end with `…`, wherever that is. */
function withoutBeginning(text: string, secret: string): string {
  return text.replace(/([^…]+)…/g, (whole, before: string) => {
    for (let length = Math.min(secret.length - 1, before.length); length >= SHORTEST; length -= 1)
      if (before.endsWith(secret.slice(0, length))) return `${before.slice(0, -length)}***…`;
    return whole;
  });
}

/** The same in every text of a JSON value. */
export const redactAll = <T>(value: T, secrets: readonly string[]): T =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? redact(part, secrets) : part)),
  ) as T;
