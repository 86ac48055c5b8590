/** Tables of upload requests; types as in schema.ts. */

type Integer = number;
type Bytes = Uint8Array;

/** Upload requests. Nothing in them can be read here. */
export interface Requests {
  request_id: Bytes;
  owner_user_id: Bytes;
  /** X-Wing: senders seal to it. */
  public_key: Bytes;
  /** SHA-256 of what senders show. */
  knock_hash: Bytes;
  sealed_text: Bytes;
  max_bytes: Integer;
  max_items: Integer;
  max_item_bytes: Integer;
  /** All that was sent and not rejected, unfinished uploads included. */
  used_bytes: Integer;
  used_items: Integer;
  /** Of the item that arrived last. */
  last_place: Integer;
  created_ms: Integer;
  /** null: never. */
  expires_ms: Integer | null;
  /** null: open. */
  closed_ms: Integer | null;
}

/** Keys by which senders without an account sign their requests. */
export interface RequestSenders {
  sender_id: Bytes;
  request_id: Bytes;
  public_key: Bytes;
  created_ms: Integer;
  last_used_ms: Integer;
}

/** What senders upload: begun (no arrived_ms), in the inbox (a description), or settled (arrived, no description any more). */
export interface RequestItems {
  object_id: Bytes;
  request_id: Bytes;
  sender_id: Bytes;
  ciphertext_length: Integer;
  begun_ms: Integer;
  /** In the order of arrival. */
  place: Integer | null;
  arrived_ms: Integer | null;
  /** Sealed to the owner. */
  description: Bytes | null;
  /** The owner's word to the sender that it was filed. */
  filed_proof: Bytes | null;
}
