import type { PerColor } from '../release/color.ts';

/**
 * What a platform tells of a release beside the health of its instances. Looks only, as in Platform: they throw
 * `TransientError` when the platform could not be asked, and never decide anything.
 */
export interface Signals {
  /** Absent where the platform has no alarms. */
  readonly alarms?: Alarms;
  /** Absent where nothing counts what users are answered, color by color. */
  readonly answers?: Answers;
}

export interface Alarms {
  /** The alarms as they are now. Names that don't exist are missing from the answer. */
  read(names: readonly string[]): Promise<readonly AlarmState[]>;

  /**
   * Why the alarm last went off after `since` (ms since the epoch, by the platform's clock), though it may have
   * recovered by now; nothing where it did not.
   */
  wentOff(name: string, since: number): Promise<string | undefined>;
}

export interface AlarmState {
  readonly name: string;
  readonly state: 'ok' | 'alarm' | 'insufficient-data';
  /** In the platform's own words, one line. */
  readonly reason: string;
  /** When it got into this state, ms since the epoch, by the platform's clock. */
  readonly since: number;
  /** How long it takes the alarm to notice something, in ms; 0 for one that only sums up others. */
  readonly windowMs: number;
  /** The alarms that it sums up. */
  readonly parts?: readonly string[];
}

/** What the load balancer or proxy itself counts of the answers that users get. */
export interface Answers {
  /** What `latencyMs` is: the 95th percentile, or, where the proxy knows no better, a mean. */
  readonly latency: 'p95' | 'mean';
  /** How late a count may come, in ms: what happened just now is not in it yet. */
  readonly delayMs: number;
  /**
   * Counts are of whole periods of this length, in ms, by the clock: what came earlier in the period in which a meter
   * was opened is among them. Absent where they begin with the moment itself.
   */
  readonly periodMs?: number;
  /**
   * Begins to count, from `since` (ms since the epoch) where the platform keeps what it counted, else (and when it is
   * absent) from now.
   */
  open(since?: number): Promise<AnswerMeter>;
}

export interface AnswerMeter {
  /** What each color has answered since the meter was opened, as far as it is known by now. */
  read(): Promise<PerColor<Answered>>;
}

export interface Answered {
  readonly requests: number;
  /** Answers of the 5xx kind that are the color's own doing, and requests that it did not answer. */
  readonly errors: number;
  /** Absent where nothing was measured. */
  readonly latencyMs?: number;
}
