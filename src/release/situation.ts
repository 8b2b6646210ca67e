import type { Color, PerColor, Weights } from './color.ts';
import type { Journal } from './journal.ts';

/** An image with the configuration that it runs under. */
export interface Release {
  /** The target's own name for it: `family:revision` on ECS, a configuration hash on Docker. */
  readonly id: string;
  /** The full image reference, with tag or digest. */
  readonly image: string;
  /** Only of what was just created: it differs from what is live in more than its own id tells. */
  readonly differs?: boolean;
  /** Only of what was just created: what users should know about how it was made, one line each. */
  readonly remarks?: readonly string[];
}

/**
 * What is known of a release's past:
 * `was-live` users had it and nothing was wrong with it: a rollback may go back to it;
 * `rolled-back` users had it, and it was taken from them: not gone back to without `force`;
 * `unknown` it never carried traffic as far as we know.
 */
export type Standing = 'was-live' | 'rolled-back' | 'unknown';

export interface ColorState {
  /** Absent where nothing was ever deployed on the color. */
  readonly release?: Release;
  readonly standing: Standing;
  /** When users got the release, ms since the epoch; absent where they do not have it, or nobody wrote it down. */
  readonly liveSince?: number;
  /** How many instances the color is meant to run, and runs. */
  readonly desired: number;
  readonly running: number;
  /** How many instances each service that moves along without traffic is meant to run; absent where there is none. */
  readonly workers?: readonly number[];
  /** The platform does not show yet what this run told it about the color. */
  readonly lags?: boolean;
}

/** What one look at the target shows. The weights are the truth; everything else is subordinate to them. */
export interface Situation {
  /** The color that carries the traffic. While a shift is half done: the color that had it before. */
  readonly live: Color;
  /** Where places disagree (several listeners), the most that any of them gives a color: then the sum is over 100. */
  readonly weights: Weights;
  readonly colors: PerColor<ColorState>;
  /** Left by a run that has not ended yet, or that died: what it was doing and what must be restored. */
  readonly journal?: Journal;
}

/** Whether users have exactly that release: then there is nothing to deploy. */
export const isLive = (release: Release, live: ColorState): boolean =>
  release.id === live.release?.id && !release.differs && live.desired > 0;

/** The image that a color really runs; empty where it runs nothing. */
export const runningImage = ({ colors }: Situation, color: Color) =>
  colors[color].desired > 0 ? (colors[color].release?.image ?? '') : '';
