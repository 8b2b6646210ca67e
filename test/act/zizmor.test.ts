import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
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

test('zizmor, at its strictest, finds nothing in the workflows and action.yml', {
  skip: zizmor.skip,
}, (t) => {
  const { status, stdout, stderr } = spawnSync(
    zizmor.get(),
    ['--offline', '--persona=auditor', '--no-progress', '--format=plain', '.github', 'action.yml'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const files = [...stderr.matchAll(/completed (\S+)/g)].map(([, file]) => file);
  t.diagnostic(`zizmor read ${files.join(', ')}`);
  assert.equal(status, 0, `${stdout}${stderr}`);
  for (const name of ['deploy.yml', 'rollback.yml', 'drill.yml', 'release.yml', 'ci.yml', 'action.yml'])
    assert.ok(
      files.some((file) => file?.endsWith(name)),
      `${name} was read`,
    );
});
