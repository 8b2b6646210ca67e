/** Adds up what became of the requests. */
import type { Attempt, Outcome } from './request.ts';
import type { ConnectionKind, Failure, FailureKind, LoadResult, LoadSnapshot, Span } from './types.ts';

const bucketSeconds = 0.1;
const bucketsPerSecond = 10;
const mostFailures = 20;

/** What a failure needs of what was tried. */
export type Tried = Pick<Attempt, 'method' | 'connection' | 'node'>;

export class Tally {
  readonly #startedAt = Date.now();
  readonly #start = performance.now();
  /** By number since the start; a span in which nothing ended is not there. */
  readonly #buckets = new Map<number, Span>();
  readonly #byVersion: Record<string, number> = {};
  readonly #byConnection: Record<ConnectionKind, number> = {
    'keep-alive': 0,
    fresh: 0,
    idle: 0,
    slow: 0,
    websocket: 0,
  };
  readonly #failedByKind: Partial<Record<FailureKind, number>> = {};
  readonly #failures: Failure[] = [];
  readonly #latencies: number[] = [];
  readonly #slow = { requests: 0, failed: 0, worstLatencyMs: 0 };
  readonly #webSocket = { messages: 0, failed: 0, drainedAt: [] as Date[] };
  #heldBack = 0;
  #requests = 0;
  #failed = 0;

  /** The machine is too slow for this many more. */
  heldBack(requests: number): void {
    this.#heldBack += requests;
  }

  /** A server went, and said so to the WebSocket that it had. */
  drained(): void {
    this.#webSocket.drainedAt.push(new Date());
  }

  /** Takes in a request that has ended. It counts for the moment of its end, which is when a user sees it. */
  add(attempt: Tried, outcome: Outcome): void {
    const { failure, latencyMs, version } = outcome;
    this.#requests += 1;
    this.#byConnection[attempt.connection] += 1;
    const bucket = this.#bucket(Math.floor((performance.now() - this.#start) / (1000 * bucketSeconds)));
    if (failure) {
      this.#failed += 1;
      bucket.failed += 1;
      this.#failedByKind[failure.kind] = (this.#failedByKind[failure.kind] ?? 0) + 1;
      if (this.#failures.length < mostFailures) this.#failures.push(failureOf(attempt, outcome));
    } else {
      this.#byVersion[version] = (this.#byVersion[version] ?? 0) + 1;
      bucket[version] = (bucket[version] ?? 0) + 1;
    }
    if (attempt.connection === 'websocket') {
      this.#webSocket.messages += 1;
      this.#webSocket.failed += failure ? 1 : 0;
    }
    if (attempt.connection === 'slow') {
      this.#slow.requests += 1;
      this.#slow.failed += failure ? 1 : 0;
      this.#slow.worstLatencyMs = Math.max(this.#slow.worstLatencyMs, latencyMs);
    } else {
      this.#latencies.push(latencyMs);
    }
  }

  snapshot(inFlight: number): LoadSnapshot {
    const seconds = this.#seconds();
    const full = Math.floor(seconds) - 1;
    return {
      seconds,
      requests: this.#requests,
      failed: this.#failed,
      inFlight,
      byVersion: { ...this.#byVersion },
      lastSecond: this.#sum(Math.max(0, full) * bucketsPerSecond, bucketsPerSecond),
    };
  }

  result(cutShort: boolean): LoadResult {
    const sorted = this.#latencies.toSorted((one, other) => one - other);
    const share = (part: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
    const count = Math.max(-1, ...this.#buckets.keys()) + 1;
    const spans = (length: number) =>
      Array.from({ length: Math.ceil(count / length) }, (_, index) => this.#sum(index * length, length));
    return {
      startedAt: new Date(this.#startedAt),
      seconds: this.#seconds(),
      requests: this.#requests,
      failed: this.#failed,
      failures: this.#failures,
      failedByKind: this.#failedByKind,
      byVersion: this.#byVersion,
      byConnection: this.#byConnection,
      bySecond: spans(bucketsPerSecond),
      buckets: spans(1),
      slow: this.#slow,
      webSocket: this.#webSocket,
      worstLatencyMs: sorted.at(-1) ?? 0,
      latencyMs: { median: share(0.5), p99: share(0.99) },
      heldBack: this.#heldBack,
      cpuSeconds: (({ user, system }) => (user + system) / 1e6)(process.cpuUsage()),
      cutShort,
    };
  }

  #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  #bucket(number: number): Span {
    const bucket = this.#buckets.get(number) ?? { t: number * bucketSeconds, failed: 0 };
    this.#buckets.set(number, bucket);
    return bucket;
  }

  /** Several buckets as one span, with a key for every version that was ever seen. */
  #sum(first: number, length: number): Span {
    const sum: Span = { t: Math.round(first) / bucketsPerSecond, failed: 0 };
    for (const version of Object.keys(this.#byVersion)) sum[version] = 0;
    for (let number = first; number < first + length; number += 1) {
      for (const [name, value] of Object.entries(this.#buckets.get(number) ?? {})) {
        if (name !== 't') sum[name] = (sum[name] ?? 0) + value;
      }
    }
    return sum;
  }
}

function failureOf(
  { method, connection, node }: Tried,
  { failure, latencyMs, reused, status }: Outcome,
): Failure {
  return {
    at: new Date(Date.now() - latencyMs),
    ms: latencyMs,
    kind: failure!.kind,
    message: failure!.message,
    method,
    connection,
    reused,
    node,
    status,
  };
}
