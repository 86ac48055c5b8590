/** Ed25519 as spec/terminology.md §4 means it, on points, so that nothing depends on what a library's verify does. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { ascii, type Bytes, concat, equal, zeros } from "./bytes.ts";
import { sha512 } from "./hashes.ts";
import { demand } from "./refusal.ts";

type Point = typeof ed25519.Point.BASE;

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const FIELD = 2n ** 255n - 19n;

export function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}

export function toLittleEndian(value: bigint): Bytes {
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

/** A canonical encoding of a curve point, or undefined. */
function canonicalPoint(encoded: Uint8Array): Point | undefined {
  if (encoded.length !== 32) return undefined;
  const y = littleEndian(encoded) & ((1n << 255n) - 1n);
  const negative = (encoded[31] as number) >> 7 === 1;
  if (y >= FIELD) return undefined;
  // x = 0 exactly for y = 1 and y = -1; its sign bit must then be clear.
  if (negative && (y === 1n || y === FIELD - 1n)) return undefined;
  try {
    return ed25519.Point.fromBytes(new Uint8Array(encoded));
  } catch {
    return undefined;
  }
}

/** Works for scalar 0 and for points outside the prime-order group, by plain double-and-add. */
function multiply(point: Point, scalar: bigint): Point {
  let result = ed25519.Point.ZERO;
  for (let bit = 255n; bit >= 0n; bit--) {
    result = result.double();
    if ((scalar >> bit) & 1n) result = result.add(point);
  }
  return result;
}

export function challenge(encodedR: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  return littleEndian(sha512(encodedR, publicKey, message)) % ORDER;
}

export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const encodedR = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const a = canonicalPoint(publicKey);
  if (a === undefined || canonicalPoint(encodedR) === undefined || s >= ORDER) return false;
  const k = challenge(encodedR, publicKey, message);
  const expected = multiply(ed25519.Point.BASE, s).add(multiply(a, k).negate());
  return equal(expected.toBytes(), encodedR);
}

/** spec/terminology.md §4: canonical, not neutral, of prime order. */
export function isAcceptableKey(publicKey: Uint8Array): boolean {
  const point = canonicalPoint(publicKey);
  if (point === undefined || point.equals(ed25519.Point.ZERO)) return false;
  return multiply(point, ORDER).equals(ed25519.Point.ZERO);
}

export function publicKeyOf(seed: Uint8Array): Bytes {
  return new Uint8Array(ed25519.getPublicKey(seed));
}

function labelled(label: string, message: Uint8Array): Bytes {
  return concat(ascii(`excalibur/v3/sig/${label}`), zeros(1), message);
}

export function signPlain(seed: Uint8Array, message: Uint8Array): Bytes {
  return new Uint8Array(ed25519.sign(message, seed));
}

export function sign(label: string, seed: Uint8Array, message: Uint8Array): Bytes {
  return signPlain(seed, labelled(label, message));
}

export function demandSignature(
  label: string,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): void {
  demand(verify(publicKey, labelled(label, message), signature), "signature", `The ${label} signature is wrong.`);
}

export const curve = { ORDER, multiply, canonicalPoint, BASE: ed25519.Point.BASE, ZERO: ed25519.Point.ZERO };
