import { DeployError } from '../errors.ts';
import type { Failure, Health, Platform } from '../target/target.ts';
import type { Color } from './color.ts';
import { type LockedSession, type Session, step, waitFor } from './session.ts';

/** Waits until the release is proven on the idle color, for `stable-for` without a break. */
export const healthy = (session: LockedSession, color: Color): Promise<Health> => {
  const { timeout, interval, 'stable-for': stableFor } = session.job.policy.health;
  const { clock } = session;
  const say = healthTeller(session, color);
  let since: number | undefined;
  let last: Health | undefined;
  return step(
    session,
    'healthy',
    `Wait until ${color} is healthy`,
    () =>
      waitFor(session, {
        interval,
        timeout,
        look: async () => {
          last = await session.target.health(color);
          say(last);
          if (last.failure !== undefined) throw unhealthy(color, last.failure);
          if (!isProven(last)) since = undefined;
          else since ??= clock.now();
          return since !== undefined && clock.now() - since >= stableFor ? last : undefined;
        },
        expired: async () => {
          const known = await diagnosis(session, color);
          const why = (known?.reason ?? last?.detail ?? 'no answer').replace(/\.$/, '');
          return new DeployError(`${color} did not become healthy within health.timeout: ${why}.`, {
            code: 'health-timeout',
            hint:
              known?.hint ??
              'If it only needs longer to start, raise health.timeout; otherwise look at its log and its health check.',
            details: known?.details ?? [],
          });
        },
      }),
    (health) => health.detail,
  );
};

export const isProven = (health: Health) =>
  health.failure === undefined && health.wanted > 0 && health.ready >= health.wanted;

export const unhealthy = (color: Color, { code, reason, hint, details }: Failure) =>
  new DeployError(code === undefined ? `${color} is not healthy: ${reason}` : `On ${color}, ${reason}`, {
    code: code ?? 'unhealthy',
    hint,
    details,
  });

/** What the platform knows of a color that was given up without its verdict. Not to know is no second failure. */
export async function diagnosis(session: Session<Platform>, color: Color): Promise<Failure | undefined> {
  try {
    return await session.target.diagnose(color);
  } catch {
    session.signal.throwIfAborted();
    return undefined;
  }
}

/** Says what the platform told, and what health looks like, but only when it changed. */
export function healthTeller(session: Session<Platform>, color: Color): (health: Health) => void {
  let said = '';
  return ({ ready, wanted, detail, news = [] }) => {
    for (const message of news) session.emit({ type: 'progress', message: `${color}: ${message}` });
    if (detail === said) return;
    said = detail;
    session.emit({ type: 'health', color, ready, wanted, detail });
  };
}
