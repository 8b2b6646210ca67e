import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ImageBehavior } from '../../sandbox/contract.ts';
import { primaryOf } from '../../sandbox/ecs/deployments.ts';
import type { Task } from '../../sandbox/ecs/task.ts';
import type { ActionRun } from '../runner.ts';
import { assertClean, startWorld, type World } from '../world.ts';

// Why a deployment failed, in seconds: each cause on real tasks, from what ECS shows to what the user reads, and how
// many looks the action needed once the platform knew.

/** When the platform knows; asked just before each look of the action at stopped tasks, of which there is one a look. */
type Knows = (world: World) => boolean;

interface Cause {
  /** Facts/ecs.md section 3, where the row is one of users. */
  readonly row?: string;
  readonly image: ImageBehavior | 'absent';
  /** What else is wrong; returns how to mend it. */
  readonly break?: (world: World) => () => void;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly knows: Knows;
  /**
   * Most looks that find it known, the one with the verdict included: 2, and one more where it happens in the middle of
   * a look, after that has read the service.
   */
  readonly looks?: number;
  readonly code?: string;
  /** What the annotation says happened, and what to do. */
  readonly message: RegExp;
  readonly hint: RegExp;
  /** In the evidence, beside them. */
  readonly details: readonly RegExp[];
}

/** ECS takes a while on AWS too; here so long that looks of 200 ms come first. */
const NOTICE_SECONDS = 40;
const GROUP = '/ecs/shop';
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/key';
const ROLE = 'arn:aws:iam::123456789012:role/shop-execution';

/** Tasks of the deployment under way that have been told to stop for a reason of their own. */
const failed = ({ app, sandbox }: World): Task[] => {
  const id = newest.get(app) ?? '';
  return [...sandbox.ecs.world.tasks.values()].filter(
    ({ start, stopCode, stoppedReason = '' }) =>
      start.startedBy === id &&
      stopCode !== undefined &&
      (stopCode !== 'ServiceSchedulerInitiated' || /health check/.test(stoppedReason)),
  );
};
const newest = new Map<World['app'], string>();

const tasksFailed =
  (count: number): Knows =>
  (world) =>
    failed(world).length >= count;
const targetIs =
  (state: string): Knows =>
  ({ app, sandbox }) =>
    app
      .tasks('green')
      .flatMap(({ registered }) => registered)
      .some((one) => sandbox.elb.registry.health(one.targetGroupArn, one.target)?.State === state);
const deploymentFailed: Knows = ({ app }) =>
  app
    .service('green')
    .deployments.some(({ id, rolloutState }) => id === newest.get(app) && rolloutState === 'FAILED') ||
  !app.service('green').deployments.some(({ id }) => id === newest.get(app));
const never: Knows = () => false;

/** What somebody does to the idle service while the action waits for it. */
const meanwhile =
  (change: Record<string, unknown>) =>
  ({ sandbox, app }: World) => {
    let done = false;
    return sandbox.onCall(async (operation, _, input) => {
      const { desiredStatus } = input as { desiredStatus?: string };
      if (done || operation !== 'ListTasks' || desiredStatus !== 'STOPPED' || app.tasks('green').length === 0)
        return;
      done = true;
      await sandbox.call('UpdateService', { cluster: app.cluster, service: app.services.green, ...change });
    });
  };

const breaker =
  (rollback: boolean) =>
  ({ app }: World) => {
    const { settings } = app.service('green');
    const former = settings.deploymentConfiguration;
    settings.deploymentConfiguration = { ...former, deploymentCircuitBreaker: { enable: true, rollback } };
    return () => {
      settings.deploymentConfiguration = former;
    };
  };

const SLOW_LOOKS = { health: { timeout: '40s', interval: '6s' } };
const SHORT = { health: { timeout: '3s', interval: '200ms' } };

const causes: Readonly<Record<string, Cause>> = {
  'image not found': {
    row: '1, 3',
    image: 'absent',
    knows: tasksFailed(1),
    message:
      /the image is not in the registry: (a task|\d+ tasks) stopped.*: CannotPullContainerError: .*not found/,
    hint: /Check image-tag/,
    details: [/^task \w{32}: TaskFailedToStart: CannotPull/, /^event: was unable to place a task/],
  },
  'image denied': {
    image: { pull: 'denied' },
    knows: tasksFailed(1),
    message: /the task may not pull the image: .*403 Forbidden/,
    hint: /ecr:BatchGetImage/,
    details: [/TaskFailedToStart/],
  },
  'registry out of reach': {
    row: '4(b): a pull that timed out may be tried again',
    image: { pull: 'unreachable' },
    knows: tasksFailed(2),
    message: /the network does not let the task reach the registry.*: \d+ tasks stopped.*i\/o timeout/,
    hint: /NAT gateway/,
    details: [/task \w+ and \d+ more: TaskFailedToStart/],
  },
  'no image for the platform': {
    image: { pull: 'other-platform' },
    knows: tasksFailed(1),
    message:
      /the image was built for another processor: (a task|\d+ tasks) stopped.*descriptor matching platform/,
    hint: /docker build --platform/,
    details: [],
  },
  'image of another processor': {
    image: { architecture: 'ARM64' },
    knows: tasksFailed(2),
    message: /the image was built for another processor: \d+ tasks stopped, .*app exited with 1/,
    hint: /runtimePlatform/,
    details: [/^ {2}exec .*: exec format error$/],
  },
  'missing secret': {
    row: '3',
    image: {},
    break: ({ sandbox }) => {
      sandbox.ecs.world.secrets.delete(SECRET);
      return () => sandbox.ecs.world.secrets.add(SECRET);
    },
    knows: tasksFailed(1),
    message: /a secret of the task definition can not be read: .*ResourceInitializationError/,
    hint: /exists in this region/,
    details: [/secret:shop\/key/],
  },
  'log group missing': {
    image: {},
    break: ({ sandbox }) => {
      sandbox.ecs.world.logGroups.delete(GROUP);
      return () => sandbox.ecs.world.logGroups.add(GROUP);
    },
    knows: tasksFailed(1),
    message: /the log group does not exist.*: (a task|\d+ tasks) stopped.*ResourceInitializationError/,
    hint: /awslogs-create-group/,
    details: [],
  },
  'no capacity': {
    row: '2; 4(b): capacity may come, hence waited for',
    image: {},
    break: ({ sandbox }) => {
      const { options } = sandbox.ecs.world;
      options.capacity = 0;
      return () => {
        options.capacity = Number.POSITIVE_INFINITY;
      };
    },
    config: SHORT,
    knows: never,
    code: 'health-timeout',
    message:
      /within health\.timeout: there is no room for the tasks: 0 of 1 healthy; .*Capacity is unavailable/,
    hint: /add zones/,
    details: [/^event: was unable to place a task/],
  },
  'health check: wrong path': {
    image: { env: { HEALTH: 'status:404' } },
    knows: targetIs('unhealthy'),
    message: /does not know the path of the health check: .*failed with these codes: \[404\]/,
    hint: /health-check path/,
    details: [/^target 127[\d.]+:8080: unhealthy \(Target\.ResponseCodeMismatch/, /^ {2}listening$/],
  },
  'health check: wrong status': {
    row: '1',
    image: { env: { HEALTH: 'never' } },
    knows: targetIs('unhealthy'),
    message: /another status than the target group expects: .*\[500\]/,
    hint: /its log says why/,
    details: [/Target\.ResponseCodeMismatch/, /^ {2}listening$/],
  },
  'connection refused': {
    image: { env: { LISTEN_PORT: '9090' } },
    knows: targetIs('unhealthy'),
    message: /nothing answers on the port that the load balancer asks: /,
    hint: /0\.0\.0\.0/,
    details: [/Target\.FailedHealthChecks/],
  },
  'security group, or too slow': {
    image: { env: { HEALTH: 'hang' } },
    knows: targetIs('unhealthy'),
    message: /gets no answer from the task in time: .*Target\.Timeout/,
    hint: /security group/,
    details: [/Request timed out/],
  },
  'health check, ECS replaced the task between two looks': {
    image: { env: { LISTEN_PORT: '9090' } },
    break: ({ sandbox }) => {
      const { options } = sandbox.ecs.world;
      options.noticeSeconds = 0;
      return () => {
        options.noticeSeconds = NOTICE_SECONDS;
      };
    },
    config: { health: { timeout: '40s', interval: '1s' } },
    knows: tasksFailed(1),
    message: /nothing answers on the port .*: .*Task failed ELB health checks in .*; .*Health checks failed/,
    hint: /0\.0\.0\.0/,
    details: [/^event: \(port 8080\) is unhealthy in/],
  },
  'zone not enabled': {
    image: {},
    break: ({ app }) => {
      const { settings } = app.service('green');
      const former = settings.networkConfiguration;
      settings.networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-of-another-zone'] } };
      return () => {
        settings.networkConfiguration = former;
      };
    },
    knows: targetIs('unused'),
    message: /does not serve the zone that the task runs in: .*Target\.NotInUse/,
    hint: /Enable that Availability Zone/,
    details: [/^target .* unused/],
  },
  'out of memory': {
    image: { env: { OOM: '50' } },
    knows: tasksFailed(2),
    message: /needs more memory than it has: \d+ tasks stopped, .*app exited with 137 .*OutOfMemoryError/,
    hint: /Raise memory/,
    details: [/EssentialContainerExited/],
  },
  'killed (137), nobody says why': {
    image: { env: { CRASH_AFTER_MS: '50', EXIT_CODE: '137' } },
    knows: tasksFailed(2),
    message: /the application was killed: .*137 \(SIGKILL/,
    hint: /memory/,
    details: [],
  },
  'application exit 1, at its start': {
    row: '23, 32',
    image: { env: { EXIT_AT_START: '1' } },
    knows: tasksFailed(2),
    message: /the application ended by itself: \d+ tasks stopped, .*app exited with 1$/,
    hint: /log says why/,
    details: [
      /^log \/ecs\/shop shop\/app\/\w{32}, its last lines:$/,
      /^ {2}cannot start: EXIT_AT_START is 1$/,
    ],
  },
  'crash after RUNNING (139)': {
    row: '29, 30: the circuit breaker does not count it',
    image: { env: { HEALTH: 'never', CRASH_AFTER_MS: '150', EXIT_CODE: '139' } },
    break: breaker(true),
    knows: tasksFailed(2),
    message: /the application ended by itself: \d+ tasks stopped, .*139 \(SIGSEGV/,
    hint: /log says why/,
    details: [/it ran for \d+ s$/, /^ {2}fatal: the app crashes/],
  },
  'ended by SIGTERM (143)': {
    image: { env: { CRASH_AFTER_MS: '50', EXIT_CODE: '143' } },
    knows: tasksFailed(2),
    message: /ended by itself: .*143 \(SIGTERM/,
    hint: /log/,
    details: [],
  },
  'command not found (127)': {
    image: { env: { EXIT_AT_START: '127' } },
    knows: tasksFailed(2),
    message: /the command of the container can not be run: .*127 \(the command was not found\)/,
    hint: /entryPoint/,
    details: [],
  },
  'circuit breaker rolled back between two looks': {
    row: '5',
    image: { env: { EXIT_AT_START: '9' } },
    break: breaker(true),
    config: SLOW_LOOKS,
    knows: deploymentFailed,
    code: 'platform-rolled-back',
    message: /On green, the application ended by itself: ECS rolled the deployment back to shop:1/,
    hint: /log says why/,
    details: [/exited with 9/, /^event: .*deployment failed/],
  },
  'circuit breaker, nothing to go back to': {
    row: '5, 4(b)',
    image: { env: { EXIT_AT_START: '9' } },
    break: (world) => {
      const service = world.app.service('green');
      const former = service.lastCompleted;
      service.lastCompleted = undefined;
      const mend = breaker(true)(world);
      return () => {
        mend();
        service.lastCompleted = former;
      };
    },
    config: SLOW_LOOKS,
    knows: deploymentFailed,
    code: 'platform-stalled',
    message: /ECS gave the deployment up and starts no more tasks: .* no completed deployment/,
    hint: /log says why/,
    details: [/exited with 9/],
  },
  'superseded by another pipeline': {
    row: '6',
    image: { env: { HEALTH: 'after:60000' } },
    break: meanwhile({ forceNewDeployment: true }),
    knows: ({ app }) => primaryOf(app.service('green')).id !== newest.get(app),
    looks: 3,
    code: 'superseded',
    message: /On green, another deployment took the place of ours: shop:\d+ \(deployment ecs-svc\/\d+\)/,
    hint: /other pipeline/,
    details: [],
  },
  'scaled to zero': {
    row: '6',
    image: { env: { HEALTH: 'after:60000' } },
    break: meanwhile({ desiredCount: 0 }),
    knows: ({ app }) => app.service('green').desiredCount === 0,
    looks: 3,
    code: 'scaled-to-zero',
    message: /On green, the service was scaled to zero/,
    hint: /scaling policy/,
    details: [],
  },
  'PassRole denied': {
    image: {},
    break: ({ sandbox }) => {
      sandbox.allowed = new Set(ALLOWED);
      return () => {
        sandbox.allowed = undefined;
      };
    },
    knows: never,
    code: 'access-denied',
    message: /AWS denies iam:PassRole for arn:aws:iam::123456789012:role\/shop-execution/,
    hint: /allow iam:PassRole on it/,
    details: [/not authorized to perform: iam:PassRole/],
  },
};

const ALLOWED = [
  'application-autoscaling:DescribeScalableTargets',
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:DescribeTasks',
  'ecs:ListTaskDefinitions',
  'ecs:ListTasks',
  'ecs:RegisterTaskDefinition',
  'ecs:TagResource',
  'ecs:UntagResource',
  'ecs:UpdateService',
  ...['Listeners', 'LoadBalancers', 'Rules', 'Tags', 'TargetGroups', 'TargetHealth'].map(
    (what) => `elasticloadbalancing:Describe${what}`,
  ),
  'elasticloadbalancing:AddTags',
  'elasticloadbalancing:CreateRule',
  'elasticloadbalancing:DeleteRule',
  'elasticloadbalancing:ModifyListener',
];

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
  world.sandbox.allowed = new Set([...ALLOWED, 'iam:PassRole']);
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
