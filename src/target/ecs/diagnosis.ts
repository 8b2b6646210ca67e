import type { Task } from '@aws-sdk/client-ecs';
import type { Failure } from '../target.ts';
import { taskId } from './tasks.ts';

/**
 * How many tasks of a deployment may fail before it has. ECS's own circuit breaker counts from three, does not count
 * crashes after RUNNING at all, and may be off (facts/ecs.md 4b): so we count for ourselves.
 */
const CRASH_LOOP = 2;

/** Reasons that no second try mends. */
const HOPELESS: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    pattern: /CannotPullContainer.*(not found|does not exist|manifest unknown)/is,
    hint: 'The image is not in the registry: check image-tag, and that the build pushed it before this step.',
  },
  {
    pattern: /CannotPullContainer.*(denied|unauthorized|forbidden|no basic auth)/is,
    hint: 'The task’s execution role may not pull the image: allow ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer.',
  },
  {
    pattern: /CannotPullContainer.*(platform|no match for platform|no matching manifest)/is,
    hint: 'The image was built for another processor: build it for the task’s runtimePlatform (docker build --platform).',
  },
  {
    pattern: /ResourceInitializationError.*(secret|ssm|parameter)/is,
    hint: 'A secret of the task definition could not be read: check that it exists and that the execution role may read it.',
  },
  {
    pattern: /ResourceInitializationError.*log/is,
    hint: 'The log group does not exist: create it, or set awslogs-create-group.',
  },
];

const HINTS: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  ...HOPELESS,
  {
    pattern: /OutOfMemory/i,
    hint: 'The container needs more memory than the task definition gives it.',
  },
  {
    pattern: /ELB health checks/i,
    hint: 'The container runs but does not answer the target group’s health check: compare its path, port and expected codes with the application, and allow for its start in healthCheckGracePeriodSeconds.',
  },
  { pattern: /Essential container/i, hint: 'The application ended by itself: its log says why.' },
];

/**
 * Whether the stopped tasks of a deployment condemn it, and why.
 * @param stopped tasks that belong to the deployment
 */
export function condemn(stopped: readonly Task[]): Failure | undefined {
  const failed = stopped.filter((task) => !isOrdinary(task));
  const hopeless = failed.find((task) => HOPELESS.some(({ pattern }) => pattern.test(reasonsOf(task))));
  if (hopeless === undefined && failed.length < CRASH_LOOP) return undefined;
  const task = hopeless ?? failed.at(-1)!;
  return {
    reason:
      failed.length === 1
        ? `a task stopped: ${headline(task)}`
        : `${failed.length} tasks stopped, the last: ${headline(task)}`,
    hint: HINTS.find(({ pattern }) => pattern.test(reasonsOf(task)))?.hint,
    details: evidence(failed),
  };
}

/** One line for each task, for the log and the summary; the newest five. */
export const evidence = (stopped: readonly Task[]): string[] =>
  stopped.slice(-5).map((task) => `task ${taskId(task)}: ${headline(task)}`);

/** Stopped because somebody wanted fewer or others, or because AWS took the machine back: says nothing of the release. */
const isOrdinary = ({ stopCode, stoppedReason = '' }: Task): boolean =>
  stopCode === 'SpotInterruption' ||
  stopCode === 'TerminationNotice' ||
  stopCode === 'InfrastructureHealth' ||
  stopCode === 'UserInitiated' ||
  (stopCode === 'ServiceSchedulerInitiated' && !/health check/i.test(stoppedReason));

const reasonsOf = ({ stoppedReason = '', containers = [] }: Task): string =>
  [stoppedReason, ...containers.map(({ reason = '' }) => reason)].join('\n');

function headline({ stopCode, stoppedReason, containers = [] }: Task): string {
  const reason = stoppedReason ?? stopCode ?? 'no reason given';
  const exits = containers
    .map((container) => ({
      ...container,
      // ECS repeats a failed pull as the container's reason.
      reason:
        container.reason !== undefined && !reason.includes(container.reason) ? container.reason : undefined,
    }))
    .filter((container) => (container.exitCode ?? 0) !== 0 || container.reason !== undefined)
    .map(
      (container) =>
        `${container.name}${container.exitCode === undefined ? '' : ` exited with ${container.exitCode}`}${container.reason === undefined ? '' : ` (${container.reason})`}`,
    );
  return [reason, ...exits].join('; ');
}
