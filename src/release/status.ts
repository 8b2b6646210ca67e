import type { Platform } from '../target/target.ts';
import type { Ended } from './attempt.ts';
import { formatWeights, otherColor } from './color.ts';
import { currentHolder } from './lock.ts';
import { look } from './recover.ts';
import type { Session } from './session.ts';

/** Looks, and says what is there. Changes nothing, and takes no lock. */
export async function status(session: Session<Platform>): Promise<Ended> {
  const situation = await look(session);
  const holder = await currentHolder(session);
  const { live, weights, journal } = situation;
  const unfinished =
    journal === undefined
      ? ''
      : journal.phase === 'staged'
        ? ` ${journal.imageTag} is staged on ${otherColor(journal.from)}.`
        : ` A ${journal.operation} of ${journal.imageTag} is unfinished (${journal.phase})${
            holder === undefined ? ': the next deploy or rollback finishes or undoes it' : ''
          }.`;
  const atWork = holder === undefined ? '' : ` At work: ${holder}.`;
  return {
    result: '',
    summary: `${live} is live (${formatWeights(weights)}).${unfinished}${atWork}`,
    end: 'release',
  };
}
