/** Timers that all end together when the sandbox closes, so that no test process hangs on one. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  /** Calls back after real milliseconds; returns how to call it off. */
  after(milliseconds: number, callback: () => void): () => void {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      callback();
    }, milliseconds);
    this.#running.add(timer);
    return () => {
      clearTimeout(timer);
      this.#running.delete(timer);
    };
  }

  clear(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
