import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/**
 * The app as JavaScript, for `node -e`: to strip the types once here is what saves each task 30 ms of CPU, and without
 * a file there is nothing to clean up.
 */
export function appCode(): string {
  const source = readFileSync(new URL('./app.ts', import.meta.url), 'utf8');
  const { emitWarning } = process;
  // Node says once per process that this function is experimental, into the output of whoever uses the sandbox.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
