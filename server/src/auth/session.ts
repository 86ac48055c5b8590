import type { SessionId, UserId } from "@excalibur/core/protocol";
import type { LinkVisit } from "./link-visit.ts";

/** Into which request a sender may send, and whose it is. */
export interface RequestSender {
  readonly senderId: Uint8Array;
  readonly requestId: Uint8Array;
  readonly ownerId: Uint8Array;
}

/** Who a signed request comes from. Bytes for the database, text as it travels. */
export interface LiveSession {
  /**
   * Set for who has no account and may send into one upload request. `userId` is then the sender's own id, which is nobody's
   * account: what asks for an account's things by it finds nothing.
   */
  readonly sender?: RequestSender;
  readonly sessionId: Uint8Array;
  readonly sessionIdText: SessionId;
  /** The account; of a link's visitor the link, which is a member of its volume like an account. */
  readonly userId: Uint8Array;
  readonly userIdText: UserId;
  readonly publicKey: Uint8Array;
  readonly admin: boolean;
  readonly disabled: boolean;
  readonly signedInMs: number;
  readonly lastUsedMs: number;
  /** Of a link's visitor only. */
  readonly link?: LinkVisit;
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
