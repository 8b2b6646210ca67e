import type { Checks } from '../check/check.ts';
import { DeployError, toDeployError } from '../errors.ts';
import { type Lease, type Target, TransientError } from '../target/target.ts';
import type { Clock } from './clock.ts';
import type { Color } from './color.ts';
import type { EventBody, Step } from './events.ts';
import type { Job } from './policy.ts';

/** Asks whether the run behind a URL has ended; `unknown` where that can't be found out. */
export type RunStatus = (runUrl: string) => Promise<'running' | 'completed' | 'unknown'>;

/** What a run works with. One object, passed down; nothing else is shared. */
export interface Session {
  readonly job: Job;
  readonly target: Target;
  readonly checks: Checks;
  readonly clock: Clock;
  readonly runStatus: RunStatus;
  readonly emit: (event: EventBody) => void;
  /** Aborted when the run is cancelled or has lost its lock. */
  readonly signal: AbortSignal;
  /**
   * Told the lock's handle as soon as there is one, and `undefined` once nothing is left to clean up: what the post
   * step needs when this process dies.
   */
  readonly onPending: (handle: string | undefined) => void;
}

/** A session that holds the lock, and may therefore change things. */
export interface LockedSession extends Session {
  readonly lease: Lease;
  /** Aborted, with the reason, once another run has taken the lock over. */
  readonly lost: AbortSignal;
}

/** Runs one step of the procedure and tells the listeners; what the body returns first is the step's detail. */
export async function step<T>(
  session: Session,
  name: Step,
  title: string,
  body: () => Promise<T>,
  detail: (value: T) => string = () => '',
): Promise<T> {
  const started = session.clock.now();
  session.emit({ type: 'step-started', step: name, title });
  try {
    const value = await body();
    finish(true, detail(value));
    return value;
  } catch (error) {
    finish(false, toDeployError(error).message);
    throw error;
  }
  function finish(ok: boolean, text: string) {
    session.emit({ type: 'step-finished', step: name, ok, detail: text, ms: session.clock.now() - started });
  }
}

/**
 * Makes one change to the target: only while the lock is ours. Renewing the lease is the fence: it fails when another
 * run has taken the lock over, and then this run stops before it changes anything.
 */
export async function change<T>(session: LockedSession, body: () => Promise<T>): Promise<T> {
  try {
    await session.lease.renew();
  } catch (error) {
    // Throttled or cut off: no news about the lock. The lease is renewed well before it ends, so it is still ours.
    if (!(error instanceof TransientError)) throw error;
  }
  return body();
}

export interface Wait<T> {
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Milliseconds until we give up. */
  readonly timeout: number;
  /** One look: the value when the wait is over, nothing to go on waiting. */
  readonly look: () => Promise<T | undefined>;
  /** The error when time is up. */
  readonly expired: () => DeployError | Promise<DeployError>;
}

/**
 * Looks until there is something to see. A look that the platform did not answer is no news: it is said once, the
 * pace slows down, and only the deadline ends it.
 */
export async function waitFor<T>(
  session: Pick<Session, 'clock' | 'signal' | 'emit'>,
  { interval, timeout, look, expired }: Wait<T>,
): Promise<T> {
  const deadline = session.clock.now() + timeout;
  let unanswered = 0;
  for (;;) {
    session.signal.throwIfAborted();
    try {
      const value = await look();
      if (value !== undefined) return value;
      if (unanswered > 0) session.emit({ type: 'progress', message: 'The platform answers again.' });
      unanswered = 0;
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      unanswered += 1;
      if (unanswered === 1)
        session.emit({
          type: 'progress',
          message: `No answer (${error.message}): this is no verdict, asking again.`,
        });
    }
    const left = deadline - session.clock.now();
    if (left <= 0) throw await expired();
    await session.clock.sleep(Math.min(interval * 2 ** Math.min(unanswered, 3), left), session.signal);
  }
}

/** Asks until the platform answers; for reads without which nothing can go on. */
export const patiently = <T>(session: Session, body: () => Promise<T>): Promise<T> =>
  waitFor(session, {
    interval: 1_000,
    timeout: 120_000,
    look: async () => ({ value: await body() }),
    expired: () =>
      new DeployError('The platform did not answer for two minutes.', {
        code: 'platform-unreachable',
        hint: 'Nothing was changed since its last answer. Run the operation again: it finds out what happened.',
      }),
  }).then(({ value }) => value);

/**
 * Waits until the target shows what it was told: platforms answer a change before their reads know of it, and the next
 * run must not find the picture from before. Not worth a failure: the change itself was accepted.
 */
export async function shown(
  session: Session,
  color: Color,
  expected: { releaseId?: string; desired: number },
) {
  await waitFor(session, {
    interval: 250,
    timeout: 30_000,
    look: async () => {
      const { release, desired } = (await session.target.inspect()).colors[color];
      const isShown =
        desired === expected.desired &&
        (expected.releaseId === undefined || (release?.id ?? '') === expected.releaseId);
      return isShown ? true : undefined;
    },
    expired: () => new DeployError('not shown', { code: 'not-shown' }),
  }).catch((error: unknown) => {
    if (!(error instanceof DeployError && error.code === 'not-shown')) throw error;
    session.emit({
      type: 'warning',
      message: `The platform still does not show what it was told about ${color}.`,
    });
  });
}
