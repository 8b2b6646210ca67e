/** Where the demo plays: what differs from one target to the next. */
export interface DemoStage extends AsyncDisposable {
  /** The text of the config. */
  readonly config: string;
  /** Where the users go. */
  readonly url: string;
  /** The addresses to spread the users over; what the host of `url` resolves to when absent. */
  readonly addresses?: readonly string[];
  /** The checked-out repository; an empty folder when absent. */
  readonly workspace?: string;
  /** What the action has in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Which color answers with a version. */
  readonly colorOf: Readonly<Record<string, 'blue' | 'green'>>;
  /** What leads to v1 being live, before the users come. */
  readonly prelude: readonly Act[];
  /** Calls back at each switch, where the log does not tell of it at that very moment; returns how to end that. */
  onSwitch?(tell: () => void): () => void;
}

/** One run of the action. */
export interface Act {
  /** For the one who watches. */
  readonly title: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** Why there is no demo on this machine: one line. */
export class NoStage extends Error {}
