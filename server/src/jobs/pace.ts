import { setImmediate as breathe, setTimeout as wait } from "node:timers/promises";

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Does not keep the process alive. @throws the signal's reason */
export const sleep: Sleep = async (ms, signal) => {
  signal.throwIfAborted();
  try {
    await wait(ms, undefined, { signal, ref: false });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
};

const LONGEST_REST_MS = 250;
/** Shorter rests are saved up: timers are no better than this. */
const SHORTEST_REST_MS = 10;

/** Lets a job take at most half of the time, and read at most so many bytes a second. */
export class Pace {
  readonly #options: PaceOptions;
  #workedSince = performance.now();
  #owedMs = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  async rest(readBytes = 0): Promise<void> {
    const { signal, hurry, bytesPerSecond } = this.#options;
    signal.throwIfAborted();
    const workedMs = Math.min(performance.now() - this.#workedSince, LONGEST_REST_MS);
    if (!hurry) this.#owedMs += Math.max(workedMs, (readBytes / bytesPerSecond) * 1000);
    if (this.#owedMs >= SHORTEST_REST_MS) {
      const restMs = this.#owedMs;
      this.#owedMs = 0;
      await this.#options.sleep(restMs, signal);
    } else await breathe();
    signal.throwIfAborted();
    this.#workedSince = performance.now();
  }
}

export interface PaceOptions {
  readonly signal: AbortSignal;
  /** Somebody waits for the end: only gives way to what else is to be done. */
  readonly hurry: boolean;
  readonly bytesPerSecond: number;
  readonly sleep: Sleep;
}
