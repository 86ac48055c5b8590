import { equalBytes, fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { randomBytes, sha256 } from "@excalibur/core/primitives";
import { LIMITS } from "@excalibur/core/protocol";

const ticketBytes = 32;

/** Who may open a socket with a ticket. */
export interface TicketHolder {
  readonly sessionId: string;
  readonly userId: string;
}

export interface IssuedTicket {
  /** 32 bytes as base64url. */
  readonly ticket: string;
  readonly expiresMs: number;
}

interface Waiting extends TicketHolder {
  readonly hash: Uint8Array;
  readonly expiresMs: number;
}

/** Tickets that open the WebSocket: 32 random bytes, good once and for 30 seconds (cryptography.md §8). */
export class Tickets {
  readonly #clock: () => number;
  /** By the first half of the ticket's hash; the whole hash is compared in constant time. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  issue(holder: TicketHolder): IssuedTicket {
    this.#sweep();
    const ticket = randomBytes(ticketBytes);
    const hash = sha256(ticket);
    const expiresMs = this.#clock() + LIMITS.ticketMs;
    this.#waiting.set(lookupKey(hash), { ...holder, hash, expiresMs });
    return { ticket: toBase64Url(ticket), expiresMs };
  }

  /** Uses the ticket up. Undefined for one that is unknown, used or too old. */
  redeem(ticket: string): TicketHolder | undefined {
    this.#sweep();
    const hash = hashOf(ticket);
    if (hash === undefined) return undefined;
    const waiting = this.#waiting.get(lookupKey(hash));
    if (waiting === undefined || !equalBytes(waiting.hash, hash)) return undefined;
    this.#waiting.delete(lookupKey(hash));
    return { sessionId: waiting.sessionId, userId: waiting.userId };
  }

  /** Oldest first, all with the same lifetime: stops at the first one still good. */
  #sweep(): void {
    const nowMs = this.#clock();
    for (const [key, { expiresMs }] of this.#waiting) {
      if (expiresMs > nowMs) return;
      this.#waiting.delete(key);
    }
  }
}

function hashOf(ticket: string): Uint8Array | undefined {
  try {
    const bytes = fromBase64Url(ticket);
    return bytes.length === ticketBytes ? sha256(bytes) : undefined;
  } catch {
    // Not base64url: to the caller an unknown ticket like any other.
    return undefined;
  }
}

function lookupKey(hash: Uint8Array): string {
  return toBase64Url(hash.subarray(0, 16));
}
