import type { CheckSubject } from '../check/check.ts';
import { DeployError } from '../errors.ts';
import type { Failure, Health, Platform, Preview, Problem, StageRequest } from '../target/target.ts';
import { allOn, type Color, formatWeights, isAllOn, otherColor, type Weights } from './color.ts';
import { readable } from './image.ts';
import { encodeJournal, type Journal } from './journal.ts';
import { change, type LockedSession, patiently, shown, step, waitFor } from './session.ts';
import type { Release, Situation } from './situation.ts';

/** How many looks in a row may find too few healthy instances after the shift: a target may miss one health check. */
const UNHEALTHY_LOOKS = 2;
/** How many looks in a row must find nothing in flight: a request may just be on its way to be counted. */
const EMPTY_LOOKS = 2;
/** Patience for the data plane beyond the platform's own word for it, in ms. */
const SETTLE_AT_LEAST_MS = 60_000;

/** Writes down how far the run has got, before it goes there. */
export async function write(session: LockedSession<Platform>, journal: Journal): Promise<Journal> {
  await change(session, () => session.target.journal.write(otherColor(journal.from), encodeJournal(journal)));
  return journal;
}

/** Refuses what could not succeed, before anything is changed. */
export const preflight = (
  session: LockedSession<Platform>,
  request: StageRequest,
  further: () => Promise<readonly Problem[]> = () => Promise.resolve([]),
): Promise<void> =>
  step(session, 'preflight', 'Look for what would go wrong', async () => {
    const problems = await patiently(session, async () => [
      ...(await session.target.preflight(request)),
      ...(await further()),
    ]);
    const refused = problems.filter((problem) => !(problem.forceable && session.job.force));
    for (const problem of problems.filter((one) => !refused.includes(one)))
      session.emit({ type: 'warning', message: `${problem.message} Going on, as force is set.` });
    const [first] = refused;
    if (first === undefined) return;
    throw new DeployError(
      refused.length === 1 ? first.message : `${refused.length} things stand in the way.`,
      {
        code: 'preflight',
        hint: refused.length === 1 ? fixOf(first) : 'Nothing was changed. Mend them, then run again.',
        details: refused.length === 1 ? [] : refused.map((problem) => `${problem.message} ${fixOf(problem)}`),
      },
    );
  });

const fixOf = ({ fix, forceable }: { fix: string; forceable: boolean }) =>
  forceable ? `${fix} Or go on with force: true.` : fix;

/** Brings the release up on the idle color, without a user noticing. */
export const stage = (
  session: LockedSession,
  color: Color,
  release: Release,
  count: number,
  options: { warm: boolean },
): Promise<void> =>
  step(
    session,
    'stage',
    `Start ${count} of ${readable(release.image)} on ${color}`,
    () => change(session, () => session.target.start(color, release, count, options)),
    () => `${release.id} on ${color}`,
  );

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

/** When traffic was given to a color, and whether the answers have proven that every address follows. */
export interface Shifted {
  readonly shiftedAt: number;
  readonly proven: boolean;
}

/** Gives the new color all the traffic, after one more proof in the moment before. */
export const shift = (
  session: LockedSession,
  to: Color,
  subject: CheckSubject,
  done: () => void,
): Promise<Shifted> =>
  step(
    session,
    'shift',
    `Switch traffic to ${to}`,
    async () => {
      const health = await patiently(session, () => session.target.health(to));
      if (!isProven(health)) {
        const known = health.failure ?? (await diagnosis(session, to));
        throw new DeployError(
          `${to} is no longer healthy (${known?.reason ?? health.detail}): traffic stays where it is.`,
          {
            code: known?.code ?? 'not-proven',
            hint:
              known?.hint ??
              'It was healthy before: look at its log for a crash, and set health.stable-for to notice it earlier.',
            details: known?.details ?? [],
          },
        );
      }
      const situation = await patiently(session, () => session.target.inspect());
      if (situation.live === to || situation.weights[to] !== 0) throw movedByHand(situation.weights);
      const weights = allOn(to);
      await change(session, () => session.target.shift(weights));
      done();
      session.emit({ type: 'weights', weights });
      const shiftedAt = session.clock.now();
      return { shiftedAt, proven: await converge(session, subject, 'is') };
    },
    () => formatWeights(allOn(to)),
  );

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

/** Watches the new color while users have it. Throws when it must be taken back. */
export const stabilize = (session: LockedSession, color: Color, subject: CheckSubject): Promise<void> => {
  const { for: duration, interval } = session.job.policy.stabilize;
  const watch = watcher(session, color, subject);
  return step(
    session,
    'stabilize',
    `Watch ${color}`,
    async () => {
      const end = session.clock.now() + duration;
      await waitFor(session, {
        interval: Math.min(interval, Math.max(duration, 1)),
        // A platform that answers nothing must not keep the run for ever; it is no verdict either.
        timeout: duration + SETTLE_AT_LEAST_MS,
        look: async () => {
          const { weights } = await session.target.inspect();
          if (!isAllOn(weights, color)) throw movedByHand(weights);
          await watch.look();
          return session.clock.now() >= end ? true : undefined;
        },
        expired: () =>
          new DeployError('The platform did not answer while the release was watched.', {
            code: 'platform-unreachable',
            hint: 'A release that can not be watched is not left to users.',
          }),
      });
    },
    watch.detail,
  );
};

/** Looks at a release that users have: its instances, and the probe. `look` throws when it must be taken back. */
export function watcher(
  session: LockedSession<Platform>,
  color: Color,
  subject: CheckSubject,
): { readonly look: () => Promise<void>; readonly detail: () => string } {
  const allowed = session.job.policy.stabilize['max-failed-probes'];
  const say = healthTeller(session, color);
  let failedProbes = 0;
  let probes = 0;
  let unhealthyLooks = 0;
  return {
    async look() {
      const health = await session.target.health(color);
      say(health);
      if (health.failure !== undefined) throw unhealthy(color, health.failure);
      unhealthyLooks = isProven(health) ? 0 : unhealthyLooks + 1;
      if (unhealthyLooks >= UNHEALTHY_LOOKS)
        throw unhealthy(color, (await diagnosis(session, color)) ?? { reason: health.detail, details: [] });
      const probe = await session.checks.probe(subject, session.signal);
      if (probe === undefined) return;
      probes += 1;
      session.emit({ type: 'check', purpose: 'stabilize', check: probe });
      if (!probe.ok) failedProbes += 1;
      if (failedProbes > allowed)
        throw new DeployError(
          `${failedProbes} of ${probes} probes failed on ${color}, the last: ${probe.detail}.`,
          {
            code: 'probe-failed',
            hint: 'Look at the release through its log, mend it, then deploy again.',
            details: probe.output ?? [],
          },
        );
    },
    detail: () => (probes === 0 ? 'nothing was wrong' : `${probes} probes, ${failedProbes} failed`),
  };
}

/**
 * Waits until nothing can reach the old color any more: first the data plane must have followed (proven by identity,
 * by the platform, or by time since `shiftedAt`), then its requests in flight get their time.
 */
export const drain = (
  session: LockedSession,
  { color, shiftedAt, proven }: { color: Color; shiftedAt: number; proven: boolean },
): Promise<void> => {
  const { clock, target } = session;
  const { drain: patience } = session.job.policy.retire;
  return step(session, 'drain', `Let ${color} finish its requests`, async () => {
    if (!proven) await followed(session, shiftedAt);
    await lingering(session, shiftedAt);
    const end = clock.now() + patience;
    let left: number | 'unknown' = 'unknown';
    let emptyLooks = 0;
    await waitFor(session, {
      interval: 250,
      upTo: 1_000,
      timeout: patience,
      look: async () => {
        left = await target.inFlight(color);
        emptyLooks = left === 0 ? emptyLooks + 1 : 0;
        return emptyLooks >= EMPTY_LOOKS ? true : undefined;
      },
      expired: () => new DeployError('drained by time', { code: 'drained-by-time' }),
    }).catch((error: unknown) => {
      // Time is up, or nobody counts: `retire.drain` is the user's word for long enough.
      if (!(error instanceof DeployError && error.code === 'drained-by-time') || clock.now() < end)
        throw error;
      if (typeof left === 'number' && left > 0)
        session.emit({
          type: 'progress',
          message: `${left} requests (or WebSockets) are still under way on ${color} after retire.drain; they end with it.`,
        });
    });
  });
};

/** Sticky sessions: probes carry no cookie, so nothing but time tells that nobody is held to the old color any more. */
async function lingering(session: LockedSession, shiftedAt: number): Promise<void> {
  const { clock, target, signal } = session;
  const linger = await patiently(session, () => target.lingerMs());
  if (linger === 0) return;
  // A node may have handed out its last cookie at the end of the time that a change takes to reach it.
  const left = shiftedAt + target.propagationMs + linger - clock.now();
  if (left <= 0) return;
  session.emit({
    type: 'progress',
    message: `Waiting ${Math.ceil(left / 1000)} s until sticky sessions from before the switch have run out.`,
  });
  await clock.sleep(left, signal);
}

async function followed(session: LockedSession, shiftedAt: number): Promise<void> {
  const deadline = shiftedAt + session.target.propagationMs;
  await waitFor(session, {
    interval: 500,
    timeout: Math.max(SETTLE_AT_LEAST_MS, 3 * session.target.propagationMs),
    look: async () => {
      const settled = await session.target.settled();
      if (settled === true) return true;
      if (settled === false) return undefined;
      await session.clock.sleep(Math.max(0, deadline - session.clock.now()), session.signal);
      return true;
    },
    expired: () =>
      new DeployError('What shares out the traffic did not follow the switch.', {
        code: 'not-converged',
        hint: 'Look at its own log; the old color is left running.',
      }),
  });
}

/** Parks the old color, ready for a rollback. */
export const retire = (session: LockedSession, color: Color, keep: number): Promise<void> =>
  step(
    session,
    'retire',
    `Park ${color}`,
    async () => {
      await change(session, () => session.target.park(color, keep));
      await shown(session, color, { desired: keep });
    },
    () => (keep === 0 ? `${color} is parked` : `${color} is parked, ${keep} kept warm`),
  );

/** How many instances of `color` stay warm, of those that it runs. */
export function warmCount(session: LockedSession, situation: Situation, color: Color): number {
  const { keep } = session.job.policy.retire;
  const { desired } = situation.colors[color];
  return keep === 'all' ? desired : Math.min(keep, desired);
}

export const movedByHand = (weights: Weights) =>
  new DeployError(`Somebody moved the traffic during this run: ${formatWeights(weights)} now.`, {
    code: 'foreign-weights',
    hint: 'Find out who, and set the weights to 100/0 for the color that users should have; then run again.',
  });

export const isProven = (health: Health) =>
  health.failure === undefined && health.wanted > 0 && health.ready >= health.wanted;

export const unhealthy = (color: Color, { code, reason, hint, details }: Failure) =>
  new DeployError(code === undefined ? `${color} is not healthy: ${reason}` : `On ${color}, ${reason}`, {
    code: code ?? 'unhealthy',
    hint,
    details,
  });

/** What the platform knows of a color that was given up without its verdict. Not to know is no second failure. */
export async function diagnosis(
  session: LockedSession<Platform>,
  color: Color,
): Promise<Failure | undefined> {
  try {
    return await session.target.diagnose(color);
  } catch {
    session.signal.throwIfAborted();
    return undefined;
  }
}

/** Says what the platform told, and what health looks like, but only when it changed. */
export function healthTeller(session: LockedSession<Platform>, color: Color): (health: Health) => void {
  let said = '';
  return ({ ready, wanted, detail, news = [] }) => {
    for (const message of news) session.emit({ type: 'progress', message: `${color}: ${message}` });
    if (detail === said) return;
    said = detail;
    session.emit({ type: 'health', color, ready, wanted, detail });
  };
}
