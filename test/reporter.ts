import { Readable } from 'node:stream';
import { spec, type TestEvent } from 'node:test/reporters';

/**
 * Node's own report, and in its last lines what this machine could not test and why: a skipped test among hundreds of
 * good ones would go unseen.
 */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const skipped = new Map<string, number>();
  async function* watched() {
    for await (const event of source) {
      const { type, data } = event;
      if ((type === 'test:pass' || type === 'test:fail') && data.skip !== undefined) {
        const reason = typeof data.skip === 'string' ? data.skip : `no reason given (${data.name})`;
        skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
      }
      yield event;
    }
  }
  for await (const text of Readable.from(watched()).compose(new spec())) yield String(text);
  yield skipped.size === 0
    ? 'Nothing was skipped.\n'
    : `NOT TESTED on this machine:\n${[...skipped].map(([reason, tests]) => `  ${tests} ${tests === 1 ? 'test' : 'tests'}: ${reason}\n`).join('')}`;
}
