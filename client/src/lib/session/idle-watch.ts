/** When somebody last touched any window of this drive, for all of them. */
export interface TouchMemory {
  /** undefined: not known. */
  readMs(): number | undefined;
  writeMs(atMs: number): void;
}

export interface IdleWatchOptions {
  readonly limitMs: number;
  readonly memory: TouchMemory;
  readonly nowMs: () => number;
  /** Something is under way that a lock would break off: counts as a touch. */
  readonly isBusy: () => boolean;
  /** Called once. */
  readonly onIdle: () => void;
}

/** Touches come by the hundred a second; the memory need not hear of each. */
const WRITE_EVERY_MS = 1_000;

/**
 * [Note: Idle lock]
 * The limit counts from the last touch in any window, and over sleep and closed windows: a drive that was left open
 * overnight is locked in the morning, before the first touch of the morning counts.
 */
export class IdleWatch {
  readonly #options: IdleWatchOptions;
  #isOver = false;

  constructor(options: IdleWatchOptions) {
    this.#options = options;
  }

  /** Somebody is there. */
  touch(): void {
    this.check();
    if (this.#isOver) return;
    const { memory, nowMs } = this.#options;
    const now = nowMs();
    const last = memory.readMs();
    if (last === undefined || Math.abs(now - last) >= WRITE_EVERY_MS) memory.writeMs(now);
  }

  /** Every few seconds, and when a window wakes. */
  check(): void {
    if (this.#isOver) return;
    const { limitMs, memory, nowMs, isBusy, onIdle } = this.#options;
    const now = nowMs();
    const last = memory.readMs();
    if (last === undefined || isBusy()) {
      memory.writeMs(now);
      return;
    }
    if (now - last < limitMs) return;
    this.#isOver = true;
    onIdle();
  }
}

const KEY = "excalibur.touched";

let own: number | undefined;

/** Of this browser; where it keeps nothing, of this window. */
export const sharedTouch: TouchMemory = {
  readMs() {
    try {
      const stored = Number(localStorage.getItem(KEY) ?? Number.NaN);
      return Number.isFinite(stored) ? stored : own;
    } catch {
      return own;
    }
  },
  writeMs(atMs) {
    own = atMs;
    try {
      localStorage.setItem(KEY, String(atMs));
    } catch {
      // This window still knows, and it is the only one without storage.
    }
  },
};

/** Somebody has just shown who they are. */
export function noteTouch(): void {
  sharedTouch.writeMs(Date.now());
}
