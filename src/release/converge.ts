import type { CheckSubject } from '../check/check.ts';
import { DeployError } from '../errors.ts';
import type { Following, Platform } from '../target/target.ts';
import { type LockedSession, waitFor } from './session.ts';

/** Patience for the data plane beyond the platform's own word for it, in ms. */
export const SETTLE_AT_LEAST_MS = 60_000;

/** How long requests may go elsewhere than they were sent, in ms, before that is taken for how it will stay. */
const STRAYING_MS = 10_000;

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

/**
 * What the platform itself has counted since the shift is the best witness of it that needs no help of the app: requests
 * on the color that was given them, and none on the other one. Where it does not count, gives no answer, or nobody came,
 * it proves nothing and refutes nothing. `strict`: some who go on elsewhere, beside others who came, refute it as well.
 * @returns whether it proves the shift
 * @throws DeployError `not-followed` where nobody comes, and others go on elsewhere; `not-converged` where some do
 */
export async function provenByCount(
  session: LockedSession,
  { strict }: { strict: boolean },
): Promise<boolean> {
  const { clock, target } = session;
  let last: Following = { follows: 'unknown' };
  let astray: { readonly since: number; readonly requests: number } | undefined;
  await waitFor(session, {
    interval: 250,
    upTo: 1_000,
    timeout: SETTLE_AT_LEAST_MS,
    onlySilence: true,
    look: async () => {
      last = { follows: 'unknown' };
      last = await target.following();
      const { follows, elsewhere = 0 } = last;
      if (follows !== false && follows !== 'partly') return true;
      astray ??= { since: clock.now(), requests: elsewhere };
      return clock.now() - astray.since >= STRAYING_MS ? true : undefined;
    },
    expired: () => silence,
  }).catch(unlessSilent);
  const { follows, elsewhere = 0, detail } = last;
  // A single one that was on its way, or had the old color's own address, is not how it will stay.
  const goesOn = astray !== undefined && elsewhere > astray.requests;
  if (goesOn && (follows === false || (follows === 'partly' && strict && !session.job.force)))
    throw notFollowed(target.description, last);
  if (detail !== undefined) session.emit({ type: 'warning', message: `${target.description}: ${detail}.` });
  return follows === true;
}

const silence = new DeployError('No answer', { code: 'silence' });
function unlessSilent(error: unknown): void {
  if (error !== silence) throw error;
}

/** Users' requests go on elsewhere, by the platform's own count. */
function notFollowed(platform: string, { follows, detail }: Following): DeployError {
  const hint =
    'Something else than what this action switches decides where they go: compare the configuration of the proxy with docs/docker.md (the map, its key, the names of the backends). The old color is left running.';
  return follows === 'partly'
    ? new DeployError(`Some requests do not follow the switch: ${platform}: ${detail}.`, {
        code: 'not-converged',
        hint: `${hint} If they are no users’ (a monitor with a way of its own), go on with force: true.`,
      })
    : new DeployError(`Users’ requests do not follow the switch: ${platform}: ${detail}.`, {
        code: 'not-followed',
        hint,
      });
}
