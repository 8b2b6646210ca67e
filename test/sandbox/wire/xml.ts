import type { NormalizedSchema } from '@smithy/core/schema';
import { mayKnowMore } from './query.ts';

/** Writes an answer as a Query service does: `<OpResponse><OpResult>...</OpResult><ResponseMetadata/></OpResponse>`. */
export function writeXml(
  operation: string,
  schema: NormalizedSchema,
  value: unknown,
  options: { namespace: string; requestId: string },
): string {
  // Without the <OpResult> wrapper the SDK silently parses `{}`.
  const result = schema.isStructSchema() ? writeStruct(value as Record<string, unknown>, schema) : '';
  return (
    `<${operation}Response xmlns="${options.namespace}"><${operation}Result>${result}</${operation}Result>` +
    `<ResponseMetadata><RequestId>${options.requestId}</RequestId></ResponseMetadata></${operation}Response>`
  );
}

function writeStruct(value: Record<string, unknown>, schema: NormalizedSchema): string {
  let xml = '';
  for (const [name, member] of schema.structIterator()) {
    const item = value?.[name];
    // A missing element reads as undefined, an empty one (`<Rules/>`) as []: absent members must not be written.
    if (item === undefined || item === null) continue;
    const tag = member.getMergedTraits().xmlName ?? name;
    xml += `<${tag}>${writeValue(item, member)}</${tag}>`;
  }
  if (!mayKnowMore(schema)) return xml;
  const known = new Set([...schema.structIterator()].map(([name]) => name));
  const unknown = Object.entries(value).filter(([name]) => !known.has(name));
  return xml + unknown.map(([name, item]) => `<${name}>${writeUnknown(item)}</${name}>`).join('');
}

function writeUnknown(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${writeUnknown(item)}</member>`).join('');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  return Object.entries(value)
    .map(([name, item]) => `<${name}>${writeUnknown(item)}</${name}>`)
    .join('');
}

function writeValue(value: unknown, schema: NormalizedSchema): string {
  if (schema.isStructSchema()) return writeStruct(value as Record<string, unknown>, schema);
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    const tag = member.getMergedTraits().xmlName ?? 'member';
    return (value as unknown[]).map((item) => `<${tag}>${writeValue(item, member)}</${tag}>`).join('');
  }
  if (schema.isMapSchema()) {
    const member = schema.getValueSchema();
    const entry = ([key, item]: [string, unknown]) =>
      `<entry><key>${escapeXml(key)}</key><value>${writeValue(item, member)}</value></entry>`;
    return Object.entries(value as Record<string, unknown>)
      .map(entry)
      .join('');
  }
  return escapeXml(value instanceof Date ? value.toISOString() : String(value));
}

/** Text that may stand between two tags. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
