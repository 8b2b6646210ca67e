import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { type Node, publishedSchema } from '../../../scripts/generate/json-schema.ts';
import { fillMarkers } from '../../../scripts/generate/markers.ts';
import { configReference, inputsTable, outputsTable } from '../../../scripts/generate/tables.ts';
import { isMap } from '../../../src/config/merge.ts';
import { NOT_YET } from '../../../src/config/not-yet.ts';
import { environment } from '../../../src/config/schema/environment.ts';
import { keyPaths, keysAt } from '../../../src/config/schema/walk.ts';
import { dockerOf, loadText } from './helper.ts';

const example = readFileSync('schema/blue-green.example.yml', 'utf8');

test('the example of the documentation is a valid config', async () => {
  for (const name of ['production', 'staging']) {
    const { name: loaded, target } = await loadText(example, { environment: name });
    assert.deepEqual([loaded, target.kind], [name, name === 'production' ? 'ecs' : 'docker']);
  }
  // The other two proxies stand there as comments.
  const proxies = /haproxy: .*\n(?: +# .*\n)+/.exec(example)![0].trimEnd().split('\n');
  for (const [i, proxy] of proxies.entries()) {
    const chosen = proxies.map((line, j) =>
      i === j ? line.replace(/# /, '') : `${' '.repeat(line.search(/\S/))}# ${line.trim()}`,
    );
    const config = example.replace(proxies.join('\n'), chosen.join('\n'));
    const { proxy: loaded } = dockerOf(await loadText(config, { environment: 'staging' }));
    assert.equal(loaded.kind, proxy.replace(/# /, '').trim().split(':')[0]);
  }
});

test('the example has every key', () => {
  const { defaults, environments } = parse(example.replaceAll(/^( +)# (caddy|alias): /gm, '$1$2: '));
  const has = (holder: unknown, path: string) =>
    path.split('.').reduce<unknown>((at, key) => {
      const one = Array.isArray(at) ? at[0] : at;
      return isMap(one) ? one[key] : undefined;
    }, holder) !== undefined;
  // There are two kinds of services and of steps, and an environment has one of them.
  for (const path of keyPaths(environment).filter(
    (one) => !['ecs.services.native', 'shift.linear'].includes(one),
  ))
    assert.ok(
      [environments.production, environments.staging, defaults].some((one) => has(one, path)),
      path,
    );
  for (const key of keysAt(environment, ['smoke', 0]))
    assert.ok(
      environments.production.smoke.some((one: object) => key in one),
      key,
    );
});

/** All schemas below a schema, with the keys that lead there. */
function* nodes(node: Node, path: string[] = []): Generator<[string[], Node]> {
  yield [path, node];
  for (const [key, child] of Object.entries(node.properties ?? {})) yield* nodes(child, [...path, key]);
  if (node.items) yield* nodes(node.items, [...path, '[]']);
}

test('the JSON Schema explains every key, offers what is supported, and requires nothing that defaults may have', () => {
  const schema = publishedSchema();
  const root = (schema['definitions'] as Record<string, Node>)['environment']!;
  const found = [...nodes(root)];
  for (const [path, node] of found) {
    const where = path.join('.');
    if (path.length > 0 && !['blue', 'green', '[]'].includes(path.at(-1)!))
      assert.ok(node.description, where);
    if (node.properties) assert.equal(node.additionalProperties, false, where);
    assert.equal(node.required, undefined, where);
    for (const own of ['words', 'absent']) assert.equal(node[own], undefined, where);
    if (node.pattern) new RegExp(node.pattern, 'u');
  }
  const paths = new Set(found.map(([path]) => path.join('.')));
  for (const { path, when, on } of NOT_YET)
    if (when === undefined && on === undefined) assert.ok(!paths.has(path), path);
  assert.deepEqual(schema.required, ['app', 'environments']);
});

test('in the JSON Schema, placeholders stand for any text', () => {
  const schema = publishedSchema();
  const { ecs, health } = (schema['definitions'] as Record<string, Node>)['environment']!.properties!;
  assert.match('{environment}-main', new RegExp(ecs!.properties!['cluster']!.pattern!, 'u'));
  assert.doesNotMatch('no name', new RegExp(ecs!.properties!['cluster']!.pattern!, 'u'));
  assert.doesNotMatch('{app}', new RegExp(health!.properties!['timeout']!.pattern!, 'u'));
});

test('the tables have a row for each input, output and leaf key', () => {
  const action = parse(readFileSync('action.yml', 'utf8'));
  for (const name of Object.keys(action.inputs))
    assert.match(inputsTable(), new RegExp(`^\\| \`${name}\` \\|`, 'm'));
  for (const name of Object.keys(action.outputs))
    assert.match(outputsTable(), new RegExp(`^\\| \`${name}\` \\|`, 'm'));
  const reference = configReference();
  const leaves = keyPaths(environment).filter(
    (path, _, all) => !all.some((one) => one.startsWith(`${path}.`)),
  );
  for (const path of leaves.filter((path) => !/\.(blue|green|native)$|^smoke$|^ecs\.workers$/.test(path)))
    assert.ok(reference.includes(`| \`${path}\` | `), path);
  for (const row of reference.split('\n').filter((line) => line.startsWith('|'))) {
    // Every cell says something, and no cell breaks the table.
    const cells = row.replaceAll('\\|', '').split('|').slice(1, -1);
    assert.ok([2, 3, 4].includes(cells.length) && cells.every((cell) => cell.trim() !== ''), row);
  }
});

test('fillMarkers replaces what stands between the markers only', () => {
  const text =
    'a\n<!-- generated: x -->\nold\n<!-- /generated -->\nb\n<!-- generated: y -->\n<!-- /generated -->\nc\n';
  const filled = fillMarkers(text, { x: '$& new', y: 'other' });
  assert.equal(
    filled,
    'a\n<!-- generated: x -->\n\n$& new\n\n<!-- /generated -->\nb\n<!-- generated: y -->\n\nother\n\n<!-- /generated -->\nc\n',
  );
  assert.equal(fillMarkers(filled, { x: '$& new', y: 'other' }), filled);
  assert.throws(() => fillMarkers(text, { z: '' }), /README\.md has no <!-- generated: z -->/);
});
