/** The tables of links, as schema.ts has the others. */

type Integer = number;
type Flag = 0 | 1;
type Bytes = Uint8Array;

/** A member whose keys come from a secret that the server never sees (docs/spec/links.md). */
export interface Links {
  link_id: Bytes;
  volume_id: Bytes;
  created_by: Bytes;
  fingerprint: Bytes;
  /** linkId16 ‖ Ed25519 key32 ‖ X-Wing key1216. */
  identity: Bytes;
  /** SHA-256 of what visitors show first. */
  knock_hash: Bytes;
  /** What it leads to, sealed. */
  record: Bytes;
  /** 16 viewer, 17 editor: what its row in the member list must say. */
  role: Integer;
  has_password: Flag;
  view_only: Flag;
  created_ms: Integer;
  expires_ms: Integer | null;
  max_downloads: Integer | null;
  /** Uses that count: spent, or begun and not given back. */
  downloads: Integer;
  paused: Flag;
  /** When a members commit took its row away. */
  revoked_ms: Integer | null;
}

/** Of a visitor. What it reads of contents is one use of the link. */
export interface LinkSessions {
  session_id: Bytes;
  link_id: Bytes;
  volume_id: Bytes;
  public_key: Bytes;
  client: "web" | "cli" | "app";
  created_ms: Integer;
  last_used_ms: Integer;
  /** When contents were last asked for; null: no use is begun. */
  reserved_ms: Integer | null;
  /** When the use was completed. */
  spent_ms: Integer | null;
}

export interface LinkLog {
  entry_id: Bytes;
  link_id: Bytes;
  volume_id: Bytes;
  at_ms: Integer;
  outcome: string;
  client: string;
  count: Integer;
}

/** An account that wants an invitation's place on the member list (docs/spec/links.md §10). */
export interface LinkClaims {
  link_id: Bytes;
  volume_id: Bytes;
  user_id: Bytes;
  server_nonce: Bytes;
  /** By the link's key, over the account's newest identity then. */
  signature: Bytes;
  claimed_ms: Integer;
}

/** A link that was taken back, once its volume has gone. */
export interface EndedLinks {
  link_id: Bytes;
  knock_hash: Bytes;
  /** When its row left the member list. */
  ended_ms: Integer;
}
