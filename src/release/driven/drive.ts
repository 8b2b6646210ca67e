import { DeployError } from '../../errors.ts';
import { hasCome, type PausePoint, type Rollout } from '../../target/driven.ts';
import type { Ended } from '../attempt.ts';
import { formatWeights, isAllOn } from '../color.ts';
import { converge } from '../converge.ts';
import { movedByHand } from '../foreign-weights.ts';
import { diagnosis, healthTeller, isProven, unhealthy } from '../health.ts';
import { reached } from '../journal.ts';
import { change, patiently, shown, step, waitFor } from '../session.ts';
import { smoke } from '../smoke.ts';
import { watcher } from '../watch/watcher.ts';
import { write } from '../write.ts';
import { type DrivenAttempt, follow, goOn, type LockedDriven } from './attempt.ts';
import { accept, ITS_OWN_TIME_MS, outOfTime } from './undo.ts';

/** How long the platform may take to show what it was asked for, in ms. */
const SHOWN_MS = 60_000;

/** Where the platform waits for the smoke tests: its last pause before users' traffic moves. */
export const gateOf = (points: readonly PausePoint[]): PausePoint | undefined =>
  points.findLast(({ stage }) => stage === 'started' || stage === 'testable');

/** Begins the rollout, and waits until its instances are proven and it waits at the gate (or is testable). */
export async function bringUp(
  session: LockedDriven,
  attempt: DrivenAttempt,
  gate: PausePoint | undefined,
): Promise<void> {
  const { target } = session;
  const { release, subject } = attempt;
  const { color } = subject;
  await step(
    session,
    'stage',
    `Let the platform deploy ${release.image} to ${color}`,
    async () => {
      await change(session, () => target.begin(release));
      attempt.asked = true;
      const rollout = await waitFor(session, {
        interval: 500,
        upTo: 2_000,
        timeout: SHOWN_MS,
        look: () => target.begun(release),
        expired: () =>
          new DeployError('The platform does not show the deployment that it was asked for.', {
            code: 'not-shown',
            hint: 'Look at the service’s deployments: somebody may have begun another one in the same moment.',
          }),
      });
      attempt.journal = await write(session, { ...attempt.journal, rollout });
      return rollout;
    },
    (rollout) => `${release.id} is deployment ${rollout}`,
  );
  await healthy(session, attempt, gate);
}

function healthy(session: LockedDriven, attempt: DrivenAttempt, gate: PausePoint | undefined): Promise<void> {
  const { color } = attempt.subject;
  const { timeout, interval } = session.job.policy.health;
  const say = healthTeller(session, color);
  let detail = '';
  return step(
    session,
    'healthy',
    `Wait until ${color} is healthy`,
    async () => {
      await waitFor(session, {
        interval,
        timeout,
        look: async () => {
          const rollout = await follow(session, attempt);
          const isUp = hasCome(rollout, 'started') || rollout.state === 'done';
          // Somebody paused it before anything runs: there is nothing to look at yet.
          if (!isUp) await goOn(session, attempt, rollout);
          const health = await session.target.health(color);
          say(health);
          detail = health.detail;
          if (health.failure !== undefined) {
            // The platform may have found the same: then its word counts, since it goes back already.
            await follow(session, attempt);
            throw unhealthy(color, health.failure);
          }
          return isUp ? true : undefined;
        },
        expired: async () => {
          const known = await diagnosis(session, color);
          return new DeployError(
            `${color} did not become healthy within health.timeout: ${(known?.reason ?? detail).replace(/\.$/, '')}.`,
            {
              code: 'health-timeout',
              hint:
                known?.hint ??
                'If it only needs longer to start, raise health.timeout; otherwise look at its log and its health check.',
              details: known?.details ?? [],
            },
          );
        },
      });
      await waitFor(session, {
        interval,
        timeout: ITS_OWN_TIME_MS,
        look: async () => {
          const rollout = await follow(session, attempt);
          if (hasCome(rollout, 'shifting') || rollout.state === 'done') return true;
          if (gate === undefined) {
            if (hasCome(rollout, 'testable')) return true;
          } else if (isAt(rollout, gate)) return true;
          await goOn(session, attempt, rollout);
          return undefined;
        },
        expired: outOfTime,
      });
    },
    () => detail,
  );
}

const isAt = (rollout: Rollout, { name }: PausePoint): boolean =>
  rollout.pause !== undefined && rollout.at === name;

/** The smoke tests; whether the platform waits for them is `gate`'s matter. */
export async function prove(session: LockedDriven, attempt: DrivenAttempt): Promise<void> {
  await smoke(session, attempt.subject);
  await patiently(session, () => follow(session, attempt));
}

/** Lets the platform give the release to the users, watches it, and waits until it has cleared up. */
export async function carryThrough(session: LockedDriven, attempt: DrivenAttempt): Promise<Ended> {
  const { operation, imageTag } = attempt.journal;
  const { color } = attempt.subject;
  await shift(session, attempt);
  await watch(session, attempt);
  attempt.journal = await write(session, { ...attempt.journal, phase: 'retiring' });
  await step(
    session,
    'retire',
    `Let the platform clear ${attempt.journal.from} up`,
    () =>
      waitFor(session, {
        interval: session.job.policy.health.interval,
        timeout: ITS_OWN_TIME_MS,
        look: async () => ((await follow(session, attempt)).state === 'done' ? true : undefined),
        expired: outOfTime,
      }),
    () => `${attempt.journal.from} has no tasks any more`,
  );
  await shown(session, color, { releaseId: attempt.release.id });
  await accept(session, attempt);
  return operation === 'rollback'
    ? { result: 'rolled-back', summary: `${imageTag} is live again, on ${color}.`, end: 'release' }
    : { result: 'deployed', summary: `${imageTag} is live on ${color}.`, end: 'release' };
}

function shift(session: LockedDriven, attempt: DrivenAttempt): Promise<void> {
  const { color } = attempt.subject;
  const { interval } = session.job.policy.health;
  const say = healthTeller(session, color);
  return step(
    session,
    'shift',
    `Let the platform switch traffic to ${color}`,
    async () => {
      await proven(session, attempt);
      if (!reached(attempt.journal, 'shifting'))
        attempt.journal = await write(session, { ...attempt.journal, phase: 'shifting' });
      await waitFor(session, {
        interval,
        timeout: ITS_OWN_TIME_MS,
        look: async () => {
          const rollout = await follow(session, attempt);
          if (hasCome(rollout, 'shifted') || rollout.state === 'done') return true;
          const health = await session.target.health(color);
          say(health);
          if (health.failure !== undefined) {
            await follow(session, attempt);
            throw unhealthy(color, health.failure);
          }
          await goOn(session, attempt, rollout);
          return undefined;
        },
        expired: outOfTime,
      });
      // After a rollback to a release that users had a moment ago, an answer proves nothing new; and nothing hangs on it.
      if (attempt.journal.operation !== 'rollback') await converge(session, attempt.subject, 'is');
    },
    () => formatWeights(attempt.told.weights),
  );
}

/** One more proof in the moment before the platform is told to go on. */
async function proven(session: LockedDriven, attempt: DrivenAttempt): Promise<void> {
  const { color } = attempt.subject;
  const rollout = await patiently(session, () => follow(session, attempt));
  // It did not wait for us: users have it, and what is wrong with it is found by watching.
  if (rollout.weights[color] > 0) return;
  const health = await patiently(session, () => session.target.health(color));
  if (isProven(health)) return;
  const known = health.failure ?? (await diagnosis(session, color));
  throw new DeployError(
    `${color} is no longer healthy (${known?.reason ?? health.detail}): traffic stays where it is.`,
    {
      code: known?.code ?? 'not-proven',
      hint: known?.hint ?? 'It was healthy before: look at its log for a crash.',
      details: known?.details ?? [],
    },
  );
}

/** For as long as the platform keeps the former release, which is how long there is a quick way back. */
async function watch(session: LockedDriven, attempt: DrivenAttempt): Promise<void> {
  const { color } = attempt.subject;
  const watching = await watcher(session, attempt.subject);
  const isRollback = attempt.journal.operation === 'rollback';
  return step(
    session,
    'stabilize',
    `Watch ${color} while the platform keeps ${attempt.journal.from}`,
    async () => {
      await waitFor(session, {
        interval: session.job.policy.stabilize.interval,
        timeout: ITS_OWN_TIME_MS,
        look: async () => {
          const rollout = await follow(session, attempt);
          if (hasCome(rollout, 'clearing') || rollout.state === 'done') return true;
          if (!isAllOn(rollout.weights, color)) throw movedByHand(rollout.weights);
          // Whoever rolls back has nowhere better to go: what would be watched for could change nothing.
          if (!isRollback) await watching.look({ last: false });
          await goOn(session, attempt, rollout);
          return undefined;
        },
        expired: outOfTime,
      });
    },
    watching.detail,
  );
}
