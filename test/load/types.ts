/** What load is asked for, and what it has to tell. */

export interface LoadOptions {
  /** Where users would go, e.g. `http://shop.localhost:4000`; its host becomes the Host header. */
  readonly url: string;
  /**
   * The addresses to spread the load over; the default is what the host of `url` resolves to. Only loopback ones, and
   * those of containers on this machine.
   */
  readonly addresses?: readonly string[];
  /** Ordinary requests per second, without the slow ones and those on idle connections. */
  readonly ratePerSecond?: number;
  /**
   * With so many in flight, no further ones are sent until some have ended: on a machine that is too slow for the rate
   * requests would pile up until they time out. No limit when absent.
   */
  readonly mostInFlight?: number;
  /** Which share of them has a connection to itself; 0.5 when absent. */
  readonly fresh?: number;
  /** How many connections, to each address, carry the others at least. */
  readonly kept?: number;
  /** How many slow requests are always in flight, and how long each takes; with `toMs`, each something else up to that. */
  readonly slow?: { readonly inFlight: number; readonly ms: number; readonly toMs?: number };
  /** Connections that rest between two requests, as those of browsers do: the first to suffer when a proxy reloads. */
  readonly idle?: { readonly connections: number; readonly seconds: number };
  /** The characters of the largest bodies, which are sent now and then; the others have 200. */
  readonly largestBody?: number;
  /** WebSockets which send all the time, and how often each does; none when absent. */
  readonly webSockets?: { readonly connections: number; readonly everyMs: number };
  readonly paths?: {
    readonly get?: string;
    readonly echo?: string;
    readonly slow?: string;
    readonly webSocket?: string;
  };
  readonly timeoutMs?: number;
  /** The load ends by itself after this long, whatever happens. */
  readonly longestSeconds?: number;
}

/** The options with their defaults filled in, as the child process gets them. */
export type LoadPlan = Required<Omit<LoadOptions, 'paths'>> & {
  readonly paths: Required<NonNullable<LoadOptions['paths']>>;
};

export type FailureKind = 'refused' | 'reset' | 'timeout' | 'status' | 'echo' | 'other';
export type ConnectionKind = 'keep-alive' | 'fresh' | 'idle' | 'slow' | 'websocket';

/** One request that a user would have seen fail. */
export interface Failure {
  /** When it began, and how long it took to fail. */
  readonly at: Date;
  readonly ms: number;
  readonly kind: FailureKind;
  readonly method: 'GET' | 'POST';
  readonly connection: ConnectionKind;
  /** Whether the connection had carried a request before. */
  readonly reused: boolean;
  readonly node: string;
  readonly status: number | undefined;
  readonly message: string;
}

/** Answers by version in a span of time, e.g. `{ t: 3, failed: 0, v1: 118, v2: 2 }`. Every version has its key. */
export interface Span {
  /** Begin, in seconds since the start. */
  t: number;
  failed: number;
  [version: string]: number;
}

/** How it goes at the moment. */
export interface LoadSnapshot {
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly byVersion: Readonly<Record<string, number>>;
  /** The last full second. */
  readonly lastSecond: Span;
}

export interface LoadResult {
  readonly startedAt: Date;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  /** The first 20. */
  readonly failures: readonly Failure[];
  readonly failedByKind: Readonly<Partial<Record<FailureKind, number>>>;
  /** Requests per version of the answer; `unknown` has no `x-version`. Failed requests are not among them. */
  readonly byVersion: Readonly<Record<string, number>>;
  readonly byConnection: Readonly<Record<ConnectionKind, number>>;
  readonly bySecond: readonly Span[];
  /** The same for each 100 ms, for charts. */
  readonly buckets: readonly Span[];
  readonly slow: { readonly requests: number; readonly failed: number; readonly worstLatencyMs: number };
  /** A message is a request like others. A server that goes may close its connections with status 1001. */
  readonly webSocket: {
    readonly messages: number;
    readonly failed: number;
    readonly drainedAt: readonly Date[];
  };
  /** Of all but the slow requests. */
  readonly worstLatencyMs: number;
  readonly latencyMs: { readonly median: number; readonly p99: number };
  /** Requests that were not sent because of `mostInFlight`. */
  readonly heldBack: number;
  /** What making the load took: on a busy machine more tells about the machine than about what was measured. */
  readonly cpuSeconds: number;
  /** Whether the load ended because its longest duration was over. */
  readonly cutShort: boolean;
}

export interface Load {
  snapshot(): LoadSnapshot;
  /** Begins no more requests, lets those in flight end, and tells what happened. The same answer each time. */
  stop(): Promise<LoadResult>;
}

export type FromGenerator =
  | { readonly type: 'started' }
  | { readonly type: 'progress'; readonly snapshot: LoadSnapshot }
  | { readonly type: 'finished'; readonly result: LoadResult };
