import { DeployError, toDeployError } from '../errors.ts';
import { isOutOfReach, type Platform } from '../target/target.ts';
import type { Ended } from './attempt.ts';
import type { Journal } from './journal.ts';
import { holding } from './lock.ts';
import { type LockedSession, patiently, type Session } from './session.ts';

/** What an attempt came to an early end by. */
export interface Broken {
  readonly error: DeployError;
  /** The process is about to be killed: nothing can be waited for. */
  readonly cancelled: boolean;
}

/** Runs the attempt; when it fails or is cancelled, `putRight` ends it in a defined state before the error is told. */
export async function guarded<P extends Platform, A extends { readonly journal: Journal }>(
  session: LockedSession<P>,
  attempt: A,
  putRight: (session: LockedSession<P>, attempt: A, broken: Broken) => Promise<Ended>,
  body: () => Promise<Ended>,
): Promise<Ended> {
  try {
    return await body();
  } catch (thrown) {
    const error = toDeployError(session.signal.aborted ? session.signal.reason : thrown);
    const end = (own: LockedSession<P>, cancelled: boolean) =>
      putRight(own, attempt, { error, cancelled }).catch((second) => failedTwice(error, second));
    if (session.lost.aborted || error.code === 'lock-lost')
      return regain(session, attempt.journal.release, error, (own) => end(own, false));
    return end({ ...session, signal: session.lost }, session.signal.aborted);
  }
}

/**
 * The lock is gone. Whoever took it over has read our journal, and does what must be done. But if nobody has it (its
 * owner's tools removed the rule) and our journal still stands, nobody else will: then we take it again to clean up.
 */
async function regain<P extends Platform>(
  session: LockedSession<P>,
  release: string,
  error: DeployError,
  cleanUp: (session: LockedSession<P>) => Promise<Ended>,
): Promise<Ended> {
  const { job, target } = session;
  const patient = { ...session, signal: AbortSignal.timeout(30_000) };
  const lease = await patiently(patient, () => target.lock.acquire(job.owner, job.policy.lock.ttl)).catch(
    () => undefined,
  );
  if (lease === undefined) throw error;
  const own: Session<P> = { ...session, signal: new AbortController().signal };
  return holding(own, lease, async (locked) => {
    const { journal } = await patiently(locked, () => target.inspect());
    if (journal?.release !== release) throw error;
    const ended = await cleanUp(locked);
    return { value: ended, end: ended.end };
  });
}

/** Putting things right failed as well: what was under way stays recorded on the target. */
function failedTwice(error: DeployError, thrown: unknown): Ended {
  const second = toDeployError(thrown);
  if (second.code === 'lock-lost') throw second;
  // Refused for the same reason, as a missing permission is: that is one thing to mend, not two.
  if (second.message === error.message) {
    // Without a way to the host, the lock can't be given back either; the post step looks for a new way.
    const end = isOutOfReach(second) ? 'keep' : 'release';
    return { result: 'failed', summary: error.message, error, end };
  }
  return {
    result: 'failed',
    summary: error.message,
    error: new DeployError(`${error.message} Putting things back failed too: ${second.message}`, {
      code: 'undo-failed',
      hint: 'Run rollback (or deploy) again: what was under way is recorded on the target, and the next run goes on from there.',
      details: [...error.details, ...second.details],
      cause: thrown,
    }),
    // The post step tries once more.
    end: 'keep',
  };
}
