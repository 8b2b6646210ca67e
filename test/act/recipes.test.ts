import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { snippetsIn } from '../../scripts/validate-workflows.ts';
import { assertClean, startWorld, type World } from '../e2e/world.ts';
import { act, describe, jobsOf, runWorkflow } from './act.ts';

// docs/recipes.md, where steps work together: on a real runner (act.ts says what it lacks), under load.

const recipes = readFileSync(resolve(import.meta.dirname, '../../docs/recipes.md'), 'utf8');
const recipe = (title: string) =>
  snippetsIn(recipes.slice(recipes.indexOf(`\n## ${title}`)))[0]!.text.replaceAll(
    /\$\{\{ github\.sha \}\}/g,
    'v2',
  );

async function run(
  { config, env }: World,
  name: string,
  workflow: string,
  files: Record<string, string> = {},
) {
  const path = '.github/workflows/workflow.yml';
  const transcript = await runWorkflow({
    files: { [path]: workflow, '.github/blue-green.yml': config, ...files },
    ...{ event: 'push', workflow: path, env, vars: { AWS_ROLE: 'arn:aws:iam::123456789012:role/deploy' } },
  });
  return { ...transcript, told: describe(name, transcript) };
}

test('a human says yes: staged, approved, promoted', { skip: act.skip }, async (t) => {
  await using world = await startWorld();
  const done = await run(world, 'approval', recipe('A human says yes'));
  for (const line of done.told) t.diagnostic(line);
  assert.equal(done.exitCode, 0, done.log);
  assert.deepEqual(jobsOf(done), ['stage', 'approve', 'promote']);
  assert.equal(done.outputs['result'], 'deployed');
  await assertClean(world, 'green');
  await world.usersSaw();
});

test('migrations before the shift: one that fails drops the release, and users never saw it', {
  skip: act.skip,
}, async (t) => {
  await using world = await startWorld();
  const workflow = recipe('Migrations before the shift').replace('./migrate.sh', 'sh migrate.sh');
  for (const [what, script, result, live] of [
    ['fails', 'echo "no such column"; exit 3', 'aborted', 'blue'],
    ['passes', 'echo migrated', 'deployed', 'green'],
  ] as const) {
    const done = await run(world, `a migration that ${what}`, workflow, { 'migrate.sh': script });
    for (const line of done.told) t.diagnostic(line);
    assert.equal(done.exitCode, what === 'fails' ? 1 : 0, done.log);
    assert.equal(done.outputs['result'], result, done.log);
    await assertClean(world, live);
  }
  await world.usersSaw();
});
