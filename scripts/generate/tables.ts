import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { described, type Node } from './json-schema.ts';

interface ActionKey {
  readonly description: string;
  readonly default?: string;
  readonly required?: boolean;
}
interface ActionFile {
  readonly inputs: Readonly<Record<string, ActionKey>>;
  readonly outputs: Readonly<Record<string, ActionKey>>;
}

const action = () => parse(readFileSync('action.yml', 'utf8')) as ActionFile;

export const inputsTable = (): string =>
  table(
    ['Input', 'Default', 'Meaning'],
    Object.entries(action().inputs).map(([name, input]) => [
      `\`${name}\``,
      input.required ? 'required' : input.default === undefined ? '' : `\`${input.default}\``,
      input.description,
    ]),
  );

export const outputsTable = (): string =>
  table(
    ['Output', 'Meaning'],
    Object.entries(action().outputs).map(([name, { description }]) => [`\`${name}\``, description]),
  );

/** The whole reference of the config: an example, and every key. */
export function configReference(): string {
  const { properties = {}, ...root } = described();
  const environment = properties['environments']?.additionalProperties as Node;
  const head = ['Key', 'Type', 'Default', 'Meaning'];
  const top = Object.entries(properties).map(([key, node]) =>
    row(key, node, root.required?.includes(key) ? 'required' : ''),
  );
  const example = readFileSync('schema/blue-green.example.yml', 'utf8').trim();
  return [
    `\`\`\`yaml\n${example}\n\`\`\``,
    'The file:',
    table(head, top),
    'Each environment, and `defaults`:',
    table(head, rows(environment, '')),
    'A duration is a whole number and a unit: `500ms`, `30s`, `5m`, `1h`. `{app}` and `{environment}` are replaced in all ' +
      'values, `{color}` and `{image-tag}` in smoke tests, in `stabilize.probe` and in `identity`.',
  ].join('\n\n');
}

/** One row for each key that has a value of its own. */
export function rows(node: Node, prefix: string): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}${key}`;
    if (child.properties && !child.words) return rows(child, `${path}.`);
    if (child.items?.properties) return rows(child.items, `${path}[].`);
    const map = child.anyOf?.find((form) => form.properties);
    const below = map ? rows(map, `${path}.`) : [];
    const holder = prefix.replace(/\.$/, '');
    return [row(path, child, node.required?.includes(key) ? `required in \`${holder}\`` : ''), ...below];
  });
}

export function row(path: string, node: Node, required: string): string[] {
  const { default: value, absent } = node;
  return [
    `\`${path}\``,
    words(node),
    absent ?? (value === undefined ? required : literal(value)),
    node.description ?? '',
  ];
}

const literal = (value: unknown) =>
  `\`${Array.isArray(value) ? `[${value.join(', ')}]` : typeof value === 'object' ? JSON.stringify(value) : value}\``;

/** The type of a value, for people. */
function words(node: Node): string {
  if (node.words) return node.words;
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(', ');
  if (node.items) return `list of ${words(node.items)}`;
  if (node.type === 'integer') return 'whole number';
  return node.type === 'string' ? 'text' : (node.type ?? '');
}

export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
