import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { injectedPaths } from '../../../src/target/docker/injected-files.ts';
import { overrideFor } from '../../../src/target/docker/override.ts';
import { packTar, relocated } from '../../../src/target/docker/scrap-tar.ts';

const SECRETS = { token: { environment: 'TOKEN' }, key: { file: '/w/key' } };
const CONFIGS = { inline: { content: 'x: 1' }, fromenv: { environment: 'X' }, site: { file: '/w/site' } };

test('Compose copies secrets and configs whose text it has itself; what has a file is mounted', () => {
  const service = {
    secrets: [
      { source: 'token' },
      { source: 'token', target: 'renamed' },
      { source: 'token', target: '/etc/token' },
      { source: 'key' },
    ],
    configs: [{ source: 'inline' }, { source: 'fromenv', target: '/etc/app/x.conf' }, { source: 'site' }],
  };
  assert.deepEqual(injectedPaths({ secrets: SECRETS, configs: CONFIGS }, service), [
    '/run/secrets/token',
    '/run/secrets/renamed',
    '/etc/token',
    '/inline',
    '/etc/app/x.conf',
  ]);
  assert.deepEqual(injectedPaths({}, {}), []);
});

test('The label says where they are, and nothing of what they say', () => {
  const text = overrideFor(
    {
      name: 'shop-test-green',
      services: { web: { secrets: [{ source: 'token' }], configs: [{ source: 'inline' }] }, db: {} },
      secrets: SECRETS,
      configs: CONFIGS,
    },
    {
      app: 'shop',
      environment: 'test',
      color: 'green',
      release: { id: '0123456789ab', image: 'repo/shop:v2' },
      settings: { service: 'web', network: 'edge', aliases: { blue: 'b', green: 'g' } },
      workspace: '/work',
    },
  );
  const { services } = JSON.parse(text);
  assert.equal(services.web.labels['blue-green.files'], '["/run/secrets/token","/inline"]');
  assert.equal('blue-green.files' in services.db.labels, false);
  assert.doesNotMatch(text, /x: 1/);
});

const LONG = `/${'folder-'.repeat(12)}/${'deeper-'.repeat(5)}/${'name-'.repeat(8)}`;
for (const path of ['/run/secrets/token', '/inline', LONG])
  test(`An archive of a file goes to its whole path: ${path.length} characters`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'relocated-'));
    try {
      const tar = relocated(packTar({ token: 'a secret\n' }), path);
      execFileSync('tar', ['-x', '-C', folder], { input: tar });
      assert.equal(readFileSync(join(folder, path), 'utf8'), 'a secret\n');
      assert.equal(statSync(join(folder, path)).mode & 0o777, 0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

test('Nothing comes of an archive without a file, or of one that was cut off', () => {
  assert.equal(relocated(packTar({}), '/x'), undefined);
  assert.equal(relocated(packTar({ x: 'y'.repeat(600) }).subarray(0, 1024), '/x'), undefined);
});
