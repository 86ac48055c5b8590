/** Links: members whose keys come from a secret in an address. spec/links.md. */

import type { Static } from "typebox";
import { Bytes, FixedBytes, Hash, LinkId, LoginId, SessionId, TimeMs, UserId, UserName, VolumeId } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { route } from "../route.ts";
import { Type } from "../schema.ts";
import { SessionBinding } from "./auth.ts";

const LinkParams = Type.Object({ linkId: LinkId });

/** null: never. */
const ExpiresMs = Type.Union([TimeMs, Type.Null()]);
/** null: without limit. */
const MaxDownloads = Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()]);

/** What the server holds a link to, and its maker may change. */
export const LinkRules = Type.Object({
  expiresMs: ExpiresMs,
  maxDownloads: MaxDownloads,
  /** Programs of visitors offer no download. */
  viewOnly: Type.Boolean(),
  paused: Type.Boolean(),
});
export type LinkRules = Static<typeof LinkRules>;

export const createLink = route({
  id: "createLink",
  method: "POST",
  path: "/links",
  kind: "write",
  summary:
    "Prepares a link into a volume whose members one may change. It works once a members commit names it; until then nobody sees it.",
  body: Type.Object({
    linkId: LinkId,
    volumeId: VolumeId,
    /** Of its row in the member list. */
    role: Type.Union([Type.Literal("viewer"), Type.Literal("editor")]),
    /** linkId16 ‖ Ed25519 key32 ‖ X-Wing key1216. */
    identity: FixedBytes(LIMITS.linkIdentityBytes),
    /** SHA-256 of what visitors show first. */
    knockHash: Hash,
    /** An ExEF object of kind 4. */
    record: Bytes({ maxBytes: LIMITS.linkRecordBytes }),
    hasPassword: Type.Boolean(),
    rules: LinkRules,
  }),
  reply: Type.Object({ linkId: LinkId }),
  errors: ["not_found", "forbidden", "record_invalid", "too_many"],
});

/** An account that wants the place of an invitation. Whoever changes the members verifies it before they believe it. */
export const Claim = Type.Object({
  userId: UserId,
  /** Of the account, first to newest; the claim names one of them. */
  records: Type.Array(Bytes({ maxBytes: LIMITS.identityBytes })),
  serverNonce: FixedBytes(32),
  /** By the link's key, label claim. */
  signature: FixedBytes(64),
  /** linkId16 ‖ Ed25519 key32 ‖ X-Wing key1216, as the member list's fingerprint says. */
  linkIdentity: FixedBytes(LIMITS.linkIdentityBytes),
  claimedMs: TimeMs,
});
export type Claim = Static<typeof Claim>;

export const Link = Type.Object({
  linkId: LinkId,
  volumeId: VolumeId,
  createdBy: UserId,
  role: Type.Union([Type.Literal("viewer"), Type.Literal("editor")]),
  hasPassword: Type.Boolean(),
  createdMs: TimeMs,
  rules: LinkRules,
  /** Uses that count: spent, or begun and not given back. */
  downloads: Type.Integer({ minimum: 0 }),
  /** null: it has not been opened, as far as the log goes. */
  lastOpenedMs: Type.Union([TimeMs, Type.Null()]),
  /** null: it stands in the member list. */
  revokedMs: Type.Union([TimeMs, Type.Null()]),
  /** Of an invitation that waits for somebody who may change the members. */
  claim: Type.Optional(Claim),
});
export type Link = Static<typeof Link>;

export const listLinks = route({
  id: "listLinks",
  method: "GET",
  path: "/links",
  kind: "read",
  summary:
    "Every link into volumes whose members one may change, whoever made it. What it is called only its maker knows.",
  reply: Type.Object({ links: Type.Array(Link) }),
});

export const changeLink = route({
  id: "changeLink",
  method: "PUT",
  path: "/links/:linkId",
  kind: "write",
  summary: "Replaces what the server holds a link to. A paused link's visitors are out at once.",
  params: LinkParams,
  body: Type.Object({ rules: LinkRules }),
  errors: ["not_found", "forbidden", "link_revoked"],
});

export const LinkOutcome = Type.Union([
  Type.Literal("opened"),
  Type.Literal("downloaded"),
  Type.Literal("wrong-password"),
  Type.Literal("locked"),
  Type.Literal("expired"),
  Type.Literal("used-up"),
  Type.Literal("paused"),
  Type.Literal("revoked"),
]);
export type LinkOutcome = Static<typeof LinkOutcome>;

export const getLinkLog = route({
  id: "getLinkLog",
  method: "GET",
  path: "/links/:linkId/log",
  kind: "read",
  summary: "What happened at a link, newest first: when, with what outcome, from what kind of program. No addresses.",
  params: LinkParams,
  reply: Type.Object({
    entries: Type.Array(
      Type.Object({
        atMs: TimeMs,
        outcome: LinkOutcome,
        /** web, cli, app; unknown: it was turned away before it said. */
        client: Type.String(),
        /** Of outcomes that are counted by the hour. */
        count: Type.Integer({ minimum: 1 }),
      }),
    ),
  }),
  errors: ["not_found", "forbidden"],
});

export const knockLink = route({
  id: "knockLink",
  method: "POST",
  path: "/links/:linkId/knock",
  kind: "open",
  summary:
    "Shows that one has the address of a link. Without the right knock every link, real or not, is the same 404; with it the answer says how it stands.",
  params: LinkParams,
  body: Type.Object({ knock: FixedBytes(32) }),
  reply: Type.Object({ loginId: LoginId, serverNonce: FixedBytes(32), needsPassword: Type.Boolean() }),
  errors: ["not_found", "link_expired", "link_used_up", "link_paused", "link_revoked"],
});

export const openLink = route({
  id: "openLink",
  method: "POST",
  path: "/links/:linkId/session",
  kind: "open",
  summary:
    "Binds a visitor's session key by the link's own signature, and answers what the link leads to, sealed. The login is used up either way; wrong passwords are counted by network.",
  params: LinkParams,
  body: Type.Object({ knock: FixedBytes(32), loginId: LoginId, session: SessionBinding }),
  reply: Type.Object({
    sessionId: SessionId,
    record: Bytes({ maxBytes: LIMITS.linkRecordBytes }),
    viewOnly: Type.Boolean(),
    expiresMs: ExpiresMs,
  }),
  errors: [
    "not_found",
    "link_expired",
    "link_used_up",
    "link_paused",
    "link_revoked",
    "link_password_wrong",
    "too_many_attempts",
  ],
});

export const claimLink = route({
  id: "claimLink",
  method: "POST",
  path: "/links/:linkId/claim",
  kind: "write",
  summary:
    "Asks for an invitation's place on the member list, by a signature of its key over the account's newest identity. One account may, once; it gives no access: whoever changes the members verifies it and puts the account in the link's place.",
  params: LinkParams,
  body: Type.Object({
    knock: FixedBytes(32),
    loginId: LoginId,
    /** Label claim, over linkId16 ‖ SHA-256(newest identity record) ‖ serverNonce32. */
    signature: FixedBytes(64),
  }),
  errors: ["not_found", "link_expired", "link_paused", "link_revoked", "link_claimed", "record_invalid"],
});

export const listClaims = route({
  id: "listClaims",
  method: "GET",
  path: "/claims",
  kind: "read",
  summary: "The invitations that the account has claimed and that wait for somebody who may change the members.",
  reply: Type.Object({
    claims: Type.Array(
      Type.Object({
        linkId: LinkId,
        volumeId: VolumeId,
        /** Who made the invitation; null: that account is gone. */
        invitedBy: Type.Union([UserName, Type.Null()]),
        claimedMs: TimeMs,
      }),
    ),
  }),
});
