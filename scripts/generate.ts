/**
 * Writes what is derived from the code: the JSON Schema of the config, and the reference tables in README and docs/.
 *
 * Usage: node scripts/generate.ts [--check]
 * With --check nothing is written; exits 1 and names the files that would change.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { publishedSchema } from './generate/json-schema.ts';
import { fillMarkers } from './generate/markers.ts';
import { causesTable, configurationSections } from './generate/pages.ts';
import { configReference, inputsTable, outputsTable } from './generate/tables.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
process.chdir(`${import.meta.dirname}/..`);

const files = {
  ...page('docs/configuration.md', { sections: configurationSections() }),
  ...page('docs/troubleshooting.md', { ecs: causesTable('ecs'), docker: causesTable('docker') }),
  ...page('README.md', { inputs: inputsTable(), outputs: outputsTable(), config: configReference() }),
  'schema/blue-green.schema.json': `${JSON.stringify(publishedSchema(), null, 2)}\n`,
};

const stale = Object.entries(files).filter(([path, text]) => read(path) !== text);
if (!values.check) for (const [path, text] of stale) writeFileSync(path, text);
for (const [path] of stale)
  console.log(values.check ? `${path} is out of date: run node scripts/generate.ts` : `wrote ${path}`);
if (values.check && stale.length > 0) process.exitCode = 1;

function page(path: string, parts: Readonly<Record<string, string>>): Record<string, string> {
  return { [path]: fillMarkers(read(path), parts, path) };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
