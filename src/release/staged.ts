import { DeployError } from '../errors.ts';
import type { Ended } from './attempt.ts';
import { otherColor } from './color.ts';
import type { Journal } from './journal.ts';
import type { Job } from './policy.ts';
import type { Situation } from './situation.ts';

/** What waits for promote or abort. */
export const staged = ({ journal }: Situation): Journal | undefined =>
  journal?.phase === 'staged' ? journal : undefined;

/** Why nothing can be promoted. What is staged stays so, with its preview. */
export function refusePromote(job: Job, situation: Situation): DeployError | undefined {
  const journal = staged(situation);
  if (journal === undefined)
    return new DeployError('Nothing is staged here.', {
      code: 'nothing-staged',
      hint: 'Run operation: stage first; a deploy, rollback or abort since then has dropped what was staged.',
    });
  if (job.imageTag !== '' && job.imageTag !== journal.imageTag)
    return new DeployError(`${journal.imageTag} is staged, not ${job.imageTag}.`, {
      code: 'other-release-staged',
      hint: 'Stage that release first, or leave out image-tag to promote what is staged.',
    });
  if (situation.live !== journal.from)
    return new DeployError(
      `${situation.live} is live now; it was ${journal.from} when ${journal.imageTag} was staged.`,
      {
        code: 'live-color-changed',
        hint: 'Somebody moved the traffic since. Run operation: abort, then stage again.',
      },
    );
  const { release } = situation.colors[otherColor(journal.from)];
  if (release?.id !== journal.release)
    return new DeployError(
      `${otherColor(journal.from)} holds ${release?.id}, not ${journal.release} that was staged.`,
      {
        code: 'other-release-staged',
        hint: 'Somebody, or the circuit breaker of ECS, replaced it. Run operation: abort, then stage again.',
      },
    );
  return undefined;
}

/** Why an abort that names a release leaves alone what is there: somebody may have staged another one since. */
export function refuseAbort(
  { imageTag }: Job,
  journal: Pick<Journal, 'imageTag'> | undefined,
): DeployError | undefined {
  if (journal === undefined || imageTag === '' || imageTag === journal.imageTag) return undefined;
  return new DeployError(`${journal.imageTag} is staged, not ${imageTag}.`, {
    code: 'other-release-staged',
    hint: 'Of that release nothing is left to abort; leave out image-tag to drop what is staged.',
  });
}

/** The end of an operation that leaves what is staged alone. */
export const endRefused = (refusal: DeployError, situation: Situation): Ended => ({
  result: 'failed',
  summary: refusal.message,
  error: refusal,
  end: staged(situation) === undefined ? 'release' : 'release-keep-preview',
});
