import { DeployError } from '../errors.ts';
import type { Lease, LockOwner } from './target.ts';

/** What every lock is, whatever a platform writes it on: named texts that tell whose it is and until when. */

export const expiry = (ttlMs: number): string => new Date(Date.now() + ttlMs).toISOString();

export const ownerTexts = (owner: LockOwner) => ({
  owner: owner.id,
  'run-url': owner.runUrl,
  actor: owner.actor,
  reason: owner.reason,
  operation: owner.operation,
});

export const ownerFrom = (text: (name: keyof ReturnType<typeof ownerTexts>) => string): LockOwner => ({
  id: text('owner'),
  runUrl: text('run-url'),
  actor: text('actor'),
  reason: text('reason'),
  operation: text('operation'),
});

export const lockLost = (
  hint = 'Look at the run that holds the lock now. If runners lose their connection for minutes, raise lock.ttl.',
): DeployError =>
  new DeployError('This run has lost its lock: another one took over, and goes on from here.', {
    code: 'lock-lost',
    hint,
  });

/** The lease, if it is still held. */
export async function renewed(lease: Lease): Promise<Lease | undefined> {
  try {
    await lease.renew();
  } catch (error) {
    if (error instanceof DeployError && error.code === 'lock-lost') return undefined;
    throw error;
  }
  return lease;
}
