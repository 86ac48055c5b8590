/** Lets at most `limit` at a time do the work of one key (an account); the others wait in line, their bodies unread. */
export class Turnstile {
  readonly #limit: number;
  readonly #inside = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(key);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  async #enter(key: string): Promise<void> {
    const inside = this.#inside.get(key) ?? 0;
    if (inside < this.#limit) {
      this.#inside.set(key, inside + 1);
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const line = this.#waiting.get(key);
    if (line === undefined) this.#waiting.set(key, [resolve]);
    else line.push(resolve);
    await promise;
  }

  /** Whoever is next takes the place over, so the number inside stays. */
  #leave(key: string): void {
    const line = this.#waiting.get(key);
    const next = line?.shift();
    if (line?.length === 0) this.#waiting.delete(key);
    if (next !== undefined) {
      next();
      return;
    }
    const inside = (this.#inside.get(key) ?? 1) - 1;
    if (inside === 0) this.#inside.delete(key);
    else this.#inside.set(key, inside);
  }
}
