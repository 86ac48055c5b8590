/** X-Wing keys and HPKE base mode over them (spec/people.md §1, §3), the key schedule of RFC 9180 §5.1 written out. */

import { createCipheriv, createDecipheriv } from "node:crypto";
import { x25519 } from "@noble/curves/ed25519.js";
import { ml_kem768_x25519 as xWing } from "@noble/post-quantum/hybrid.js";
import { ascii, type Bytes, be, concat, isZero, zeros } from "../foundations/bytes.ts";
import { hmac } from "../foundations/hashes.ts";
import { Refusal } from "../foundations/refusal.ts";

export const X_WING_KEY_BYTES = 1216;
export const ENC_BYTES = 1120;

export function xWingPublicKey(seed: Uint8Array): Bytes {
  return new Uint8Array(xWing.keygen(new Uint8Array(seed)).publicKey);
}

/** spec/terminology.md §4: FIPS 203 §7.2 modulus check, not all zero, no X25519 point of small order. */
export function isAcceptableXWingKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== X_WING_KEY_BYTES) return false;
  const vector = publicKey.subarray(0, 1152);
  if (isZero(vector)) return false;
  for (let bit = 0; bit < 1152 * 8; bit += 12) {
    const at = Math.floor(bit / 8);
    const pair = (vector[at] as number) | ((vector[at + 1] as number) << 8);
    const coefficient = (bit % 8 === 0 ? pair : pair >> 4) & 0xfff;
    if (coefficient >= 3329) return false;
  }
  try {
    return !isZero(x25519.getSharedSecret(new Uint8Array(32).fill(1), publicKey.slice(1184)));
  } catch {
    return false;
  }
}

const SUITE_ID = concat(ascii("HPKE"), be(2, 0x647a), be(2, 1), be(2, 2));

function labeledExtract(salt: Uint8Array, label: string, input: Uint8Array): Bytes {
  const key = salt.length === 0 ? zeros(32) : salt;
  return hmac("sha256", key, ascii("HPKE-v1"), SUITE_ID, ascii(label), input);
}

function labeledExpand(secret: Uint8Array, label: string, info: Uint8Array, length: number): Bytes {
  const labeledInfo = concat(be(2, length), ascii("HPKE-v1"), SUITE_ID, ascii(label), info);
  return hmac("sha256", secret, labeledInfo, Uint8Array.of(1)).slice(0, length);
}

function keyAndNonce(sharedSecret: Uint8Array, info: Uint8Array): { key: Bytes; nonce: Bytes } {
  const none = zeros(0);
  const context = concat(
    Uint8Array.of(0),
    labeledExtract(none, "psk_id_hash", none),
    labeledExtract(none, "info_hash", info),
  );
  const secret = labeledExtract(sharedSecret, "secret", none);
  return { key: labeledExpand(secret, "key", context, 32), nonce: labeledExpand(secret, "base_nonce", context, 12) };
}

export interface HpkeInput {
  readonly info: Uint8Array;
  readonly aad: Uint8Array;
}

export function encapsulate(publicKey: Uint8Array, randomness: Uint8Array): { enc: Bytes; sharedSecret: Bytes } {
  const made = xWing.encapsulate(new Uint8Array(publicKey), new Uint8Array(randomness));
  return { enc: new Uint8Array(made.cipherText), sharedSecret: new Uint8Array(made.sharedSecret) };
}

export function decapsulate(seed: Uint8Array, enc: Uint8Array): Bytes {
  return new Uint8Array(xWing.decapsulate(new Uint8Array(enc), new Uint8Array(seed)));
}

/** One sealed message; the 64 bytes of randomness are given, so that vectors can be repeated. */
export function hpkeSeal(
  publicKey: Uint8Array,
  randomness: Uint8Array,
  input: HpkeInput,
  plaintext: Uint8Array,
): { enc: Bytes; ciphertext: Bytes } {
  const { enc, sharedSecret } = encapsulate(publicKey, randomness);
  const { key, nonce } = keyAndNonce(sharedSecret, input.info);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(input.aad);
  return { enc, ciphertext: concat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag()) };
}

export function hpkeOpen(seed: Uint8Array, enc: Uint8Array, input: HpkeInput, ciphertext: Uint8Array): Bytes {
  const { key, nonce } = keyAndNonce(decapsulate(seed, enc), input.info);
  const tagAt = ciphertext.length - 16;
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(input.aad);
  decipher.setAuthTag(ciphertext.subarray(tagAt));
  try {
    return concat(decipher.update(ciphertext.subarray(0, tagAt)), decipher.final());
  } catch (cause) {
    throw new Refusal("integrity", "The sealed message does not open.", { cause });
  }
}
