import type { Checks } from '../../../src/check/check.ts';
import type { EventBody } from '../../../src/release/events.ts';
import type { Outcome } from '../../../src/release/outcome.ts';
import type { Job, Operation } from '../../../src/release/policy.ts';
import { resume, run } from '../../../src/release/procedure.ts';
import type { RunStatus, Session } from '../../../src/release/session.ts';
import type { Target } from '../../../src/target/target.ts';
import { type FakePlatform, fakeTarget, type Intercept } from './fake-target.ts';

export interface RunOptions {
  readonly operation?: Operation;
  readonly tag?: string;
  readonly force?: boolean;
  readonly intercept?: Intercept;
  /** Makes another target of the platform's. */
  readonly change?: (target: Target) => Target;
  readonly checks?: Partial<Checks>;
  readonly policy?: Partial<Job['policy']>;
  readonly runStatus?: RunStatus;
  readonly signal?: AbortSignal;
  readonly id?: string;
}

export interface Ran {
  readonly outcome: Outcome;
  readonly events: readonly EventBody[];
  /** The handle that the post step would get; nothing when there is nothing to do for it. */
  readonly pending: string | undefined;
}

/** How the procedure's tests watch a release, unless they say otherwise. */
export const STABILIZE: Job['policy']['stabilize'] = {
  for: 5_000,
  interval: 1_000,
  'max-failed-probes': 1,
  alarms: { blue: [], green: [] },
  'insufficient-data': 'ignore',
  'min-requests': 50,
};

/** Runs one operation against the platform in memory, in virtual time. */
export async function runOn(platform: FakePlatform, options: RunOptions = {}): Promise<Ran> {
  const events: EventBody[] = [];
  let pending: string | undefined;
  const session = sessionOn(platform, options, events, (handle) => {
    pending = handle;
  });
  const outcome = await run(session);
  return { outcome, events, pending };
}

export const postOn = (platform: FakePlatform, handle: string, options: RunOptions = {}) =>
  resume(
    sessionOn(platform, options, [], () => {}),
    handle,
  );

function sessionOn(
  platform: FakePlatform,
  options: RunOptions,
  events: EventBody[],
  onPending: Session['onPending'],
): Session {
  const { operation = 'deploy', tag = '', force = false, id = 'run-1' } = options;
  return {
    job: {
      operation,
      image: tag === '' ? '' : `shop:${tag}`,
      imageTag: tag,
      force,
      owner: { id, runUrl: `https://github.example/runs/${id}`, actor: 'ann', reason: '', operation },
      policy: {
        health: { timeout: 60_000, interval: 1_000, 'stable-for': 0 },
        shift: { steps: [], every: 0 },
        stabilize: STABILIZE,
        watch: { window: 3_600_000, for: 0 },
        retire: { drain: 5_000, keep: 0 },
        lock: { wait: 0, ttl: 60_000 },
        ...options.policy,
      },
    },
    target: (options.change ?? ((target) => target))(fakeTarget(platform, options.intercept)),
    checks: {
      smokeTests: 0,
      smoke: () => Promise.resolve({ ok: true }),
      probe: () => Promise.resolve(undefined),
      ownTraffic: () => undefined,
      canIdentify: false,
      recognize: () =>
        Promise.resolve({ name: 'GET /', ok: true, detail: '200, x-version', attempts: 1, ms: 1 }),
      identify: () => Promise.reject(new Error('not asked')),
      ...options.checks,
    },
    clock: platform.clock,
    runStatus: options.runStatus ?? (() => Promise.resolve('unknown')),
    emit: (event) => events.push(event),
    signal: options.signal ?? new AbortController().signal,
    onPending,
  };
}
