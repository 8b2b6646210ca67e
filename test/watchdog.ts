/**
 * Ends a test file that does not end by itself, and says what it waits for. Node has a limit for a test
 * (`--test-timeout`) and none for a file: one handle left open would keep all behind it from being tested. Loaded into
 * each file's process with `--import`.
 */
import { relative } from 'node:path';
import { describeProcess } from './processes.ts';
import { SLOW } from './slow.ts';

/** About twice what the longest file takes on a busy machine. */
const LONGEST_MINUTES = 10 * SLOW;

// Not for the runner itself, which loads this too.
if (process.env['NODE_TEST_CONTEXT'] !== undefined) setTimeout(giveUp, LONGEST_MINUTES * 60_000).unref();

function giveUp(): never {
  const file = relative(process.cwd(), process.argv[1] ?? '');
  console.error(`${file} did not end within ${LONGEST_MINUTES} minutes: ${process.getActiveResourcesInfo()}`);
  console.error(describeProcess(process.pid));
  process.exit(1);
}
