// biome-ignore-all lint/suspicious/noExplicitAny: Terraform is data here
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: its interpolation, not ours
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { test } from 'node:test';
import { requirement } from '../requirements.ts';

// examples/terraform-ecs, without Terraform and its providers: formatted and parsed by HashiCorp's own HCL, and what a
// deployment counts on is looked for in it.

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'examples/terraform-ecs');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.tf'));

const hcl = requirement('hcl', () => {
  const places = [
    join(ROOT, '.tmp/hcl'),
    join(homedir(), 'go/bin'),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  const found = (name: string) =>
    places
      .map((folder) => join(folder, name))
      .find((path) => {
        try {
          accessSync(path, constants.X_OK);
          return true;
        } catch {
          return false;
        }
      });
  const [format, json] = [found('hclfmt'), found('hcl2json')];
  return format === undefined || json === undefined ? undefined : { format, json };
});

const run = (command: string, file: string) =>
  execFileSync(command, [join(FOLDER, file)], { encoding: 'utf8' });

/** All files as one: resources, data, variables, outputs, locals. */
function parsed(): any {
  const whole: any = {};
  for (const file of files)
    for (const [kind, blocks] of Object.entries<any>(JSON.parse(run(hcl.get().json, file))))
      for (const [type, named] of Object.entries<any>(Array.isArray(blocks) ? {} : blocks))
        whole[kind] = { ...whole[kind], [type]: { ...whole[kind]?.[type], ...named } };
  return whole;
}

test('each file is formatted', { skip: hcl.skip }, () => {
  assert.ok(files.length > 4);
  for (const file of files)
    assert.equal(run(hcl.get().format, file), readFileSync(join(FOLDER, file), 'utf8'), file);
});

test('two services and two target groups; the listener is at 100/0, and left alone', {
  skip: hcl.skip,
}, () => {
  const { resource } = parsed();
  for (const type of ['aws_ecs_service', 'aws_lb_target_group'])
    assert.equal(resource[type].this[0].for_each, '${local.colors}', type);
  const [listener] = resource.aws_lb_listener.this;
  const [{ forward }] = listener.default_action;
  assert.deepEqual(
    forward[0].target_group.map(({ arn, weight }: any) => [/\["(\w+)"\]/.exec(arn)?.[1], weight]),
    [
      ['blue', 100],
      ['green', 0],
    ],
  );
  const ignored = (block: any) =>
    block.lifecycle[0].ignore_changes.map((one: string) => one.replace(/^\$\{(.*)\}$/, '$1'));
  assert.deepEqual(ignored(listener), ['default_action']);
  const [service] = resource.aws_ecs_service.this;
  for (const attribute of ['task_definition', 'desired_count', 'tags'])
    assert.ok(ignored(service).includes(attribute), attribute);
  assert.equal(service.desired_count, 0, 'nothing runs before there is an image');
  assert.equal(service.deployment_controller, undefined, 'ECS, which is the default');
});

test('the role may do what docs/ecs.md says, and no more; only for jobs of the environment', {
  skip: hcl.skip,
}, () => {
  const { data } = parsed();
  const page = readFileSync(join(ROOT, 'docs/ecs.md'), 'utf8');
  const policy = JSON.parse(/<!-- policy -->\n+```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  const documented = Object.fromEntries(
    policy.Statement
      // Not for services that ECS itself deploys: these are two.
      .filter(({ Sid }: any) => Sid !== 'EcsOwnBlueGreen')
      .map(({ Sid, Action }: any) => [Sid, [Action].flat()]),
  );
  const { statement } = data.aws_iam_policy_document.deploy[0];
  assert.deepEqual(Object.fromEntries(statement.map(({ sid, actions }: any) => [sid, actions])), documented);
  for (const { sid, actions, resources } of statement)
    if (JSON.stringify(resources) === '["*"]')
      assert.ok(
        actions.every((action: string) =>
          /:(Describe|List|Get|BatchGet|RegisterScalableTarget)/.test(action),
        ),
        `${sid} may change everything`,
      );
  const pass = statement.find(({ sid }: any) => sid === 'PassTheTasksRoles');
  assert.deepEqual(pass.condition[0].values, ['ecs-tasks.amazonaws.com']);

  const conditions = data.aws_iam_policy_document.trust[0].statement[0].condition.map(
    ({ test: how, variable, values }: any) => [how, variable.split(':').at(-1), values],
  );
  assert.deepEqual(conditions, [
    ['StringEquals', 'aud', ['sts.amazonaws.com']],
    ['StringEquals', 'sub', ['repo:${var.repository}:environment:${var.environment}']],
  ]);
});
