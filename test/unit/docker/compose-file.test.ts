import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import { ComposeFile, readComposeFile } from '../../../src/target/docker/compose-file.ts';

const file = new ComposeFile(
  'compose.yml',
  '/w/compose.yml',
  `x-common: &common
  restart: always
services:
  web:
    <<: *common
    ports:
      - "8080:80"
      - target: 90
        published: 9090
  db: *common
`,
);

test('Places are told by line, as closely as they can be', () => {
  assert.equal(file.at(['services', 'web']), 'compose.yml:4');
  assert.equal(file.at(['services', 'web', 'ports'], '8080'), 'compose.yml:7');
  assert.equal(file.at(['services', 'web', 'ports'], '9090'), 'compose.yml:8');
  assert.equal(file.at(['services', 'web', 'ports'], 'nowhere'), 'compose.yml:6');
  assert.equal(file.at(['services', 'web', 'image']), 'compose.yml:4', 'the nearest that there is');
  assert.equal(file.at(['services', 'db', 'restart']), 'compose.yml:2', 'through an alias');
  assert.equal(file.at(['services', 'included', 'ports']), 'compose.yml', 'not in this file');
  assert.ok(file.has(['services', 'web', 'ports']));
  assert.ok(!file.has(['services', 'web', 'profiles']));
});

test('A file that is no YAML has no places, and says where it breaks', () => {
  const broken = new ComposeFile('compose.yml', '', 'services:\n  web:\n   image: x\n  - y\n');
  assert.match(broken.broken() ?? '', /^line 4, column/);
  assert.equal(file.broken(), undefined);
});

test('Only a file of the workspace is read', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'compose-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'compose.yml'), 'services: {}\n');
  symlinkSync('/etc/passwd', join(folder, 'link.yml'));
  assert.equal((await readComposeFile('compose.yml', folder)).path, join(folder, 'compose.yml'));
  const code = (name: string) =>
    readComposeFile(name, folder).then(
      () => '',
      (error: unknown) => (error instanceof DeployError ? error.code : String(error)),
    );
  assert.equal(await code('none.yml'), 'compose-missing');
  assert.equal(await code('../../etc/passwd'), 'compose-outside');
  assert.equal(await code('link.yml'), 'compose-outside');
});
