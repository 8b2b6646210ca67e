import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeployError } from '../../../src/errors.ts';
import type { Result } from '../../../src/release/outcome.ts';
import type { Operation } from '../../../src/release/policy.ts';
import type { RunInfo } from '../../../src/report/run-info.ts';
import { occasionOf, slackMessage, startMessage } from '../../../src/report/slack-message.ts';
import { escapeSlack, linkSlack, mentionSlack } from '../../../src/report/slack-text.ts';
import type { Timeline } from '../../../src/report/timeline.ts';
import { version } from '../../../src/version.ts';
import { crash, HOSTILE, image, info, outcome, script, situation, timelineOf } from './runs.ts';
import { stories } from './stories.ts';

const OPERATIONS: Partial<Record<string, Operation>> = { rolledBack: 'rollback', staged: 'stage' };

interface Text {
  type: string;
  text: string;
  verbatim?: boolean;
}
interface Button {
  type: string;
  action_id: string;
  text: Text;
  url: string;
}
interface Block {
  type: string;
  text?: Text;
  fields?: Text[];
  elements?: unknown[];
}

const message = (run: RunInfo, timeline: Timeline, mention?: string) =>
  checked(slackMessage(run, timeline, mention));

/** The message as Slack gets it, checked against Block Kit's limits (docs.slack.dev/reference/block-kit). */
function checked(built: object) {
  const sent = JSON.parse(JSON.stringify(built));
  assert.equal(sent.attachments.length, 1, 'one colour bar');
  const [{ color, blocks }] = sent.attachments as [{ color: string; blocks: Block[] }];
  assert.match(color, /^#[0-9a-f]{6}$/);
  assert.ok(blocks.length <= 50);
  assert.ok(sent.text.length <= 3_000);
  const texts: string[] = [];
  const buttons: Button[] = [];
  for (const { type, text, fields = [], elements = [] } of blocks) {
    assert.ok(['header', 'section', 'actions', 'context'].includes(type), type);
    if (type === 'header') assert.equal(text?.type, 'plain_text');
    if (type === 'section')
      assert.ok(text !== undefined || fields.length > 0, 'a section has text or fields');
    if (type === 'context') assert.ok(elements.length > 0 && elements.length <= 10);
    if (type === 'actions') {
      assert.ok(elements.length > 0 && elements.length <= 25);
      buttons.push(...(elements as Button[]));
    }
    assert.ok(fields.length <= 10);
    const context = type === 'context' ? (elements as Text[]) : [];
    for (const one of [text ?? [], fields, context].flat()) {
      const limit = type === 'header' ? 150 : fields.includes(one) ? 2_000 : 3_000;
      assert.ok(one.text.length > 0 && one.text.length <= limit, `${one.text.length} of ${limit}`);
      if (one.type === 'mrkdwn') assert.equal(one.verbatim, true, 'Slack would look for names in it');
      if (one.type === 'mrkdwn') texts.push(one.text);
    }
  }
  assert.equal(new Set(buttons.map((button) => button.action_id)).size, buttons.length);
  for (const { type, text, url, action_id: id } of buttons) {
    assert.equal(type, 'button');
    assert.equal(text.type, 'plain_text');
    assert.ok(text.text.length > 0 && text.text.length <= 75);
    assert.ok(id.length <= 255);
    assert.ok(url.length <= 3_000);
    assert.match(url, /^https?:\/\//);
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
    buttons: Object.fromEntries(buttons.map(({ text, url }) => [text.text, url])),
    header: blocks[0]?.text?.text,
    footer: (blocks.at(-1)?.elements?.[0] as Text | undefined)?.text,
    all: texts.join('\n'),
  };
}

const story = (name: keyof typeof stories, mention?: string) =>
  message(info({ operation: OPERATIONS[name] ?? 'deploy' }), timelineOf(stories[name]()), mention);

test('a good deploy tells what changed, and where to look', () => {
  const { text, header, fields, buttons, color, footer } = story('deployed', '<!here>');
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
  assert.deepEqual(buttons, {
    'Open the run': 'https://github.com/acme/shop/actions/runs/4711',
    'Roll back': 'https://github.com/acme/shop/actions/workflows/rollback.yml',
  });
  assert.equal(
    footer,
    `Blue/Green Deploy ${version}, ECS us-east-1/production, storefront-blue | storefront-green`,
  );
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

test('each kind of message has a colour of its own', () => {
  const colors = {
    start: checked(startMessage(info(), intent)).color,
    success: story('deployed').color,
    failure: story('refused').color,
    'taken back': story('takenBack').color,
    rollback: story('rolledBack').color,
    staged: story('staged').color,
  };
  assert.equal(new Set(Object.values(colors)).size, 6, JSON.stringify(colors));
});

const SHAS = [
  '0123456789abcdef0123456789abcdef01234567',
  'fedcba9876543210fedcba9876543210fedcba98',
] as const;
const intent = {
  type: 'intent',
  from: 'blue',
  to: 'green',
  image: image(SHAS[1]),
  release: 'storefront:8',
  previousImage: `${image(SHAS[0])}@sha256:${'a'.repeat(64)}`,
  count: 3,
} as const;

test('a start says what is going to happen, calls nobody, and shows what changes', () => {
  const { header, text, fields, buttons, markup } = checked(startMessage(info(), intent));
  assert.equal(header, 'Deploying: storefront / production');
  assert.equal(
    text,
    `storefront / production: Deploying storefront:${SHAS[1]} to green, storefront:${SHAS[0]} is live on blue.`,
  );
  assert.equal(fields['Color'], 'blue → green');
  assert.equal(buttons['Changes'], `https://github.com/acme/shop/compare/${SHAS[0]}...${SHAS[1]}`);
  assert.equal(buttons['Roll back'], undefined, 'cancelling the run is the way back now');
  assert.ok(!markup.some((one) => one.startsWith('<!')));
  const back = checked(startMessage(info({ operation: 'rollback' }), intent));
  assert.equal(back.header, 'Rolling back: storefront / production');
  const first = checked(startMessage(info(), { ...intent, previousImage: '' }));
  assert.match(first.text, /nothing is live on blue/);
  assert.equal(first.buttons['Changes'], undefined);
});

test('the button to the changes is there where both images are tagged with commits', () => {
  const [older, newer] = SHAS;
  const compared = (from: string, to: string, operation: Operation = 'deploy') => {
    const run = script();
    run.emit({ type: 'situation', situation: situation('blue', { live: from, idle: 'v0' }) });
    run.emit({
      type: 'outcome',
      outcome: outcome({
        result: operation === 'rollback' ? 'rolled-back' : 'deployed',
        image: image(to),
        previousImage: image(from),
      }),
    });
    return message(info({ operation }), timelineOf(run.events)).buttons['Changes'];
  };
  const page = 'https://github.com/acme/shop/compare';
  assert.equal(compared(older, newer), `${page}/${older}...${newer}`);
  assert.equal(compared(older.slice(0, 7), newer.slice(0, 9)), `${page}/0123456...fedcba987`);
  assert.equal(
    compared(newer, older, 'rollback'),
    `${page}/${older}...${newer}`,
    'what users have no longer',
  );
  assert.equal(compared('v1', newer), undefined);
  assert.equal(compared(older, older), undefined);
  assert.equal(compared('v1...v2', 'main'), undefined);
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
    const { markup, all, fields, buttons } = message(
      info({
        ...{ app: bad, environment: bad, reason: bad, url, target: bad },
        context: { ...context, actor: bad },
      }),
      timelineOf(run.events),
      '<!here>',
    );
    // The environment's page, its commit, and the mention.
    assert.equal(markup.length, 3, markup.join('\n'));
    assert.deepEqual(Object.keys(buttons), ['Open the run', 'Roll back']);
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

for (const size of [1, 200])
  test(`a start with hostile text keeps the limits, too (${size}x)`, () => {
    const bad = HOSTILE.repeat(size);
    const { context } = info();
    const started = checked(
      startMessage(
        info({
          ...{ app: bad, environment: bad, reason: bad, target: bad, url: `https://shop.example.com/${bad}` },
          context: { ...context, actor: bad, runUrl: `javascript:${bad}` },
        }),
        { ...intent, image: image(bad), previousImage: image(bad) },
      ),
    );
    assert.deepEqual(started.buttons, {}, 'no button leads anywhere but to the web');
    for (const one of started.markup) assert.match(one, /^<https:\/\/(github|shop)[^<>|]*\|[^<>|]*>$/);
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
