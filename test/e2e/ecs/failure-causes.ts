import type { ImageBehavior } from '../../sandbox/contract.ts';
import { primaryOf } from '../../sandbox/ecs/deployments.ts';
import type { Task } from '../../sandbox/ecs/task.ts';
import { documentedWithout } from '../policy.ts';
import type { World } from '../world.ts';

// What can be wrong, on real tasks, and what the user must read of it. failures.test.ts plays each of them.

/** When the platform knows; asked just before each look of the action at stopped tasks, of which there is one a look. */
export type Knows = (world: World) => boolean;

export interface Cause {
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
export const NOTICE_SECONDS = 40;
export const GROUP = '/ecs/shop';
export const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/key';
export const ROLE = 'arn:aws:iam::123456789012:role/shop-execution';

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
/** The deployment of the run under way. */
export const newest = new Map<World['app'], string>();

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
export const never: Knows = () => false;

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

const withoutRoom = ({ sandbox }: World) => {
  const { options } = sandbox.ecs.world;
  options.capacity = 0;
  return () => {
    options.capacity = Number.POSITIVE_INFINITY;
  };
};
const noRoom: Knows = ({ app }) =>
  app
    .service('green')
    .events.some(
      ({ createdAt, message }) =>
        createdAt >= primaryOf(app.service('green')).createdAt && /unable to place a task/.test(message),
    );

const SLOW_LOOKS = { health: { timeout: '40s', interval: '6s' } };
const SHORT = { health: { timeout: '2s', interval: '200ms' } };

/** By name. They share one world, in this order. */
export const causes: Readonly<Record<string, Cause>> = {
  'image not found': {
    row: '1, 3',
    image: 'absent',
    knows: tasksFailed(1),
    message:
      /the image is not in the registry: (a task|\d+ tasks) stopped.*: CannotPullContainerError: .*not found/,
    hint: /Check image-tag/,
    details: [
      /^task \w{32}(?: and \d+ more)?: TaskFailedToStart: CannotPull/,
      /^event: was unable to place a task/,
    ],
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
    row: '2; 4(b): capacity may come, hence waited for, but not for long',
    image: {},
    break: withoutRoom,
    knows: noRoom,
    looks: 22, // that many may go by until it is taken for lasting
    message:
      /not healthy: there is no room for the tasks: the service was unable to place a task\. Reason: Capacity is unavailable/,
    hint: /add zones/,
    details: [/^event: was unable to place a task/],
  },
  'no capacity, and no patience either': {
    row: '2',
    image: {},
    break: withoutRoom,
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
      sandbox.allowed = documentedWithout('iam:PassRole');
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
