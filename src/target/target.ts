import { DeployError } from '../errors.ts';
import type { Color, PerColor, Weights } from '../release/color.ts';
import type { JournalRecord } from '../release/journal.ts';
import type { Release, Situation, Standing } from '../release/situation.ts';
import type { Course, TargetPlan } from './plan.ts';
import type { Signals } from './signals.ts';

/**
 * What every platform has on which two releases run behind something that shares out traffic.
 *
 * Every method, here and in the ports below, is one look or one change, never a wait: the procedure owns deadlines,
 * polling and verdicts. Methods may throw DeployError with a cause that says what to do. Those that read throw
 * `TransientError` when the platform could not be asked (throttling, a dead network): that is no news, never a verdict.
 * Those that change throw it only when they may be called again as they are: the platform did nothing of it (it
 * throttled), or what it did is done again without harm.
 */
export interface Platform {
  readonly kind: 'ecs' | 'docker';
  /** Where the releases run, for people: `ECS us-east-1/production, shop-blue | shop-green`. */
  readonly description: string;

  /** Reads the truth. Changes nothing, needs no lock. */
  inspect(): Promise<Situation>;

  readonly lock: LockStore;
  readonly journal: JournalStore;

  /**
   * Everything that would make a deployment of `image` to `idle` fail, found before anything is changed. Empty when
   * all is well. It may call what changes nothing where that is the only way to find out whether it is allowed, but not
   * with `readOnly`.
   */
  preflight(request: StageRequest, options: { readonly readOnly: boolean }): Promise<readonly Problem[]>;

  /**
   * What a deployment of `image` to `color` would change, call by call. Looks, and needs no more than looking needs;
   * `course` tells what would be done with the release.
   */
  plan(request: StageRequest, course: Course): Promise<TargetPlan>;

  /** Creates the release (a task-definition revision, ...) without running it; the same content is reused. */
  createRelease(request: StageRequest): Promise<Release>;

  /** The newest release that carried `imageTag`, with its configuration; nothing is created. For rollbacks. */
  findRelease(imageTag: string): Promise<FoundRelease | undefined>;

  /**
   * One look at the instances of exactly what was started on the color (or what already runs), by identity.
   * @param since for who comes later, to a release that users have: what ended since then (ms since the epoch) counts,
   *   though this run did not see it; what the platform is adding or replacing by itself is not missed
   */
  health(color: Color, since?: number): Promise<Health>;

  /**
   * Everything that is known of why the color is not healthy, from what `health` saw last and the instances' logs; for
   * when the procedure runs out of patience and the platform has given no verdict. Nothing before the first look.
   */
  diagnose(color: Color): Promise<Failure | undefined>;

  /** How long a change may take to reach every data-plane node where nothing can observe it, in ms. */
  readonly propagationMs: number;

  /** What tells of a release beside its health, while users have it. */
  readonly signals: Signals;

  /** How to reach the idle color before users can; only while the lock is held or a release is staged. */
  preview(): Promise<Preview | undefined>;

  /** Closes connections; never throws. */
  close(): Promise<void>;
}

/** The port that `release/` drives: a platform whose traffic we move ourselves. */
export interface Target extends Platform {
  /**
   * Brings the target into the form in which both colors can be weighted, without moving traffic: a single-target
   * forward becomes a weighted one. Returns what it changed, for the log; nothing when there was nothing to do.
   */
  prepare(): Promise<string | undefined>;

  /**
   * Asks the platform to run `count` instances of the release on the color, which must carry no traffic. With `warm`,
   * instances of that release which run already are kept: for a rollback, which wants the very same ones. Without it
   * all are new: a tag may have moved, and what was pulled for it before is not what is deployed now.
   */
  start(color: Color, release: Release, count: number, options: { warm: boolean }): Promise<void>;

  /** What keeps the platform from giving each color a share of the traffic; nothing where it can. */
  splitting(): Promise<readonly Problem[]>;

  /**
   * Sets the traffic, wherever it comes in, and reads back that the platform took it. It stops at the first place that
   * does not take it; places that already do what is wanted are not touched.
   */
  shift(weights: Weights): Promise<void>;

  /** Whether users' requests go where the last `shift` said, as far as the platform itself can tell. */
  following(): Promise<Following>;

  /**
   * How long after a shift clients may still be led to a color that has lost its traffic, in ms: sticky sessions. 0
   * where nothing holds them.
   */
  lingerMs(): Promise<number>;

  /** Requests in flight on a color, where the platform counts them. */
  inFlight(color: Color): Promise<number | 'unknown'>;

  /**
   * Parks the color: it keeps its release, ready for a rollback, with `keep` instances. Called only once no traffic
   * can reach it.
   */
  park(color: Color, keep: number): Promise<void>;

  /** Gives a color back the release that `journal.parkedRelease` names, with its former count. */
  restore(color: Color, releaseId: string, count: number): Promise<void>;

  /** Absent where the platform never changes a count by itself. */
  readonly scaling?: Scaling;

  /**
   * Records what became of the release that the color holds now.
   * @param liveSince when users got it, ms since the epoch; absent where they do not have it (any more)
   */
  mark(color: Color, standing: Standing, liveSince?: number): Promise<void>;

  /**
   * Makes what the target needs and does not have yet, from nothing to where the first deployment can begin; changes
   * nothing that is there. Tells `announce` what it is going to make before it does, where it knows that; returns what
   * it made, one line each. Absent where there is nothing to make.
   */
  setup?(announce: (lines: readonly string[]) => void): Promise<readonly string[]>;
}

/** A release that is on neither color any more. */
export interface FoundRelease extends Release {
  readonly standing: Standing;
}

/**
 * What is done about a platform which changes the count of a color by itself. Each method leaves alone what is as it
 * should be already, so that a run which died can be gone through again.
 */
export interface Scaling {
  /** How each color scales now, as text for the journal, at most 256 characters of what AWS tags take. */
  save(): Promise<SavedScaling>;

  /** The platform leaves the count of the color alone, which carries no traffic. */
  hold(color: Color): Promise<void>;

  /**
   * The users are on both colors, with more and more of them on `to`: it grows with its share, within the bounds that the
   * other color had when `saved` was taken. That one goes on growing, but does not shrink with its own share: all the
   * users may come back to it at once.
   */
  share(to: Color, saved: PerColor<string>): Promise<void>;

  /**
   * The users are on `to` now: it scales as the other color did when `saved` was taken, and that one is held. Without
   * `scaleIn`, `to` only grows: what was measured while it was idle must not shrink it.
   */
  handOver(to: Color, saved: PerColor<string>, options: { readonly scaleIn: boolean }): Promise<void>;

  /**
   * The color scales exactly as it did when `saved` was taken; without `scaleIn`, it does not shrink yet: what was
   * measured while it had fewer users must not shrink it.
   */
  restore(color: Color, saved: string, options: { readonly scaleIn: boolean }): Promise<void>;
}

export interface SavedScaling {
  /** Empty for a color that the platform doesn't scale. */
  readonly colors: PerColor<string>;
  /** What users should know about it. */
  readonly warning?: string;
}

/** What is known of the way that users' requests take. */
export interface Following {
  /**
   * `true`: they come to the color that has them all by the last shift, and to no other; `'partly'`: to the other one,
   * too; `false`: only to the other one; `'unknown'` where the platform can't tell, or nobody came: then time or the
   * `identity` probe must do.
   */
  readonly follows: boolean | 'partly' | 'unknown';
  /** How many requests have gone to the other color since the shift, where they are counted. */
  readonly elsewhere?: number;
  /** What was seen instead, for people, where that is odd: follows the name of what shares out the traffic. */
  readonly detail?: string;
}

/** What a new release consists of. */
export interface StageRequest {
  readonly color: Color;
  /** Full image reference. */
  readonly image: string;
  /** The tag or digest as the user gave it. */
  readonly imageTag: string;
}

export interface Problem {
  /** One sentence: what is wrong, with the value. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** The user may go on with `force`. */
  readonly forceable: boolean;
}

export interface Health {
  /** How many instances are proven: run this release and pass the platform's health checks. */
  readonly ready: number;
  /** How many should. */
  readonly wanted: number;
  /** One line that changes whenever something changes: `1 of 3 healthy; 2 initial (Elb.InitialHealthChecking)`. */
  readonly detail: string;
  /** What the platform itself told since the last look, one line each, the oldest first. */
  readonly news?: readonly string[];
  /** The platform has given up, or it is certain that waiting can't help. */
  readonly failure?: Failure;
}

/**
 * Ends that are not the release's own fault, or not only: somebody else deployed to the same place; somebody or
 * something set the count to zero; the platform went back to another release by itself; the platform gave up and
 * stays where it is.
 */
export type FailureCode = 'superseded' | 'scaled-to-zero' | 'platform-rolled-back' | 'platform-stalled';

export interface Failure {
  /** Absent where the release itself is not healthy. */
  readonly code?: FailureCode;
  /** The most likely cause where one is known, then the platform's own reason; one line. */
  readonly reason: string;
  /** What to do; one sentence. */
  readonly hint?: string;
  /** Stop codes, exit codes, health-check answers, the last log lines. */
  readonly details: readonly string[];
}

export interface Preview {
  /** A base URL, without a trailing slash, which this machine reaches while the run lives. */
  readonly url: string;
  /** What people use who come later, where that is another one: `url` may lead through a tunnel of this run. */
  readonly lastingUrl?: string;
  /** Needed on each request. */
  readonly headers: Readonly<Record<string, string>>;
  /** When the way in was opened, ms since the epoch: data planes need a while to follow. */
  readonly since: number;
}

/** Who holds, or wants, the lock. */
export interface LockOwner {
  /** Unique for a run and attempt: `<run>/<attempt>`. */
  readonly id: string;
  /** For people; also how a dead owner is found out. */
  readonly runUrl: string;
  readonly actor: string;
  readonly reason: string;
  readonly operation: string;
}

export interface LockState {
  readonly owner: LockOwner;
  /** ms since the epoch; in the past when the owner let it go or died. */
  readonly expires: number;
  /** The target's handle for exactly this lock, so that breaking it can never hit a newer one. */
  readonly handle: string;
}

export interface LockStore {
  /** What users should know about it, where it keeps less than it promises. */
  readonly warning?: string;
  read(): Promise<LockState | undefined>;
  /** Atomic: a lease, or nothing when somebody else has it. */
  acquire(owner: LockOwner, ttlMs: number): Promise<Lease | undefined>;
  /** Takes up again a lease of this very run, known by its handle (the post step); nothing when it is gone. */
  resume(handle: string, ttlMs: number): Promise<Lease | undefined>;
  /** Removes exactly this lock; quietly does nothing when it is gone or replaced. */
  break(state: LockState): Promise<void>;
}

export interface Lease {
  readonly handle: string;
  /** @throws DeployError `lock-lost` when somebody else has it by now. */
  renew(): Promise<void>;
  /**
   * Asks whether it is still this run's, where that costs much less than renewing it.
   * @throws DeployError `lock-lost`
   */
  confirm?(): Promise<void>;
  /** `keepPreview`: lets go of the lock, but leaves the way to the idle color open (a staged release). */
  release(options: { keepPreview: boolean }): Promise<void>;
}

/** What must outlive a run, stored on the resources it concerns. Needs the lock. */
export interface JournalStore {
  write(color: Color, record: JournalRecord): Promise<void>;
  clear(): Promise<void>;
}

/** The platform could not be asked. Never a verdict: ask again. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** There is no way to the platform any more, nor will this process find one: that is no news about anything there. */
export const isOutOfReach = (error: unknown): boolean =>
  error instanceof DeployError && error.code === 'host-unreachable';
