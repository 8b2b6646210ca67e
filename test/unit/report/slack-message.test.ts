import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import type { Result } from '../../../src/release/outcome.ts';
import type { Operation } from '../../../src/release/policy.ts';
import type { RunInfo } from '../../../src/report/run-info.ts';
import { occasionOf, slackMessage } from '../../../src/report/slack-message.ts';
import { escapeSlack, linkSlack, mentionSlack } from '../../../src/report/slack-text.ts';
import type { Timeline } from '../../../src/report/timeline.ts';
import { crash, HOSTILE, image, info, outcome, script, situation, timelineOf } from './runs.ts';
import { stories } from './stories.ts';

const OPERATIONS: Partial<Record<string, Operation>> = { rolledBack: 'rollback', staged: 'stage' };

interface Text {
  type: string;
  text: string;
  verbatim?: boolean;
}
interface Block {
  type: string;
  text?: Text;
  fields?: Text[];
}

/** The message as Slack gets it, checked against Block Kit's limits (docs.slack.dev/reference/block-kit). */
function message(run: RunInfo, timeline: Timeline, mention?: string) {
  const sent = JSON.parse(JSON.stringify(slackMessage(run, timeline, mention)));
  assert.equal(sent.attachments.length, 1);
  const [{ color, blocks }] = sent.attachments as [{ color: string; blocks: Block[] }];
  assert.match(color, /^#[0-9a-f]{6}$/);
  assert.ok(blocks.length <= 50);
  const texts: string[] = [];
  for (const { type, text, fields = [] } of blocks) {
    assert.ok(type === 'header' || type === 'section', `${type}: buttons make Slack warn`);
    if (type === 'header') assert.equal(text?.type, 'plain_text');
    assert.ok(fields.length <= 10);
    for (const one of [text ?? [], fields].flat()) {
      const limit = type === 'header' ? 150 : one === text ? 3_000 : 2_000;
      assert.ok(one.text.length > 0 && one.text.length <= limit, `${one.text.length} of ${limit}`);
      if (one.type === 'mrkdwn') assert.equal(one.verbatim, true, 'Slack would look for names in it');
      if (one.type === 'mrkdwn') texts.push(one.text);
    }
  }
  texts.push(sent.text);
  const markup = texts.flatMap((text) => text.match(/<[^>]*>?/g) ?? []);
  const fields = Object.fromEntries(
    blocks
      .flatMap((block) => block.fields ?? [])
      .map(({ text }) => text.slice(1).split('*\n') as [string, string]),
  );
  return {
    text: sent.text as string,
    color,
    fields,
    markup,
    header: blocks[0]?.text?.text,
    all: texts.join('\n'),
  };
}

const story = (name: keyof typeof stories, mention?: string) =>
  message(info({ operation: OPERATIONS[name] ?? 'deploy' }), timelineOf(stories[name]()), mention);

test('a good deploy tells what changed, and where to look', () => {
  const { text, header, fields, markup, color } = story('deployed', '<!here>');
  assert.equal(header, 'Deployed: storefront / production');
  assert.equal(
    text,
    'storefront / production: storefront:v2 is live on green. storefront:v1 is kept for a rollback.',
  );
  assert.deepEqual(fields, {
    Result: 'Deployed',
    Environment: '<https://shop.example.com/|production>',
    Image: '`storefront:v1` → `storefront:v2`',
    'Live color': 'blue → green',
    Duration: '1 min 28 s',
    Reason: 'weekly release',
    Commit: '<https://github.com/acme/shop/commit/0123456789abcdef0123456789abcdef01234567|0123456>',
    By: 'ann',
  });
  assert.ok(markup.includes('<https://github.com/acme/shop/actions/runs/4711|Open the run>'));
  assert.ok(markup.includes('<https://github.com/acme/shop/actions/workflows/rollback.yml|Roll back>'));
  assert.equal(color, '#2eb67d');
});

test('a failure tells why, what to do, and the last lines', () => {
  const { header, fields, all, color } = story('refused');
  assert.equal(header, 'Not deployed: storefront / production');
  assert.equal(fields['Image'], '`storefront:v1` stays, `storefront:v2` is not live');
  assert.match(
    all,
    /\*What happened:\* green is not healthy: 3 of 3 tasks stopped with exit code 1\n\*What to do:\* Look/,
  );
  assert.match(all, /```\nEssentialContainerExited[\s\S]*ECONNREFUSED[\s\S]*\n```/);
  assert.equal(color, '#e01e5a');
});

test('people are called when something went wrong, and only then', () => {
  const called = Object.keys(stories).filter((name) =>
    story(name as keyof typeof stories, '<!here>').text.startsWith('<!here> '),
  );
  assert.deepEqual(called, ['refused', 'takenBack', 'canary']);
});

test('a rollback by hand, a release taken back and a failure look different', () => {
  assert.deepEqual(
    (['rolledBack', 'takenBack', 'refused'] as const).map((name) => {
      const { header, fields } = story(name);
      return [header, fields['Image']];
    }),
    [
      ['Rolled back: storefront / production', '`storefront:v2` → `storefront:v1`'],
      ['Taken back: storefront / production', '`storefront:v2` → `storefront:v1`'],
      ['Not deployed: storefront / production', '`storefront:v1` stays, `storefront:v2` is not live'],
    ],
  );
  assert.notEqual(story('rolledBack').color, story('takenBack').color);
});

test('each result has its occasion, or none', () => {
  const occasion = (result: Result, operation: Operation = 'deploy') => {
    const run = script();
    run.emit({
      type: 'outcome',
      outcome: outcome({ result, error: result === 'failed' ? crash : undefined }),
    });
    return occasionOf(info({ operation }), timelineOf(run.events));
  };
  assert.deepEqual(
    (['deployed', 'staged', 'aborted', 'rolled-back', 'failed', 'unchanged', 'planned', ''] as const).map(
      (result) => occasion(result),
    ),
    ['success', 'success', 'success', 'rollback', 'failure', undefined, undefined, undefined],
  );
  assert.equal(occasion('failed', 'status'), undefined);
  assert.equal(occasionOf(info(), timelineOf([])), 'failure', 'a run without an end failed');
});

for (const size of [1, 200])
  test(`hostile text calls nobody, links nowhere and keeps the limits (${size}x)`, () => {
    const bad = HOSTILE.repeat(size);
    const run = script();
    run.emit({ type: 'situation', situation: situation('blue', { live: bad, idle: bad }) });
    run.emit({
      type: 'intent',
      from: 'blue',
      to: 'green',
      image: image(bad),
      release: 'storefront:8',
      previousImage: image(bad),
      count: 1,
    });
    const error = new DeployError(bad, { code: 'x', hint: bad, details: Array(50).fill(bad) });
    run.emit({
      type: 'outcome',
      outcome: outcome({ result: 'failed', liveColor: 'blue', error, image: bad, summary: bad }),
    });
    const { context } = info();
    const url = 'https://shop.example.com/?a=1&b=2|<!channel>';
    const { markup, all, fields } = message(
      info({ app: bad, environment: bad, reason: bad, url, context: { ...context, actor: bad } }),
      timelineOf(run.events),
      '<!here>',
    );
    assert.equal(markup.length, 5, markup.join('\n'));
    for (const one of markup)
      assert.match(
        one,
        /^<(!here|https:\/\/(github\.com\/acme|shop\.example\.com\/\?a=1&amp;b=2%7C%3C)[^<>|]*\|[^<>|]*)>$/,
      );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    assert.doesNotMatch(all, /[\u0000-\u0009\u000b-\u001f\u202e]/);
    assert.equal(all.match(/```/g)?.length, 2, 'the block of code ends where it should');
    assert.ok(fields['Reason']!.length <= 500);
  });

test('nothing is cut in the midst of an entity', () => {
  for (let limit = 1; limit < 40; limit++) {
    const text = escapeSlack('a<b>&c'.repeat(9), limit);
    assert.ok(text.length <= limit);
    assert.match(text, /^([^&<>]|&(lt|gt|amp);)*$/);
  }
  assert.equal(escapeSlack('a<b>&c', 100), 'a&lt;b&gt;&amp;c');
});

test('a mention is Slack’s own markup, or text', () => {
  for (const mention of ['<!here>', '<!channel>', '<@U012AB3CD>', '<!subteam^S012AB>', '<@U1> <@U2>'])
    assert.equal(mentionSlack(mention), mention);
  assert.equal(mentionSlack('@here'), '@here');
  assert.equal(mentionSlack('<https://evil.example|x>'), '&lt;https://evil.example|x&gt;');
});

test('a link leads to the web, or nowhere', () => {
  assert.equal(linkSlack('javascript:alert(1)', 'x'), '<#|x>');
  assert.equal(linkSlack('https://a.example/|>', '<'), '<https://a.example/%7C%3E|&lt;>');
});
