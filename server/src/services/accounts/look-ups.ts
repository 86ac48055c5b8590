import { LIMITS } from "@excalibur/core/protocol";
import { Refusal } from "../../refusal.ts";

const WINDOW_MS = 60_000;
/** Accounts that are remembered at once; beyond them whoever asked longest ago is forgotten. */
const ACCOUNTS = 10_000;

interface Window {
  readonly beganMs: number;
  asked: number;
}

/** Counts the names that an account asks for: who lists names by guessing is slow at it. In memory: a restart forgives a minute. */
export class LookUps {
  readonly #clock: () => number;
  readonly #windows = new Map<string, Window>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** @throws Refusal `rate_limited` */
  count(account: string): void {
    const nowMs = this.#clock();
    let window = this.#windows.get(account);
    if (window === undefined || nowMs - window.beganMs >= WINDOW_MS) window = { beganMs: nowMs, asked: 0 };
    this.#windows.delete(account);
    this.#windows.set(account, window);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= ACCOUNTS) break;
      this.#windows.delete(oldest);
    }
    if (window.asked >= LIMITS.lookUpsPerMinute) {
      throw new Refusal("rate_limited", { retryAfterMs: Math.max(1, window.beganMs + WINDOW_MS - nowMs) });
    }
    window.asked += 1;
  }
}
