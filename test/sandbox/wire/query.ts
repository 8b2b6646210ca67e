import type { NormalizedSchema } from '@smithy/core/schema';
import { ApiError } from '../contract.ts';

/** A Query form seen as a tree: `A.member.1.B=x` becomes A > member > 1 > B. */
interface Node {
  value?: string;
  readonly children: Map<string, Node>;
}

/** Reads an AWS Query form into the SDK's input shape, with the types that the SDK's schema gives. */
export function readQuery(form: URLSearchParams, schema: NormalizedSchema): unknown {
  const root: Node = { children: new Map() };
  for (const [key, value] of form) {
    if (key === 'Action' || key === 'Version') continue;
    let node = root;
    for (const part of key.split('.')) {
      const child = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  return schema.isStructSchema() ? readStruct(root, schema) : {};
}

function readStruct(node: Node, schema: NormalizedSchema): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(member.getMergedTraits().xmlName ?? name);
    if (child) result[name] = readValue(child, member, name);
  }
  if (!mayKnowMore(schema)) return result;
  for (const [name, child] of node.children) result[name] ??= readUnknown(child);
  return result;
}

/** Whether AWS may know members here that this SDK does not: they are kept as they came, and given back. */
export const mayKnowMore = (schema: NormalizedSchema): boolean =>
  /Action(Config)?$/.test(schema.getName() ?? '');

function readUnknown(node: Node): unknown {
  if (node.children.size === 0) return node.value ?? '';
  const list = node.children.get('member');
  if (list) return numbered(list).map(readUnknown);
  return Object.fromEntries([...node.children].map(([name, child]) => [name, readUnknown(child)]));
}

function readValue(node: Node, schema: NormalizedSchema, name: string): unknown {
  if (schema.isStructSchema()) return readStruct(node, schema);
  if (schema.isListSchema()) return readList(node, schema, name);
  if (schema.isMapSchema()) {
    const entries = numbered(node.children.get('entry') ?? node);
    const value = (entry: Node) =>
      readValue(entry.children.get('value') ?? empty, schema.getValueSchema(), name);
    return Object.fromEntries(entries.map((entry) => [entry.children.get('key')?.value ?? '', value(entry)]));
  }
  const text = node.value ?? '';
  if (schema.isBooleanSchema()) {
    if (text !== 'true' && text !== 'false') throw malformed(name, text);
    return text === 'true';
  }
  if (schema.isNumericSchema()) {
    if (text.trim() === '' || !Number.isFinite(Number(text))) throw malformed(name, text);
    return Number(text);
  }
  if (schema.isTimestampSchema()) return new Date(text);
  return text;
}

/** `A.member.1`, `A.member.2` in the order of their numbers; an empty list arrives as `A=`. */
function readList(node: Node, schema: NormalizedSchema, name: string): unknown[] {
  const suffix = schema.getValueSchema().getMergedTraits().xmlName ?? 'member';
  const items = numbered(node.children.get(suffix) ?? node);
  return items.map((item) => readValue(item, schema.getValueSchema(), name));
}

function numbered(node: Node): Node[] {
  const items = [...node.children].filter(([key]) => /^\d+$/.test(key));
  return items.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}

const empty: Node = { children: new Map() };

function malformed(name: string, text: string): ApiError {
  return new ApiError('MalformedInput', `Invalid value '${text}' for ${name}`);
}
