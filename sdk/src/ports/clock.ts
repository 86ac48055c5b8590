export interface ClockPort {
  /** Milliseconds since 1970, UTC, by this device's clock. */
  nowMs(): number;
  /** Resolves after the time; rejects with the signal's reason when it is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}
