import type { VolumeHistory } from "../../volumes/index.ts";

/**
 * [Note: How age is told without believing a clock]
 * What is old enough is deleted without anybody being asked, so a clock that is wrong by years, or lies, must not make
 * things old. Three witnesses have to agree. This device's clock and the server's say nearly the same. By the earlier of
 * them the time has passed. And it was seen passing: between two signed commits, or the last one and now, no more than
 * ten days count, so a clock that jumps makes nothing older by more than that. What happened up to some commit is thus
 * as old as the steps from there to now, each at its real length or ten days. A drive on which nobody writes ages slowly,
 * which costs space and nothing else.
 */
export const LONGEST_STEP_MS = 10 * 86_400_000;
/** Clocks that differ by more are not believed. */
export const CLOCKS_AGREE_MS = 86_400_000;

export interface Clocks {
  /** This device's own, whatever the server says. */
  readonly deviceMs: number;
  /** The server's, as far as known. */
  readonly serverMs: number;
}

/**
 * What is dated at or before the answer has been there for at least `ageMs`. undefined: nothing can be told to be so old.
 * Throws VolumeIntegrityError when the server gives another history.
 */
export async function agedBefore(
  history: Pick<VolumeHistory, "moments">,
  { clocks, ageMs, signal }: { readonly clocks: Clocks; readonly ageMs: number; readonly signal?: AbortSignal },
): Promise<number | undefined> {
  const { deviceMs, serverMs } = clocks;
  if (Math.abs(deviceMs - serverMs) > CLOCKS_AGREE_MS) return undefined;
  const nowMs = Math.min(deviceMs, serverMs);
  let seenMs = 0;
  let laterMs = nowMs;
  for await (const { timeMs } of history.moments({ ...(signal && { signal }) })) {
    seenMs += Math.min(LONGEST_STEP_MS, Math.max(0, laterMs - timeMs));
    // Dates in pages are not after the commit that wrote them, and after the one before it.
    if (seenMs >= ageMs) return Math.min(timeMs, nowMs - ageMs);
    laterMs = Math.min(laterMs, timeMs);
  }
  return undefined;
}
