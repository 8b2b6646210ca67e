/**
 * All of what was begun at once, and only when the last of it is through, however it ended: nobody must put things right
 * while something still changes them. Rejects with what the first in the list rejected with.
 */
export async function together<T extends readonly unknown[] | []>(
  promises: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

/** The body, done once whoever asks for it how often; again only where it failed. */
export function once<T>(body: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= body().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
