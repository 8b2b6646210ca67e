import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lexer, type Token, walkTokens } from 'marked';
import { DeployError } from '../../../src/errors.ts';
import type { Plan } from '../../../src/release/events.ts';
import { createGitHubDeployment } from '../../../src/report/github-deployment.ts';
import { planLines } from '../../../src/report/plan.ts';
import { reportOf } from '../../../src/report/report-file.ts';
import { occasionOf } from '../../../src/report/slack-message.ts';
import { summaryOf } from '../../../src/report/summary.ts';
import { HOSTILE, image, info, outcome, script, situation, timelineOf } from './runs.ts';

const PLAN: Plan = {
  from: 'blue',
  to: 'green',
  image: image('v2'),
  previousImage: image('v1'),
  release: '',
  previousRelease: 'storefront:7',
  count: 3,
  first: ['v9 is staged on green: drop it first.'],
  changes: [{ what: 'services.web.environment.NOTE', from: '', to: '(not shown)' }],
  calls: ['ecs:UpdateService shop-green: desiredCount 3', 'ecs:UntagResource shop-green'],
  notes: ['The target groups differ.'],
  problems: [],
};

function timelineWith(plan: Plan, error?: DeployError) {
  const run = script();
  run.emit({ type: 'situation', situation: situation('blue', { live: 'v1' }) });
  run.emit({ type: 'plan', plan });
  run.emit({ type: 'outcome', outcome: outcome({ result: 'planned', summary: '2 calls.', error }) });
  return timelineOf(run.events);
}
const run = info({ operation: 'plan' });

test('the summary has each part of a plan, and leaves out those that are empty', () => {
  const markdown = summaryOf(run, timelineWith(PLAN));
  assert.match(markdown, /^## Planned: storefront \/ production\n\n\*\*2 calls\.\*\*/);
  assert.match(markdown, /### Before it\n\n- v9 is staged on green: drop it first\./);
  assert.match(markdown, /\| instances on green \| nothing \| <code>3<\/code> \|/);
  assert.match(markdown, /\| services\.web\.environment\.NOTE \| nothing \| <code>\(not shown\)<\/code> \|/);
  assert.match(markdown, /### Calls\n\n1\. <code>ecs:UpdateService .*\n2\. <code>ecs:UntagResource/);
  assert.match(markdown, /### Good to know\n\n- The target groups differ\./);
  assert.doesNotMatch(markdown, /### Problems|What happened/);
  const empty = summaryOf(run, timelineWith({ ...PLAN, first: [], changes: [], calls: [], notes: [] }));
  assert.doesNotMatch(empty, /### (Before it|Calls|Good to know)/);
});

test('problems come first, each with its fix, and say what force would do', () => {
  const problems = [
    { message: 'One is wrong.', fix: 'Mend one.', forceable: false },
    { message: 'Two is wrong.', fix: 'Mend two.', forceable: true },
  ];
  const error = new DeployError('2 things stand in the way.', { code: 'preflight', details: ['a', 'b'] });
  const timeline = timelineWith({ ...PLAN, problems }, error);
  const markdown = summaryOf(run, timeline);
  assert.match(markdown, /^## Would fail: storefront \/ production/);
  assert.match(
    markdown,
    /### Problems\n\n- \*\*One is wrong\.\*\* Mend one\.\n- \*\*Two is wrong\.\*\* Mend two\. Or go on with force: true\./,
  );
  assert.ok(planLines({ ...PLAN, problems }).includes('PROBLEM: One is wrong. Mend one.'));
  assert.deepEqual((reportOf(run, timeline) as { plan: Plan }).plan.problems, problems);
});

test('hostile text is harmless in it, and there is never too much', () => {
  const bad = HOSTILE.repeat(20);
  const many = Array.from({ length: 500 }, () => bad);
  const hostile: Plan = {
    ...PLAN,
    image: bad,
    previousImage: bad,
    first: many,
    calls: many,
    notes: many,
    changes: many.map((text) => ({ what: text, from: text, to: text })),
    problems: many.map((text) => ({ message: text, fix: text, forceable: true })),
  };
  const markdown = summaryOf(run, timelineWith(hostile));
  assert.ok(markdown.length < 1_000_000, `${markdown.length} characters`);
  const tokens: Token[] = [];
  walkTokens(new Lexer({ gfm: true }).lex(markdown), (token) => void tokens.push(token));
  const kinds = new Set(tokens.map(({ type }) => type));
  for (const kind of ['image', 'blockquote']) assert.ok(!kinds.has(kind), kind);
  const html = tokens.filter(({ type }) => type === 'html').map(({ raw }) => raw.trim());
  assert.deepEqual(
    [...new Set(html)].filter((raw) => !/^<\/?(code|sub|details|summary)>/.test(raw)),
    [],
  );
});

test('neither Slack nor GitHub is told of a plan, however it ends', () => {
  for (const result of ['planned', 'failed'] as const) {
    const told = script();
    told.emit({ type: 'outcome', outcome: outcome({ result }) });
    assert.equal(occasionOf(run, timelineOf(told.events)), undefined);
  }
  assert.equal(createGitHubDeployment({ run, token: 'token' }), undefined);
});
