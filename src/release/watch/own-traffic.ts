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
