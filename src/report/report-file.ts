import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployError } from '../errors.ts';
import type { Situation } from '../release/situation.ts';
import { version } from '../version.ts';
import { redact } from './redact.ts';
import type { RunInfo } from './run-info.ts';
import { runTime, type Timeline } from './timeline.ts';

/** Raised when a field changes its meaning or goes; new fields may come without. */
const SCHEMA_VERSION = 1;

/** The JSON report: everything that is known of the run, for tools. Times are ISO 8601, lengths milliseconds. */
export function reportOf({ context, ...run }: RunInfo, timeline: Timeline): object {
  const { outcome, intent, preview } = timeline;
  return {
    schemaVersion: SCHEMA_VERSION,
    version,
    run: { ...run, ...context },
    startedAt: iso(timeline.startedAt),
    endedAt: iso(timeline.endedAt),
    durationMs: runTime(timeline),
    result: outcome?.result ?? 'failed',
    summary: outcome?.summary ?? '',
    live: outcome?.liveColor && {
      color: outcome.liveColor,
      image: outcome.image,
      release: outcome.release,
    },
    previous: outcome?.idleColor && {
      color: outcome.idleColor,
      image: outcome.previousImage,
      release: outcome.previousRelease,
    },
    intent,
    plan: timeline.plan,
    // The headers are the way in, and no secret: they name a release that is not live yet.
    preview,
    error: outcome?.error && errorOf(outcome.error),
    before: timeline.before && situationOf(timeline.before),
    latest: timeline.latest && situationOf(timeline.latest),
    steps: timeline.steps.map(timed('startedAt')),
    weights: timeline.weights.map(({ at, weights }) => ({ at: iso(at), ...weights })),
    answers: timeline.answers.map(timed('at')),
    ownTraffic: timeline.ownTraffic.map(timed('at')),
    checks: timeline.checks.map(({ at, purpose, check }) => ({ at: iso(at), purpose, ...check })),
    health: timeline.health.map(timed('at')),
    notes: timeline.notes.map(timed('at')),
    dropped: timeline.dropped,
  };
}

/**
 * Writes the report where later steps of the job find it.
 * @returns its path
 */
export async function writeReport(
  folder: string,
  report: object,
  secrets: readonly string[],
): Promise<string> {
  // A folder of its own: the step may run more than once in a job, and the temporary folder may be everybody's.
  const path = join(await mkdtemp(join(folder, 'blue-green-')), 'report.json');
  await writeFile(path, `${redact(JSON.stringify(report, undefined, 2), secrets)}\n`, { mode: 0o600 });
  return path;
}

const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());

/** The record with one of its times in words. */
const timed =
  <K extends string>(key: K) =>
  <T extends Readonly<Record<K, number>>>(record: T) => ({ ...record, [key]: iso(record[key]) });

/** What made it fail is named too, without a stack: paths of the build machine help nobody. */
const errorOf = ({ code, message, hint, details, cause }: DeployError) => ({
  code,
  message,
  hint,
  details,
  cause: cause instanceof Error ? `${cause.name}: ${cause.message}` : undefined,
});

const situationOf = ({ live, weights, colors, journal }: Situation) => ({ live, weights, colors, journal });
