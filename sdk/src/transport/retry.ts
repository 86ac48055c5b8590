import type { ErrorCode } from "@excalibur/core/protocol";
import type { ClockPort } from "../ports/index.ts";
import { NetworkError } from "../ports/index.ts";
import { randomFraction } from "./crypto.ts";
import { ApiError, GatewayError, TruncatedReplyError } from "./errors.ts";

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 15_000;
/** A server that asks for a longer pause than this is told to the person instead of waited for. */
const LONGEST_ASKED_DELAY_MS = 30_000;
const BUSY_STATUSES = new Set([502, 503, 504]);
/** The server's reasons that pass: it stops, is busy, or the line was too slow for once. */
const RETRIED_CODES: ReadonlySet<ErrorCode> = new Set(["shutting_down", "unavailable", "too_slow"]);
const DEFAULT_ATTEMPTS = 6;

/** Whether trying the same call again may help. All routes are safe to repeat: idempotency keys stay equal. */
export function mayRetry(error: unknown): boolean {
  if (error instanceof NetworkError) return error.temporary;
  if (error instanceof TruncatedReplyError) return true;
  if (error instanceof GatewayError) return BUSY_STATUSES.has(error.status);
  if (!(error instanceof ApiError)) return false;
  const isPassing = error.code === "rate_limited" || RETRIED_CODES.has(error.code);
  return isPassing && (error.facts.retryAfterMs ?? 0) <= LONGEST_ASKED_DELAY_MS;
}

/** Exponential, with jitter so that many clients do not come back at the same moment; never sooner than the server asked. */
export function retryDelayMs(failures: number, error: unknown): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  const jittered = ceiling / 2 + (ceiling / 2) * randomFraction();
  const asked = error instanceof ApiError ? (error.facts.retryAfterMs ?? 0) : 0;
  return Math.max(jittered, asked);
}

/** Runs `attempt` until it succeeds, fails for good or was tried `attempts` times; the last error is thrown. */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  options: {
    readonly clock: ClockPort;
    readonly attempts?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    /** Told before each pause. */
    readonly onRetry?: (error: unknown, failures: number) => void;
  },
): Promise<T> {
  const { clock, attempts = DEFAULT_ATTEMPTS, signal, onRetry } = options;
  for (let failures = 1; ; failures++) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (failures >= attempts || !mayRetry(error)) throw error;
      onRetry?.(error, failures);
      await clock.wait(retryDelayMs(failures, error), signal);
    }
  }
}
