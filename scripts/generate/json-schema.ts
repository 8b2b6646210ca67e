import * as z from 'zod/mini';
import { file } from '../../src/config/schema/file.ts';

/** A JSON Schema as far as we read it, with what `about` (src/config/schema/fields.ts) adds. */
export interface Node {
  readonly [key: string]: unknown;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
  readonly words?: string;
  readonly absent?: string;
}

/** Everything that the code knows of the config; the tables are made of it. */
export const described = () =>
  z.toJSONSchema(file, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as Node;

/** What editors get. Draft 7, since not all of them know a later one. */
export function publishedSchema(): Node {
  const { $schema, properties = {}, ...root } = described();
  const { app, defaults, environments } = properties as Record<string, Node>;
  const environment = environments!.additionalProperties as Node;
  const reference = { $ref: '#/definitions/environment' };
  return {
    $schema,
    title: 'Blue/Green Deploy',
    description: 'Config of the GitHub Action Blue/Green Deploy.',
    ...clean(root),
    properties: {
      app: clean(app!),
      // Draft 7 ignores what stands beside a $ref.
      defaults: { description: clean(defaults!).description, allOf: [reference] },
      environments: { ...clean(environments!), minProperties: 1, additionalProperties: reference },
    },
    definitions: { environment: inEnvironment(environment) },
  };
}

/** Nothing is required below an environment, as `defaults` may have it; but values may be placeholders. */
function inEnvironment(node: Node): Node {
  const { required, properties, items, ...rest } = node;
  const cleaned: Record<string, unknown> = clean(rest);
  if (cleaned['default'] !== undefined && JSON.stringify(cleaned['default']) === '{}')
    delete cleaned['default'];
  if (node.pattern && node.words !== 'duration')
    cleaned['pattern'] = `(?:${node.pattern})|\\{(?:app|environment)\\}`;
  if (properties) cleaned['properties'] = mapValues(properties, inEnvironment);
  if (typeof node.additionalProperties === 'object')
    cleaned['additionalProperties'] = inEnvironment(node.additionalProperties);
  if (node.anyOf) cleaned['anyOf'] = node.anyOf.map(inEnvironment);
  if (items?.properties && 'run' in items.properties)
    cleaned['items'] = {
      ...inEnvironment(items),
      oneOf: ['path', 'url', 'run'].map((key) => ({ required: [key] })),
    };
  else if (items) cleaned['items'] = inEnvironment(items);
  return cleaned;
}

/** Without our own keywords; what they say goes into the description. */
function clean({ words, absent, ...node }: Node): Node {
  if (absent === undefined) return node;
  return { ...node, description: `${node.description}. Default: ${absent}` };
}

const mapValues = <T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
