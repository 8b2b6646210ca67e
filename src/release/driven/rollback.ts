import type { Ended } from '../attempt.ts';
import { guarded } from '../guarded.ts';
import { tagOf } from '../image.ts';
import { isAsked, rollbackRelease } from '../rollback.ts';
import { patiently } from '../session.ts';
import { begin, type LockedDriven } from './attempt.ts';
import { bringUp, carryThrough, gateOf } from './drive.ts';
import { putRight } from './put-right.ts';
import { recover } from './undo.ts';

export async function rollback(session: LockedDriven): Promise<Ended> {
  const start = await recover(session);
  const { situation } = start;
  if (start.rolledBack !== undefined && isAsked(session.job, situation))
    return { result: 'rolled-back', summary: start.rolledBack, end: 'release' };
  const release = await rollbackRelease(session, start);
  if (release === undefined)
    return { result: 'unchanged', summary: `${session.job.imageTag} is live already.`, end: 'release' };
  const gate = gateOf(await patiently(session, () => session.target.pausePoints()));
  const attempt = await begin(session, situation, { release, imageTag: tagOf(release.image) });
  return guarded(session, attempt, putRight, async () => {
    await bringUp(session, attempt, gate);
    return carryThrough(session, attempt);
  });
}
