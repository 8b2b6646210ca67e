import type { Task } from '@aws-sdk/client-ecs';
import type { Failure } from '../target.ts';
import type { Anchor, Sight } from './anchor.ts';
import { causeOf } from './causes.ts';
import type { LogTail } from './log-tail.ts';
import { headline, isOrdinary, taskLines } from './stopped-tasks.ts';
import type { Verdict } from './verdict.ts';

/** The most targets that the evidence lists. */
const MOST_TARGETS = 3;

/** Where the diagnosis finds what it puts together. */
export interface Sources {
  readonly anchor: Anchor;
  readonly sight: Sight;
  readonly logs: LogTail;
  /** The container behind the load balancer. */
  readonly container: string;
}

/**
 * Everything that is known of a failure, as one block: what happened and the most likely cause (`reason`), what to do
 * (`hint`), and the evidence: ends of tasks, answers to health checks, service events, the last lines of the log.
 */
export async function diagnose(verdict: Verdict, sources: Sources): Promise<Failure> {
  const { anchor, sight, logs, container } = sources;
  const { code, what, failed, suspects } = verdict;
  const targets = targetLines(anchor, [...failed, ...suspects]);
  // Of the newest that had a say: a task that never ran wrote nothing.
  const witness = [...failed, ...suspects].findLast(({ startedAt, containers = [] }) =>
    startedAt === undefined ? containers.some(({ exitCode }) => exitCode !== undefined) : true,
  );
  const tail = witness === undefined ? undefined : await logs.read(witness, container);
  // Who took the deployment away, or scaled it down, is no matter of the release.
  const isForeign = code === 'superseded' || code === 'scaled-to-zero';
  const cause = isForeign
    ? undefined
    : causeOf({
        tasks: failed.map((task) => `${task.stopCode}: ${headline(task)}`).join('\n'),
        targets: targets.join('\n'),
        events: anchor.events.text,
        log: tail?.lines.join('\n') ?? '',
        rollout: sight.deployment?.rolloutStateReason ?? '',
      });
  return {
    ...(code === undefined ? {} : { code }),
    reason: cause === undefined ? what : `${cause.title}: ${what}`,
    hint: cause?.hint ?? verdict.hint,
    details: [
      ...taskLines(failed),
      ...targets,
      ...anchor.events.trouble.map((event) => `event: ${event}`),
      ...(tail?.remark === undefined ? [] : [tail.remark]),
      ...(tail === undefined || tail.lines.length === 0
        ? []
        : [`log ${tail.source}, its last lines:`, ...tail.lines.map((line) => `  ${line}`)]),
    ],
  };
}

/** What can be said when nobody gave a verdict and the procedure's patience is over. */
export function withoutVerdict({ stopped, running, states }: Sight, detail: string): Verdict {
  const suspects = running.filter(
    ({ taskArn = '', lastStatus }) => lastStatus === 'RUNNING' && states.get(taskArn)?.kind !== 'healthy',
  );
  return { what: detail, failed: stopped.filter((task) => !isOrdinary(task)), suspects };
}

/** What the load balancer holds against the tasks: `target 10.0.1.7:8080 unhealthy (...)`, each reason once. */
function targetLines({ tally }: Anchor, tasks: readonly Task[]): string[] {
  const reasons = new Map<string, { address: string; count: number }>();
  for (const task of tasks) {
    const trouble = tally.trouble(task);
    if (trouble === undefined) continue;
    const { address = 'a target', count = 0 } = reasons.get(trouble.text) ?? { address: trouble.address };
    reasons.set(trouble.text, { address, count: count + 1 });
  }
  return [...reasons]
    .slice(0, MOST_TARGETS)
    .map(
      ([text, { address, count }]) =>
        `target ${address}${count > 1 ? ` and ${count - 1} more` : ''}: ${text}`,
    );
}
