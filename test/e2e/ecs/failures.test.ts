import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { primaryOf } from '../../sandbox/ecs/deployments.ts';
import { documentedWithout } from '../policy.ts';
import type { ActionRun } from '../runner.ts';
import { assertClean, startWorld, type World } from '../world.ts';
import { causes, GROUP, type Knows, NOTICE_SECONDS, never, newest, ROLE, SECRET } from './failure-causes.ts';

// Why a deployment failed, in seconds: each cause on real tasks, from what ECS shows to what the user reads, and how
// many looks the action needed once the platform knew.

let world: World;
before(async () => {
  world = await startWorld({
    load: false,
    sandbox: { ecs: { noticeSeconds: NOTICE_SECONDS } },
    prepare: ({ ecs }) => {
      ecs.world.logGroups.add(GROUP);
      ecs.world.secrets.add(SECRET);
    },
    app: {
      live: { count: 1 },
      graceSeconds: 0,
      taskDefinition: { executionRoleArn: ROLE },
      container: {
        secrets: [{ name: 'KEY', valueFrom: SECRET }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': GROUP, 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'shop' },
        },
      },
    },
  });
});
after(() => world[Symbol.asyncDispose]());

/** The config with other members of the environment. */
const configWith = (additions: Readonly<Record<string, unknown>>): string => {
  const config = JSON.parse(world.config);
  Object.assign(config.environments.production, additions);
  return JSON.stringify(config, null, 1);
};

/** Counts the looks that find the platform knowing, among those of the action at its own deployment. */
function countLooks(knows: Knows): { readonly count: () => number; readonly end: () => void } {
  let looks = 0;
  const { sandbox, app } = world;
  const former = new Set(app.service('green').serviceDeployments.map(({ deployment }) => deployment.id));
  const end = sandbox.onCall((operation, _, input) => {
    const { desiredStatus } = input as { desiredStatus?: string };
    if (operation !== 'ListTasks' || desiredStatus !== 'STOPPED') return;
    // The first deployment since then is the action's; another one is who superseded it.
    const ours = app
      .service('green')
      .serviceDeployments.findLast(({ deployment }) => !former.has(deployment.id));
    newest.set(app, ours?.deployment.id ?? primaryOf(app.service('green')).id);
    if (knows(world)) looks += 1;
  });
  return { count: () => looks, end };
}

const table: string[] = [];
let tag = 0;

for (const [name, cause] of Object.entries(causes))
  test(name, async () => {
    tag += 1;
    const image = `broken-${tag}`;
    if (cause.image !== 'absent') world.sandbox.addImage(world.app.image(image), cause.image);
    const mend = cause.break?.(world);
    const looks = countLooks(cause.knows);
    let run: ActionRun;
    try {
      run = await world.act({ 'image-tag': image, config: configWith(cause.config ?? {}) });
    } finally {
      looks.end();
      mend?.();
    }
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
    await assertClean(world, 'blue');
    assert.equal(world.app.service('green').desiredCount, 0);
    const { error } = run.report;
    assert.equal(error.code, cause.code ?? 'unhealthy', run.log);
    assert.match(error.message, cause.message);
    assert.match(error.hint, cause.hint);
    for (const detail of cause.details)
      assert.ok(
        error.details.some((line: string) => detail.test(line)),
        `${detail} in ${error.details.join('\n')}`,
      );
    sayTheSame(run);
    const most = cause.looks ?? 2;
    if (cause.knows !== never)
      assert.ok(looks.count() <= most, `${looks.count()} looks knew it; at most ${most} may`);
    table.push(
      `${name}\n    ${error.code}: ${error.message}\n    do: ${error.hint}\n    ${
        cause.knows === never
          ? 'no verdict of the platform to wait for'
          : `looks from known to verdict: ${looks.count()}`
      }${cause.row === undefined ? '' : `\n    facts: ${cause.row}`}`,
    );
  });

/** Annotation, summary and report tell alike; Slack is made from the same (reports.test.ts). */
function sayTheSame(run: ActionRun) {
  const { message, hint, details } = run.report.error;
  const squeezed = (text: string) =>
    text
      .replace(/<[^>]+>|&[#\w]+;|%0A|\\/g, ' ')
      .replace(/[^\w]+/g, '')
      .toLowerCase();
  const annotation = squeezed(/::error[^\n]*/.exec(run.log)?.[0] ?? '');
  const summary = squeezed(run.summary);
  for (const text of [message, hint]) {
    assert.ok(annotation.includes(squeezed(text)), `the annotation says: ${text}\n${annotation}`);
    assert.ok(summary.includes(squeezed(text)), `the summary says: ${text}\n${run.summary}`);
  }
  for (const line of details as string[]) {
    const start = squeezed(line.slice(0, 200));
    assert.ok(summary.includes(start), `the summary has: ${line}\n${run.summary}`);
    assert.ok(squeezed(run.log).includes(start), `the log has: ${line}`);
  }
}

test('what users see', (t) => {
  for (const entry of table) t.diagnostic(entry);
  assert.equal(table.length, Object.keys(causes).length);
});

test('a log that may not be read is a remark, and no second failure', async () => {
  world.sandbox.addImage(world.app.image('unread'), { env: { EXIT_AT_START: '1' } });
  world.sandbox.allowed = documentedWithout('logs:GetLogEvents');
  const run = await world.act({ 'image-tag': 'unread' });
  world.sandbox.allowed = undefined;
  assert.equal(run.report.error.code, 'unhealthy');
  assert.match(run.report.error.message, /the application ended by itself/);
  assert.ok(
    run.report.error.details.includes('log of app: not read: AWS denies logs:GetLogEvents.'),
    run.report.error.details.join('\n'),
  );
  await assertClean(world, 'blue');
});

test('events of its own time are told as they come, each once (row 7)', async () => {
  const run = await world.act({ 'image-tag': 'v2' });
  assert.equal(run.outputs['result'], 'deployed', run.log);
  const events = run.log.split('\n').filter((line) => /green: (has|registered)/.test(line));
  assert.ok(
    events.some((line) => /has started 1 tasks/.test(line)),
    run.log,
  );
  assert.equal(new Set(events).size, events.length, events.join('\n'));
  assert.doesNotMatch(run.log, /unable to place|EXIT_AT_START/, 'nothing of the deployments before');
});
