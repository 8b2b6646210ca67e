import type { LockOwner } from '../target/target.ts';
import type { PerColor } from './color.ts';

/** What the user decided about pace and patience. All times in milliseconds. */
export interface Policy {
  /** How many instances a release gets; absent: what the live color runs now, or 1 where nothing runs. */
  readonly count?: number;
  readonly health: { readonly timeout: number; readonly interval: number; readonly 'stable-for': number };
  /** Shares of the traffic, in percent, that a release gets before it gets all, each for `every`; rising. */
  readonly shift: { readonly steps: readonly number[]; readonly every: number };
  readonly stabilize: {
    readonly for: number;
    readonly interval: number;
    readonly 'max-failed-probes': number;
    /** Names of the platform's alarms, for each color that may be watched. */
    readonly alarms: PerColor<readonly string[]>;
    readonly 'insufficient-data': 'ignore' | 'fail';
    /** In percent. */
    readonly 'max-error-rate'?: number;
    /** In ms. */
    readonly 'max-latency'?: number;
    /** How many answers there must be before they say anything. */
    readonly 'min-requests': number;
  };
  readonly watch: {
    /** How long after it went live a release may still be taken back by the operation `watch`. */
    readonly window: number;
    /** How long that operation looks; 0: once. */
    readonly for: number;
  };
  readonly retire: {
    readonly drain: number;
    /** How many instances of the old color stay warm. */
    readonly keep: number | 'all';
  };
  readonly lock: { readonly wait: number; readonly ttl: number };
}

export type Operation =
  | 'deploy'
  | 'stage'
  | 'promote'
  | 'abort'
  | 'rollback'
  | 'plan'
  | 'status'
  | 'setup'
  | 'watch';

/** One run: what is asked for, by whom, and how. */
export interface Job {
  readonly operation: Operation;
  readonly policy: Policy;
  /** Full reference; empty where the operation needs none. */
  readonly image: string;
  /** Tag or digest as given; for `rollback`: the release to go back to, empty for the one before. */
  readonly imageTag: string;
  readonly force: boolean;
  readonly owner: LockOwner;
}
