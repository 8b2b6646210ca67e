import type { NormalizedSchema } from '@smithy/core/schema';
import { mayKnowMore } from './query.ts';

/**
 * What is wrong with an answer, measured against the SDK's own schema. The SDK itself would not say: it passes wrong
 * types through and drops unknown members, so that a typing error in the sandbox would make a test green.
 */
export function schemaViolations(
  schema: NormalizedSchema,
  value: unknown,
  path: string,
  passThrough: readonly string[] = [],
): string[] {
  const check = (inner: NormalizedSchema, item: unknown, name: string) =>
    schemaViolations(inner, item, name, passThrough);
  const wrong = (expected: string) => [`${path}: expected ${expected}, got ${describe(value)}`];

  if (schema.isUnitSchema()) return value === undefined || isEmpty(value) ? [] : wrong('no members');
  if (schema.isStructSchema()) {
    if (!isPlainObject(value)) return wrong('a structure');
    const members = new Map(schema.structIterator());
    return Object.entries(value).flatMap(([name, item]) => {
      const member = members.get(name);
      if (member) return item === undefined ? [] : check(member, item, `${path}.${name}`);
      // Members of task definitions and listener actions that are newer than the SDK come back: no mistake of ours.
      if (mayKnowMore(schema)) return [];
      return passThrough.some((prefix) => path.startsWith(prefix)) ? [] : [`${path}.${name}: unknown member`];
    });
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return wrong('a list');
    return value.flatMap((item, index) => check(schema.getValueSchema(), item, `${path}[${index}]`));
  }
  if (schema.isMapSchema()) {
    if (!isPlainObject(value)) return wrong('a map');
    return Object.entries(value).flatMap(([key, item]) =>
      check(schema.getValueSchema(), item, `${path}["${key}"]`),
    );
  }
  if (schema.isTimestampSchema()) {
    return value instanceof Date && !Number.isNaN(value.getTime()) ? [] : wrong('a Date');
  }
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? [] : wrong('a boolean');
  if (schema.isNumericSchema()) return Number.isFinite(value) ? [] : wrong('a number');
  if (schema.isStringSchema()) return typeof value === 'string' ? [] : wrong('a string');
  return [];
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function isEmpty(value: unknown): boolean {
  return isPlainObject(value) && Object.keys(value).length === 0;
}

function describe(value: unknown): string {
  return value instanceof Date ? `the Date ${value}` : (JSON.stringify(value) ?? 'undefined').slice(0, 80);
}
