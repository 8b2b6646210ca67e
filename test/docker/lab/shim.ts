import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A `docker` command that stands before the real one: it writes down each call, and at the k-th one it kills the
 * action (its parent, as a lost machine does) either before Docker hears of it, or after Docker has done it.
 */
export interface DockerShim {
  /** Goes first in the action's PATH. */
  readonly folder: string;
  /** The calls so far, one line each; those that `docker` itself makes (plugins) are not among them. */
  calls(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export interface ShimFault {
  /** 1 for the first call. */
  readonly call: number;
  readonly moment: 'before' | 'after';
}

export async function dockerShim(real: string, fault?: ShimFault): Promise<DockerShim> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-shim-'));
  const log = join(folder, 'calls');
  await writeFile(log, '');
  // The number of a call is its line's: appending is atomic, so calls at the same time get different ones.
  const script = `#!/bin/sh
line=$(printf '%s ' "$@" | tr '\\n' ' ')
printf '%s %s\\n' "$$" "$line" >> '${log}'
number=$(grep -n "^$$ " '${log}' | tail -n 1 | cut -d: -f1)
if [ "$number" = '${fault?.call ?? 0}' ]; then
  ${fault?.moment === 'after' ? `'${real}' "$@" > /dev/null 2>&1` : ':'}
  kill -9 $PPID
  exit 1
fi
exec '${real}' "$@"
`;
  await writeFile(join(folder, 'docker'), script);
  await chmod(join(folder, 'docker'), 0o755);
  return {
    folder,
    calls: async () =>
      (await readFile(log, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.replace(/^\d+ /, '').trim()),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
