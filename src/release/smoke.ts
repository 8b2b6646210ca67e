import type { CheckSubject } from '../check/check.ts';
import { DeployError } from '../errors.ts';
import type { Platform, Preview } from '../target/target.ts';
import { type LockedSession, patiently, step } from './session.ts';

/** Asks the idle color who it is, where `identity` says how, and runs the smoke tests against it. */
export const smoke = (session: LockedSession<Platform>, subject: CheckSubject): Promise<void> =>
  step(
    session,
    'smoke',
    'Smoke tests',
    async () => {
      const { smokeTests, canIdentify } = session.checks;
      if (smokeTests === 0 && !canIdentify) return;
      const preview = await patiently(session, () => session.target.preview());
      if (preview !== undefined && canIdentify) await recognized(session, subject, preview);
      if (smokeTests === 0) return;
      if (preview !== undefined) await previewOpen(session, preview.since);
      const { ok, failed } = await session.checks.smoke(subject, preview, session.signal, (check) =>
        session.emit({ type: 'check', purpose: 'smoke', check }),
      );
      if (ok || failed === undefined) return;
      throw new DeployError(`Smoke test ${failed.name} failed on ${subject.color}: ${failed.detail}.`, {
        code: 'smoke-failed',
        hint: 'Users were not affected. Mend the release (or the test), then deploy again.',
        details: failed.output ?? [],
      });
    },
    () => (session.checks.smokeTests === 0 ? 'none configured' : `${session.checks.smokeTests} passed`),
  );

/** Without it, what is wrong in `identity` would be found after the shift, and a good release be taken back for it. */
async function recognized(
  session: LockedSession<Platform>,
  subject: CheckSubject,
  preview: Preview,
): Promise<void> {
  const check = await session.checks.recognize(subject, preview, session.signal);
  session.emit({ type: 'check', purpose: 'smoke', check });
  if (check.ok) return;
  throw new DeployError(`${subject.color} does not answer as identity says: ${check.detail}.`, {
    code: 'identity-wrong',
    hint: 'Users were not affected. Make identity.header, identity.value and identity.path describe what the release really answers.',
  });
}

/**
 * Until every load-balancer node knows the way to the idle color, a request with the preview header may still be
 * answered by the live one, and a smoke test would prove the wrong release. With `identity` the answers tell.
 */
async function previewOpen(session: LockedSession<Platform>, since: number): Promise<void> {
  if (session.checks.canIdentify) return;
  const left = since + session.target.propagationMs - session.clock.now();
  if (left <= 0) return;
  session.emit({
    type: 'progress',
    message: `Waiting ${Math.ceil(left / 1000)} s until every load-balancer node knows the preview rule.`,
  });
  await session.clock.sleep(left, session.signal);
}
