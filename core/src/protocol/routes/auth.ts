/** Sign-up, sign-in, recovery, sessions. spec/sign-in.md. */

import type { Static } from "typebox";
import {
  Bytes,
  Counter,
  FixedBytes,
  Hash,
  InviteCode,
  LoginId,
  SessionId,
  SlotId,
  TimeMs,
  UserId,
  UserName,
  VolumeId,
} from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { route } from "../route.ts";
import { Type } from "../schema.ts";

/** OPAQUE messages have fixed sizes; the limit only keeps nonsense out. */
const OpaqueMessage = Bytes({ minBytes: 32, maxBytes: 512 });

export const SlotType = Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3), Type.Literal(4)]);

/** 1 password, 2 recovery, 3 passkey, 4 device. `sealed` is an ExEF object of kind 4. */
export const Slot = Type.Object({
  slotId: SlotId,
  type: SlotType,
  generation: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
  sealed: Bytes({ maxBytes: LIMITS.slotBytes }),
});
export type Slot = Static<typeof Slot>;

export const signUpStart = route({
  id: "signUpStart",
  method: "POST",
  path: "/sign-up/start",
  kind: "open",
  summary: "First half of OPAQUE registration; says early if the name is taken or the invitation is no good.",
  body: Type.Object({
    name: UserName,
    userId: UserId,
    invite: Type.Optional(InviteCode),
    registrationRequest: OpaqueMessage,
  }),
  reply: Type.Object({ registrationResponse: OpaqueMessage }),
  errors: ["name_taken", "invite_required", "invite_invalid", "invite_other_name", "sign_up_closed"],
});

/** The genesis of a volume: manifest version 0, the first commit, its pages and the owner's envelope. */
export const NewVolume = Type.Object({
  volumeId: VolumeId,
  manifest: Bytes({ maxBytes: LIMITS.manifestBytes }),
  commit: Bytes({ maxBytes: LIMITS.jsonBodyBytes }),
  pages: Type.Array(Bytes({ maxBytes: LIMITS.pageRecordBytes }), { maxItems: 16 }),
  envelope: Bytes({ maxBytes: LIMITS.envelopeBytes }),
});
export type NewVolume = Static<typeof NewVolume>;

export const signUp = route({
  id: "signUp",
  method: "POST",
  path: "/sign-up",
  kind: "open",
  summary:
    "Makes the account in one transaction: record, slots, keyring, identity and home volume. Sent again with the same content it answers the same.",
  bodyLimitBytes: LIMITS.signUpBodyBytes,
  body: Type.Object({
    name: UserName,
    userId: UserId,
    invite: Type.Optional(InviteCode),
    registrationRecord: OpaqueMessage,
    /** Exactly one password and one recovery slot, both of generation 0. */
    slots: Type.Array(Slot, { minItems: 2, maxItems: 2 }),
    recoveryPublicKey: FixedBytes(32),
    /** Version 1, an ExEF object of kind 5. */
    keyring: Bytes({ maxBytes: LIMITS.keyringBytes }),
    identity: Bytes({ maxBytes: LIMITS.identityBytes }),
    homeVolume: NewVolume,
  }),
  reply: Type.Object({ userId: UserId, admin: Type.Boolean() }),
  errors: ["name_taken", "invite_required", "invite_invalid", "invite_other_name", "sign_up_closed", "record_invalid"],
});

export const signInStart = route({
  id: "signInStart",
  method: "POST",
  path: "/sign-in/start",
  kind: "open",
  summary: "First half of OPAQUE sign-in. An unknown name gets an answer of the same shape.",
  body: Type.Object({ name: UserName, loginRequest: OpaqueMessage }),
  reply: Type.Object({
    loginId: LoginId,
    serverNonce: FixedBytes(32),
    userId: UserId,
    loginResponse: OpaqueMessage,
  }),
  errors: ["too_many_attempts"],
});

/** The session key a client binds at sign-in: message and proof as in spec/sign-in.md «binding a session». */
export const SessionBinding = Type.Object({
  /** The address the client used, for the proof only; must be one the server calls its own. */
  origin: Type.String({ maxLength: 300 }),
  publicKey: FixedBytes(32),
  deviceName: Type.String({ maxLength: LIMITS.deviceNameBytes }),
  /** HMAC-SHA-256 (32 bytes) for a password, Ed25519 (64 bytes) otherwise. */
  proof: Bytes({ minBytes: 32, maxBytes: 64 }),
  /** Web sessions end after 30 unused days, others after 180. */
  client: Type.Union([Type.Literal("web"), Type.Literal("cli"), Type.Literal("app")]),
});
export type SessionBinding = Static<typeof SessionBinding>;

/** What a proven sign-in hands out: the session and the slot that fits the proof. */
export const SignedIn = Type.Object({
  sessionId: SessionId,
  userId: UserId,
  name: UserName,
  homeVolumeId: VolumeId,
  slot: Slot,
});
export type SignedIn = Static<typeof SignedIn>;

export const signInFinish = route({
  id: "signInFinish",
  method: "POST",
  path: "/sign-in/finish",
  kind: "open",
  summary: "Second half of OPAQUE sign-in, with the session key bound to it. The login is used up either way.",
  body: Type.Object({ loginId: LoginId, loginFinish: OpaqueMessage, session: SessionBinding }),
  reply: SignedIn,
  errors: ["sign_in_failed", "too_many_attempts", "account_disabled"],
});

export const recoveryStart = route({
  id: "recoveryStart",
  method: "POST",
  path: "/recovery/start",
  kind: "open",
  summary: "Asks for a nonce to sign with the recovery key. An unknown name gets an answer of the same shape.",
  body: Type.Object({ name: UserName }),
  reply: Type.Object({ loginId: LoginId, serverNonce: FixedBytes(32), userId: UserId }),
  errors: ["too_many_attempts"],
});

export const recoveryFinish = route({
  id: "recoveryFinish",
  method: "POST",
  path: "/recovery/finish",
  kind: "open",
  summary: "Proves the recovery words by a signature (never the words) and binds a session key.",
  body: Type.Object({ loginId: LoginId, session: SessionBinding }),
  reply: SignedIn,
  errors: ["recovery_failed", "too_many_attempts", "account_disabled"],
});

export const passwordStart = route({
  id: "passwordStart",
  method: "POST",
  path: "/account/password/start",
  kind: "query",
  summary: "First half of OPAQUE registration of a new password.",
  body: Type.Object({ registrationRequest: OpaqueMessage }),
  reply: Type.Object({ registrationResponse: OpaqueMessage }),
  errors: ["recent_sign_in_required"],
});

export const changePassword = route({
  id: "changePassword",
  method: "PUT",
  path: "/account/password",
  kind: "write",
  summary: "Replaces OPAQUE record and password slot in one transaction; needs a sign-in that is minutes old.",
  body: Type.Object({
    registrationRecord: OpaqueMessage,
    slot: Slot,
    /** The account key's generation the slot opens; must be the current one. */
    endOtherSessions: Type.Boolean(),
  }),
  errors: ["recent_sign_in_required", "version_conflict", "record_invalid"],
});

export const changeRecovery = route({
  id: "changeRecovery",
  method: "PUT",
  path: "/account/recovery",
  kind: "write",
  summary:
    "Replaces the key that proves recovery words and their slot in one transaction, from which on the old words are worthless; needs a sign-in that is minutes old.",
  body: Type.Object({
    recoveryPublicKey: FixedBytes(32),
    /** Of the account key's current generation. */
    slot: Slot,
  }),
  errors: ["recent_sign_in_required", "version_conflict", "record_invalid"],
});

export const deleteAccount = route({
  id: "deleteAccount",
  method: "DELETE",
  path: "/account",
  kind: "write",
  summary:
    "Shuts the account for ever: in one transaction its slots and password are gone and every session ends, this one too; volumes it owns are closed to everybody, it is out of those of others, and everything stored follows. Needs a sign-in that is minutes old.",
  errors: ["recent_sign_in_required"],
});

export const getAccount = route({
  id: "getAccount",
  method: "GET",
  path: "/account",
  kind: "read",
  summary: "Name, role, quota and slots (without their contents).",
  reply: Type.Object({
    userId: UserId,
    name: UserName,
    admin: Type.Boolean(),
    homeVolumeId: VolumeId,
    createdMs: TimeMs,
    usedBytes: Type.Integer({ minimum: 0 }),
    /** null: no limit. */
    quotaBytes: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    slots: Type.Array(Type.Object({ slotId: SlotId, type: SlotType, createdMs: TimeMs })),
    keyringVersion: Counter,
  }),
});

export const getStorage = route({
  id: "getStorage",
  method: "GET",
  path: "/account/storage",
  kind: "read",
  summary:
    "What counts against the quota, as far as the server can tell it apart: it does not see what an entry lists.",
  reply: Type.Object({
    /** Everything below and what folders list now. */
    usedBytes: Type.Integer({ minimum: 0 }),
    /** null: no limit. */
    quotaBytes: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    /** Deleted for good and still kept, for rewind. */
    deletedBytes: Type.Integer({ minimum: 0 }),
    /** When the first of it goes; null: there is none. */
    nextFreeMs: Type.Union([TimeMs, Type.Null()]),
    /** Reserved for uploads that are not complete. */
    unfinishedBytes: Type.Integer({ minimum: 0 }),
    /** How long the server keeps what was deleted or replaced. */
    retentionMs: Type.Integer({ minimum: 0 }),
  }),
});

export const getKeyring = route({
  id: "getKeyring",
  method: "GET",
  path: "/account/keyring",
  kind: "read",
  summary: "The newest keyring, sealed.",
  reply: Type.Object({
    version: Counter,
    generation: Type.Integer({ minimum: 0 }),
    sealed: Bytes({ maxBytes: LIMITS.keyringBytes }),
  }),
});

export const getKeyringHashes = route({
  id: "getKeyringHashes",
  method: "GET",
  path: "/account/keyring/hashes",
  kind: "read",
  summary:
    "SHA-256 of the stored bytes of every version after `after` (at most 1 000 an answer), for the client to recompute the chain.",
  query: Type.Object({ after: Counter }),
  reply: Type.Object({ hashes: Type.Array(Hash) }),
});

export const putKeyring = route({
  id: "putKeyring",
  method: "PUT",
  path: "/account/keyring",
  kind: "write",
  summary: "Writes version expectedVersion + 1, only if expectedVersion is the newest.",
  bodyLimitBytes: 6 * 1024 * 1024,
  body: Type.Object({
    expectedVersion: Counter,
    generation: Type.Integer({ minimum: 0 }),
    sealed: Bytes({ maxBytes: LIMITS.keyringBytes }),
  }),
  reply: Type.Object({ version: Counter }),
  errors: ["version_conflict", "record_invalid"],
});

export const Session = Type.Object({
  sessionId: SessionId,
  deviceName: Type.String(),
  client: Type.String(),
  createdMs: TimeMs,
  lastUsedMs: TimeMs,
  current: Type.Boolean(),
});
export type Session = Static<typeof Session>;

export const listSessions = route({
  id: "listSessions",
  method: "GET",
  path: "/sessions",
  kind: "read",
  summary: "Every live session of the account.",
  reply: Type.Object({ sessions: Type.Array(Session) }),
});

export const endSession = route({
  id: "endSession",
  method: "DELETE",
  path: "/sessions/:sessionId",
  kind: "write",
  summary: "Ends a session of the account at once; one's own to sign out. Ending an ended one succeeds.",
  params: Type.Object({ sessionId: SessionId }),
});

export const getIdentity = route({
  id: "getIdentity",
  method: "GET",
  path: "/identities/:userId",
  kind: "read",
  summary:
    "The identity records of an account, first to newest. The client checks them; the server's word counts for nothing.",
  params: Type.Object({ userId: UserId }),
  reply: Type.Object({
    userId: UserId,
    name: UserName,
    records: Type.Array(Bytes({ maxBytes: LIMITS.identityBytes })),
  }),
  errors: ["not_found"],
});
