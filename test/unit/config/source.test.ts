import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSource } from '../../../src/config/source.ts';
import { refusal } from './helper.ts';

const root = mkdtempSync(join(tmpdir(), 'blue-green-config-'));
after(() => rmSync(root, { recursive: true }));
const workspace = join(root, 'workspace');
const empty = join(root, 'empty');
mkdirSync(join(workspace, '.github'), { recursive: true });
mkdirSync(join(workspace, '.git'));
mkdirSync(empty);
writeFileSync(join(workspace, '.github/blue-green.yml'), 'app: shop\n');
writeFileSync(join(workspace, 'other.yaml'), '');
writeFileSync(join(workspace, 'latin1.yml'), Buffer.from([0x61, 0xe4, 0x0a]));
writeFileSync(join(workspace, 'huge.yml'), '#'.repeat(1024 * 1024 + 1));
writeFileSync(join(workspace, '..dots.yml'), 'dots');
writeFileSync(join(root, 'outside.yml'), 'outside');

test('a path in the workspace', async () => {
  assert.deepEqual(await readSource('.github/blue-green.yml', workspace), {
    name: '.github/blue-green.yml',
    text: 'app: shop\n',
  });
  assert.equal((await readSource('./.github/../.github/blue-green.yml', workspace)).text, 'app: shop\n');
  assert.equal((await readSource('..dots.yml', workspace)).text, 'dots');
});

test('an absolute path may lead anywhere', async () => {
  assert.equal((await readSource(join(root, 'outside.yml'), workspace)).text, 'outside');
});

test('more than one line is the config itself', async () => {
  assert.deepEqual(await readSource('app: x\nenvironments: {}', workspace), {
    name: 'config',
    text: 'app: x\nenvironments: {}',
  });
});

test('an empty workspace: check out first', async () => {
  for (const place of [empty, join(root, 'nowhere')]) {
    const { code, message } = await refusal(readSource('.github/blue-green.yml', place));
    assert.equal(code, 'config-missing');
    assert.equal(
      message,
      '.github/blue-green.yml is not there, because the workspace is empty: check the repository out first.\n' +
        '  - uses: actions/checkout@v5\n' +
        '  - uses: OWNER/blue-green-deploy@v1',
    );
  }
});

const REFUSED: [string, string, string, string?][] = [
  [
    'none.yml',
    'config-missing',
    `There is no config at ${workspace}/none.yml.`,
    'Create it (README: Config), or give its path in the input `config`.',
  ],
  [
    '.github/blue-green.yml/x',
    'config-missing',
    `There is no config at ${workspace}/.github/blue-green.yml/x.`,
    'Create it (README: Config), or give its path in the input `config`.',
  ],
  [
    'other.yml',
    'config-missing',
    `There is no config at ${workspace}/other.yml.`,
    `There is ${workspace}/other.yaml: write its name in the input \`config\`.`,
  ],
  [
    '/nonexistent/none.yml',
    'config-missing',
    'There is no config at /nonexistent/none.yml.',
    'Create it (README: Config), or give its path in the input `config`.',
  ],
  ...['../outside.yml', '.github/../../outside.yml', '..'].map((path): [string, string, string] => [
    path,
    'config-invalid',
    `config is "${path}", which leads out of the workspace: write a path inside of it, or an absolute one.`,
  ]),
  ['.github', 'config-invalid', 'config is ".github", a directory: write the path of a file.'],
  ['', 'config-invalid', 'config is "": write a path such as .github/blue-green.yml.'],
  ['a\0b', 'config-invalid', 'config is "a\\u0000b": write a path such as .github/blue-green.yml.'],
  ['latin1.yml', 'config-invalid', 'config is "latin1.yml", which is not UTF-8 text: save it as UTF-8.'],
  ['huge.yml', 'config-invalid', 'huge.yml has more than 1 MiB: give the config itself, without data.'],
];
for (const [path, code, message, hint] of REFUSED)
  test(`refuses ${JSON.stringify(path)}`, async () => {
    const error = await refusal(readSource(path, workspace));
    assert.deepEqual({ code: error.code, message: error.message, hint: error.hint }, { code, message, hint });
  });

test('a name that the file system refuses', async () => {
  const error = await refusal(readSource('x'.repeat(5000), workspace));
  assert.equal(error.code, 'config-invalid');
  assert.ok(error.message.length < 300, error.message);
});
