/**
 * What `npm test` runs: each test file in a process of its own and two at a time, as `node --test` does it, but in another
 * order than that of the alphabet. Files with containers are bound by the processor, those with a sandbox of ECS mostly
 * wait: beside each other they take the machine as it is, where two of a kind would slow each other or leave it idle.
 */
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from 'node:test';
import report from './reporter.ts';
import { SLOW } from './slow.ts';

const ROOT = resolve(import.meta.dirname, '..');
const LONGEST_TEST_MS = 300_000 * SLOW;

const testFiles = (folders: string): readonly string[] =>
  globSync(`test/${folders}/*.test.ts`, { cwd: ROOT }).toSorted();

const withContainers = testFiles('{docker,e2e/docker}');
const withSandbox = testFiles('e2e/ecs');
const others = testFiles('**').filter((file) => ![...withContainers, ...withSandbox].includes(file));

run({
  files: [...inTurn(withContainers, withSandbox), ...others].map((file) => resolve(ROOT, file)),
  concurrency: 2,
  execArgv: [`--test-timeout=${LONGEST_TEST_MS}`, `--import=${resolve(ROOT, 'test/watchdog.ts')}`],
})
  .on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) process.exitCode = 1;
  })
  .compose(report)
  .pipe(process.stdout);

function inTurn<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  const longest = Math.max(one.length, other.length);
  return Array.from({ length: longest }, (_, index) => [
    ...one.slice(index, index + 1),
    ...other.slice(index, index + 1),
  ]).flat();
}
