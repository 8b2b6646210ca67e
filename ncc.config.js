// ncc has no config file of its own: this is our build, around its API.
//
// TypeScript 7 has no compiler API that ncc could load, so tsc first emits JavaScript to build/, and ncc
// bundles that. The bundle is one entry (main and post) plus one chunk for each `import()`, so that a Docker
// deployment never loads an AWS SDK. It is not minified: people review what runs with their credentials, and
// minifying was measured to save no time (facts/actions.md 3.2).
//
// Usage: node ncc.config.js [--out DIR]
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import ncc from '@vercel/ncc';

const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } });
const out = resolve(values.out);

rmSync('build', { recursive: true, force: true });
execFileSync('node_modules/.bin/tsc', { stdio: 'inherit' });

const { code, assets } = await ncc(resolve('build/src/index.js'), {
  cache: false,
  license: 'licenses.txt',
  quiet: true,
  target: 'es2024',
  // The SDK's ES modules bundle smaller than its CommonJS ones. The option is not in ncc's documentation.
  mainFields: ['module', 'main'],
});

// Chunks have numeric names which change from build to build: clear what is there first.
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'index.js'), code);
for (const [name, { source }] of Object.entries(assets)) {
  const file = join(out, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source);
}

// A bundle can build and still not run (ncc once left out a module silently), so run it: without inputs it must
// end with its own validation error.
try {
  execFileSync(process.execPath, [join(out, 'index.js')], { env: { PATH: process.env.PATH }, stdio: 'pipe' });
  throw new Error(`${join(out, 'index.js')} ended with 0 without any input`);
} catch (error) {
  if (error.status !== 1 || !String(error.stdout).includes('::error')) {
    process.stderr.write(`${error.stdout ?? ''}${error.stderr ?? ''}`);
    throw error;
  }
}
