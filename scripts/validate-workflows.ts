/**
 * Validates with GitHub's own language service what GitHub reads, or people copy for it: action.yml, our workflows, those
 * in examples/, and each block of README and docs/ that says in its first line that it is a workflow.
 * Usage: node scripts/validate-workflows.ts [FILE ...]
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

/** A YAML block of a page whose first line is `# <path>`, without the indentation that it has within a list. */
export interface Snippet {
  readonly path: string;
  readonly text: string;
  /** Where its text begins in the page. */
  readonly line: number;
}

export function snippetsIn(page: string): readonly Snippet[] {
  return [...page.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].flatMap(
    ({ 1: indent = '', 2: body = '', index }) => {
      const text = body.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
      const path = /^# (\S+\.ya?ml)$/m.exec(text.split('\n', 1)[0]!)?.[1];
      const line = page.slice(0, index).split('\n').length + 1;
      return path === undefined ? [] : [{ path, text, line }];
    },
  );
}

/** All that there is to validate; the text of each is what GitHub would read. */
export function everything(root: string): readonly { file: string; text: string; line: number }[] {
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const inFolder = (folder: string, ending: string) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(ending))
      .map((name) => `${folder}/${name}`);
  const files = [
    'action.yml',
    ...['.github/workflows', 'examples/workflows'].flatMap((one) => inFolder(one, '.yml')),
  ];
  const pages = ['README.md', ...inFolder('docs', '.md')];
  return [
    ...files.map((file) => ({ file, text: read(file), line: 1 })),
    ...pages.flatMap((file) =>
      snippetsIn(read(file))
        .filter(({ path }) => path.startsWith('.github/workflows/'))
        .map(({ text, line }) => ({ file, text, line })),
    ),
  ];
}

if (import.meta.main) {
  const files = process.argv.slice(2).map((file) => ({ file, text: readFileSync(file, 'utf8'), line: 1 }));
  const all = files.length > 0 ? files : everything('.');
  let findings = 0;
  for (const { file, text, line: first } of all) {
    // A snippet's page ends in .md, and is to be read as a workflow.
    for (const { line, message } of await validateFile(file.replace(/\.md$/, '.yml'), text)) {
      findings += 1;
      process.stderr.write(`${file}:${first + line - 1}: ${message}\n`);
    }
  }
  const count = (what: RegExp) => all.filter(({ file }) => what.test(file)).length;
  process.stdout.write(
    `${count(/\.yml$/)} files and ${count(/\.md$/)} snippets validated, ${findings} findings\n`,
  );
  process.exitCode = findings === 0 ? 0 : 1;
}
