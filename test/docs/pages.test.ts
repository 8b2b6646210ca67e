// biome-ignore-all lint/suspicious/noExplicitAny: YAML is data here
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { everything, snippetsIn, validateFile } from '../../scripts/validate-workflows.ts';
import { loadEnvironment } from '../../src/config/load.ts';

// Every page: links lead somewhere, what is to be copied is accepted by who will read it, codes are those of the code.

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const pages = [
  ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
];
const action = parse(read('action.yml'));

/** GitHub's anchors: lower case, no punctuation, dashes for blanks. */
const anchors = (page: string) =>
  [...page.matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

for (const path of pages)
  test(`${path}: links to files and headings lead there`, () => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    for (const link of links.filter((one) => !/^https?:/.test(one))) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      assert.ok(existsSync(join(ROOT, target)), `${link} is not there`);
      if (anchor !== undefined)
        assert.ok(anchors(read(target)).includes(anchor), `${link} has no such heading`);
    }
  });

test('everything that GitHub reads, or people copy for it, is valid', async (t) => {
  const all = everything(ROOT);
  for (const { file, text } of all)
    assert.deepEqual(await validateFile(file.replace(/\.md$/, '.yml'), text), [], file);
  t.diagnostic(`${all.length} validated: ${all.map(({ file }) => file).join(', ')}`);
});

/** The steps and called workflows of ours in a workflow, with what they are given. */
function uses(
  workflow: any,
): { uses: string; with: Record<string, unknown>; secrets: unknown; permissions: any }[] {
  const jobs = Object.values<any>(workflow.jobs);
  return jobs
    .flatMap((job) => [
      job,
      ...(job.steps ?? []).map((step: any) => ({ ...step, permissions: job.permissions })),
    ])
    .filter((one) => /^(\$\/|OWNER\/blue-green-deploy)/.test(one.uses ?? ''))
    .map((one) => ({ with: {}, ...one }));
}

test('what workflows of pages, examples and our own give to the action and to each other exists', () => {
  let seen = 0;
  for (const { file, text } of everything(ROOT).filter(({ file: name }) => name !== 'action.yml'))
    for (const { uses: used, with: given, secrets, permissions } of uses(parse(text))) {
      seen += 1;
      const [, name] = /\/\.github\/workflows\/(\w+\.yml)@v\d+$/.exec(used) ?? [];
      const called = name === undefined ? undefined : parse(read(`.github/workflows/${name}`));
      const inputs = called?.on.workflow_call.inputs ?? action.inputs;
      for (const input of Object.keys(given)) assert.ok(input in inputs, `${file}: ${input}`);
      if (called === undefined) continue;
      if (typeof secrets === 'object')
        for (const secret of Object.keys(secrets as object))
          assert.ok(secret in called.on.workflow_call.secrets, `${file}: ${secret}`);
      // A called workflow can only narrow what the caller grants: GitHub refuses to start one that asks for more.
      for (const job of Object.values<any>(called.jobs))
        for (const [scope, level] of Object.entries(job.permissions))
          assert.equal(permissions?.[scope], level, `${file}: ${scope} for ${name}`);
    }
  assert.ok(seen > 15, `${seen} uses`);
});

test('the configs on the pages load, all of their environments', async () => {
  let seen = 0;
  for (const path of pages.filter((name) => name !== 'docs/configuration.md'))
    for (const { path: name, text } of snippetsIn(read(path))) {
      if (!name.endsWith('blue-green.yml')) continue;
      for (const environment of Object.keys(parse(text).environments)) {
        await loadEnvironment({ config: text, workspace: '/', environment });
        seen += 1;
      }
    }
  assert.ok(seen >= 6, `${seen} environments`);
});

test('the codes in the tables of docs/troubleshooting.md are the code’s', () => {
  const source = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(`src/${name}`))
    .join('\n');
  const page = read('docs/troubleshooting.md');
  const first = [...page.matchAll(/^\| `([a-z-]+)` \| it means|^\| `([a-z]+(?:-[a-z]+)+)` \|/gm)].map(
    ([, one, other]) => (one ?? other)!,
  );
  const inText = [...page.matchAll(/\(`([a-z]+(?:-[a-z]+)+)`/g)].map(([, code]) => code!);
  const codes = new Set([...first, ...inText].filter((code) => code !== 'rolled-back'));
  assert.ok(codes.size > 10, [...codes].join());
  for (const code of codes) assert.ok(source.includes(`'${code}'`), code);
});

test('docs/slack.md tells the colours that messages have', () => {
  const page = read('docs/slack.md');
  for (const occasion of ['start', 'success', 'failure', 'rollback'])
    assert.match(page, new RegExp(`^\\| \`${occasion}\` \\|`, 'm'));
});
