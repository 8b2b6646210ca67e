import { DeployError } from '../errors.ts';
import type { Platform } from '../target/target.ts';
import { accept, begin, bringUp, type Ended } from './attempt.ts';
import { otherColor } from './color.ts';
import { guarded } from './guarded.ts';
import { isImage, tagOf } from './image.ts';
import type { Job } from './policy.ts';
import { putRight } from './put-right.ts';
import { recover, type Start } from './recover.ts';
import { type LockedSession, patiently } from './session.ts';
import type { Release, Situation } from './situation.ts';

export async function rollback(session: LockedSession): Promise<Ended> {
  const start = await recover(session);
  const { situation } = start;
  if (start.rolledBack !== undefined && isAsked(session.job, situation))
    return { result: 'rolled-back', summary: start.rolledBack, end: 'release' };
  const idle = otherColor(situation.live);
  const release = await rollbackRelease(session, start);
  if (release === undefined)
    return { result: 'unchanged', summary: `${session.job.imageTag} is live already.`, end: 'release' };
  const request = { color: idle, image: release.image, imageTag: tagOf(release.image) };
  const count = Math.max(1, situation.colors[situation.live].desired);
  const attempt = await begin(session, situation, { ...request, release, count }, 'rollback');
  return guarded(session, attempt, putRight, async () => {
    await bringUp(session, attempt, release, count);
    return accept(session, attempt);
  });
}

/** Whether users have what was asked for: what undoing a dead run leads to need not be the release that is named. */
export function isAsked({ imageTag }: Job, { live, colors }: Situation): boolean {
  const { release } = colors[live];
  return imageTag === '' || (release !== undefined && isImage(release.image, imageTag));
}

/** The release to go back to; nothing when it is live already. */
export async function rollbackRelease(
  session: LockedSession<Platform>,
  { situation }: Start,
): Promise<Release | undefined> {
  const { imageTag, force } = session.job;
  const idle = otherColor(situation.live);
  const { release: parked, standing } = situation.colors[idle];
  if (imageTag !== '' && isAsked(session.job, situation)) return undefined;
  if (imageTag !== '' && !(parked !== undefined && isImage(parked.image, imageTag))) {
    const found = await patiently(session, () => session.target.findRelease(imageTag));
    if (found?.standing === 'rolled-back' && !force) throw wasRolledBack(found.image);
    if (found !== undefined) return found;
    throw new DeployError(`No release with image tag ${imageTag} is known here.`, {
      code: 'unknown-release',
      hint: 'Leave image-tag out to go back to the release before, or deploy that tag.',
    });
  }
  if (parked === undefined || (standing === 'unknown' && !force))
    throw new DeployError(
      parked === undefined
        ? `There is nothing on ${idle} to go back to.`
        : `${parked.image} on ${idle} was never live, as far as this action knows.`,
      {
        code: 'nothing-to-roll-back-to',
        hint:
          parked === undefined
            ? 'Deploy the release that you want.'
            : 'Deploy the release that you want, or go there all the same with force: true.',
      },
    );
  if (standing === 'rolled-back' && !force) throw wasRolledBack(`${parked.image} on ${idle}`);
  return parked;
}

const wasRolledBack = (what: string) =>
  new DeployError(`${what} was rolled back from: going there again would undo that.`, {
    code: 'rolled-back-release',
    hint: 'Deploy the release that you want, or go there all the same with force: true.',
  });
