import { DeployError } from '../errors.ts';
import type { Color, PerColor } from './color.ts';

/**
 * How far a run has got. Written to the target *before* the step it names, so whoever reads it knows the most that
 * can have happened:
 * `staging` the idle color may be changed; `staged` the new release waits there for promote or abort;
 * `shifting` users may already be on the new color; `retiring` the new release is accepted, the old one is parked.
 */
export type Phase = 'staging' | 'staged' | 'shifting' | 'retiring';
const PHASES: readonly Phase[] = ['staging', 'staged', 'shifting', 'retiring'];

/** All that is needed to finish or undo a run which can no longer do it itself. Lives on the target. */
export interface Journal {
  readonly operation: 'deploy' | 'stage' | 'rollback';
  readonly phase: Phase;
  /** The color that carried the traffic when the run began; the run works on the other one. */
  readonly from: Color;
  /** The new release's image, and its id once the target has given it one. */
  readonly image: string;
  readonly imageTag: string;
  readonly release: string;
  /** What the idle color held before: it gets this back when the run is undone. Empty when it held nothing. */
  readonly parkedRelease: string;
  readonly parkedCount: number;
  /**
   * How the platform itself scaled each color, in the target's own words, which nobody else reads. Empty where it
   * doesn't. A color scales so again when the run is undone; when it is accepted, the new color gets the old one's.
   */
  readonly scaling: PerColor<string>;
  /** Where the platform moves the traffic by itself: its name for what it does, once it is known. */
  readonly rollout?: string;
}

/** The journal as flat text values, in characters that AWS tags and Docker labels both take. */
export type JournalRecord = Readonly<Record<string, string>>;

/** Whether the journal has come to `phase` or beyond. */
export const reached = (journal: Journal, phase: Phase): boolean =>
  PHASES.indexOf(journal.phase) >= PHASES.indexOf(phase);

/** The keys of a record: what must be removed to remove the journal, whatever a stale read shows of it. */
export const JOURNAL_KEYS = [
  'operation',
  'phase',
  'from',
  'image',
  'image-tag',
  'release',
  'parked-release',
  'parked-count',
  'scaling-blue',
  'scaling-green',
  'rollout',
] as const;

type JournalKey = (typeof JOURNAL_KEYS)[number];

export const encodeJournal = (
  journal: Journal,
): Record<Exclude<JournalKey, 'rollout'>, string> & Partial<Record<JournalKey, string>> => ({
  operation: journal.operation,
  phase: journal.phase,
  from: journal.from,
  image: journal.image,
  'image-tag': journal.imageTag,
  release: journal.release,
  'parked-release': journal.parkedRelease,
  'parked-count': String(journal.parkedCount),
  'scaling-blue': journal.scaling.blue,
  'scaling-green': journal.scaling.green,
  ...(journal.rollout === undefined ? {} : { rollout: journal.rollout }),
});

/**
 * Reads a journal back.
 * @throws DeployError `journal-unreadable` when it isn't one that this version wrote: nothing is guessed.
 */
export function decodeJournal(record: JournalRecord): Journal {
  const journal: Journal = {
    operation: oneOf(record, 'operation', ['deploy', 'stage', 'rollback'] as const),
    phase: oneOf(record, 'phase', PHASES),
    from: oneOf(record, 'from', ['blue', 'green'] as const),
    image: record['image'] ?? '',
    imageTag: record['image-tag'] ?? '',
    release: record['release'] ?? '',
    parkedRelease: record['parked-release'] ?? '',
    parkedCount: Number(record['parked-count'] ?? 0),
    scaling: { blue: record['scaling-blue'] ?? '', green: record['scaling-green'] ?? '' },
    ...(record['rollout'] ? { rollout: record['rollout'] } : {}),
  };
  if (!Number.isInteger(journal.parkedCount) || journal.parkedCount < 0)
    throw unreadable('parked-count', record['parked-count']);
  return journal;
}

function oneOf<T extends string>(record: JournalRecord, key: string, values: readonly T[]): T {
  const value = values.find((candidate) => candidate === record[key]);
  if (value === undefined) throw unreadable(key, record[key]);
  return value;
}

const unreadable = (key: string, value: string | undefined) =>
  new DeployError(
    `The record of an unfinished run can't be read: ${key} is ${JSON.stringify(value ?? null)}.`,
    {
      code: 'journal-unreadable',
      hint: 'It was written by another version of this action, or by hand. Restore or remove its entries (docs/ecs.md, docs/docker.md), then run again.',
    },
  );
