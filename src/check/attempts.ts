import type { Clock } from '../release/clock.ts';
import type { CheckResult } from '../release/events.ts';

/** What one attempt at a check showed. */
export interface Attempt {
  readonly ok: boolean;
  /** One line, no full stop. */
  readonly detail: string;
  readonly output?: readonly string[];
  /** The answer is not one of the release that is checked, so it says nothing of it, good or bad. */
  readonly elsewhere?: boolean;
}

export interface Attempts {
  readonly name: string;
  /** Further attempts after the first. */
  readonly retries: number;
  /** How long answers from elsewhere are put up with, in ms; they do not count as attempts. */
  readonly patience?: number;
  readonly once: () => Promise<Attempt>;
}

export interface AttemptsContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told why there is another attempt, whenever the reason changes. */
  readonly progress: (text: string) => void;
}

/** Between two attempts, in ms. */
export const PAUSE_MS = 1000;

/** Tries until one attempt is good, or none is left. Rejects only when the signal is aborted. */
export async function attempt(
  { name, retries, patience = 0, once }: Attempts,
  { clock, signal, progress }: AttemptsContext,
): Promise<CheckResult> {
  const started = clock.now();
  let told = '';
  let counted = 0;
  for (let made = 1; ; made += 1) {
    const { ok, detail, output, elsewhere = false } = await once();
    if (!elsewhere) counted += 1;
    const again = !ok && (elsewhere ? clock.now() - started < patience : counted <= retries);
    if (!again)
      return { name, ok, detail, attempts: made, ms: clock.now() - started, ...(output && { output }) };
    if (detail !== told) progress(`${name}: ${detail}; trying again.`);
    told = detail;
    await clock.sleep(PAUSE_MS, signal);
  }
}
