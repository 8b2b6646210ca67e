import type { CheckSubject, OwnTraffic } from '../../check/check.ts';
import type { Watching } from './sensor.ts';

/** Runs `body` under light traffic of our own, where a probe is configured, and tells what became of it. */
export async function underOwnTraffic<T>(
  session: Watching,
  subject: CheckSubject,
  body: (traffic: OwnTraffic | undefined) => Promise<T>,
): Promise<T> {
  const traffic = session.checks.ownTraffic(subject, session.signal);
  if (traffic === undefined) return body(undefined);
  const tell = () => session.emit({ type: 'own-traffic', ...traffic.figures() });
  try {
    const value = await body(traffic);
    await traffic.end();
    tell();
    return value;
  } catch (error) {
    // Users wait for the traffic to go back: a last request, which may hang as theirs do, is not waited for.
    void traffic.end();
    tell();
    throw error;
  }
}

/**
 * What fails before the first user has the release is not its doing, nor is what goes on failing while others still
 * answer: a release that mends a broken one must not be taken back for that one's failures.
 */
export function fromMoveOn(
  session: Watching,
  traffic: OwnTraffic,
): { readonly traffic: OwnTraffic; readonly moves: () => void } {
  let failedBefore: boolean | undefined;
  const figures = () => {
    const all = traffic.figures();
    return failedBefore ? { ...all, failed: 0, lastFailure: '' } : all;
  };
  return {
    traffic: { ...traffic, figures },
    moves() {
      if (failedBefore !== undefined) return;
      const { failed, sent, lastFailure } = traffic.figures();
      failedBefore = failed > 0;
      if (failedBefore)
        session.emit({
          type: 'warning',
          message: `${failed} of ${sent} requests of our own failed before any user had the release (${lastFailure}): those made while the traffic moves do not count, the probes after it do.`,
        });
    },
  };
}
