import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks until it is so. A look that does not end is not waited for, either.
 * @throws Error when that takes longer than anything in the lab should
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  longestMs = 60_000,
): Promise<Exclude<T, undefined | false>> {
  const late = Promise.withResolvers<never>();
  const error = new Error(`${what}: not within ${longestMs / 1000} s`);
  const limit = setTimeout(() => late.reject(error), longestMs);
  try {
    for (;;) {
      const seen = await Promise.race([look(), late.promise]);
      if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
      await sleep(20);
    }
  } finally {
    clearTimeout(limit);
  }
}
