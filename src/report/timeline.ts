import type { Color, Weights } from '../release/color.ts';
import type { CheckResult, Event, Listener, Plan, Step } from '../release/events.ts';
import type { Outcome } from '../release/outcome.ts';
import type { Situation } from '../release/situation.ts';

/** Everything that is kept of a run. Times are milliseconds since the epoch. */
export interface Timeline {
  /** Of the first and the newest event. Absent before there was one. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly steps: readonly StepRecord[];
  readonly weights: readonly { readonly at: number; readonly weights: Weights }[];
  readonly answers: readonly Recorded<'answers'>[];
  readonly ownTraffic: readonly Recorded<'own-traffic'>[];
  readonly checks: readonly CheckRecord[];
  readonly health: readonly HealthRecord[];
  readonly notes: readonly NoteRecord[];
  /** How many records were left out because there were too many of their kind. */
  readonly dropped: number;
  /** The target before the run changed anything, and when it was looked at last. */
  readonly before?: Situation;
  readonly latest?: Situation;
  readonly intent?: Body<'intent'>;
  readonly plan?: Plan;
  readonly preview?: Body<'preview'>;
  readonly outcome?: Outcome;
}

export interface StepRecord {
  readonly step: Step;
  readonly title: string;
  readonly startedAt: number;
  /** The rest is absent of a step that has not ended. */
  readonly ok?: boolean;
  readonly detail?: string;
  readonly ms?: number;
}

export interface CheckRecord {
  readonly at: number;
  readonly purpose: Extract<Event, { type: 'check' }>['purpose'];
  readonly check: CheckResult;
}

export interface HealthRecord {
  readonly at: number;
  readonly color: Color;
  readonly ready: number;
  readonly wanted: number;
  readonly detail: string;
}

export interface NoteRecord {
  readonly at: number;
  readonly kind: 'progress' | 'warning';
  readonly message: string;
}

/** What an event of one type says, and when. */
type Recorded<T extends Event['type']> = Omit<Extract<Event, { type: T }>, 'type'>;
type Body<T extends Event['type']> = Omit<Extract<Event, { type: T }>, 'type' | 'at'>;

/** More records of one kind than a run of hours has; a bound for the memory, not a rule. */
const MOST = 5_000;

type Growing = {
  -readonly [K in keyof Timeline]: Timeline[K] extends readonly (infer E)[] ? E[] : Timeline[K];
};

/** Collects a run's events for the reports that are made at its end. */
export function collectTimeline(): { readonly timeline: Timeline; readonly listener: Listener } {
  const timeline: Growing = {
    steps: [],
    weights: [],
    answers: [],
    ownTraffic: [],
    checks: [],
    health: [],
    notes: [],
    dropped: 0,
  };

  function keep<T>(list: T[], record: T): void {
    if (list.length < MOST) list.push(record);
    else timeline.dropped += 1;
  }

  function listener(event: Event): void {
    timeline.startedAt ??= event.at;
    timeline.endedAt = event.at;
    const { at } = event;
    switch (event.type) {
      case 'step-started':
        keep(timeline.steps, { step: event.step, title: event.title, startedAt: at });
        break;
      case 'step-finished': {
        const index = timeline.steps.findLastIndex((one) => one.step === event.step && one.ok === undefined);
        const started = timeline.steps[index] ?? {
          step: event.step,
          title: event.step,
          startedAt: at - event.ms,
        };
        const record = { ...started, ok: event.ok, detail: event.detail, ms: event.ms };
        if (index === -1) keep(timeline.steps, record);
        else timeline.steps[index] = record;
        break;
      }
      case 'progress':
      case 'warning':
        keep(timeline.notes, { at, kind: event.type, message: event.message });
        break;
      case 'situation':
        timeline.before ??= event.situation;
        timeline.latest = event.situation;
        keepWeights(at, event.situation.weights);
        break;
      case 'weights':
        keepWeights(at, event.weights);
        break;
      case 'health':
        keep(timeline.health, {
          at,
          color: event.color,
          ready: event.ready,
          wanted: event.wanted,
          detail: event.detail,
        });
        break;
      case 'check':
        keep(timeline.checks, { at, purpose: event.purpose, check: event.check });
        break;
      case 'answers':
        keep(timeline.answers, { at, colors: event.colors, latency: event.latency });
        break;
      case 'own-traffic': {
        const { type: _, ...figures } = event;
        keep(timeline.ownTraffic, figures);
        break;
      }
      case 'intent': {
        const { type: _, at: __, ...intent } = event;
        timeline.intent = intent;
        break;
      }
      case 'plan':
        timeline.plan = event.plan;
        break;
      case 'preview':
        timeline.preview = { url: event.url, headers: event.headers };
        break;
      case 'outcome':
        timeline.outcome = event.outcome;
        break;
      case 'output': // A command's output is the log's; its end is part of the check.
        break;
    }
  }

  /** Only what differs from before: a look that finds the same weights is no news. */
  function keepWeights(at: number, weights: Weights): void {
    const last = timeline.weights.at(-1)?.weights;
    if (last?.blue !== weights.blue || last.green !== weights.green) keep(timeline.weights, { at, weights });
  }

  return { timeline, listener };
}

/** How long the run took so far, in ms. */
export const runTime = ({ startedAt, endedAt }: Timeline): number =>
  startedAt === undefined || endedAt === undefined ? 0 : endedAt - startedAt;
