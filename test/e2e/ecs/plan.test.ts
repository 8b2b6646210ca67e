// biome-ignore-all lint/suspicious/noExplicitAny: configs and records of the sandbox are edited in ways that no type allows
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { validateFile } from '../../../scripts/validate-workflows.ts';
import { registerTaskDefinition } from '../../sandbox/blue-green-setup.ts';
import { addListener, addRule, configWith, toBoth } from '../listeners.ts';
import { asMade, asPlanned, changing, planOf } from '../planned.ts';
import { documentedActions, planActions } from '../policy.ts';
import type { ActionRun } from '../runner.ts';
import { BLUE, GREEN, scale, start } from '../scaling.ts';
import { SIDE_BY_SIDE } from '../side-by-side.ts';
import { startWithWorkers, worker } from '../workers.ts';
import { assertClean, startWorld, type World, type WorldOptions } from '../world.ts';

// `operation: plan` tells what a deployment would do, call by call, and all that is wrong beforehand. It changes nothing
// and needs no more than reading; and the deployment does what the plan says.

const quick = { stabilize: { for: '300ms', interval: '100ms' }, lock: { ttl: '30s' } };

/** Plans with the permissions of docs/plan.md, and asserts that AWS was told to change nothing. */
async function plan(world: World, inputs: Record<string, string> = {}): Promise<ActionRun> {
  const { sandbox } = world;
  const from = sandbox.requests.length;
  sandbox.allowed = planActions();
  const run = await world.act({ operation: 'plan', 'image-tag': 'v2', ...inputs });
  sandbox.allowed = undefined;
  const mutating = sandbox.requests
    .slice(from)
    .filter(({ operation }) => !/^(Describe|List|BatchGet)/.test(operation));
  assert.deepEqual(
    mutating.map(({ operation }) => operation),
    [],
    run.log,
  );
  return run;
}

/** Deploys, and asserts that the calls of the plan are made: all of them, in order, and no other. */
async function deploysAsPlanned(
  context: TestContext,
  world: World,
  {
    inputs = {},
    listeners = [world.app.listener],
  }: { inputs?: Record<string, string>; listeners?: string[] } = {},
): Promise<void> {
  const planned = await plan(world, inputs);
  assert.deepEqual([planned.exitCode, planned.outputs['result']], [0, 'planned'], planned.log);
  const from = world.sandbox.requests.length;
  const run = await world.act({ 'image-tag': 'v2', ...inputs });
  assert.equal(run.exitCode, 0, run.log);
  const made = changing(world.sandbox.requests.slice(from)).map((request) =>
    asMade(request, { groups: world.app.targetGroups, listeners }),
  );
  // Of the first call, which changes nothing, the plan says only what it is for.
  const isCheck = (call: string) => /RegisterScalableTarget \S+: as it is/.test(call);
  const expected = planOf(planned).calls;
  const checks = expected.filter(isCheck).length;
  assert.deepEqual(
    made.map((call, i) => (i > 0 && i <= checks ? call.replace(/ suspended .*/, '') : call)),
    expected.map(asPlanned),
    expected.join('\n'),
  );
  context.diagnostic(`${made.length} calls, as planned:\n${expected.join('\n')}`);
}

describe('plans', { concurrency: SIDE_BY_SIDE }, () => {
  test('the deployment makes the calls of its plan: at once, and the first weights are set', async (context) => {
    await using world = await startWorld({
      load: false,
      app: { forward: 'single', live: { count: 2 } },
      config: quick,
    });
    await deploysAsPlanned(context, world);
    await assertClean(world, 'green');
  });

  test('the deployment makes the calls of its plan: in steps, on a listener and a rule, some kept warm', async (context) => {
    await using world = await startWorld({
      load: false,
      app: { live: { count: 2 } },
      config: { ...quick, shift: { steps: ['5%', '50%'], every: '1s' }, retire: { drain: '0s', keep: 1 } },
    });
    const secure = await addListener(world, [toBoth(world, 'blue', 1)]);
    const rule = await addRule(world, {
      listener: secure,
      priority: 10,
      host: 'a.sandbox',
      actions: [{ Type: 'forward', TargetGroupArn: world.app.targetGroups.blue }],
    });
    const listeners = [world.app.listener, secure, rule];
    const config = configWith(world, { listeners });
    await deploysAsPlanned(context, world, { inputs: { config }, listeners });
  });

  for (const mandatory of [false, true])
    test(`the deployment makes the calls of its plan: sticky users${mandatory ? ' of sticky target groups' : ''}`, async (context) => {
      await using world = await startWorld({ load: false, config: quick });
      const { sandbox, app } = world;
      await sandbox.call('ModifyListener', {
        ListenerArn: app.listener,
        DefaultActions: [
          toBoth(world, 'blue', 1, { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 2 } }),
        ],
      });
      if (mandatory)
        for (const TargetGroupArn of Object.values(app.targetGroups))
          await sandbox.call('ModifyTargetGroupAttributes', {
            TargetGroupArn,
            Attributes: [{ Key: 'stickiness.enabled', Value: 'true' }],
          });
      await deploysAsPlanned(context, world);
    });

  const steps = { shift: { steps: ['5%', '50%'], every: '1s' } };

  for (const [name, targets, shift] of [
    ['of both colors', { blue: BLUE, green: GREEN }, {}],
    ['of the live color alone', { blue: BLUE }, {}],
    ['of the idle color alone', { green: GREEN }, {}],
    ['of both colors in steps', { blue: BLUE, green: GREEN }, steps],
    ['of the live color alone in steps', { blue: BLUE }, steps],
    ['of the idle color alone in steps', { green: GREEN }, steps],
  ] as const)
    test(`the deployment makes the calls of its plan: autoscaling ${name}, there and on`, async (context) => {
      await using world = await start({ load: false, config: { ...quick, ...shift } }, targets);
      await deploysAsPlanned(context, world);
      await deploysAsPlanned(context, world, { inputs: { 'image-tag': 'v3' } });
    });

  test('the deployment makes the calls of its plan: with workers that scale', async (context) => {
    await using world = await startWithWorkers({ load: false });
    await scale(world, 'blue', { ...BLUE, min: 1 });
    for (const color of ['blue', 'green'] as const) {
      const { desiredCount } = worker(world, color);
      const service = { cluster: world.app.cluster, service: `jobs-${color}` };
      await world.sandbox.call('RegisterScalableTarget', {
        ServiceNamespace: 'ecs',
        ResourceId: `service/${world.app.cluster}/jobs-${color}`,
        ScalableDimension: 'ecs:service:DesiredCount',
        MinCapacity: 1,
        MaxCapacity: 4,
      });
      await world.sandbox.call('UpdateService', { ...service, desiredCount });
      while (!worker(world, color).steady) await new Promise((done) => setTimeout(done, 10));
    }
    await deploysAsPlanned(context, world);
  });

  test('what is live already, and a release whose revision is still there', async (context) => {
    await using world = await startWorld({ load: false, config: quick });
    await deploysAsPlanned(context, world);
    const again = await plan(world);
    assert.match(again.report.summary, /v2 is live already, on green: a deployment would change nothing/);
    await deploysAsPlanned(context, world);
    // v1 is parked on blue: its revision is used again.
    const back = await plan(world, { 'image-tag': 'v1' });
    assert.ok(!planOf(back).calls.some((call) => /RegisterTaskDefinition/.test(call)), back.log);
    await deploysAsPlanned(context, world, { inputs: { 'image-tag': 'v1' } });
  });

  test('the plan stands in the summary, the log and the report; nobody else is told', async () => {
    await using world = await startWorld({ load: false, sandbox: { ecr: true } });
    const run = await plan(world);
    assert.equal(run.outputs['live-color'], 'blue');
    assert.equal(run.outputs['image'], world.app.image('v1'));
    for (const text of [run.log, run.summary])
      assert.match(text, /ecs:UpdateService shop-green: taskDefinition/);
    assert.match(run.summary, /## Planned: shop \/ production/);
    assert.match(run.summary, /\| live color \| <code>blue<\/code> \| <code>green<\/code> \|/);
    assert.match(run.summary, /### Calls\n\n1\. <code>elasticloadbalancing:CreateRule/);
    // ECR tells the digest without being changed.
    assert.match(String(run.report.plan.image), /:v2@sha256:[0-9a-f]{64}$/);
    assert.deepEqual(run.report.plan.problems, []);
    assert.equal(run.report.intent, undefined);
    assert.equal(run.postLog, '');
  });

  test('an image tag is needed', async () => {
    await using world = await startWorld({ load: false });
    const run = await world.act({ operation: 'plan' });
    assert.equal(run.exitCode, 1);
    assert.match(run.log, /image-tag is empty: operation plan needs the tag/);
  });

  test('a revision that somebody registered since, and never deployed, is said, without values', async () => {
    await using world = await startWorld({ load: false });
    const { sandbox, app } = world;
    const container = (environment: object[]) => ({
      cpu: '1024',
      containerDefinitions: [
        { name: 'logs', image: 'registry.example.com/logs:3.1', essential: false, environment },
      ],
    });
    await registerTaskDefinition(
      sandbox,
      app.app,
      app.image('v1'),
      container([{ name: 'PASSWORD', value: 'T0PSECRET' }]),
    );
    const run = await plan(world);
    assert.equal(run.exitCode, 0, run.log);
    assert.match(run.log, /Note: shop:\d+ is newer than shop:1, which is live, and differs in .*cpu/);
    assert.match(run.log, /environment\[PASSWORD\]/);
    assert.doesNotMatch(run.log + run.summary + JSON.stringify(run.report), /T0PSECRET/);
  });

  test('a staged release, and a run at work, come first', async () => {
    await using world = await startWorld({ load: false, images: { v3: {} } });
    const staged = await world.act({ operation: 'stage', 'image-tag': 'v2' });
    assert.equal(staged.outputs['result'], 'staged', staged.log);
    const run = await plan(world, { 'image-tag': 'v3' });
    assert.deepEqual(run.report.plan.first, ['v2 is staged on green: drop it first.']);
    assert.equal(run.exitCode, 0);
    assert.match(run.log, /Note: shop-green is not parked/);
  });

  type Spoil = (world: World) => unknown;
  const configured =
    (ecs: Record<string, unknown>, environment: Record<string, unknown> = {}): Spoil =>
    (world) => ({ config: configWith(world, ecs, environment) });
  const group = ({ sandbox }: World, more: Record<string, unknown> = {}): string =>
    sandbox.elb.createTargetGroup({
      Name: 'other',
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: 'vpc-0a1b2c3d4e5f60718',
      TargetType: 'ip',
      ...more,
    }).TargetGroupArn!;

  const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/database-AbCdEf';
  /** A secret by a key of its JSON, and a parameter by its name and by its ARN; all of them there. */
  const withSecrets: WorldOptions = {
    prepare: ({ ecs }) => {
      for (const one of [SECRET, '/shop/key']) ecs.world.secrets.add(one);
    },
    app: {
      container: {
        secrets: [
          { name: 'DATABASE_URL', valueFrom: `${SECRET}:url::` },
          { name: 'API_KEY', valueFrom: '/shop/key' },
          { name: 'SPARE_KEY', valueFrom: 'arn:aws:ssm:us-east-1:123456789012:parameter/shop/key' },
        ],
      },
    },
  };

  /** What is wrong beforehand -> what the plan says; all of it with its fix. */
  const PROBLEMS: Record<string, [Spoil, RegExp, WorldOptions?]> = {
    'another deployment controller': [
      ({ app }) => {
        app.service('green').settings.deploymentController = { type: 'CODE_DEPLOY' };
      },
      /Service shop-green has the deployment controller CODE_DEPLOY\. Recreate it/,
    ],
    'a strategy that moves traffic by itself': [
      ({ app }) => {
        app.service('green').settings.deploymentConfiguration = { strategy: 'BLUE_GREEN' } as any;
      },
      /Service shop-green has the deployment strategy BLUE_GREEN.*Set deploymentConfiguration\.strategy to ROLLING/,
    ],
    'no such container': [
      configured({ container: 'web' }),
      /has no container web\. Its containers are app: correct ecs\.container/,
    ],
    'target groups that the services do not use': [
      (world) => ({
        config: configWith(world, {
          'target-groups': { blue: world.app.targetGroups.blue, green: group(world) },
        }),
      }),
      /Service shop-green does not register its tasks in .*other.* It registers them in/,
    ],
    'groups of another type': [
      ({ sandbox }) => {
        const { json } = [...sandbox.ecs.world.taskDefinitions.values()][0]!;
        Object.assign(json, { networkMode: 'bridge' });
      },
      /Target group shop-blue has the target type ip\. Tasks of network mode bridge/,
    ],
    'no network at all': [
      ({ sandbox }) => {
        const { json } = [...sandbox.ecs.world.taskDefinitions.values()][0]!;
        Object.assign(json, { networkMode: 'none' });
      },
      /has the network mode none: no load balancer can reach its tasks\. Use awsvpc/,
    ],
    'a digest for several repositories': [
      (world) => ({
        config: configWith(world, { images: { sidecar: 'registry.example.com/proxy' } }),
        'image-tag': `sha256:${'0'.repeat(64)}`,
      }),
      /ecs\.images can't take the digest sha256:0+, which is of one repository only\. Deploy by a tag/,
    ],
    'url leads to another listener': [
      async (world) => ({
        config: configWith(world, {
          listeners: [await addListener(world, [toBoth(world, 'blue', 1)]), world.app.listener],
        }),
      }),
      /leads to the listener on HTTP:\d+, but the preview rule stands on the first.*Put .* first in ecs\.listeners\. Or go on with force/,
    ],
    'a rule before the preview rule': [
      async (world) => {
        const { listener } = world.app;
        const arn = await addRule(world, {
          listener,
          priority: 5,
          host: '*.sandbox',
          actions: [toBoth(world, 'blue', 1)],
        });
        return { config: configWith(world, { 'preview-priority': 9, listeners: [listener, arn] }) };
      },
      /comes before the preview rule \(priority 5.*Set ecs\.preview-priority to a free priority below 5/,
    ],
    'a rule at the place of the preview rule': [
      async (world) => {
        await addRule(world, {
          listener: world.app.listener,
          priority: 1,
          host: 'elsewhere.example.com',
          actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
        });
      },
      /Priority 1 of .* belongs to a rule of your own .*Set ecs\.preview-priority/,
    ],
    'an hour of stickiness': [
      (world) =>
        world.sandbox.call('ModifyListener', {
          ListenerArn: world.app.listener,
          DefaultActions: [
            toBoth(world, 'blue', 1, {
              TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3600 },
            }),
          ],
        }),
      /holds clients to their target group for 3600 s.*Set DurationSeconds/,
    ],
    'weights of somebody else': [
      (world) => {
        const both = toBoth(world, 'blue', 1);
        both.ForwardConfig!.TargetGroups![1]!.Weight = 50;
        return world.sandbox.call('ModifyListener', {
          ListenerArn: world.app.listener,
          DefaultActions: [both],
        });
      },
      /Traffic is split, blue \d+ % and green \d+ %.*Set the weights to 100\/0/,
    ],
    'a permission that even a look needs': [
      ({ sandbox }) =>
        void sandbox.faults.add({ operation: 'DescribeTargetGroups', call: 'every', kind: 'refuse' }),
      /AWS denies elasticloadbalancing:DescribeTargetGroups\. Allow/,
    ],
    'a secret that is not there': [
      ({ sandbox }) => void sandbox.ecs.world.secrets.delete(SECRET),
      /Secret arn:\S+:secret:shop\/database-AbCdEf does not exist in us-east-1: task definition shop:1 takes DATABASE_URL of container app from it, and no task starts without\. Create it/,
      withSecrets,
    ],
    'a parameter that is not there': [
      ({ sandbox }) => void sandbox.ecs.world.secrets.delete('/shop/key'),
      /Parameter \/shop\/key does not exist in us-east-1: task definition shop:1 takes API_KEY of container app, SPARE_KEY of container app from it.*Create it/,
      withSecrets,
    ],
    'an image for another processor': [
      ({ sandbox, app }) => sandbox.addImage(app.image('v2'), { platforms: ['linux/arm64', 'linux/s390x'] }),
      /shop:v2 is built for linux\/arm64, linux\/s390x, and task definition shop:1 runs on linux\/amd64\. Build it for that too/,
      { sandbox: { ecr: true } },
    ],
    'a zone that the load balancer does not serve': [
      ({ sandbox, app }) => {
        const { world } = sandbox.ecs;
        const subnet = 'subnet-of-another-zone';
        world.zones.set(subnet, 'us-east-1f');
        for (const color of ['blue', 'green'] as const)
          app.service(color).settings.networkConfiguration = { awsvpcConfiguration: { subnets: [subnet] } };
        for (const task of app.tasks('blue')) Object.assign(task.start, { subnet });
      },
      /Subnet subnet-of-another-zone of service shop-green is in us-east-1f, and load balancer shop is enabled in us-east-1a, us-east-1b only.*Enable us-east-1f/,
    ],
  };

  for (const [name, [spoil, told, options]] of Object.entries(PROBLEMS))
    test(`a plan says what is wrong: ${name}`, async () => {
      await using world = await startWorld({ ...options, load: false });
      const inputs = (await spoil(world)) as Record<string, string> | undefined;
      const run = await plan(world, inputs !== undefined && 'config' in inputs ? inputs : {});
      assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'planned'], run.log);
      assert.match(run.log, new RegExp(`PROBLEM: .*${told.source}`));
      assert.match(run.summary, /## Would fail: shop \/ production[\s\S]*### Problems/);
      assert.equal(run.report.error.code, 'preflight');
      // And a deployment would indeed not come to anything.
      const deployed = await world.act({
        'image-tag': 'v2',
        ...(inputs !== undefined && 'config' in inputs ? inputs : {}),
      });
      assert.deepEqual([deployed.exitCode, deployed.outputs['result']], [1, 'failed'], deployed.log);
    });

  test('secrets that are there, an image that fits, and a zone that nobody knows are no problem', async () => {
    await using world = await startWorld({ ...withSecrets, sandbox: { ecr: true }, load: false });
    const { sandbox, app } = world;
    sandbox.addImage(app.image('v2'), { platforms: ['linux/arm64', 'linux/amd64'] });
    app.service('green').settings.networkConfiguration = {
      awsvpcConfiguration: { subnets: ['subnet-of-another-zone'] },
    };
    const run = await plan(world);
    assert.deepEqual([run.exitCode, run.report.plan.problems], [0, []], run.log);
    const asked = sandbox.requests.map(({ operation }) => operation);
    for (const operation of ['DescribeSecret', 'DescribeParameters', 'BatchGetImage'])
      assert.equal(asked.filter((one) => one === operation).length, 1, operation);
    assert.deepEqual(run.report.plan.notes, [
      'Services shop-blue and shop-green differ in subnets (blue subnet-0a1b2c3d4e5f60718, green subnet-of-another-zone): each color runs in its own network.',
    ]);
  });

  test('workers need their secrets, and images for their processor, too', async () => {
    await using world = await startWithWorkers({ load: false, sandbox: { ecr: true } });
    world.sandbox.addImage(world.app.image('v2'), { platforms: ['linux/arm64'] });
    const definitions = [...world.sandbox.ecs.world.taskDefinitions.values()];
    const jobs = definitions.filter(({ json }) => json.family === 'jobs');
    for (const { json } of jobs)
      Object.assign(json.containerDefinitions[0]!, { secrets: [{ name: 'KEY', valueFrom: '/jobs/key' }] });
    const run = await plan(world);
    const messages = run.report.plan.problems.map(({ message }: any) => message).join('\n');
    assert.match(messages, /task definition jobs:\d+ runs on linux\/amd64/);
    assert.match(messages, /Parameter \/jobs\/key does not exist in us-east-1: task definition jobs:\d+/);
  });

  test('what could not be looked at for want of a permission is a note, and stops nothing', async () => {
    await using world = await startWorld({ ...withSecrets, sandbox: { ecr: true }, load: false });
    const { sandbox, app } = world;
    sandbox.addImage(app.image('v2'), { platforms: ['linux/arm64'] });
    const allowed = planActions();
    const missing = [
      'ecr:BatchGetImage',
      'elasticloadbalancing:DescribeLoadBalancers',
      'secretsmanager:DescribeSecret',
      'ssm:DescribeParameters',
    ];
    for (const action of missing) allowed.delete(action);
    sandbox.allowed = allowed;
    const run = await world.act({ operation: 'plan', 'image-tag': 'v2' });
    assert.equal(run.exitCode, 0, run.log);
    const notes: string[] = run.report.plan.notes;
    assert.equal(notes.length, missing.length, notes.join('\n'));
    for (const [index, action] of missing.entries())
      assert.match(notes[index]!, new RegExp(`^Not checked: .*AWS denies ${action}\\.$`));
  });

  test('an image for another processor is refused by the deployment itself, before it changes anything', async () => {
    await using world = await startWorld({ sandbox: { ecr: true }, load: false });
    const { sandbox, app } = world;
    sandbox.addImage(app.image('v2'), { platforms: ['linux/arm64'] });
    const from = sandbox.requests.length;
    const run = await world.act({ 'image-tag': 'v2' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'failed'], run.log);
    assert.equal(run.report.error.code, 'preflight');
    assert.deepEqual(
      changing(sandbox.requests.slice(from)).map(({ operation }) => operation),
      ['CreateRule', 'DeleteRule'],
    );
    assert.equal((await world.act({ 'image-tag': 'v2', operation: 'plan' })).exitCode, 1);
  });

  test('all that is wrong is told, not only the first; of workers too', async () => {
    await using world = await startWithWorkers({ load: false });
    world.app.service('green').settings.deploymentController = { type: 'EXTERNAL' };
    worker(world, 'green').settings.schedulingStrategy = 'DAEMON';
    await world.sandbox.call('ModifyListener', {
      ListenerArn: world.app.listener,
      DefaultActions: [
        toBoth(world, 'blue', 1, { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3600 } }),
      ],
    });
    const run = await plan(world);
    assert.deepEqual([run.exitCode, run.outputs['result']], [1, 'planned'], run.log);
    const messages = run.report.plan.problems.map(({ message }: any) => message);
    assert.equal(messages.length, 3, messages.join('\n'));
    for (const [index, told] of [/EXTERNAL/, /DAEMON/, /3600 s/].entries())
      assert.match(messages[index], told);
    for (const { fix } of run.report.plan.problems) assert.notEqual(fix, '');
    const errors = run.log.split('\n').filter((line) => line.startsWith('::error'));
    assert.equal(errors.length, 1);
    // What may be overruled is, with force; the rest stays.
    const forced = await plan(world, { force: 'true' });
    assert.equal(forced.report.plan.problems.length, 2);
    assert.match(forced.log, /::warning.*3600 s/);
  });

  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/plan.md'), 'utf8');

  /** Only a plan looks for secrets. */
  const OF_PLANS = ['secretsmanager:DescribeSecret', 'ssm:DescribeParameters'];

  test('the policy of docs/plan.md is a part of that for deployments but for secrets, and allows nothing but looking', () => {
    const documented = documentedActions();
    for (const action of planActions()) {
      assert.match(action, /:(Describe|List|Get|BatchGet)/);
      assert.ok(documented.has(action) || OF_PLANS.includes(action), action);
    }
  });

  test('the workflow of docs/plan.md is valid for GitHub, and its step plans', async () => {
    const [workflow = ''] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
    assert.deepEqual(await validateFile('plan.yml', workflow), []);
    const action = parse(readFileSync(resolve(import.meta.dirname, '../../../action.yml'), 'utf8'));
    const step = parse(workflow).jobs.plan.steps.at(-1);
    for (const input of Object.keys(step.with)) assert.ok(input in action.inputs, input);
    await using world = await startWorld({ load: false });
    assert.match(step.with['image-tag'], /github\.sha/);
    const run = await plan(world, { ...step.with, 'image-tag': 'v2' });
    assert.deepEqual([run.exitCode, run.outputs['result']], [0, 'planned'], run.log);
  });
});
