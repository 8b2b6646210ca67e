/** Since when users have a release, as a tag's value: `<release> <ISO time>`. It lapses by itself with another release. */
export const sinceValue = (release: string, at: number): string => `${release} ${new Date(at).toISOString()}`;

/** ms since the epoch; nothing where the value is of another release, or of an older version of this action. */
export function sinceIn(value: string | undefined, release: string): number | undefined {
  const [of, time] = (value ?? '').split(' ');
  const at = Date.parse(time ?? '');
  return of === release && !Number.isNaN(at) ? at : undefined;
}
