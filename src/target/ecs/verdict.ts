import type { Service, Task } from '@aws-sdk/client-ecs';
import type { FailureCode } from '../target.ts';
import type { Anchor, Sight } from './anchor.ts';
import { releaseId } from './arn.ts';
import { isHopeless } from './causes.ts';
import { primaryDeployment } from './services.ts';
import { headline, isHealthStop, isOrdinary, neverRan } from './stopped-tasks.ts';

/**
 * How many tasks of a deployment may fail before it has. ECS's own circuit breaker counts from three, does not count
 * crashes after RUNNING at all, and may be off (facts/ecs.md 4b, roadmap #1206 and #1247): so we count for ourselves.
 */
const CRASH_LOOP = 2;
/** And at least this share of the tasks, where it is not seconds that were watched but an hour. */
const CRASH_SHARE = 0.1;

/** That waiting can't help, and whom to ask why. */
export interface Verdict {
  readonly code?: FailureCode;
  /** The platform's own words, one line. */
  readonly what: string;
  /** What to do where no cause is found. */
  readonly hint?: string;
  /** Tasks whose ends are evidence; the newest last. */
  readonly failed: readonly Task[];
  /** Running tasks that are evidence. */
  readonly suspects: readonly Task[];
}

/** Whether what a look found is the end of it. */
export function judge(anchor: Anchor, sight: Sight): Verdict | undefined {
  // That there is no capacity or network for one more task, or the registry does not answer, says nothing of those that
  // serve users, and another release would fare no better; that its image or a secret is gone does.
  const isServing = sight.hasUsers && [...sight.states.values()].some(({ kind }) => kind === 'healthy');
  const isExcused = (task: Task) => isServing && neverRan(task) && !isHopeless(headline(task));
  const failed = sight.stopped.filter((task) => !isOrdinary(task) && !isExcused(task));
  const ofDeployment = anchor.standsBeside ? undefined : judgeDeployment(anchor, sight, failed);
  return ofDeployment ?? judgeTasks(anchor, sight, failed);
}

/** What ECS itself, or somebody else, decided about the deployment. */
function judgeDeployment(
  anchor: Anchor,
  { service, deployment, running }: Sight,
  failed: readonly Task[],
): Verdict | undefined {
  const primary = primaryDeployment(service);
  const other = `${releaseId(primary?.taskDefinition ?? '')} (deployment ${primary?.id ?? 'unknown'})`;
  const suspects = running;
  const gone = deployment === undefined || deployment.status !== 'PRIMARY';
  const own = deployment?.rolloutState === 'FAILED' ? deployment.rolloutStateReason : undefined;
  if (deployment?.rolloutState === 'FAILED' && !gone)
    return {
      code: 'platform-stalled',
      what: `ECS gave the deployment up and starts no more tasks: ${own ?? 'no reason given'} ${whyStalled(service)}`,
      hint: 'Look at the stopped tasks of the service, mend the release, then deploy again.',
      failed,
      suspects,
    };
  if (gone && (deployment?.rolloutState === 'FAILED' || wasRolledBack(anchor, primary, failed)))
    return {
      code: 'platform-rolled-back',
      what: `ECS rolled the deployment back to ${other}${own === undefined ? '' : `: ${own}`}`,
      hint: 'Look at the stopped tasks of the service, mend the release, then deploy again.',
      failed,
      suspects,
    };
  if (gone)
    return {
      code: 'superseded',
      what: `another deployment took the place of ours: ${other}`,
      hint: 'Find the other pipeline, or the person, that deploys to this service without the lock of this action.',
      failed,
      suspects: [],
    };
  if ((service.desiredCount ?? 0) === 0 && anchor.wanted > 0)
    return {
      code: 'scaled-to-zero',
      what: 'the service was scaled to zero',
      hint: 'Find the scaling policy, the schedule or the person that set its desired count.',
      failed,
      suspects: [],
    };
  return undefined;
}

/** ECS has gone on to another deployment by itself; once that is done, only the events and our tasks tell. */
function wasRolledBack(
  { deploymentId, events }: Anchor,
  primary: ReturnType<typeof primaryDeployment>,
  failed: readonly Task[],
): boolean {
  return (
    /roll(ed|ing) back/i.test(primary?.rolloutStateReason ?? '') ||
    events.text.split('\n').some((line) => line.includes(deploymentId) && /deployment failed/i.test(line)) ||
    failed.length >= CRASH_LOOP
  );
}

const whyStalled = ({ deploymentConfiguration }: Service): string =>
  deploymentConfiguration?.deploymentCircuitBreaker?.rollback === true
    ? 'There is no completed deployment that it could go back to.'
    : 'Its circuit breaker is set not to roll back.';

/** What the tasks of the deployment say. */
function judgeTasks(
  anchor: Anchor,
  { service, running }: Sight,
  failed: readonly Task[],
): Verdict | undefined {
  const { tally, wanted } = anchor;
  const sick = tally.sick(running, service);
  const unreachable = tally.unreachable(running);
  const hopeless = failed.find((task) => isHopeless(headline(task)));
  const enough = anchor.isLive ? Math.max(CRASH_LOOP, Math.ceil(CRASH_SHARE * wanted)) : CRASH_LOOP;
  // One that was stopped a while ago has had its second try by now.
  const unwell = (anchor.isLive ? 0 : failed.filter(isHealthStop).length) + sick.length;
  // The same release behind the same check: where each one fails it, there is no second try to wait for.
  const allUnwell = unwell > 0 && unwell >= Math.min(CRASH_LOOP, Math.max(1, wanted));
  if (hopeless === undefined && unreachable.length === 0 && !allUnwell)
    if (failed.length + sick.length < enough) return noRoom(anchor, failed);
  const suspects = [...sick, ...unreachable];
  return { what: describe(anchor, failed, suspects), failed, suspects };
}

/** Capacity may come, hence it is waited for; but not as long as for a release that starts. */
const noRoom = ({ tally, events }: Anchor, failed: readonly Task[]): Verdict | undefined =>
  tally.hasNoRoom && events.noRoom !== undefined
    ? { what: `the service ${events.noRoom.replace(/\.$/, '')}`, failed, suspects: [] }
    : undefined;

function describe({ tally, events }: Anchor, failed: readonly Task[], suspects: readonly Task[]): string {
  const last = failed.at(-1);
  // A stop for health says that, and not what was wrong; the target is gone with the task.
  const answer =
    last !== undefined && suspects.length === 0 && isHealthStop(last)
      ? (tally.trouble(last)?.text ?? events.healthReason)
      : undefined;
  const parts = [
    ...(last === undefined
      ? []
      : [
          failed.length === 1
            ? `a task stopped: ${headline(last)}`
            : `${failed.length} tasks stopped, the last: ${headline(last)}`,
        ]),
    ...(answer === undefined ? [] : [answer]),
    ...(suspects.length === 0
      ? []
      : [
          `${suspects.length === 1 ? 'a task runs and is' : `${suspects.length} tasks run and are`} ${tally.trouble(suspects[0]!)?.text}`,
        ]),
  ];
  return parts.join('; ');
}
