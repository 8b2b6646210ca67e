import type { Color, Weights } from '../release/color.ts';
import type { Release } from '../release/situation.ts';
import type { Failure, Platform } from './target.ts';

/**
 * How far a platform that deploys by itself has come, in order:
 * `starting` instances of the new release are made; `started` they run; `testable` test traffic leads to them;
 * `shifting` users' traffic moves; `shifted` users have it, the former release is still there; `clearing` the former
 * release is taken away: from here on there is no quick way back.
 */
export const ROLLOUT_STAGES = ['starting', 'started', 'testable', 'shifting', 'shifted', 'clearing'] as const;
export type RolloutStage = (typeof ROLLOUT_STAGES)[number];

/** Whether a rollout has come to `stage` or beyond. */
export const hasCome = ({ stage }: Pick<Rollout, 'stage'>, to: RolloutStage): boolean =>
  ROLLOUT_STAGES.indexOf(stage) >= ROLLOUT_STAGES.indexOf(to);

/** One deployment of the platform's own. */
export interface Rollout {
  /** The platform's name for exactly this one. */
  readonly id: string;
  readonly release: Release;
  /** Where the new release is. */
  readonly color: Color;
  /** The farthest that it is known to have come. */
  readonly stage: RolloutStage;
  /** Where it is now, as the platform calls it. */
  readonly at: string;
  /**
   * `done` users have the release, and the former one is gone; `gone-back` users have the former one, and the new one
   * is gone; `stopped` the platform does nothing more about it, wherever it stands.
   */
  readonly state: 'under-way' | 'done' | 'going-back' | 'gone-back' | 'stopped';
  /** In the platform's own words, one line that changes whenever something changes. */
  readonly told: string;
  /** Why it goes back, has gone back, or was stopped. */
  readonly failure?: Failure;
  /** What users get now. */
  readonly weights: Weights;
  /** It waits to be told to go on. */
  readonly pause?: Pause;
}

export interface Pause {
  readonly id: string;
  /** What the platform does by itself when nobody tells it, and when (ms since the epoch). */
  readonly otherwise: 'goes on' | 'goes back';
  readonly until?: number;
}

/** Where each rollout pauses until it is told to go on. */
export interface PausePoint {
  readonly stage: RolloutStage;
  /** As the platform calls it. */
  readonly name: string;
  readonly otherwise: Pause['otherwise'];
}

/**
 * The second, smaller port that `release/` drives: a platform which brings a release up beside the live one, moves the
 * traffic and clears up, all by itself. We begin, watch, tell it to go on where it pauses, and call it back.
 */
export interface DrivenTarget extends Platform {
  readonly moves: 'by-itself';

  /** Where rollouts pause, in order. */
  pausePoints(): Promise<readonly PausePoint[]>;

  /**
   * Asks for a rollout of the release, with as many instances as the live one has. Called again it does nothing while
   * the one that it began is under way.
   */
  begin(release: Release): Promise<void>;

  /** The id of what `begin` began, once the platform shows it. */
  begun(release: Release): Promise<string | undefined>;

  /** The newest rollout, whoever began it. */
  newest(): Promise<Rollout | undefined>;

  /** One look at exactly this rollout. @throws DeployError `rollout-gone` when the platform does not know it (any more) */
  observe(id: string): Promise<Rollout>;

  /** Lets the rollout go on from where it pauses; does nothing when it has gone on already. */
  goOn(id: string, pause: Pause): Promise<void>;

  /**
   * Calls the rollout back: users get the former release again, then the new one is taken away. Does nothing when it is
   * on its way back, or has ended. Touches exactly this rollout, so it needs no lock.
   */
  callBack(id: string): Promise<void>;

  /**
   * Records that users have `release` and nothing was wrong with it, and what they had before: where a rollback leads.
   * @param liveSince when they got it, ms since the epoch
   */
  accepted(release: string, former: string, liveSince: number): Promise<void>;

  /** Records that users were taken away from the release. */
  rejected(release: string): Promise<void>;
}

export const isDriven = (target: Platform): target is DrivenTarget => 'moves' in target;
