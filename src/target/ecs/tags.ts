/**
 * What outlives a run is written as tags on the services and on the preview rule. One prefix for all of them; the
 * values are kept to the characters and the length that both ECS and ELBv2 take.
 */
export const TAG_PREFIX = 'blue-green:';
const JOURNAL_PREFIX = `${TAG_PREFIX}journal:`;
/** Characters. */
export const VALUE_LIMIT = 256;

/** Free text as a tag value: what AWS refuses becomes a space, what is too long is cut. */
export const tagValue = (text: string): string =>
  text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, ' ').slice(0, VALUE_LIMIT);

export const journalTag = (key: string): string => `${JOURNAL_PREFIX}${key}`;

/** Entries of a journal, as tags. */
export const journalTags = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [journalTag(key), fitting(value)]));

/** Only an image may be longer: a digest says which one it is, and its tag has an entry of its own. */
const fitting = (value: string): string =>
  value.length > VALUE_LIMIT ? value.replace(/:[^/:@]+@/, '@') : value;

/** The journal among a service's tags; nothing when there is none. */
export function journalOf(tags: ReadonlyMap<string, string>): Record<string, string> | undefined {
  const entries = [...tags].filter(([key]) => key.startsWith(JOURNAL_PREFIX));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(JOURNAL_PREFIX.length), value]));
}

/** ECS spells them `key` and `value`, ELBv2 `Key` and `Value`. */
export function tagMap(
  tags: readonly { key?: string; value?: string; Key?: string; Value?: string }[] = [],
): ReadonlyMap<string, string> {
  return new Map(tags.map((tag) => [tag.key ?? tag.Key ?? '', tag.value ?? tag.Value ?? '']));
}
