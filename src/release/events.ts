import type { Change } from '../target/plan.ts';
import type { Answered } from '../target/signals.ts';
import type { Problem } from '../target/target.ts';
import type { Color, PerColor, Weights } from './color.ts';
import type { Outcome } from './outcome.ts';
import type { Situation } from './situation.ts';

/** The procedure's steps, in the order of DESIGN section 4; `undo` and `recover` happen only when they must. */
export type Step =
  | 'lock'
  | 'inspect'
  | 'recover'
  | 'preflight'
  | 'plan'
  | 'stage'
  | 'healthy'
  | 'smoke'
  | 'shift'
  | 'stabilize'
  | 'drain'
  | 'retire'
  | 'undo'
  | 'setup'
  | 'unlock';

/** One answer to one question about a release: a smoke test, a probe, an alarm. */
export interface CheckResult {
  /** What was asked, for people: `GET /health` or `npm run test:smoke`. */
  readonly name: string;
  readonly ok: boolean;
  /** What came back, or what was wrong with it. One line. */
  readonly detail: string;
  readonly attempts: number;
  readonly ms: number;
  /** The end of the output of a command, or of the body that was refused. */
  readonly output?: readonly string[];
}

/** Requests of our own through users' address. */
export interface OwnFigures {
  readonly sent: number;
  readonly failed: number;
  /** How long the slowest took, in ms. */
  readonly worstMs: number;
  /** What was wrong with the last that failed; empty where none did. */
  readonly lastFailure: string;
}

/** What a deployment would do. */
export interface Plan {
  readonly from: Color;
  readonly to: Color;
  readonly image: string;
  /** Empty where nothing runs. */
  readonly previousImage: string;
  /** Empty where a new one would be made. */
  readonly release: string;
  readonly previousRelease: string;
  readonly count: number;
  /** What stands before it: another run at work, what a run left behind, a staged release; one sentence each. */
  readonly first: readonly string[];
  readonly changes: readonly Change[];
  /** Every call that would change something, in order and in the platform's own terms. */
  readonly calls: readonly string[];
  readonly notes: readonly string[];
  /** What would stop it, all of it. */
  readonly problems: readonly Problem[];
}

/** What the procedure tells whoever listens. Every event carries `at`, milliseconds since the epoch. */
export type Event = { readonly at: number } & (
  | { readonly type: 'step-started'; readonly step: Step; readonly title: string }
  | {
      readonly type: 'step-finished';
      readonly step: Step;
      readonly ok: boolean;
      /** What came of it: `3 of 3 healthy`, or why it failed. One line. */
      readonly detail: string;
      readonly ms: number;
    }
  /** Something changed, or nothing did for a while: one line for the log. */
  | { readonly type: 'progress'; readonly message: string }
  | { readonly type: 'warning'; readonly message: string }
  /** A line that a smoke test's command wrote: text from outside, which may hold anything. */
  | { readonly type: 'output'; readonly line: string }
  | { readonly type: 'situation'; readonly situation: Situation }
  /** What the run is going to do, once it is known. */
  | {
      readonly type: 'intent';
      readonly from: Color;
      readonly to: Color;
      readonly image: string;
      readonly release: string;
      readonly previousImage: string;
      readonly count: number;
    }
  | { readonly type: 'plan'; readonly plan: Plan }
  | { readonly type: 'weights'; readonly weights: Weights }
  | {
      readonly type: 'health';
      readonly color: Color;
      readonly ready: number;
      readonly wanted: number;
      readonly detail: string;
    }
  | {
      readonly type: 'check';
      readonly purpose: 'smoke' | 'stabilize' | 'identity' | 'alarm';
      readonly check: CheckResult;
    }
  /** What the load balancer or proxy has counted of each color's answers since the watch began; when it changes. */
  | {
      readonly type: 'answers';
      readonly colors: PerColor<Answered>;
      readonly latency: 'p95' | 'mean';
    }
  /** What became of the light traffic of our own, while the weights moved. */
  | ({ readonly type: 'own-traffic' } & OwnFigures)
  | { readonly type: 'preview'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  /** The last event of a run. */
  | { readonly type: 'outcome'; readonly outcome: Outcome }
);

/** `Event` without its time, as the procedure gives it; the time is added in one place. */
export type EventBody = Event extends infer E ? (E extends Event ? Omit<E, 'at'> : never) : never;

/** Listens to a run. It must never throw into the procedure: see report/reporters.ts. */
export type Listener = (event: Event) => void;
