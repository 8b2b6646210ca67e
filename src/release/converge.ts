import type { CheckSubject } from '../check/check.ts';
import { DeployError } from '../errors.ts';
import type { Platform } from '../target/target.ts';
import { type LockedSession, waitFor } from './session.ts';

/** Patience for the data plane beyond the platform's own word for it, in ms. */
export const SETTLE_AT_LEAST_MS = 60_000;

/**
 * Waits until the answers themselves prove that the shift has reached every address: the API's echo is no proof.
 * Without `identity` there is nothing to observe, and `drain` waits instead.
 */
export async function converge(
  session: LockedSession<Platform>,
  subject: CheckSubject,
  expectation: 'is' | 'is-not',
): Promise<boolean> {
  if (!session.checks.canIdentify) return false;
  let seen = '';
  await waitFor(session, {
    interval: 500,
    timeout: Math.max(SETTLE_AT_LEAST_MS, 3 * session.target.propagationMs),
    look: async () => {
      const check = await session.checks.identify(subject, expectation, session.signal);
      if (check.ok || check.detail !== seen) session.emit({ type: 'check', purpose: 'identity', check });
      seen = check.detail;
      return check.ok ? true : undefined;
    },
    expired: () =>
      new DeployError(`The switch did not reach every address of url: ${seen}.`, {
        code: 'not-converged',
        hint: 'Check that identity.header and identity.value describe what the new release really answers at url.',
      }),
  });
  return true;
}
