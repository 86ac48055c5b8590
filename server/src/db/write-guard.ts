import { AsyncLocalStorage } from "node:async_hooks";

/** Knows which transactions run: to wait for them when closing, and to refuse one inside another, which would wait for itself. */
export class WriteGuard {
  readonly #inside = new AsyncLocalStorage<true>();
  readonly #running = new Set<Promise<unknown>>();

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside.getStore())
      throw new TypeError("A transaction was begun inside another; pass its handle on instead.");
    const running = this.#inside.run(true, work);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
