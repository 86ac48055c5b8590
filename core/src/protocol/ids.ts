/** Identifiers as they travel: unpadded base64url of 16 random bytes (22 characters), branded so that two kinds cannot be swapped. */

import type { Static, TUnsafe } from "typebox";
import { Type } from "./schema.ts";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The last character of 22 carries four unused bits, which must be zero: one id has one spelling. */
const ID_PATTERN = "^[A-Za-z0-9_-]{21}[AQgw]$";

function id<Name extends string>(): TUnsafe<Branded<Name>> {
  return Type.Unsafe<Branded<Name>>(Type.String({ pattern: ID_PATTERN }));
}

export const UserId = id<"UserId">();
export type UserId = Static<typeof UserId>;
export const SessionId = id<"SessionId">();
export type SessionId = Static<typeof SessionId>;
export const LoginId = id<"LoginId">();
export type LoginId = Static<typeof LoginId>;
export const SlotId = id<"SlotId">();
export type SlotId = Static<typeof SlotId>;
export const VolumeId = id<"VolumeId">();
export type VolumeId = Static<typeof VolumeId>;
export const ObjectId = id<"ObjectId">();
export type ObjectId = Static<typeof ObjectId>;
export const LinkId = id<"LinkId">();
export type LinkId = Static<typeof LinkId>;
export const RequestId = id<"RequestId">();
export type RequestId = Static<typeof RequestId>;
export const InviteCode = id<"InviteCode">();
export type InviteCode = Static<typeof InviteCode>;

/** 32-byte hash as base64url (43 characters). */
const HASH_PATTERN = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$";
export const Hash = Type.Unsafe<Branded<"Hash">>(Type.String({ pattern: HASH_PATTERN }));
export type Hash = Static<typeof Hash>;

/** User names: lower case already at the wire, never renamed (spec/sign-in.md). */
export const USER_NAME_PATTERN = "^[a-z0-9._-]{3,32}$";
export const UserName = Type.Unsafe<Branded<"UserName">>(Type.String({ pattern: USER_NAME_PATTERN }));
export type UserName = Static<typeof UserName>;

/** Bytes inside JSON: unpadded base64url with a limit on the decoded length. */
export function Bytes(limits: { maxBytes: number; minBytes?: number }) {
  return Type.String({
    pattern: "^[A-Za-z0-9_-]*$",
    minLength: Math.ceil(((limits.minBytes ?? 0) * 4) / 3),
    maxLength: Math.ceil((limits.maxBytes * 4) / 3),
  });
}

/** Bytes of one exact length inside JSON. */
export function FixedBytes(sizeBytes: number) {
  return Bytes({ minBytes: sizeBytes, maxBytes: sizeBytes });
}

/** Milliseconds since 1970, UTC, by the server's clock. */
export const TimeMs = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Counters stay below 2^48 (cryptography rule 11). */
export const Counter = Type.Integer({ minimum: 0, maximum: 2 ** 48 - 1 });
