import { createHash, createHmac } from "node:crypto";
import { ascii, type Bytes, concat, isZero, zeros } from "./bytes.ts";
import { demand } from "./refusal.ts";

export function sha256(...pieces: readonly Uint8Array[]): Bytes {
  return new Uint8Array(
    createHash("sha256")
      .update(concat(...pieces))
      .digest(),
  );
}

export function sha512(...pieces: readonly Uint8Array[]): Bytes {
  return new Uint8Array(
    createHash("sha512")
      .update(concat(...pieces))
      .digest(),
  );
}

export function hmac(hash: "sha256" | "sha384" | "sha512", key: Uint8Array, ...pieces: readonly Uint8Array[]): Bytes {
  return new Uint8Array(
    createHmac(hash, key)
      .update(concat(...pieces))
      .digest(),
  );
}

/** spec/keys.md §1, written out: extract with an empty salt, one block of expand. */
export function deriveKey(label: string, input: Uint8Array, ...context: readonly Uint8Array[]): Bytes {
  const pseudoRandomKey = hmac("sha256", zeros(32), input);
  return hmac("sha256", pseudoRandomKey, ascii(`excalibur/v3/${label}`), zeros(1), ...context, Uint8Array.of(1));
}

/** A labelled hash: "excalibur/v3/" ‖ label ‖ 00 ‖ fields. */
export function labelledHash(label: string, ...fields: readonly Uint8Array[]): Bytes {
  return sha256(ascii(`excalibur/v3/${label}`), zeros(1), ...fields);
}

export function demandKey(key: Uint8Array): void {
  demand(key.length === 32, "malformed", "A key has 32 bytes.");
  demand(!isZero(key), "weak-key", "A key of zeros.");
}
