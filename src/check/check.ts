import type { Color } from '../release/color.ts';
import type { CheckResult, OwnFigures } from '../release/events.ts';
import type { Preview } from '../target/target.ts';

/** What a check may need to know of the release that it looks at. */
export interface CheckSubject {
  readonly color: Color;
  readonly image: string;
  readonly imageTag: string;
}

/** The port through which `release/` asks whether a release is any good. Answers, never verdicts. */
export interface Checks {
  readonly smokeTests: number;
  /** Runs the smoke tests in order against the idle color and stops at the first that fails. */
  smoke(
    subject: CheckSubject,
    preview: Preview | undefined,
    signal: AbortSignal,
    seen: (check: CheckResult) => void,
  ): Promise<{ readonly ok: boolean; readonly failed?: CheckResult }>;

  /** One look through users' own URL; nothing where no probe is configured. */
  probe(subject: CheckSubject, signal: AbortSignal): Promise<CheckResult | undefined>;

  /**
   * Begins to send light traffic through users' own URL, while the weights move; nothing where no probe is configured.
   * It ends with `signal`, or when it is told to.
   */
  ownTraffic(subject: CheckSubject, signal: AbortSignal): OwnTraffic | undefined;

  /**
   * Whether `identity` is configured, so that answers can prove which release gave them.
   */
  readonly canIdentify: boolean;
  /**
   * Whether the release says through the preview who it is, as `identity` has it: what is misspelt there would be found
   * only once users have the release.
   */
  recognize(subject: CheckSubject, preview: Preview, signal: AbortSignal): Promise<CheckResult>;
  /**
   * Asks every address that `url` resolves to, on fresh connections, which release answers. Ok when each address gave
   * `consecutive` answers in a row that are of the subject (`is`), or are not (`is-not`, after traffic was taken back).
   */
  identify(subject: CheckSubject, expectation: 'is' | 'is-not', signal: AbortSignal): Promise<CheckResult>;
}

/** Light traffic that is under way. */
export interface OwnTraffic {
  /** What became of it so far. */
  figures(): OwnFigures;
  /** Sends nothing more, and waits for what is under way. */
  end(): Promise<void>;
}
