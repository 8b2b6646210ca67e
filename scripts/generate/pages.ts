import { CAUSES as DOCKER } from '../../src/target/docker/causes.ts';
import { CAUSES as ECS } from '../../src/target/ecs/causes.ts';
import { described, type Node } from './json-schema.ts';
import { row, rows, table } from './tables.ts';

/** Generated parts of the pages in docs/. */

const HEAD = ['Key', 'Type', 'Default', 'Meaning'];

/** docs/configuration.md: each section of the config with all of its keys, and what they look like. */
export function configurationSections(): string {
  const { properties = {}, ...root } = described();
  const environment = properties['environments']?.additionalProperties as Node;
  const all = Object.entries(environment.properties ?? {});
  const isSection = (node: Node) => Boolean(node.properties ?? node.items?.properties) && !node.words;
  const own = all.filter(([, node]) => !isSection(node)).map(([key, node]) => row(key, node, ''));
  return [
    '## The file',
    table(
      HEAD,
      Object.entries(properties).map(([key, node]) =>
        row(key, node, root.required?.includes(key) ? 'required' : ''),
      ),
    ),
    '## An environment',
    'Besides the sections below. Exactly one of `ecs` and `docker` says where it is deployed.',
    table(HEAD, own),
    ...all.filter(([, node]) => isSection(node)).flatMap(([key, node]) => section(key, node)),
  ].join('\n\n');
}

function section(key: string, node: Node): string[] {
  const part: Node = { properties: { [key]: node } };
  const found = examples(node.items ?? node, node.items ? `${key}[].` : `${key}.`);
  return [
    `### \`${key}\``,
    `${node.description}.`,
    table(HEAD, rows(part, '')),
    ...(found.length === 0 ? [] : ['For example:', found.map((line) => `- ${line}`).join('\n')]),
  ];
}

/** What the schema gives editors as examples: `ecs.cluster: production`. */
function examples(node: Node, prefix: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const shown = (child.examples ?? []).map((example) => `\`${prefix}${key}: ${flow(example)}\``);
    return [...shown, ...examples(child.items ?? child, `${prefix}${key}${child.items ? '[]' : ''}.`)];
  });
}

/** A value as YAML on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${key}: ${flow(one)}`)
      .join(', ')} }`;
  return typeof value === 'string' && /^[{<@"'/]|: |#/.test(value) ? `'${value}'` : String(value);
}

/** docs/troubleshooting.md: the catalogs of causes, as the code has them. */
export const causesTable = (target: 'ecs' | 'docker'): string =>
  target === 'ecs'
    ? table(
        ['What it says', 'What to do', 'Told at the first task'],
        ECS.map(({ title, hint, hopeless }) => [title, hint, hopeless ? 'yes' : '']),
      )
    : table(
        ['What it says', 'What to do'],
        DOCKER.map(({ title, hint }) => [title, hint]),
      );
