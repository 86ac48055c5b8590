import type { ClockPort } from "../ports/index.ts";

/** Time that passes only when somebody waits for it: every wait is over at once and moves the clock. */
export class FakeClock implements ClockPort {
  #nowMs: number;
  readonly waitsMs: number[] = [];

  constructor(nowMs = 1_790_000_000_000) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waitsMs.push(ms);
    this.#nowMs += Math.round(ms);
    await Promise.resolve();
    signal?.throwIfAborted();
  }
}
