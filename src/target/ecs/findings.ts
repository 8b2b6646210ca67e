import { toDeployError } from '../../errors.ts';
import type { Problem } from '../target.ts';

/** What a look beyond the necessary came to: what is wrong for certain, and what could not be found out. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

export const join = (all: readonly Findings[]): Findings => ({
  problems: all.flatMap(({ problems }) => problems),
  notes: [...new Set(all.flatMap(({ notes }) => notes))],
});

/** A right that only plans need may well be missing: that is worth a line, and stops nothing. */
export const unchecked = (what: string, error: unknown): string =>
  `Not checked: ${what}, as ${toDeployError(error).message.replace(/\.$/, '')}.`;
