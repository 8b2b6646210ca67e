import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { assertClean, startWorld } from '../e2e/world.ts';
import { act, describe, runWorkflow } from './act.ts';

// The scheduled look of examples/workflows/watch.yml, on a real runner (act.ts says what it lacks).

const ROOT = resolve(import.meta.dirname, '../..');

test('a scheduled look leaves a good release alone, and takes one back that turned bad', {
  skip: act.skip,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'bad-'));
  const bad = join(folder, 'bad');
  await using world = await startWorld({
    load: false,
    images: { turning: { env: { BAD_WHILE: bad } } },
    config: {
      stabilize: { for: '1s', interval: '250ms', probe: { path: '/' } },
      watch: { window: '1h' },
    },
  });
  const path = '.github/workflows/watch.yml';
  const look = async (name: string) => {
    const done = await runWorkflow({
      files: {
        [path]: readFileSync(resolve(ROOT, 'examples/workflows/watch.yml'), 'utf8'),
        '.github/blue-green.yml': world.config,
      },
      ...{ event: 'schedule', workflow: path, env: world.env },
    });
    for (const line of describe(name, done)) t.diagnostic(line);
    return done;
  };
  try {
    assert.equal((await world.act({ 'image-tag': 'turning' })).outputs['result'], 'deployed');
    const good = await look('a good release');
    assert.deepEqual([good.exitCode, good.outputs['result']], [0, 'unchanged'], good.log);
    await writeFile(bad, '');
    const taken = await look('a release that turned bad');
    assert.deepEqual([taken.exitCode, taken.outputs['result']], [1, 'rolled-back'], taken.log);
    await assertClean(world, 'blue');
  } finally {
    await rm(folder, { recursive: true });
  }
});
