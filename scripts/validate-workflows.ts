/**
 * Validates action.yml and workflows (or YAML from standard input, as README's snippets) with GitHub's own language
 * service. Usage: node scripts/validate-workflows.ts [FILE ...]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';

// GitHub's packages import JSON without import attributes, which plain Node refuses: they are read as modules here.
registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.json')) return nextLoad(url, context);
    return {
      format: 'module',
      shortCircuit: true,
      source: `export default ${readFileSync(new URL(url), 'utf8')}`,
    };
  },
});

const { validate } = await import('@actions/languageservice');
const { TextDocument } = await import('vscode-languageserver-textdocument');

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What GitHub's language service says against a workflow or an action.yml. */
export async function validateFile(file: string, text: string): Promise<Finding[]> {
  const document = TextDocument.create(`file://${resolve(file)}`, 'yaml', 1, text);
  const diagnostics = await validate(document);
  return diagnostics.map(({ range, message }) => ({
    file,
    line: range.start.line + 1,
    message: typeof message === 'string' ? message : message.value,
  }));
}

if (import.meta.main) {
  const workflows = '.github/workflows';
  const files = process.argv.slice(2);
  const all =
    files.length > 0 ? files : ['action.yml', ...readdirSync(workflows).map((name) => join(workflows, name))];
  let findings = 0;
  for (const file of all) {
    for (const { line, message } of await validateFile(file, readFileSync(file, 'utf8'))) {
      findings += 1;
      process.stderr.write(`${file}:${line}: ${message}\n`);
    }
  }
  process.stdout.write(`${all.length} files validated, ${findings} findings\n`);
  process.exitCode = findings === 0 ? 0 : 1;
}
