import type { CheckSubject, OwnTraffic } from '../check/check.ts';
import type { DeployError } from '../errors.ts';
import type { Platform } from '../target/target.ts';
import { type Color, otherColor } from './color.ts';
import { healthy } from './health.ts';
import type { Journal } from './journal.ts';
import type { LockEnd } from './lock.ts';
import type { Result } from './outcome.ts';
import { handOver, hold, refreshed, savedScaling, shareScaling } from './scaling.ts';
import { change, type LockedSession } from './session.ts';
import { type Shifted, shift } from './shift.ts';
import { type Release, runningImage, type Situation } from './situation.ts';
import { stabilize } from './stabilize.ts';
import { stage } from './stage.ts';
import { topUp } from './top-up.ts';
import { finish } from './undo.ts';
import { fromMoveOn, underOwnTraffic } from './watch/own-traffic.ts';
import { watcher } from './watch/watcher.ts';
import { write } from './write.ts';

/** What an operation came to; the rest of the outcome is read from the target. */
export interface Ended {
  readonly result: Result;
  readonly summary: string;
  readonly error?: DeployError;
  readonly end: LockEnd;
  /** The target as it was a moment ago, where nothing was changed: it needs no further look. */
  readonly seen?: Situation;
}

/** A change that is under way: where from, what to, and how it stands. */
export interface Attempt {
  journal: Journal;
  /** Whether users may have had the new release at any moment. */
  shifted?: boolean;
  readonly subject: CheckSubject;
  /** Users have nothing yet that could answer them. */
  readonly isFirst: boolean;
}

/** What a run is going to put on the idle color. */
export interface Planned {
  readonly color: Color;
  readonly image: string;
  readonly imageTag: string;
  readonly release: Release;
  readonly count: number;
}

/** Writes the journal's first page: from here on, everything can be undone by whoever reads it. */
export async function begin(
  session: LockedSession,
  situation: Situation,
  { color, image, imageTag, release, count }: Planned,
  operation: Journal['operation'],
): Promise<Attempt> {
  announce(session, situation, { image, release: release.id, count });
  const parked = situation.colors[color];
  const journal = await write(session, {
    operation,
    phase: 'staging',
    from: situation.live,
    image,
    imageTag,
    release: release.id,
    parkedRelease: parked.release?.id ?? '',
    parkedCount: parked.desired,
    scaling: await savedScaling(session),
  });
  const isFirst = situation.colors[situation.live].desired === 0;
  return { journal, subject: { color, image, imageTag }, isFirst };
}

/** Starts the release on the idle color and waits until it is proven there. */
export async function bringUp(
  session: LockedSession,
  { journal, subject }: Attempt,
  release: Release,
  count: number,
) {
  const color = subject.color;
  const prepared = await change(session, () => session.target.prepare());
  if (prepared !== undefined) session.emit({ type: 'progress', message: prepared });
  await stage(session, color, release, count, { warm: journal.operation === 'rollback' });
  // Not before: platforms pull a color that is held below its bounds into them, which would start the parked release.
  await hold(session, journal);
  await healthy(session, color);
}

/** Gives the proven release to the users, watches it, and parks the former one. */
export async function accept(session: LockedSession, attempt: Attempt): Promise<Ended> {
  const { from, operation, imageTag } = attempt.journal;
  const to = otherColor(from);
  await topUp(session, attempt.journal);
  attempt.journal = await write(session, {
    ...(await refreshed(session, attempt.journal)),
    phase: 'shifting',
  });
  const shifted =
    operation === 'rollback' ? await shiftBack(session, attempt) : await shiftWatched(session, attempt);
  attempt.journal = { ...attempt.journal, phase: 'retiring' };
  // A rollback may come so soon after a shift that answers can't tell a node which is back from one that never left
  // (undo.ts, `leave`). Nothing hurries: users have their release already.
  const proven = shifted.proven && operation !== 'rollback';
  await finish(session, attempt.journal, { ...shifted, proven, park: true });
  return operation === 'rollback'
    ? { result: 'rolled-back', summary: `${imageTag} is live again, on ${to}.`, end: 'release' }
    : { result: 'deployed', summary: `${imageTag} is live on ${to}.`, end: 'release' };
}

/**
 * Whoever rolls back has nowhere better to go: what would be watched for could change nothing, and nobody wants to wait
 * for shares of the traffic.
 */
async function shiftBack(session: LockedSession, attempt: Attempt): Promise<Shifted> {
  const shifted = await shift(session, { subject: attempt.subject, done: isShifted(attempt) });
  await handOver(session, attempt.journal);
  return shifted;
}

/** The watch begins before the first user has the release: what was wrong by then is not its doing. */
async function shiftWatched(session: LockedSession, attempt: Attempt): Promise<Shifted> {
  const { subject, journal } = attempt;
  const move = async (traffic?: OwnTraffic) => {
    const own = traffic && fromMoveOn(session, traffic);
    const watch = await watcher(session, subject, { traffic: own?.traffic });
    const gradual = {
      ...session.job.policy.shift,
      watch,
      begun: () => shareScaling(session, journal),
    };
    const done = isShifted(attempt);
    return { watch, shifted: await shift(session, { subject, gradual, moves: own?.moves, done }) };
  };
  // Before a first release nobody answers, which is no failure of it.
  const { watch, shifted } = await (attempt.isFirst ? move() : underOwnTraffic(session, subject, move));
  await handOver(session, journal);
  await stabilize(session, subject.color, watch);
  return shifted;
}

const isShifted = (attempt: Attempt) => () => {
  attempt.shifted = true;
};

/** Tells the listeners what the run is going to do. */
export function announce(
  session: LockedSession<Platform>,
  situation: Situation,
  { image, release, count }: { image: string; release: string; count: number },
): void {
  session.emit({
    type: 'intent',
    from: situation.live,
    to: otherColor(situation.live),
    image,
    release,
    previousImage: runningImage(situation, situation.live),
    count,
  });
}
