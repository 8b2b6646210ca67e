import type { CheckSubject } from '../check/check.ts';
import { DeployError, toDeployError } from '../errors.ts';
import type { Platform } from '../target/target.ts';
import type { Ended } from './attempt.ts';
import { isAllOn, otherColor } from './color.ts';
import { SETTLE_AT_LEAST_MS } from './converge.ts';
import { tagOf } from './image.ts';
import { currentHolder, withLock } from './lock.ts';
import type { Job } from './policy.ts';
import { look } from './recover.ts';
import { type LockedSession, patiently, type Session, step, waitFor } from './session.ts';
import type { Release, Situation } from './situation.ts';
import { isVerdict } from './watch/verdict.ts';
import { type Watcher, watcher } from './watch/watcher.ts';

export interface WatchOptions<P extends Platform> {
  /** Gives users the release before, as the operation does it. */
  readonly rollback: (session: LockedSession<P>) => Promise<Ended>;
  /** What the platform itself has under way, if it has; where it deploys by itself. */
  readonly platformIsAtWork?: () => Promise<string | undefined>;
}

/** The release that users got a short while ago. */
interface Young {
  readonly subject: CheckSubject;
  readonly release: Release;
  readonly since: number;
}

/**
 * For a schedule, or a job after the deployment: looks whether the release that went live within `watch.window` still
 * does well, and takes it back where it does not. Holds no lock while it looks.
 */
export async function watch<P extends Platform>(
  session: Session<P>,
  options: WatchOptions<P>,
): Promise<Ended> {
  const situation = await look(session);
  const young = youngIn(session, situation);
  if (typeof young === 'string') return { ...unchanged(young), seen: situation };
  const busy = await atWork(session, situation, options);
  if (busy !== undefined) return { ...unchanged(busy), seen: situation };
  const name = nameOf(young);
  const age = roughly(session.clock.now() - young.since);
  const watch = await watcher(session, young.subject, { since: young.since });
  let moved: string | undefined;
  try {
    moved = await step(
      session,
      'stabilize',
      `Look at ${name}, live for ${age}`,
      () => observe(session, young, watch),
      (why) => why ?? watch.detail(),
    );
  } catch (thrown) {
    // Cancelled, or the platform could not be asked: nothing is known against the release.
    if (session.signal.aborted || !isVerdict(thrown)) throw thrown;
    return takeBack(session, young, thrown, options);
  }
  return unchanged(moved ?? `${name}, live for ${age}, does well: ${watch.detail()}.`);
}

/** What is to be looked at, or why nothing is. */
function youngIn(
  { clock, job }: Session<Platform>,
  { live, weights, colors, journal }: Situation,
): Young | string {
  const { release, liveSince, desired } = colors[live];
  if (journal?.phase === 'staged')
    return `${journal.imageTag} is staged on ${otherColor(live)}: nothing is watched until it is promoted or dropped.`;
  if (journal !== undefined)
    return `A ${journal.operation} of ${journal.imageTag} is under way (${journal.phase}): it watches itself, or the next deploy or rollback finishes or undoes it.`;
  if (!isAllOn(weights, live)) return 'Traffic is split by hand: it is not told which release to judge.';
  if (release === undefined || desired === 0) return 'Nothing is live.';
  const subject = { color: live, image: release.image, imageTag: tagOf(release.image) };
  const name = nameOf({ subject });
  if (liveSince === undefined) return `Nobody wrote down when ${name} went live: nothing is watched.`;
  const { window } = job.policy.watch;
  const age = clock.now() - liveSince;
  if (age > window)
    return `${name} went live ${roughly(age)} ago, longer than watch.window (${roughly(window)}): nothing is watched.`;
  return { subject, release, since: liveSince };
}

async function atWork<P extends Platform>(
  session: Session<P>,
  { live }: Situation,
  { platformIsAtWork }: WatchOptions<P>,
): Promise<string | undefined> {
  const holder = await currentHolder(session);
  if (holder !== undefined) return `At work: ${holder}. It watches what it does by itself; ${live} is live.`;
  return platformIsAtWork?.();
}

/**
 * Looks for `watch.for`, and for as long after that as a look leaves doubts. Returns why the watch is over before its
 * time, where it is.
 * @throws DeployError when the release must be taken back, or the platform gives no answer
 */
async function observe(
  session: Session<Platform>,
  young: Young,
  watch: Watcher,
): Promise<string | undefined> {
  const { clock, job, signal, target } = session;
  const end = clock.now() + job.policy.watch.for;
  for (let isFirst = true; ; isFirst = false) {
    const last = clock.now() >= end;
    const moved = await waitFor(session, {
      interval: 1_000,
      timeout: SETTLE_AT_LEAST_MS,
      look: async () => {
        if (!isFirst && !isStill(young, await target.inspect())) return { value: true };
        await watch.look({ last });
        return { value: false };
      },
      expired: () =>
        new DeployError('The platform did not answer while the release was looked at.', {
          code: 'platform-unreachable',
          hint: 'Nothing is known of the release, and nothing was changed; the next watch looks again.',
        }),
    });
    if (moved.value) return 'Another run has begun since: it watches itself.';
    if (last && !watch.isDoubtful()) return undefined;
    await clock.sleep(job.policy.stabilize.interval, signal);
  }
}

/** Whether users have exactly what they had, and nobody has begun to change that. */
const isStill = ({ subject, release, since }: Young, { weights, colors, journal }: Situation): boolean => {
  const now = colors[subject.color];
  return (
    journal === undefined &&
    isAllOn(weights, subject.color) &&
    now.release?.id === release.id &&
    now.desired > 0 &&
    now.liveSince === since
  );
};

/** What was seen stays the error: a schedule must turn red, so that somebody looks at the release. */
async function takeBack<P extends Platform>(
  session: Session<P>,
  young: Young,
  seen: DeployError,
  { rollback }: WatchOptions<P>,
): Promise<Ended> {
  session.emit({ type: 'warning', message: `Taking ${nameOf(young)} back: ${seen.message}` });
  // To the release before, and never to one that was taken back itself.
  const job: Job = { ...session.job, operation: 'rollback', imageTag: '', force: false };
  try {
    return await withLock({ ...session, job }, async (locked) => {
      const isSame = isStill(young, await patiently(locked, () => locked.target.inspect()));
      if (!isSame)
        return {
          value: unchanged(`${sentence(seen.message)} But users do not have ${nameOf(young)} any more.`),
          end: 'release',
        };
      const ended = await rollback(locked);
      return { value: blame(ended, young, seen), end: ended.end };
    });
  } catch (thrown) {
    session.signal.throwIfAborted();
    const error = notTakenBack(young, seen, toDeployError(thrown));
    return { result: 'failed', summary: error.message, error, end: 'release' };
  }
}

function blame(ended: Ended, young: Young, seen: DeployError): Ended {
  if (ended.error === undefined && ended.result === 'rolled-back') return { ...ended, error: seen };
  const why = ended.error ?? new DeployError(ended.summary, { code: 'not-taken-back' });
  const error = notTakenBack(young, seen, why);
  return { ...ended, result: 'failed', summary: error.message, error };
}

const notTakenBack = (young: Young, seen: DeployError, why: DeployError) =>
  new DeployError(
    `${nameOf(young)} does not do well: ${sentence(seen.message)} It was not taken back: ${why.message}`,
    {
      code: 'not-taken-back',
      hint: why.hint ?? seen.hint,
      details: [...seen.details, ...why.details],
      cause: why,
    },
  );

const unchanged = (summary: string): Ended => ({ result: 'unchanged', summary, end: 'release' });

const nameOf = ({ subject }: Pick<Young, 'subject'>): string => `${subject.imageTag} on ${subject.color}`;

const sentence = (text: string): string => text.replace(/\.?$/, '.');

/** How long ago, for people: `40 s`, `12 min`, `3 h`. */
function roughly(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
