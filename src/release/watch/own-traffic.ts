import type { CheckSubject, OwnTraffic } from '../../check/check.ts';
import type { Watching } from './sensor.ts';

export type { OwnTraffic } from '../../check/check.ts';

/** Runs `body` under light traffic of our own, where a probe is configured, and tells what became of it. */
export async function underOwnTraffic<T>(
  session: Watching,
  subject: CheckSubject,
  body: (traffic: OwnTraffic | undefined) => Promise<T>,
): Promise<T> {
  const traffic = session.checks.ownTraffic(subject, session.signal);
  if (traffic === undefined) return body(undefined);
  try {
    return await body(traffic);
  } finally {
    await traffic.end();
    session.emit({ type: 'own-traffic', ...traffic.figures() });
  }
}
