import type { Task } from '@aws-sdk/client-ecs';
import { taskId } from './tasks.ts';

/** What exit codes mean that no application chooses: 128 and the signal's number, and the shell's own two. */
const EXIT_CODES: Readonly<Record<number, string>> = {
  126: 'the command can not be executed',
  127: 'the command was not found',
  134: 'SIGABRT: it aborted itself',
  137: 'SIGKILL: out of memory, or still alive after stopTimeout',
  139: 'SIGSEGV: it crashed',
  143: 'SIGTERM: it was asked to stop',
};

/** The most tasks that the evidence lists one by one. */
const MOST_TASKS = 4;

/** Stopped because somebody wanted fewer or others, or because AWS took the machine back: says nothing of the release. */
export const isOrdinary = ({ stopCode, stoppedReason = '' }: Task): boolean =>
  stopCode === 'SpotInterruption' ||
  stopCode === 'TerminationNotice' ||
  stopCode === 'InfrastructureHealth' ||
  stopCode === 'UserInitiated' ||
  (stopCode === 'ServiceSchedulerInitiated' && !isHealthStop({ stoppedReason }));

/** ECS got it nowhere: no image, no network, no room. None of its containers began. */
export const neverRan = ({ stopCode, startedAt, containers = [] }: Task): boolean =>
  stopCode === 'TaskFailedToStart' &&
  startedAt === undefined &&
  containers.every(({ exitCode }) => exitCode === undefined);

/** ECS stopped it since a health check of the load balancer, or of the container, failed. */
export const isHealthStop = ({ stoppedReason = '' }: Pick<Task, 'stoppedReason'>): boolean =>
  /failed (\w+ )?health check/i.test(stoppedReason);

/** Why a task stopped, on one line: ECS's reason, and what its containers say. */
export function headline({ stopCode, stoppedReason, containers = [] }: Task): string {
  const reason = stoppedReason ?? stopCode ?? 'no reason given';
  const exits = containers.flatMap(({ name, exitCode, reason: own }) => {
    // ECS repeats a failed pull as the container's reason.
    const because = own === undefined || reason.includes(own) ? '' : `: ${own}`;
    if (exitCode !== undefined && exitCode !== 0) return [`${name} exited with ${exit(exitCode)}${because}`];
    // An essential container that ends with 0 takes its task down all the same.
    if (exitCode === 0 && stopCode === 'EssentialContainerExited') return [`${name} exited with 0${because}`];
    return because === '' ? [] : [`${name}${because}`];
  });
  return [reason, ...exits].join('; ').replace(/\s+/g, ' ').trim();
}

const exit = (code: number) =>
  EXIT_CODES[code] === undefined ? String(code) : `${code} (${EXIT_CODES[code]})`;

/** One line for each kind of end, the newest last. */
export function taskLines(stopped: readonly Task[]): string[] {
  const kinds = new Map<string, Task[]>();
  for (const task of stopped) {
    const kind = [
      task.stopCode,
      headline(task),
      task.healthStatus === 'UNHEALTHY' ? 'health check failed' : '',
    ]
      .filter((part) => part)
      .join(': ');
    kinds.set(kind, [...(kinds.get(kind) ?? []), task]);
  }
  return [...kinds].slice(-MOST_TASKS).map(([kind, tasks]) => {
    const last = tasks.at(-1)!;
    const more = tasks.length === 1 ? '' : ` and ${tasks.length - 1} more`;
    return `task ${taskId(last)}${more}: ${kind}${ran(last)}`;
  });
}

/** How long it ran, which tells a crash at the start from one under load. */
function ran({ startedAt, stoppedAt, stoppingAt }: Task): string {
  const end = stoppedAt ?? stoppingAt;
  if (startedAt === undefined || end === undefined) return '';
  return `; it ran for ${Math.max(0, Math.round((end.getTime() - startedAt.getTime()) / 1_000))} s`;
}
