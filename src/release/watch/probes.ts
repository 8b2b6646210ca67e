import type { CheckSubject, OwnTraffic } from '../../check/check.ts';
import { DeployError } from '../../errors.ts';
import type { Sensor, Watching } from './sensor.ts';

/**
 * Requests as users make them: the configured probe at each look, and the light traffic of our own that runs while the
 * weights move. Both count against `max-failed-probes`.
 */
export function probes(session: Watching, subject: CheckSubject, traffic: OwnTraffic | undefined): Sensor {
  const allowed = session.job.policy.stabilize['max-failed-probes'];
  let failed = 0;
  let sent = 0;
  let isDoubtful = false;
  return {
    async look() {
      const own = traffic?.figures();
      if (own !== undefined && own.failed + failed > allowed)
        throw new DeployError(
          `${own.failed} of ${own.sent} requests of our own failed while the traffic moved, the last: ${own.lastFailure}.`,
          {
            code: 'probe-failed',
            hint: 'Look at the release through its log, mend it, then deploy again.',
          },
        );
      const probe = await session.checks.probe(subject, session.signal);
      if (probe === undefined) return;
      sent += 1;
      session.emit({ type: 'check', purpose: 'stabilize', check: probe });
      isDoubtful = !probe.ok;
      if (!probe.ok) failed += 1;
      if (failed + (own?.failed ?? 0) > allowed)
        throw new DeployError(
          `${failed} of ${sent} probes failed on ${subject.color}, the last: ${probe.detail}.`,
          {
            code: 'probe-failed',
            hint: 'Look at the release through its log, mend it, then deploy again.',
            details: probe.output ?? [],
          },
        );
    },
    isDoubtful: () => isDoubtful,
    detail: () => (sent === 0 ? '' : `${sent} ${sent === 1 ? 'probe' : 'probes'}, ${failed} failed`),
  };
}
