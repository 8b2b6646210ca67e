import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

// Printed, not asserted: machines are shared. The published AWS deploy actions take 5.6 times an empty script.
test('without inputs, the validation error comes in a small multiple of an empty script', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'blue-green-'));
  try {
    const empty = join(folder, 'empty.mjs');
    writeFileSync(empty, '');
    const bundle = resolve(import.meta.dirname, '../../dist/index.js');
    const times: { empty: number[]; bundle: number[] } = { empty: [], bundle: [] };
    const time = (file: string, status: number) => {
      const from = performance.now();
      const run = spawnSync(process.execPath, [file], { env: { PATH: process.env['PATH'] } });
      assert.equal(run.status, status);
      return performance.now() - from;
    };
    for (let round = 0; round < 15; round += 1) {
      times.empty.push(time(empty, 0));
      times.bundle.push(time(bundle, 1));
    }
    const median = (all: number[]) => all.toSorted((a, b) => a - b)[all.length >> 1]!;
    const [base, own] = [median(times.empty), median(times.bundle)];
    t.diagnostic(
      `empty script ${base.toFixed(0)} ms, dist/index.js without inputs ${own.toFixed(0)} ms: ${(own / base).toFixed(2)} times (medians of 15)`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
