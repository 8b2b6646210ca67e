import { type Load, type LoadOptions, startLoad } from '../../load/index.ts';
import type { ProxyKind } from './proxies.ts';

/**
 * Users of an app on a Docker host, all at once: at least 1,500 requests a second over kept and fresh connections, half
 * of them POSTs that nobody sends twice; downloads of two to four seconds; browsers that rest between requests; WebSockets.
 */
const USERS: Omit<LoadOptions, 'url'> = {
  ratePerSecond: 1_550,
  mostInFlight: 150,
  fresh: 0.1,
  kept: 24,
  slow: { inFlight: 12, ms: 2_000, toMs: 4_000 },
  idle: { connections: 8, seconds: 2 },
  webSockets: { connections: 4, everyMs: 100 },
  // As long as a file may take: that the users stay to its end is asserted.
  longestSeconds: 1_200,
};

/** Where no rate is promised: as many as show a failure, and none whom a drain waits for longer than a second. */
export const SOME_USERS = {
  ratePerSecond: 300,
  mostInFlight: 60,
  slow: { inFlight: 6, ms: 500, toMs: 1_000 },
} as const satisfies Partial<LoadOptions>;

/**
 * Caddy may cut an answer to a POST of a kept HTTP/1.1 connection after its first 4 KB, and say that it was whole: its
 * issue 5431, of 2023 and open, 1 of 100 here on a busy machine and without any deployment. Such POSTs are left out.
 */
const CADDY_USERS: Omit<LoadOptions, 'url'> = { ...USERS, largestBody: 3_000 };

export const startUsers = (kind: ProxyKind, url: string, options: Partial<LoadOptions> = {}): Promise<Load> =>
  startLoad({ ...(kind === 'caddy' ? CADDY_USERS : USERS), ...options, url });
