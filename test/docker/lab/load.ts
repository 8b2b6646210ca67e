import { type Load, type LoadOptions, startLoad } from '../../load/index.ts';

/**
 * Users of an app on a Docker host, all at once: at least 1,500 requests a second over kept and fresh connections, half
 * of them POSTs that nobody sends twice; downloads of two to four seconds; browsers that rest between requests; WebSockets.
 */
export const USERS: Omit<LoadOptions, 'url'> = {
  ratePerSecond: 1_550,
  fresh: 0.1,
  kept: 24,
  slow: { inFlight: 12, ms: 2_000, toMs: 4_000 },
  idle: { connections: 8, seconds: 2 },
  webSockets: { connections: 4, everyMs: 100 },
};

export const startUsers = (url: string, options: Partial<LoadOptions> = {}): Promise<Load> =>
  startLoad({ ...USERS, ...options, url });
