import type { SessionId, UserId } from "@excalibur/core/protocol";

/** Who a signed request comes from. Bytes for the database, text as it travels. */
export interface LiveSession {
  readonly sessionId: Uint8Array;
  readonly sessionIdText: SessionId;
  readonly userId: Uint8Array;
  readonly userIdText: UserId;
  readonly publicKey: Uint8Array;
  readonly admin: boolean;
  readonly disabled: boolean;
  readonly signedInMs: number;
  readonly lastUsedMs: number;
}

/** What makes a write take effect at most once (services/mutation.ts). */
export interface WriteProof {
  readonly session: LiveSession;
  /** 16 bytes, never seen before from this session. */
  readonly nonce: Uint8Array;
  readonly idempotencyKey: string;
  /** SHA-256 over method, path, query and content digest: the same for every retry of one operation. */
  readonly requestDigest: Uint8Array;
}
