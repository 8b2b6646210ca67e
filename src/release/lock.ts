import { DeployError, toDeployError } from '../errors.ts';
import { isOutOfReach, type Lease, type LockState, type Platform } from '../target/target.ts';
import {
  abandonable,
  type FencedLease,
  type LockedSession,
  patiently,
  type Session,
  step,
  waitFor,
} from './session.ts';

const RETRY_MS = 3_000;
/** How long the platform is asked to take the lock back before it is left to end by itself. */
const RELEASE_MS = 30_000;
/**
 * A renewal holds for `lock.ttl`, at least 30 s, so nobody can have taken the lock over a moment after one. Renewing is
 * a change to the platform, and some have a budget for those: changes that follow each other share a renewal.
 */
const FENCE_MS = 1_000;
/** A lease that was renewed so many parts of its time ago is far from its end: to know that it is still ours is enough. */
const FRESH = 1 / 2;

/**
 * Runs `body` with the lock, which is renewed while it runs. The lock is let go at the end unless `body` says that
 * something is left for the post step.
 */
export async function withLock<T, P extends Platform>(
  session: Session<P>,
  body: (session: LockedSession<P>) => Promise<{ readonly value: T; readonly end: LockEnd }>,
): Promise<T> {
  const { warning } = session.target.lock;
  if (warning !== undefined) session.emit({ type: 'warning', message: warning });
  const lease = await step(session, 'lock', 'Take the lock', () => acquire(session));
  return holding(session, lease, body);
}

/** What happens to the lock when the body is through: `keep` leaves it to the post step, with work to do. */
export type LockEnd = 'release' | 'release-keep-preview' | 'keep';

/** Like `withLock`, for a lease that there already is. */
export async function holding<T, P extends Platform>(
  session: Session<P>,
  held: Lease,
  body: (session: LockedSession<P>) => Promise<{ readonly value: T; readonly end: LockEnd }>,
): Promise<T> {
  const lease = fenced(session, held);
  session.onPending(lease.handle);
  const lost = new AbortController();
  const done = new AbortController();
  const renewal = renewForever(session, lease, lost, done.signal);
  let end: LockEnd = 'release';
  try {
    const result = await body({
      ...session,
      lease,
      lost: lost.signal,
      signal: AbortSignal.any([session.signal, lost.signal]),
    });
    end = result.end;
    return result.value;
  } catch (error) {
    // Cancelled somewhere: the post step takes the lock up again, and looks whether anything is left to do.
    if (session.signal.aborted) end = 'keep';
    throw error;
  } finally {
    done.abort();
    await renewal;
    if (end !== 'keep' && !lost.signal.aborted) await letGo(session, lease, end === 'release-keep-preview');
    if (end !== 'keep') session.onPending(undefined);
  }
}

function fenced({ clock, job }: Session<Platform>, lease: Lease): FencedLease {
  const { ttl } = job.policy.lock;
  const takenAt = clock.now();
  // As if long ago: how long taking the lock took is not known here.
  let renewedAt = Number.NEGATIVE_INFINITY;
  let knownAt = Number.NEGATIVE_INFINITY;
  const renew = async () => {
    const asked = clock.now();
    await lease.renew();
    renewedAt = asked;
    knownAt = asked;
  };
  return {
    ...lease,
    renew,
    fence: async () => {
      const now = clock.now();
      if (now - knownAt < FENCE_MS) return;
      const isFresh = now - renewedAt < ttl * FRESH;
      try {
        if (lease.confirm === undefined || !isFresh) return await renew();
        await lease.confirm();
        knownAt = now;
      } catch (error) {
        // Throttled, cut off, a full disk: no news about the lock, which is ours until the lease ends.
        const isOurs = clock.now() - Math.max(takenAt, renewedAt) < ttl;
        if (error instanceof DeployError || !isOurs) throw error;
      }
    },
  };
}

/** Failing to unlock fails nothing: the lease runs out by itself. */
async function letGo(session: Session<Platform>, lease: Lease, keepPreview: boolean): Promise<void> {
  try {
    // Whoever cancelled wants the lock free all the same.
    const patient = { ...session, signal: AbortSignal.timeout(RELEASE_MS) };
    await patiently(patient, () => abandonable(patient.signal, () => lease.release({ keepPreview })));
  } catch (error) {
    session.emit({
      type: 'warning',
      message: `The lock could not be released (${toDeployError(error).message}); it is free after lock.ttl.`,
    });
  }
}

async function renewForever(
  session: Session<Platform>,
  lease: Lease,
  lost: AbortController,
  done: AbortSignal,
) {
  // A third of the time to live: two renewals may fail before the lock is in danger.
  const pause = Math.max(1_000, session.job.policy.lock.ttl / 3);
  try {
    for (;;) {
      await session.clock.sleep(pause, done);
      try {
        await abandonable(done, () => lease.renew());
      } catch (error) {
        if (isOutOfReach(error)) return;
        // Anything else is no word about who has it; whoever changes something asks first.
        if (error instanceof DeployError) throw error;
      }
    }
  } catch (error) {
    if (!done.aborted) lost.abort(error);
  }
}

/** Takes the lock, waiting for its holder as long as `lock.wait` says and taking it over from one that is dead. */
async function acquire(session: Session<Platform>): Promise<Lease> {
  const { target, job } = session;
  const { ttl, wait } = job.policy.lock;
  let shown = '';
  let holder: LockState | undefined;
  // A platform that gives no answer must not be taken for another run that holds the lock.
  const take = () => patiently(session, () => target.lock.acquire(job.owner, ttl));
  return waitFor(session, {
    interval: RETRY_MS,
    timeout: wait,
    look: async () => {
      // Trying is a change to the platform: only where nobody was seen to hold the lock.
      const lease = holder === undefined ? await take() : undefined;
      if (lease !== undefined) return lease;
      holder = await patiently(session, () => target.lock.read());
      // Let go since: ours now, if nobody is quicker.
      if (holder === undefined) return take();
      const why = await whyFree(session, holder);
      if (why !== undefined) {
        session.emit({ type: 'progress', message: `Taking over the lock of ${describe(holder)}: ${why}.` });
        const dead = holder;
        holder = undefined;
        await patiently(session, () => target.lock.break(dead));
        return take();
      }
      if (wait > 0 && shown !== holder.handle) {
        session.emit({ type: 'progress', message: `Waiting for ${describe(holder)}.` });
        shown = holder.handle;
      }
      return undefined;
    },
    expired: () =>
      new DeployError(`${holder === undefined ? 'Another run' : describe(holder)} is under way here.`, {
        code: 'lock-held',
        hint:
          wait > 0
            ? 'It did not end within lock.wait. Look at that run; cancelling it puts everything back.'
            : 'Wait for it (set lock.wait to let runs queue), or cancel it: cancelling puts everything back.',
        details: holder === undefined ? [] : holderDetails(holder),
      }),
  });
}

/** Why the lock is free although it exists; nothing when its owner may still live. */
async function whyFree(
  { clock, job, runStatus }: Session<Platform>,
  holder: LockState,
): Promise<string | undefined> {
  if (holder.expires <= clock.now()) return 'its lease has ended';
  if (isEarlierAttempt(holder.owner.id, job.owner.id)) return 'it was an earlier attempt of this very run';
  if (holder.owner.runUrl !== '' && (await runStatus(holder.owner.runUrl)) === 'completed')
    return 'GitHub says that its run has ended';
  return undefined;
}

/** Ids are `<run>/<attempt>`: GitHub begins another attempt of a run only when the one before has ended. */
function isEarlierAttempt(theirs: string, ours: string): boolean {
  const [their, our] = [theirs, ours].map((id) => /^(.+)\/(\d+)$/.exec(id));
  return their?.[1] !== undefined && their[1] === our?.[1] && Number(their[2]) < Number(our[2]);
}

const describe = ({ owner }: LockState) =>
  `${owner.operation || 'a run'}${owner.actor === '' ? '' : ` by ${owner.actor}`}${owner.runUrl === '' ? '' : ` (${owner.runUrl})`}`;

const holderDetails = ({ owner, expires }: LockState): string[] => [
  ...(owner.runUrl === '' ? [] : [`run: ${owner.runUrl}`]),
  ...(owner.reason === '' ? [] : [`reason: ${owner.reason}`]),
  `its lease ends at ${new Date(expires).toISOString()} unless it is renewed`,
];

/** For `status`: who is at work, if anybody. */
export async function currentHolder(session: Session<Platform>): Promise<string | undefined> {
  const state = await patiently(session, () => session.target.lock.read());
  return state === undefined || (await whyFree(session, state)) !== undefined ? undefined : describe(state);
}
