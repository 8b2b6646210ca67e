const UNITS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
type Unit = keyof typeof UNITS;

/** A whole number and a unit. The JSON Schema carries the same pattern, so that editors agree with us. */
export const DURATION = /^[0-9]{1,9}(ms|s|m|h)$/;

/** `500ms`, `30s`, `5m`, `1h` in milliseconds; nothing where the text isn't a duration. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  const unit = text.replace(/^[0-9]+/, '') as Unit;
  return Number.parseInt(text, 10) * UNITS[unit];
}

/** Milliseconds for people: `1m 30s`, `2h`, `450ms`. Whole milliseconds; below zero counts as zero. */
export function formatDuration(ms: number): string {
  let rest = Math.max(0, Math.round(ms));
  const parts: string[] = [];
  for (const [unit, size] of Object.entries(UNITS)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join(' ') || '0s';
}
