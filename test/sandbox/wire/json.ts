import type { NormalizedSchema } from '@smithy/core/schema';
import { ApiError } from '../contract.ts';
import { schemaViolations } from './schema-check.ts';

/**
 * Reads an AWS JSON request into the SDK's input shape. Wrong types are refused, as AWS does and the SDK does not.
 * Members that the SDK does not know are kept: RegisterTaskDefinition must give them back.
 */
export function readJson(text: string, schema: NormalizedSchema): Record<string, unknown> {
  const input = withDates(parse(text), schema);
  const wrong = schemaViolations(schema, input, 'request', ['request']);
  if (wrong.length > 0) throw new ApiError('SerializationException', wrong[0]!);
  return input as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text || '{}');
  } catch {
    throw new ApiError('SerializationException', 'The request body is not valid JSON');
  }
}

/** Epoch seconds become dates, and members that are null are as good as absent. */
function withDates(value: unknown, schema: NormalizedSchema): unknown {
  if (schema.isTimestampSchema()) return typeof value === 'number' ? new Date(value * 1000) : value;
  if (schema.isListSchema() && Array.isArray(value))
    return value.map((item) => withDates(item, schema.getValueSchema()));
  if (!schema.isStructSchema() || typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = { ...value };
  for (const [name, member] of schema.structIterator()) {
    if (result[name] === null) delete result[name];
    if (result[name] !== undefined) result[name] = withDates(result[name], member);
  }
  return result;
}

/**
 * Writes an answer as AWS JSON. Timestamps are epoch seconds as numbers: an ISO text throws in the SDK, and
 * milliseconds are read as the year 55840. Members that the SDK does not know pass through.
 */
export function writeJson(value: unknown): string {
  return JSON.stringify(withEpochSeconds(value) ?? {});
}

function withEpochSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(withEpochSeconds);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withEpochSeconds(item)]));
}
