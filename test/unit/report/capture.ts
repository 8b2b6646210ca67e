import type { TestContext } from 'node:test';

/** Everything that is written to the log from now on until the test ends. The test runner's own messages pass. */
export function captureLog(t: TestContext): { readonly lines: () => string[]; readonly text: () => string } {
  let written = '';
  const write = process.stdout.write.bind(process.stdout);
  t.mock.method(process.stdout, 'write', (chunk: string | Uint8Array, ...rest: []) => {
    if (typeof chunk !== 'string') return write(chunk, ...rest);
    written += chunk;
    return true;
  });
  return { lines: () => written.split('\n').slice(0, -1), text: () => written };
}

/**
 * The commands that GitHub's runner would find in a log, by its own two rules (actions/runner, ActionCommand.cs): `::`
 * at the beginning of a line, or `##[` anywhere in one.
 */
export function commandsIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, second] = /^\s*::([^: ]+)[^:]*::/.exec(line) ?? [];
    const [, first] = /##\[([^\] ]+)[^\]]*\]/.exec(line) ?? [];
    return [second ?? first ?? []].flat();
  });
}
