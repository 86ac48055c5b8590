import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, copyBytes, equalBytes, toHex } from "../bytes/index.ts";

const { Point } = ed25519;

/** The eight points of small order, as they are encoded canonically. */
const SMALL_ORDER = new Set(ED25519_TORSION_SUBGROUP);

export function isSmallOrder(encoded: Uint8Array): boolean {
  return SMALL_ORDER.has(toHex(encoded));
}

/**
 * cryptography.md, "Ed25519 means": S < L and [S]B - [k]A encodes to exactly R, with k reduced modulo L. Not the
 * library's own verify: that multiplies by the cofactor, and so accepts what OpenSSL refuses.
 */
export function verifyByEquation(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= Point.Fn.ORDER) return false;
  let a: InstanceType<typeof Point>;
  try {
    a = Point.fromBytes(publicKey);
  } catch {
    return false;
  }
  const k = Point.Fn.create(littleEndian(sha512(concatBytes(r, publicKey, message))));
  const expected = Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k));
  return equalBytes(expected.toBytes(), r);
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(copyBytes(bytes).reverse())}`);
}
