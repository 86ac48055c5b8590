import { ed25519 } from "@noble/curves/ed25519.js";
import { platform } from "#platform";
import { type Bytes, toHex } from "../bytes/index.ts";
import { requireLength } from "./errors.ts";
import { isSmallOrder, verifyByEquation } from "./strict-ed25519.ts";

export const SIGNATURE_KEY_LENGTH = 32;
export const SIGNATURE_SEED_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

// y = 1 and y = -1 with the sign bit: x is zero there, so the sign of x must be, too (RFC 8032 §5.1.3 step 4).
const NEGATIVE_ZERO_X = new Set([`01${"00".repeat(30)}80`, `ec${"ff".repeat(31)}`]);

export interface SignatureKeyPair {
  readonly publicKey: Bytes;
  readonly seed: Uint8Array;
}

/** The Ed25519 key pair of a 32-byte seed (RFC 8032). */
export function signatureKeyPairFromSeed(seed: Uint8Array): SignatureKeyPair {
  requireLength(seed, SIGNATURE_SEED_LENGTH, "A signature seed");
  return { publicKey: platform.ed25519PublicKey(seed), seed };
}

/** Ed25519. The caller has put its registered label in front of the message. */
export function sign(seed: Uint8Array, message: Uint8Array): Bytes {
  requireLength(seed, SIGNATURE_SEED_LENGTH, "A signature seed");
  return platform.ed25519Sign(seed, message);
}

/**
 * Strict Ed25519, the same verdict on every platform: canonical A and R, S < L, and [S]B - [k]A encodes to exactly R
 * (no multiplication by the cofactor). Never throws: input of a wrong length is a bad signature.
 */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== SIGNATURE_KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  // OpenSSL decodes non-canonical keys, noble refuses them: decided here, before either is asked.
  if (!isCanonicalPoint(publicKey)) return false;
  // Node refuses points of small order from 26 on (nodejs/node#64026), older ones and browsers' code do not. The
  // equation decides, so that the same history is valid everywhere.
  if (isSmallOrder(publicKey) || isSmallOrder(signature.subarray(0, 32))) {
    return verifyByEquation(publicKey, message, signature);
  }
  return platform.ed25519Verify(publicKey, message, signature);
}

/** Whether a key may be accepted into an identity: canonical, on the curve, of prime order (so not of small order). */
export function isStrongSignatureKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== SIGNATURE_KEY_LENGTH || !isCanonicalPoint(publicKey)) return false;
  try {
    const point = ed25519.Point.fromBytes(publicKey);
    return !point.is0() && point.isTorsionFree();
  } catch {
    return false;
  }
}

function isCanonicalPoint(encoded: Uint8Array): boolean {
  return isBelowFieldPrime(encoded) && !NEGATIVE_ZERO_X.has(toHex(encoded));
}

// y < 2^255 - 19, little-endian, the top bit being the sign of x.
function isBelowFieldPrime(encoded: Uint8Array): boolean {
  if (((encoded[31] as number) & 0x7f) !== 0x7f) return true;
  for (let i = 30; i > 0; i--) if (encoded[i] !== 0xff) return true;
  return (encoded[0] as number) < 0xed;
}
