import { platform } from "#platform";
import { type Bytes, FormatError } from "../bytes/index.ts";
import type { IncrementalHash, MaybePromise } from "./platform/platform.ts";

// Node's own limit; kept on every platform so that none derives what another cannot.
const HKDF_INFO_LIMIT = 1024;

/** SHA-256 of the parts, one after the other. For small inputs; bulk goes through `sha256Async`. */
export function sha256(...parts: readonly Uint8Array[]): Bytes {
  return platform.sha256(parts);
}

/** SHA-256 of much data, the parts one after the other: native code on every platform. */
export function sha256Async(...parts: readonly Uint8Array[]): MaybePromise<Bytes> {
  return platform.sha256Bulk(parts);
}

/** SHA-256 in pieces. In browsers this is JavaScript: for small inputs only. */
export function createSha256(): IncrementalHash {
  return platform.createSha256();
}

export function hmacSha256(key: Uint8Array, data: Uint8Array): Bytes {
  return platform.hmacSha256(key, data);
}

export function hmacSha384(key: Uint8Array, data: Uint8Array): Bytes {
  return platform.hmacSha384(key, data);
}

/** HKDF-SHA-256 with an empty salt. Labels live in core/keys: derive through that registry, not with a bare string. */
export function hkdfSha256(key: Uint8Array, info: Uint8Array, lengthBytes = 32): Bytes {
  if (info.length > HKDF_INFO_LIMIT) throw new FormatError(`The HKDF info is longer than ${HKDF_INFO_LIMIT} bytes.`);
  return platform.hkdfSha256(key, info, lengthBytes);
}
