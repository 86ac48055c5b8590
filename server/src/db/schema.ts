/**
 * The tables as TypeScript sees them; docs/spec/data.md says what each holds and why. The same on both databases:
 * ids, hashes and records are bytes, times are milliseconds since 1970, yes and no are 1 and 0.
 */

import type { EndedLinks, LinkClaims, LinkLog, LinkSessions, Links } from "./link-tables.ts";
import type { RequestItems, RequestSenders, Requests } from "./request-tables.ts";

export type * from "./link-tables.ts";
export type * from "./request-tables.ts";

/** Times, sizes, counters and flags: int8 on PostgreSQL, below 2^53. */
type Integer = number;
type Flag = 0 | 1;
type Bytes = Uint8Array;

export interface Accounts {
  user_id: Bytes;
  name: string;
  admin: Flag;
  disabled: Flag;
  created_ms: Integer;
  /** null: no limit. */
  quota_bytes: Integer | null;
  used_bytes: Integer;
  opaque_record: Bytes;
  /** Generation of the account key that slots and keyring belong to. */
  ak_generation: Integer;
  recovery_public_key: Bytes;
  home_volume_id: Bytes;
  /** SHA-256 of the sign-up request, so that the same one sent again gets the same answer. */
  sign_up_hash: Bytes;
}

export interface Slots {
  user_id: Bytes;
  slot_id: Bytes;
  /** 1 password, 2 recovery, 3 passkey, 4 device. */
  type: Integer;
  generation: Integer;
  sealed: Bytes;
  created_ms: Integer;
}

export interface Keyrings {
  user_id: Bytes;
  version: Integer;
  generation: Integer;
  sealed: Bytes;
}

export interface KeyringHashes {
  user_id: Bytes;
  version: Integer;
  hash: Bytes;
}

export interface Identities {
  user_id: Bytes;
  sequence: Integer;
  record: Bytes;
  fingerprint: Bytes;
}

/** Of accounts that are gone, for the histories of others. */
export interface PastIdentities extends Identities {}

export interface Invites {
  code_hash: Bytes;
  admin: Flag;
  /** Made by a start without accounts; the next such start revokes it. */
  first_run: Flag;
  created_ms: Integer;
  expires_ms: Integer;
  used_by: Bytes | null;
  used_ms: Integer | null;
  revoked_ms: Integer | null;
  /** The only user name it is good for; null: any. */
  name: string | null;
}

export interface Logins {
  login_id: Bytes;
  purpose: "password" | "recovery" | "link";
  name: string;
  /** null: an unknown name, which gets the same answers. */
  user_id: Bytes | null;
  /** The user id that was told, real or made up. */
  told_user_id: Bytes;
  /** Whom a failure counts against: hash of name and network. */
  subject: Bytes;
  /** The server's half of OPAQUE; empty for a recovery. */
  state: Bytes;
  server_nonce: Bytes;
  expires_ms: Integer;
}

export interface Sessions {
  session_id: Bytes;
  user_id: Bytes;
  public_key: Bytes;
  device_name: string;
  client: "web" | "cli" | "app";
  created_ms: Integer;
  last_used_ms: Integer;
  signed_in_ms: Integer;
  ended_ms: Integer | null;
}

export interface Nonces {
  session_id: Bytes;
  nonce: Bytes;
  expires_ms: Integer;
}

export interface Idempotency {
  session_id: Bytes;
  key: string;
  request_digest: Bytes;
  /** The reply as JSON text; empty for one without content. */
  reply: string;
  expires_ms: Integer;
}

export interface LoginAttempts {
  subject: Bytes;
  failures: Integer;
  last_ms: Integer;
  locked_until_ms: Integer;
  /** Whose name it is; null for a name that nobody has. */
  user_id: Bytes | null;
}

export interface Volumes {
  volume_id: Bytes;
  owner_user_id: Bytes;
  head_sequence: Integer;
  head_hash: Bytes;
  state_root: Bytes;
  manifest_version: Integer;
  g: Integer;
  created_ms: Integer;
  genesis_hash: Bytes;
  /** When it was made or got its last commit; null once a commit of another volume mounted it, and for a home volume. */
  pending_ms: Integer | null;
  /** The volume whose commit mounted it; null for a home volume. */
  mounted_from: Bytes | null;
}

export interface Manifests {
  volume_id: Bytes;
  version: Integer;
  record: Bytes;
  hash: Bytes;
}

/** Projection of the newest manifest, for access control: without those who have left, and of a pending volume its owner alone. */
export interface Members {
  volume_id: Bytes;
  subject_id: Bytes;
  fingerprint: Bytes;
  role: Integer;
  accepted_ms: Integer | null;
}

/** Who has left and still stands in the newest manifest. */
export interface Departures {
  volume_id: Bytes;
  subject_id: Bytes;
  left_ms: Integer;
}

export interface Envelopes {
  volume_id: Bytes;
  g: Integer;
  recipient_fingerprint: Bytes;
  record: Bytes;
}

export interface PreviousKeys {
  volume_id: Bytes;
  g: Integer;
  sealed: Bytes;
}

export interface Commits {
  volume_id: Bytes;
  sequence: Integer;
  hash: Bytes;
  record: Bytes;
  received_ms: Integer;
}

/** Current pages (replaced_ms null) and replaced ones, which undo and rewind use. */
export interface Pages {
  volume_id: Bytes;
  node_id: Bytes;
  bits_length: Integer;
  bits: Integer;
  version: Integer;
  record_hash: Bytes;
  size_bytes: Integer;
  record: Bytes;
  /** Of the commit that brought it. */
  sequence: Integer;
  replaced_ms: Integer | null;
}

/** Pages ahead of their commit. The header and what stands in it are columns, so that a commit never loads the records. */
export interface PendingPages {
  volume_id: Bytes;
  record_hash: Bytes;
  header: Bytes;
  node_id: Bytes;
  bits_length: Integer;
  bits: Integer;
  version: Integer;
  size_bytes: Integer;
  record: Bytes;
  user_id: Bytes;
  received_ms: Integer;
}

export interface Objects {
  object_id: Bytes;
  ciphertext_length: Integer;
  header: Bytes;
  root: Bytes;
  tree_hash: Bytes;
  /** Where the blob store put it. */
  location: string;
  uploader_user_id: Bytes;
  created_ms: Integer;
  /** The link through which it came; the uploader is then the account that pays. */
  link_id: Bytes | null;
}

/**
 * Leaf hashes in runs, so that a proof in a huge object reads only what it needs; none for an object of one segment, whose
 * leaf is its tree hash. Written ahead of the object's row, hence without a foreign key.
 */
export interface ObjectLeaves {
  object_id: Bytes;
  chunk: Integer;
  leaves: Bytes;
  /** MTH of the run: with it a proof need not hash the leaves outside its range. */
  tree_hash: Bytes;
}

export interface ObjectReferences {
  volume_id: Bytes;
  object_id: Bytes;
  count: Integer;
  added_ms: Integer;
  dropped_ms: Integer | null;
}

export interface Uploads {
  object_id: Bytes;
  user_id: Bytes;
  ciphertext_length: Integer;
  created_ms: Integer;
  header: Bytes | null;
  /** The link through which it comes; the account is then the one that pays. */
  link_id: Bytes | null;
}

export interface UploadParts {
  object_id: Bytes;
  part: Integer;
  leaves: Bytes;
}

export interface Audit {
  audit_id: Bytes;
  /** Of a counted entry the last time. */
  at_ms: Integer;
  /** The account that acted; null for everybody else. */
  actor: Bytes | null;
  actor_kind: "account" | "operator" | "server" | "anybody";
  action: string;
  subject: string | null;
  request_id: string | null;
  /** How often it happened in its hour; 1 for what is not counted. */
  count: Integer;
}

/** What commands beside the server have changed and it must know at once. */
export interface Notices {
  notice_id: Integer;
  at_ms: Integer;
  kind: string;
  subject: string;
}

/** What runs by itself, and how it went. */
export interface Jobs {
  name: string;
  last_started_ms: Integer | null;
  /** Of the run before while one is running. */
  last_ended_ms: Integer | null;
  outcome: "done" | "damage" | "failed" | "interrupted" | null;
  /** JSON: what the last run did. */
  result: string | null;
  /** Where an unfinished run goes on, in the job's own words. */
  place: string | null;
  /** null: only when asked for. */
  next_run_ms: Integer | null;
}

/** What commands ask of the process that has the objects folder. */
export interface JobRequests {
  request_id: Bytes;
  task: string;
  dry_run: Flag;
  repair: Flag;
  requested_ms: Integer;
  started_ms: Integer | null;
  /** JSON: how far it is. */
  progress: string | null;
  ended_ms: Integer | null;
  outcome: "done" | "damage" | "failed" | "interrupted" | null;
  /** JSON */
  result: string | null;
}

/** What only one process at a time may do. */
export interface Leases {
  name: string;
  holder: Bytes;
  expires_ms: Integer;
}

export interface Settings {
  key: string;
  value: string;
}

export interface Migrations {
  number: Integer;
  name: string;
  applied_ms: Integer;
}

export interface Schema {
  accounts: Accounts;
  slots: Slots;
  keyrings: Keyrings;
  keyring_hashes: KeyringHashes;
  identities: Identities;
  past_identities: PastIdentities;
  invites: Invites;
  logins: Logins;
  sessions: Sessions;
  nonces: Nonces;
  idempotency: Idempotency;
  login_attempts: LoginAttempts;
  volumes: Volumes;
  manifests: Manifests;
  members: Members;
  departures: Departures;
  links: Links;
  link_sessions: LinkSessions;
  link_log: LinkLog;
  link_claims: LinkClaims;
  ended_links: EndedLinks;
  envelopes: Envelopes;
  previous_keys: PreviousKeys;
  commits: Commits;
  pages: Pages;
  pending_pages: PendingPages;
  objects: Objects;
  object_leaves: ObjectLeaves;
  object_references: ObjectReferences;
  uploads: Uploads;
  upload_parts: UploadParts;
  requests: Requests;
  request_senders: RequestSenders;
  request_items: RequestItems;
  audit: Audit;
  jobs: Jobs;
  job_requests: JobRequests;
  leases: Leases;
  notices: Notices;
  settings: Settings;
  migrations: Migrations;
}
