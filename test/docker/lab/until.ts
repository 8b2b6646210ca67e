import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks until it is so.
 * @throws Error when that takes longer than anything in the lab should
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  longestMs = 60_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + longestMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${longestMs / 1000} s`);
    await sleep(20);
  }
}
