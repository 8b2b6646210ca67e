import { relative } from 'node:path';
import { Readable } from 'node:stream';
import { spec, type TestEvent } from 'node:test/reporters';

/** How many of the files that took longest are named. */
const SLOWEST = 12;

/**
 * Node's own report, and in its last lines which files took longest, and what this machine could not test and why: a
 * skipped test among hundreds of good ones would go unseen.
 */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const skipped = new Map<string, number>();
  const files: { readonly file: string; readonly seconds: number }[] = [];
  async function* watched() {
    for await (const event of source) {
      const { type, data } = event;
      if ((type === 'test:pass' || type === 'test:fail') && data.skip !== undefined) {
        const reason = typeof data.skip === 'string' ? data.skip : `no reason given (${data.name})`;
        skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
      }
      // There is one for each file, and one for all of them.
      if (type === 'test:summary' && data.file !== undefined)
        files.push({ file: relative(process.cwd(), data.file), seconds: data.duration_ms / 1000 });
      yield event;
    }
  }
  for await (const text of Readable.from(watched()).compose(new spec())) yield String(text);
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  const all = files.reduce((sum, { seconds }) => sum + seconds, 0);
  yield `The slowest of ${files.length} files, which took ${Math.round(all)} s one by one:\n`;
  for (const { file, seconds } of slowest) yield `  ${seconds.toFixed(0).padStart(4)} s ${file}\n`;
  yield skipped.size === 0
    ? 'Nothing was skipped.\n'
    : `NOT TESTED on this machine:\n${[...skipped].map(([reason, tests]) => `  ${tests} ${tests === 1 ? 'test' : 'tests'}: ${reason}\n`).join('')}`;
}
