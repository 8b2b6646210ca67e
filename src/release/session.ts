import type { Checks } from '../check/check.ts';
import { DeployError, toDeployError } from '../errors.ts';
import { type Lease, type Platform, type Target, TransientError } from '../target/target.ts';
import type { Clock } from './clock.ts';
import type { Color } from './color.ts';
import type { EventBody, Step } from './events.ts';
import type { Job } from './policy.ts';

/** Asks whether the run behind a URL has ended; `unknown` where that can't be found out. */
export type RunStatus = (runUrl: string) => Promise<'running' | 'completed' | 'unknown'>;

/** What a run works with. One object, passed down; nothing else is shared. */
export interface Session<P extends Platform = Target> {
  readonly job: Job;
  readonly target: P;
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
export interface LockedSession<P extends Platform = Target> extends Session<P> {
  readonly lease: FencedLease;
  /** Aborted, with the reason, once another run has taken the lock over. */
  readonly lost: AbortSignal;
}

/** A lease that knows when it was last renewed. */
export interface FencedLease extends Lease {
  /** Renews or confirms, unless that was done a moment ago. @throws DeployError `lock-lost` */
  fence(): Promise<void>;
}

/** Runs one step of the procedure and tells the listeners; what the body returns first is the step's detail. */
export async function step<T>(
  session: Pick<Session, 'clock' | 'emit'>,
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
 * Makes one change to the target: only while the lock is ours. Renewing or confirming the lease is the fence: it fails
 * when another run has taken the lock over, and then this run stops before it changes anything. A change that the platform did not
 * take (it throttles) is asked for again, behind a new fence.
 */
export const change = <T>(session: LockedSession<Platform>, body: () => Promise<T>): Promise<T> =>
  patiently(session, async () => {
    await session.lease.fence();
    return repeatable(body);
  });

/** All changes here may be made again as they are; what users have must not hang on one lost answer. */
export async function repeatable<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof DeployError && error.code === 'no-answer')
      throw new TransientError(error.message, { cause: error });
    throw error;
  }
}

/** How many times longer than wanted a pause becomes, at most, while the platform is slow or gives no answer. */
const SLOW_DOWN = 8;

export interface Wait<T> {
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** The interval doubles from look to look until it is this long, in ms; it stays as it is when absent. */
  readonly upTo?: number;
  /** Milliseconds until we give up. */
  readonly timeout: number;
  /** Only looks without an answer are given up: one that was answered, however late, is followed by another. */
  readonly onlySilence?: boolean;
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
  { interval: first, upTo = first, timeout, onlySilence = false, look, expired }: Wait<T>,
): Promise<T> {
  let interval = first;
  const deadline = session.clock.now() + timeout;
  let unanswered = 0;
  for (;;) {
    session.signal.throwIfAborted();
    const looked = session.clock.now();
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
    const counts = !onlySilence || unanswered > 0;
    const left = counts ? deadline - session.clock.now() : Number.POSITIVE_INFINITY;
    if (left <= 0) throw await expired();
    const slowest = interval * SLOW_DOWN;
    // A look that took long had to wait for its turn: the platform's budget is shared, and others are short of it too.
    const took = session.clock.now() - looked;
    const pause = Math.max(Math.min(interval * 2 ** unanswered, slowest), Math.min(took, slowest));
    interval = Math.min(interval * 2, Math.max(upTo, interval));
    await session.clock.sleep(Math.min(jittered(pause), left), session.signal);
  }
}

/** Runs that began together must not ask together for ever: each pause is up to a tenth shorter or longer. */
const jittered = (ms: number): number => Math.round(ms * (0.9 + 0.2 * Math.random()));

/** Asks until the platform answers; for what nothing can go on without. */
export const patiently = <T>(
  session: Pick<Session, 'clock' | 'signal' | 'emit'>,
  body: () => Promise<T>,
): Promise<T> =>
  waitFor(session, {
    interval: 1_000,
    timeout: 120_000,
    look: async () => ({ value: await body() }),
    expired: () =>
      new DeployError('The platform did not answer for two minutes.', {
        code: 'platform-unreachable',
        hint: 'Run the operation again: it finds out what happened.',
      }),
  }).then(({ value }) => value);

/**
 * Waits for an answer only until the signal is aborted: a platform that takes a question and is silent would else make
 * every limit longer by its own. What was asked may still be done, so this is for reads, and for a run's last act.
 */
export async function abandonable<T>(signal: AbortSignal, body: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    // The race also takes what comes of the other one later, a rejection too.
    return await Promise.race([body(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Waits until the target shows what it was told: platforms answer a change before their reads know of it, and the next
 * run must not find the picture from before. Not worth a failure: the change itself was accepted.
 */
export async function shown(
  session: Session<Platform>,
  color: Color,
  expected: { releaseId?: string; desired?: number },
) {
  await waitFor(session, {
    interval: 250,
    upTo: 2_000,
    timeout: 30_000,
    look: async () => {
      const { colors } = await abandonable(session.signal, () => session.target.inspect());
      const { release, desired, lags } = colors[color];
      const isShown =
        (expected.desired === undefined || desired === expected.desired) &&
        lags !== true &&
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
