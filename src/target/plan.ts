import type { Color, Weights } from '../release/color.ts';
import type { Phase } from '../release/journal.ts';
import type { Release } from '../release/situation.ts';

/**
 * One change that the procedure makes to a target, in the procedure's words; each adapter knows by which calls it makes
 * it. Looks, and the renewals of the lease, are none.
 */
export type Move =
  | { readonly do: 'lock' }
  /** Preflight makes sure of what it can't find out by looking. */
  | { readonly do: 'check' }
  | { readonly do: 'create-release' }
  /** The journal is written. */
  | { readonly do: 'note'; readonly phase: Phase }
  | { readonly do: 'prepare' }
  | { readonly do: 'start'; readonly color: Color; readonly count: number }
  | { readonly do: 'hold-scaling'; readonly color: Color }
  /** A platform that moves the traffic by itself is told to go on where it pauses. */
  | { readonly do: 'go-on'; readonly at: string }
  | { readonly do: 'shift'; readonly weights: Weights }
  | { readonly do: 'share-scaling'; readonly to: Color }
  | { readonly do: 'hand-scaling-over'; readonly to: Color; readonly scaleIn: boolean }
  /** It is written down that users had the color's release. */
  | { readonly do: 'mark'; readonly color: Color }
  | { readonly do: 'park'; readonly color: Color; readonly keep: number }
  /** The journal is removed. */
  | { readonly do: 'forget' }
  | { readonly do: 'unlock' };

/** What is done with a release, in order; without one where the target would make a new one. */
export type Course = (release: Release | undefined) => readonly Move[];

/** What a deployment would do to a target. */
export interface TargetPlan {
  /** The full reference, with the digest where that is known beforehand. */
  readonly image: string;
  /** A release that is there already and would be used again; absent where a new one would be made. */
  readonly release?: Release;
  /** What would be configured otherwise than what is live. Never holds the value of an environment variable. */
  readonly changes: readonly Change[];
  /** Every call that would change something, in order and in the platform's own terms: `ecs:UpdateService shop-green: …`. */
  readonly calls: readonly string[];
  /** What users should know and what stops nothing, one line each. */
  readonly notes: readonly string[];
}

/** Something that would be another than it is now. */
export interface Change {
  /** `containerDefinitions[app].image` */
  readonly what: string;
  /** Empty for nothing. */
  readonly from: string;
  readonly to: string;
}
