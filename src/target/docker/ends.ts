import { type Container, timeOf } from './containers.ts';
import type { DockerCli } from './docker-cli.ts';

/** What a container was like when it began to count: everything after that is the release's own doing. */
export interface Baseline {
  readonly restarts: number;
  readonly startedAt: string;
  readonly oom: boolean;
  /** It was down: that it is started is no restart. */
  readonly isDown?: boolean;
}

/** What a container is for, as far as its ends go. */
export interface Role {
  /** It must not end at all. */
  readonly takesTraffic: boolean;
  /** It doesn't, and Docker is to start it anew whenever it ends: an end with 0 is how it goes. */
  readonly isKept: boolean;
}

/** A container that ended though it should run, or that ended and was started again. */
export interface End {
  readonly container: Container;
  /** `exited with code 137 (out of memory, its limit is 64 MiB)` */
  readonly text: string;
  /** ms since the epoch, by the engine's clock. */
  readonly at: number;
}

/**
 * As the container is now; with `since`, as it was then, which is what it is now where nothing happened. What started it
 * again meanwhile was its restart policy only where the engine counted it: a reboot of the host is no end of its own.
 */
export function baselineOf({ inspected: { RestartCount, State } }: Container, since?: number): Baseline {
  if (since !== undefined && RestartCount > 0 && timeOf(State.StartedAt) > since)
    return { restarts: 0, startedAt: new Date(since).toISOString(), oom: false };
  // A start by anybody but the engine itself counts from 0.
  if (State.Status === 'exited')
    return { restarts: 0, startedAt: State.FinishedAt, oom: false, isDown: true };
  return { restarts: RestartCount, startedAt: State.StartedAt, oom: State.OOMKilled && State.Running };
}

/**
 * How the container ended, if it did. Whoever takes the traffic must not end at all; another service may have done its
 * work, or a piece of it, and then ends with 0.
 */
export async function endOf(
  docker: DockerCli,
  container: Container,
  baseline: Baseline,
  { takesTraffic, isKept }: Role,
): Promise<End | undefined> {
  const { RestartCount, State, HostConfig } = container.inspected;
  const { Status, ExitCode, OOMKilled, StartedAt, FinishedAt } = State;
  const at = timeOf(FinishedAt);
  const limit = limitOf(HostConfig.Memory);
  if (Status === 'exited' || Status === 'dead') {
    if (ExitCode === 0 && !takesTraffic) return undefined;
    return { container, text: ended(ExitCode, OOMKilled, limit, State.Error), at };
  }
  // Docker could not start it, and says so here and nowhere else.
  if (Status === 'created' && State.Error !== '')
    return { container, text: ended(ExitCode, false, limit, State.Error), at };
  const isOther = timeOf(baseline.startedAt) > 0 && StartedAt !== baseline.startedAt;
  const wasRestarted = RestartCount > baseline.restarts || (isOther && !baseline.isDown);
  if (wasRestarted || Status === 'restarting') {
    const { codes, oom } = await eventsOf(docker, container, baseline);
    if (codes.length === 0 && Status === 'restarting') codes.push(ExitCode);
    // The engine forgets all but its last few hundred events: what runs again and is not known to have failed has not. One
    // that goes on failing is seen between two runs, or in the events that are left.
    if (isKept && codes.every((one) => one === 0) && !oom) return undefined;
    const code = isKept ? (codes.findLast((one) => one !== 0) ?? codes.at(-1)) : codes.at(-1);
    const how = code === undefined ? 'ended' : ended(code, oom || OOMKilled, limit, '');
    return { container, text: `was restarted, as it ${how}`, at };
  }
  // One of its processes, and not the first.
  if (OOMKilled && !baseline.oom)
    return { container, text: `had a process killed (out of memory${limit})`, at: timeOf(StartedAt) };
  return undefined;
}

const ended = (code: number, oom: boolean, limit: string, error: string): string =>
  [
    `exited with code ${code}`,
    oom ? ` (out of memory${limit})` : (SIGNALS[code] ?? ''),
    error === '' ? '' : `: ${error}`,
  ].join('');

/** Shells and Docker say by 128 + n that signal n ended it. */
const SIGNALS: Readonly<Record<number, string>> = {
  130: ' (SIGINT)',
  132: ' (SIGILL)',
  134: ' (SIGABRT)',
  135: ' (SIGBUS)',
  137: ' (SIGKILL)',
  139: ' (SIGSEGV)',
  143: ' (SIGTERM)',
};

const limitOf = (bytes = 0): string =>
  bytes === 0 ? '' : `, its limit is ${Number((bytes / 1024 / 1024).toFixed(1))} MiB`;

/** ms */
const EVENT_DELAY_MS = 20;

interface Event {
  readonly Action: string;
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> };
}

/**
 * Once a container runs again, inspect no longer knows how it ended: only the engine's events do, and of those it
 * remembers a few hundred. The times are the engine's own, in the past, so that this hardly waits.
 */
async function eventsOf(
  docker: DockerCli,
  { id, inspected: { State } }: Container,
  baseline: Baseline,
): Promise<{ readonly codes: number[]; readonly oom: boolean }> {
  // The event comes a moment after the time of the end that inspect shows.
  const last = Math.max(timeOf(State.FinishedAt), timeOf(State.StartedAt)) + EVENT_DELAY_MS;
  const events = await docker.lines<Event>([
    ...[
      'events',
      '--since',
      baseline.startedAt,
      '--until',
      new Date(last).toISOString(),
      '--format',
      '{{json .}}',
    ],
    ...['--filter', `container=${id}`, '--filter', 'event=die', '--filter', 'event=oom'],
  ]);
  const codes = events
    .filter(({ Action }) => Action === 'die')
    .flatMap(({ Actor }) => Actor?.Attributes?.['exitCode'] ?? [])
    .map(Number);
  return { codes, oom: events.some(({ Action }) => Action === 'oom') };
}
