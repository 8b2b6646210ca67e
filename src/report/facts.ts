import type { Color } from '../release/color.ts';
import { runningImage, type Situation } from '../release/situation.ts';
import type { Timeline } from './timeline.ts';

/** What was live before the run and is live after it; images and releases are empty where nothing ran. */
export interface Facts {
  readonly before?: Live;
  /** Absent where the target could not be read at the end. */
  readonly after?: Live;
  /** The image that the run wanted to bring to users and did not, if there is one. */
  readonly withheld?: string;
  /** Whether users had the new color at any moment. */
  readonly reachedUsers: boolean;
}

export interface Live {
  readonly color: Color;
  readonly image: string;
  readonly release: string;
}

/** Sums up a timeline. */
export function factsOf({ before, outcome, intent, weights }: Timeline): Facts {
  const after = outcome?.liveColor && {
    color: outcome.liveColor,
    image: outcome.image,
    release: outcome.image === '' ? '' : outcome.release,
  };
  return {
    before: before && liveIn(before),
    after,
    withheld: intent !== undefined && intent.image !== after?.image ? intent.image : undefined,
    reachedUsers: intent !== undefined && weights.some((one) => one.weights[intent.to] > 0),
  };
}

function liveIn(situation: Situation): Live {
  const image = runningImage(situation, situation.live);
  const release = image === '' ? '' : (situation.colors[situation.live].release?.id ?? '');
  return { color: situation.live, image, release };
}
