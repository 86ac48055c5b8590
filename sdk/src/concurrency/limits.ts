/** So many at once, the others in the order they came. */
export class Limiter {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(concurrency: number) {
    this.#free = concurrency;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

/** Work under way that somebody will wait for: at most `concurrency` at once, and `add` waits for a place. */
export class Lanes {
  readonly #concurrency: number;
  readonly #running = new Set<Promise<void>>();

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Resolves when the work has begun. The work must not throw: it reports its own failures. */
  async add(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#concurrency) await Promise.race(this.#running);
    const running: Promise<void> = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
