import type { Platform } from '../../target/target.ts';
import type { Session } from '../session.ts';

/** One thing that is looked at while users have a release, or some of them. */
export interface Sensor {
  /**
   * One look. `last` when no other follows: what can't be told before the time is over must be told now.
   * @throws DeployError when the release must be taken back; TransientError when there is no news
   */
  look(options: { readonly last: boolean }): Promise<void>;
  /** Whether the last look found something that another one must confirm, before it is a verdict or nothing. */
  isDoubtful?(): boolean;
  /** The weights change: what was counted before belongs to another share of the traffic. */
  moved?(): void;
  /** What was seen, in a few words; empty where that is nothing. */
  detail(): string;
}

/** What a sensor works with; it needs no lock, as it only looks. */
export type Watching = Session<Platform>;
