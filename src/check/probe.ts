import type { Probe } from '../config/environment.ts';
import { fill } from '../config/template.ts';
import type { CheckResult } from '../release/events.ts';
import { type AttemptsContext, attempt } from './attempts.ts';
import type { CheckSubject } from './check.ts';
import { below, checkOnce } from './http-check.ts';

/** One look through users' own URL, at whatever answers there. Rejects only when the signal is aborted. */
export const probeOnce = (
  probe: Probe,
  url: string,
  subject: CheckSubject,
  context: AttemptsContext & { readonly userAgent: string },
): Promise<CheckResult> =>
  attempt(
    {
      name: `GET ${fill(probe.path, subject)}`,
      retries: probe.retries,
      once: () =>
        checkOnce({
          url: below(url, probe.path),
          expected: probe,
          values: subject,
          userAgent: context.userAgent,
          signal: context.signal,
        }),
    },
    context,
  );
