// biome-ignore-all lint/suspicious/noExplicitAny: workflows are data here
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { validateFile } from '../../scripts/validate-workflows.ts';
import { loadEnvironment } from '../../src/config/load.ts';
import { assertClean, startWorld, type World } from './world.ts';

// What README tells people to copy: valid for GitHub's own validator, and run here as far as it goes without GitHub:
// the steps' `with`, expressions filled in, against the built action.

const ROOT = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));
const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
const file = (start: string) => blocks.filter((text) => text.startsWith(start));
const workflows = file('# .github/workflows/');

const own = (uses = '') => uses === '$/' || /^OWNER\/blue-green-deploy@v\d+$/.test(uses);
const stepOf = (workflow: any): any =>
  Object.values<any>(workflow.jobs)
    .flatMap(({ steps = [] }) => steps)
    .find(({ uses }: any) => own(uses));

/** Fills `${{ ... }}` in, as GitHub would with these contexts. */
const evaluate = (value: unknown, contexts: Record<string, string>): string =>
  String(value).replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => {
    const [name = '', fallback] = expression.split(/\s*\|\|\s*/);
    const found = contexts[name] ?? '';
    if (found !== '' || fallback === undefined) return found;
    return /^'.*'$/.test(fallback) ? fallback.slice(1, -1) : (contexts[fallback] ?? '');
  });

const withOf = (step: any, contexts: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(step.with).map(([key, value]) => [key, evaluate(value, contexts)]));

test('three uses are shown, each valid for GitHub', async () => {
  assert.equal(workflows.length, 3);
  for (const text of workflows) assert.deepEqual(await validateFile('README-snippet.yml', text), []);
});

test('every input that README and the workflows set exists', () => {
  const files = ['deploy', 'rollback'].map((name) =>
    readFileSync(join(ROOT, `.github/workflows/${name}.yml`), 'utf8'),
  );
  let steps = 0;
  for (const text of [...workflows, ...files]) {
    const step = stepOf(parse(text));
    if (step === undefined) continue;
    steps += 1;
    for (const input of Object.keys(step.with)) assert.ok(input in action.inputs, input);
  }
  assert.equal(steps, 4);
});

test('a call of the reusable workflow sets what that declares', () => {
  const [call] = Object.values<any>(parse(workflows[2]!).jobs);
  const { inputs, secrets } = parse(readFileSync(join(ROOT, '.github/workflows/deploy.yml'), 'utf8')).on
    .workflow_call;
  assert.match(call.uses, /^OWNER\/blue-green-deploy\/\.github\/workflows\/deploy\.yml@v\d+$/);
  for (const input of Object.keys(call.with)) assert.ok(input in inputs, input);
  for (const secret of Object.keys(call.secrets)) assert.ok(secret in secrets, secret);
  const { permissions } = parse(readFileSync(join(ROOT, '.github/workflows/deploy.yml'), 'utf8')).jobs.deploy;
  assert.deepEqual(call.permissions, permissions, 'a called workflow can only narrow what the caller grants');
});

test('the config is accepted', async () => {
  const [config] = file('# .github/blue-green.yml');
  const environment = await loadEnvironment({
    config: config ?? '',
    workspace: '/',
    environment: 'production',
  });
  assert.equal(environment.app, 'storefront');
});

test('the commands exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const commands = [...readme.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command);
  assert.deepEqual(commands, ['npm ci && npm run demo', 'npm ci && npm test']);
  assert.ok(scripts.demo && scripts.test);
  // CI runs README's own test command.
  assert.match(readFileSync(join(ROOT, '.ci/run'), 'utf8'), /^npm ci$[\s\S]*^npm test\b/m);
});

test('push, reusable workflow, manual rollback: run one after the other', async () => {
  await using world = await startWorld({ images: { v3: {} } });
  const contexts = {
    'github.sha': 'v2',
    'secrets.SLACK_WEBHOOK_URL': '',
    'inputs.environment': 'production',
    'inputs.force': 'false',
  };
  const push = await actAs(world, stepOf(parse(workflows[0]!)), contexts);
  assert.deepEqual([push.outputs['result'], push.outputs['live-color']], ['deployed', 'green'], push.log);

  const reusable = parse(readFileSync(join(ROOT, '.github/workflows/deploy.yml'), 'utf8'));
  const [call] = Object.values<any>(parse(workflows[2]!).jobs);
  const defaults = Object.entries<any>(reusable.on.workflow_call.inputs).map(([name, input]) => [
    `inputs.${name}`,
    String(input.default ?? ''),
  ]);
  const given = Object.entries(call.with).map(([name, value]) => [
    `inputs.${name}`,
    evaluate(value, { 'github.sha': 'v3' }),
  ]);
  const called = await actAs(world, stepOf(reusable), Object.fromEntries([...defaults, ...given]));
  assert.deepEqual(
    [called.outputs['result'], called.outputs['live-color']],
    ['deployed', 'blue'],
    called.log,
  );

  const rollback = await actAs(world, stepOf(parse(workflows[1]!)), {
    ...contexts,
    'inputs.reason': 'README',
  });
  assert.deepEqual(
    [rollback.outputs['result'], rollback.outputs['live-color']],
    ['rolled-back', 'green'],
    rollback.log,
  );
  await assertClean(world, 'green');
  await world.usersSaw();
});

/** The config is the sandbox's: README's names a cluster that is not here. */
function actAs(world: World, step: any, contexts: Record<string, string>) {
  return world.act({ ...withOf(step, contexts), config: world.config });
}
