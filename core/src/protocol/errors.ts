/**
 * Error codes of the wire: stable, one union. `code` is for programs, `detail` for people.
 * Every answer that is not a success is an RFC 9457 problem document {type, title, status, code, detail, requestId, …members}.
 */

import type { Static } from "typebox";
import { Type } from "./schema.ts";

export { ExcaliburError } from "../bytes/index.ts";

/** HTTP status and the sentence shown when nothing more exact is known. */
export const ERROR_CODES = {
  bad_request: [400, "The request was malformed. Nothing was changed."],
  body_too_large: [413, "The request is larger than the server takes. Nothing was changed."],
  too_slow: [
    408,
    "The request did not arrive whole in the time that the server gives. Nothing was changed; try again.",
  ],
  unsupported_media_type: [415, "The request's content type is not the one this address takes. Nothing was changed."],
  not_found: [
    404,
    "There is nothing at this address, or it is not yours to see. Nothing was changed or deleted; what this device has stays.",
  ],
  method_not_allowed: [405, "This address does not take that method."],
  signature_required: [401, "This address needs a signed request of a live session. Sign in and try again."],
  signature_invalid: [401, "The request's signature does not fit what arrived. Nothing was changed."],
  session_ended: [401, "This session has ended. Sign in again; nothing of yours was lost."],
  clock_skew: [
    401,
    "This device's clock and the server's differ by more than a minute. The client corrects for it by asking the server's clock.",
  ],
  replayed: [401, "This request was already received once. Nothing was done a second time."],
  idempotency_conflict: [409, "The same idempotency key came with a different request. Nothing was changed."],
  content_mismatch: [400, "The body does not match its digest. Nothing was stored; send it again."],
  recent_sign_in_required: [
    403,
    "Changing how you sign in needs a sign-in that is only minutes old. Enter the password again.",
  ],
  forbidden: [403, "This account may not do that."],
  account_disabled: [403, "This account is disabled. Ask the person who runs the server; the files are still there."],
  sign_in_failed: [401, "The name or the password is wrong."],
  recovery_failed: [401, "The name or the recovery words are wrong."],
  too_many_attempts: [429, "Too many attempts. Wait a little and try again."],
  rate_limited: [429, "Too many requests at once. Wait a little and try again."],
  name_taken: [409, "That user name is taken. Choose another; no account was made."],
  invite_required: [403, "This server takes new accounts by invitation only."],
  invite_invalid: [403, "That invitation is not valid: it was used, has expired or never existed. Ask for a new one."],
  invite_other_name: [403, "This invitation is for another user name. Sign up with the name that it was made for."],
  sign_up_closed: [403, "This server takes no new accounts."],
  version_conflict: [
    409,
    "Somebody was quicker: the version this change builds on is no longer the newest. Nothing was changed.",
  ],
  head_moved: [
    409,
    "The volume has newer commits than the one this builds on. Nothing was changed; the client applies the change again.",
  ],
  commit_invalid: [422, "The commit breaks a rule of the format. Nothing was changed."],
  page_missing: [422, "The commit names a page that was not sent. Nothing was changed."],
  object_missing: [
    422,
    "The commit names an object that was not uploaded or is not readable for this account. Nothing was changed.",
  ],
  record_invalid: [422, "A record breaks a rule of its format. Nothing was stored."],
  upload_not_found: [404, "There is no such unfinished upload. Begin it again; what was completed before is safe."],
  upload_mismatch: [409, "An upload of this object with another length exists. Nothing was changed."],
  upload_incomplete: [
    409,
    "The server lacks parts of this upload. Nothing is lost: start it again, and they are sent.",
  ],
  leaves_mismatch: [422, "The part does not match its leaf hashes. It was not stored; send it again."],
  object_exists: [409, "An object with this id exists already. Nothing was changed."],
  object_lost: [
    500,
    "The server's disk has lost this file's contents or cannot read them. Other files are not concerned. Whoever runs the server can restore it from a backup; keep any other copy.",
  ],
  object_gone: [410, "The object was dropped and is no longer kept."],
  request_closed: [
    410,
    "This upload request takes nothing more: it was closed or has expired. What you sent before is there; ask whoever gave you the address.",
  ],
  request_full: [
    413,
    "This is more than the upload request takes: larger than one item may be, or beyond what is left of its items or bytes. It was not stored; ask whoever gave you the address.",
  ],
  item_not_filed: [
    409,
    "An item counts as filed once a folder lists it, and none does. Nothing was changed; the item is still in the inbox.",
  ],
  quota_exceeded: [
    413,
    "This does not fit in the account's quota. Nothing was stored; free some space or ask for more.",
  ],
  storage_full: [
    507,
    "The server's disk is full. Nothing was stored; what was stored before is safe. Ask the person who runs the server.",
  ],
  range_not_satisfiable: [416, "The asked range lies outside the object."],
  too_many: [409, "A limit on how many of these there may be is reached. Nothing was changed."],
  link_expired: [403, "This link has expired. Nothing was opened; ask whoever gave it to you for a new one."],
  link_used_up: [
    403,
    "This link was used as often as it may be. Nothing was opened; ask whoever gave it to you for a new one.",
  ],
  link_paused: [
    403,
    "This link is paused for now. Nothing was opened; ask whoever gave it to you, or try again later.",
  ],
  link_revoked: [403, "This link was taken back. Nothing was opened; ask whoever gave it to you."],
  link_claimed: [
    409,
    "Somebody has taken up this invitation already. Nothing was changed; ask whoever gave it to you for another one.",
  ],
  link_password_wrong: [403, "The password of this link is wrong. Nothing was opened; try again."],
  shutting_down: [503, "The server is restarting. Try again in a moment."],
  unavailable: [503, "The server cannot do this now. Nothing was lost; try again in a moment."],
  internal: [500, "The server failed unexpectedly and wrote the cause to its log. Nothing half-done was kept."],
} as const satisfies Record<string, readonly [status: number, detail: string]>;

export type ErrorCode = keyof typeof ERROR_CODES;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

/** RFC 9457, application/problem+json. `retryAfterMs`, `head` and `reason` are the only extra members, each only where its code says so. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  requestId: Type.Optional(Type.String()),
  /** too_many_attempts, rate_limited */
  retryAfterMs: Type.Optional(Type.Integer()),
  /** clock_skew: the server's clock */
  timeMs: Type.Optional(Type.Integer()),
  /** commit_invalid, record_invalid: which rule, a stable word */
  reason: Type.Optional(Type.String()),
  /** version_conflict, head_moved: what is newest now */
  version: Type.Optional(Type.Integer()),
  /** object_missing, page_missing: which */
  ids: Type.Optional(Type.Array(Type.String())),
});
export type Problem = Static<typeof Problem>;
