import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ComposeConfig } from '../../../src/target/docker/compose-config.ts';
import { releaseId } from '../../../src/target/docker/release-content.ts';

const folder = mkdtempSync(join(tmpdir(), 'release-content-'));
after(() => rmSync(folder, { recursive: true }));

const idOf = (secrets: NonNullable<ComposeConfig['secrets']>): Promise<string> =>
  releaseId({
    config: { name: 'shop', services: { web: { image: 'shop:v1' } }, secrets },
    image: 'shop:v1',
    imageIds: {},
    service: 'web',
    network: 'edge',
    workspace: '/nowhere',
    folder,
  });

test('a secret that has another value makes another release, though Compose tells of its name only', async () => {
  const secrets = { token: { environment: 'SHOP_TEST_TOKEN' } };
  const ids = [];
  try {
    ids.push(await idOf(secrets));
    for (const value of ['one', 'two', 'one']) {
      process.env['SHOP_TEST_TOKEN'] = value;
      ids.push(await idOf(secrets));
    }
  } finally {
    delete process.env['SHOP_TEST_TOKEN'];
  }
  assert.equal(new Set(ids).size, 3);
  assert.equal(ids[1], ids[3]);
  writeFileSync(join(folder, '.env'), 'SHOP_TEST_TOKEN=three');
  ids.push(await idOf(secrets));
  writeFileSync(join(folder, '.env'), 'SHOP_TEST_TOKEN=four');
  ids.push(await idOf(secrets));
  assert.equal(new Set(ids).size, 5, 'Compose reads that file, too');
  for (const id of ids) assert.match(id, /^[0-9a-f]{12}$/);
});
