import { DeployError } from '../../errors.ts';
import { hasCome, type Rollout } from '../../target/driven.ts';
import type { Ended } from '../attempt.ts';
import { holding, withLock } from '../lock.ts';
import { look } from '../recover.ts';
import { patiently } from '../session.ts';
import { refuseAbort, refusePromote } from '../staged.ts';
import { status as describeStatus } from '../status.ts';
import { watch } from '../watch-operation.ts';
import type { DrivenSession, LockedDriven } from './attempt.ts';
import { callBackAtOnce } from './call-back.ts';
import { abort, deploy, promote } from './deploy.ts';
import { plan } from './plan.ts';
import { rollback } from './rollback.ts';
import { outlook, recover } from './undo.ts';

/**
 * The operations on a platform that brings releases up and moves the traffic by itself. The order and the promises are
 * those of the procedure (deploy.ts); the platform's own deployment takes the place of our steps.
 */
export async function operateDriven(session: DrivenSession): Promise<Ended> {
  switch (session.job.operation) {
    case 'status':
      return status(session);
    case 'plan':
      return plan(session);
    case 'watch':
      return watch(session, { rollback, platformIsAtWork: () => platformIsAtWork(session) });
    case 'setup':
      throw new DeployError(
        'There is nothing that setup could make for a service which ECS itself deploys.',
        {
          code: 'not-supported',
          hint: 'docs/ecs.md says what must be there.',
        },
      );
    case 'promote': {
      // Before the lock, which would close the preview that people are looking at.
      const refusal = refusePromote(session.job, await look(session));
      if (refusal !== undefined) throw refusal;
      return locked(session, promote);
    }
    case 'rollback':
      return callBackAtOnce(session, (own) => locked(own, rollback));
    case 'deploy':
    case 'stage':
      return locked(session, deploy);
    case 'abort': {
      const refusal = refuseAbort(session.job, (await look(session)).journal);
      if (refusal !== undefined) throw refusal;
      return locked(session, abort);
    }
  }
}

/** Takes up a run whose process was cancelled or killed. The post step's whole work. */
export async function resumeDriven(
  session: DrivenSession,
  handle: string,
): Promise<'nothing-to-do' | 'recovered'> {
  const { target, job } = session;
  const lease = await patiently(session, () => target.lock.resume(handle, job.policy.lock.ttl));
  if (lease === undefined) return 'nothing-to-do';
  return holding(session, lease, async (locked) => {
    const { journal } = await patiently(locked, () => locked.target.inspect());
    if (journal === undefined) return { value: 'nothing-to-do' as const, end: 'release' };
    // A promote that is undone is still recorded as staged: then only the rollout tells.
    if (journal.phase === 'staged' && isWaiting((await outlook(locked, journal)).rollout))
      return { value: 'nothing-to-do' as const, end: 'release-keep-preview' };
    await recover(locked);
    return { value: 'recovered' as const, end: 'release' };
  });
}

/** Whether the rollout still waits for promote or abort. */
const isWaiting = (rollout: Rollout | undefined): boolean =>
  rollout?.state === 'under-way' && !hasCome(rollout, 'shifting');

const locked = (session: DrivenSession, body: (session: LockedDriven) => Promise<Ended>): Promise<Ended> =>
  withLock(session, async (own) => {
    const value = await body(own);
    return { value, end: value.end };
  });

async function status(session: DrivenSession): Promise<Ended> {
  const ended = await describeStatus(session);
  const newest = await patiently(session, () => session.target.newest());
  // One that went through says nothing that the situation does not.
  const own = newest === undefined || newest.state === 'done' ? '' : ` ${newest.told}.`;
  const why = newest?.failure === undefined ? '' : ` ${newest.failure.reason}.`;
  return { ...ended, summary: `${ended.summary}${own}${why}` };
}

/** Whoever began it: while the platform deploys, it is not told which release to judge. */
async function platformIsAtWork(session: DrivenSession): Promise<string | undefined> {
  const newest = await patiently(session, () => session.target.newest());
  const isAtWork = newest?.state === 'under-way' || newest?.state === 'going-back';
  return isAtWork ? `The platform is at work: ${newest.told}.` : undefined;
}
