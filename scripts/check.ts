/**
 * `npm run check`: everything that can be said about the tree without running it. Each part is a command of its own;
 * all of them run, so that one sees all findings at once.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const temp = mkdtempSync(join(tmpdir(), 'blue-green-dist-'));
const node = (...args: string[]) => [process.execPath, ...args];
const parts: [string, string[]][] = [
  ['format and lint', ['node_modules/.bin/biome', 'ci', '--error-on-warnings', '--colors=off']],
  ['types', ['node_modules/.bin/tsc', '--noEmit']],
  ['tables in README and docs, and the schema, are generated', node('scripts/generate.ts', '--check')],
  ['action.yml and workflows', node('scripts/validate-workflows.ts')],
  ['dist is built', node('ncc.config.js', '--out', temp)],
  ['dist is up to date', ['diff', '-r', temp, 'dist']],
];

let failed = 0;
try {
  for (const [name, [command = '', ...args]] of parts) {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
    process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}\n`);
    if (status === 0) continue;
    failed += 1;
    process.stdout.write(`${stdout}${stderr}`.slice(0, 8_000));
  }
} finally {
  rmSync(temp, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
