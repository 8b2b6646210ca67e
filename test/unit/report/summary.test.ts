import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Lexer, type Token, type Tokens, walkTokens } from 'marked';
import { DeployError } from '../../../src/errors.ts';
import type { Operation } from '../../../src/release/policy.ts';
import { inline } from '../../../src/report/markdown.ts';
import { summaryOf } from '../../../src/report/summary.ts';
import { version } from '../../../src/version.ts';
import { HOSTILE, image, info, outcome, script, situation, timelineOf } from './runs.ts';
import { stories } from './stories.ts';

const OPERATIONS: Partial<Record<string, Operation>> = { rolledBack: 'rollback', staged: 'stage' };

// Made anew with: node --test --test-update-snapshots test/unit/report/summary.test.ts
for (const [name, story] of Object.entries(stories))
  test(`the summary of a run that ends ${name}`, (t) => {
    const run = info({ operation: OPERATIONS[name] ?? 'deploy' });
    const markdown = summaryOf(run, timelineOf(story())).replace(version, 'X.Y.Z');
    t.assert.fileSnapshot(markdown, join(import.meta.dirname, 'golden', `${name}.md.snapshot`), {
      serializers: [(value) => value],
    });
    assert.ok(!/\p{Extended_Pictographic}/u.test(markdown), 'an emoji');
  });

function tokensOf(markdown: string): Token[] {
  const all: Token[] = [];
  walkTokens(new Lexer({ gfm: true }).lex(markdown), (token) => void all.push(token));
  return all;
}

/** A run in which every text that comes from outside is hostile, and there is too much of it. */
function hostileRun(size: number) {
  const bad = HOSTILE.repeat(size);
  const run = script();
  run.step('lock', bad, 10, bad, true, [
    { type: 'situation', situation: situation('blue', { live: bad, idle: bad }) },
  ]);
  run.emit({
    type: 'intent',
    from: 'blue',
    to: 'green',
    image: image(bad),
    release: 'storefront:8',
    previousImage: image(bad),
    count: 1,
  });
  for (let count = 0; count < 40 * size; count++) {
    const name = `${count} ${bad}`;
    run.emit({
      type: 'check',
      purpose: 'smoke',
      check: { name, ok: false, detail: bad, attempts: 1, ms: 1 },
    });
    run.emit({ type: 'warning', message: bad });
  }
  run.step('smoke', bad, 10, bad, false);
  const details = Array.from({ length: 20 * size }, () => bad);
  const error = new DeployError(bad, { code: 'unhealthy', hint: bad, details });
  const all = { image: bad, previousImage: bad, release: bad, previousRelease: bad, summary: bad };
  run.emit({ type: 'outcome', outcome: outcome({ ...all, result: 'failed', liveColor: 'blue', error }) });
  const { context } = info();
  return summaryOf(
    info({
      app: bad,
      environment: bad,
      reason: bad,
      target: bad,
      context: { ...context, actor: bad, workflow: bad },
    }),
    timelineOf(run.events),
  );
}

test('hostile text stays text: no link, picture, HTML, formula or broken table comes of it', () => {
  const markdown = hostileRun(1);
  const tokens = tokensOf(markdown);
  const links = tokens.filter((token): token is Tokens.Link => token.type === 'link').map(({ href }) => href);
  assert.deepEqual([...new Set(links)].toSorted(), [
    'https://github.com/acme/shop/actions/runs/4711',
    'https://github.com/acme/shop/commit/0123456789abcdef0123456789abcdef01234567',
    'https://shop.example.com/',
  ]);
  assert.equal(tokens.filter((token) => token.type === 'image').length, 0);
  const html = tokens.filter((token) => token.type === 'html').map((token) => token.raw.trim());
  for (const tag of html.flatMap((raw) => raw.match(/<[^>]*>/g) ?? []))
    assert.match(tag, /^<\/?(code|details|summary|sub)>$/);
  const tables = tokens.filter((token): token is Tokens.Table => token.type === 'table');
  assert.equal(tables.length, 3);
  for (const { header, rows } of tables)
    for (const row of rows) assert.ok(row.length === header.length, 'a row with another number of cells');
  // marked pads and cuts rows: count for itself, with GitHub's rule that a backslash escapes a pipe.
  for (const row of markdown.split('\n').filter((line) => line.startsWith('| ')))
    assert.ok([4, 7, 8].includes(row.split('|').length), row);
  assert.doesNotMatch(markdown.replace(/^(`{3,})[^`]*\n[\s\S]*?^\1$/gm, ''), /\$/, 'a formula');
  const blocks = tokens
    .filter((token): token is Tokens.Code => token.type === 'code')
    .map(({ lang }) => lang);
  assert.deepEqual(blocks, ['text', 'mermaid']);
});

test('text cannot break out of its fence', () => {
  const lines = ['```', '`````', '~~~', '</details>', '# no heading'];
  const run = script();
  const error = new DeployError('x', { code: 'x', details: lines });
  run.emit({ type: 'outcome', outcome: outcome({ result: 'failed', error }) });
  const code = tokensOf(summaryOf(info(), timelineOf(run.events))).find((token) => token.type === 'code');
  assert.equal((code as Tokens.Code).text, lines.join('\n'));
});

test('a huge run makes a summary far below the limit of 1 MiB', () => {
  const size = Buffer.byteLength(hostileRun(100));
  assert.ok(size < 300_000, `${size} bytes`);
});

test('a run without any event has a summary too', () => {
  assert.match(summaryOf(info(), timelineOf([])), /^## Not deployed: storefront \/ production/);
});

test('inline text keeps what it says', () => {
  assert.equal(inline('repo/shop:v2 is 1-2 (ok)'), 'repo/shop:v2 is 1-2 (ok)');
  assert.equal(inline('a|b\\|c'), 'a&#124;b&#92;&#124;c');
  assert.equal(inline('http://x www.y'), 'http&#58;//x ww&#119;.y');
});
