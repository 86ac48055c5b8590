import { utf8Encode } from "@excalibur/core/bytes";
import { sha256 } from "@excalibur/core/primitives";
import type { WriteHandle } from "../db/index.ts";
import { findAttempts, forgetAttempts, forgetAttemptsBefore, saveAttempts } from "../db/stores/logins.ts";
import { Refusal } from "../refusal.ts";

/** So many attempts in a row are free. */
const FREE_ATTEMPTS = 10;
const FIRST_LOCK_MS = 1_000;
const LONGEST_LOCK_MS = 15 * 60_000;
/** Left alone this long, a subject begins anew. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

/**
 * Whom attempts count against: a name as seen from one network. Somebody who guesses locks the name for their own network
 * only, and never keeps the owner out. Names that nobody has are counted alike.
 */
export function attemptSubject(purpose: "password" | "recovery" | "link", name: string, network: string): Uint8Array {
  return sha256(utf8Encode(`${purpose}\n${name}\n${network}`));
}

/** After `failures` in a row, the last just now. */
export function lockMs(failures: number): number {
  if (failures < FREE_ATTEMPTS) return 0;
  return Math.min(FIRST_LOCK_MS * 2 ** Math.min(failures - FREE_ATTEMPTS, 30), LONGEST_LOCK_MS);
}

export interface Attempt {
  readonly subject: Uint8Array;
  /** Whose name it is, so that it can be forgiven; null for a name that nobody has. */
  readonly userId: Uint8Array | null;
  readonly nowMs: number;
}

/**
 * Counts the attempt when it begins, not when it fails: with the server's first answer a guesser already knows whether the
 * password was right, and need not come back to say so. Success takes it all back (`succeeded`).
 * @throws Refusal too_many_attempts while the subject is locked; that attempt does not count
 */
export async function countAttempt(tx: WriteHandle, attempt: Attempt): Promise<void> {
  const { subject, userId, nowMs } = attempt;
  await forgetAttemptsBefore(tx, nowMs - FORGOTTEN_AFTER_MS);
  const counted = await findAttempts(tx, subject);
  if (counted && counted.locked_until_ms > nowMs) {
    throw new Refusal("too_many_attempts", { retryAfterMs: counted.locked_until_ms - nowMs });
  }
  const failures = (counted?.failures ?? 0) + 1;
  const times = { last_ms: nowMs, locked_until_ms: nowMs + lockMs(failures) };
  await saveAttempts(tx, { subject, user_id: userId, failures, ...times });
}

export async function succeeded(tx: WriteHandle, subject: Uint8Array): Promise<void> {
  await forgetAttempts(tx, subject);
}
