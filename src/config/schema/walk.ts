import type * as z from 'zod/mini';

/** Looks into schemas, for suggestions and documentation. */

type Schema = z.core.$ZodType;
interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly shape?: Readonly<Record<string, Schema>>;
}

/** The schema without what only makes it optional or transforms its output. */
function bare(schema: Schema): Definition {
  const definition = schema._zod.def as unknown as Definition;
  const inner = definition.innerType ?? (definition.type === 'pipe' ? definition.in : undefined);
  if (inner) return bare(inner);
  // Where a map is one of several forms, its keys are what can be misspelt.
  const map = definition.options?.map(bare).find(({ shape }) => shape !== undefined);
  return map ?? definition;
}

/** The keys of the map at the path; nothing where there is no map with fixed keys. */
export function keysAt(schema: Schema, path: readonly PropertyKey[]): readonly string[] {
  const { shape, element, valueType } = bare(schema);
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(shape ?? {});
  const next = shape && Object.hasOwn(shape, step) ? shape[String(step)] : (element ?? valueType);
  return next ? keysAt(next, rest) : [];
}

/** Dotted paths of all keys below a schema, maps and leaves, in order; lists are not entered. */
export function keyPaths(schema: Schema): string[] {
  return Object.entries(bare(schema).shape ?? {}).flatMap(([key, value]) => [
    key,
    ...keyPaths(value).map((path) => `${key}.${path}`),
  ]);
}
