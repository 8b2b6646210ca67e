import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { test } from 'node:test';
import { requirement } from '../requirements.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const zizmor = requirement('zizmor', () =>
  [join(ROOT, '.tmp/zizmor/bin'), ...(process.env['PATH'] ?? '').split(delimiter)]
    .map((folder) => join(folder, 'zizmor'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
);

/** What zizmor reads, and what it says of it. */
function audit(paths: readonly string[], options: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync(
    zizmor.get(),
    ['--offline', '--persona=auditor', '--no-progress', '--format=plain', ...options, ...paths],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const files = [...stderr.matchAll(/completed (\S+)/g)].map(([, file = '']) => file);
  return { status, files, text: `${stdout}${stderr}` };
}

test('zizmor, at its strictest, finds nothing in the workflows and action.yml', {
  skip: zizmor.skip,
}, (t) => {
  const { status, files, text } = audit(['.github', 'action.yml']);
  t.diagnostic(`zizmor read ${files.join(', ')}`);
  assert.equal(status, 0, text);
  for (const name of [...readdirSync(join(ROOT, '.github/workflows')), 'action.yml'])
    assert.ok(
      files.some((file) => file.endsWith(name)),
      `${name} was read`,
    );
});

test('nor in the workflows that examples/ has for readers', { skip: zizmor.skip }, (t) => {
  const names = readdirSync(join(ROOT, 'examples/workflows'));
  const { status, files, text } = audit(
    names.map((name) => `examples/workflows/${name}`),
    ['--config', 'test/act/zizmor.yml'],
  );
  t.diagnostic(`zizmor read ${files.join(', ')}`);
  assert.equal(status, 0, text);
  assert.equal(files.length, names.length);
});
