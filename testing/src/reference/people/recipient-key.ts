/** Recipient keys as text (spec/standalone.md §6). */

import { type Bytes, concat, equal } from "../foundations/bytes.ts";
import { labelledHash } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import { isAcceptableXWingKey, X_WING_KEY_BYTES, xWingPublicKey } from "./x-wing.ts";

const PUBLIC = "excalibur-recipient-1.";
const SECRET = "excalibur-recipient-secret-1.";
const CHECK_BYTES = 4;

export function recipientFingerprint(publicKey: Uint8Array): Bytes {
  return labelledHash("recipient-key", publicKey);
}

function textOf(prefix: string, key: Uint8Array, publicKey: Uint8Array): string {
  const checked = concat(key, recipientFingerprint(publicKey).slice(0, CHECK_BYTES));
  return prefix + Buffer.from(checked).toString("base64url");
}

/** Any 1216 bytes: must-fail cases make texts of keys that nobody may accept. */
export function publicText(publicKey: Uint8Array): string {
  return textOf(PUBLIC, publicKey, publicKey);
}

export function secretText(seed: Uint8Array): string {
  return textOf(SECRET, seed, xWingPublicKey(seed));
}

function bytesOf(text: string, prefix: string, length: number): { key: Bytes; check: Bytes } {
  demand(text.startsWith("excalibur-recipient"), "malformed", "Not a recipient key.");
  demand(text.startsWith(prefix), "unsupported", "A recipient key of another kind.");
  const encoded = text.slice(prefix.length);
  demand(/^[A-Za-z0-9_-]*$/.test(encoded), "malformed", "Not base64url.");
  const bytes = new Uint8Array(Buffer.from(encoded, "base64url"));
  demand(Buffer.from(bytes).toString("base64url") === encoded, "malformed", "Not the one base64url of these bytes.");
  demand(bytes.length === length + CHECK_BYTES, "malformed", "A recipient key of another length.");
  return { key: bytes.slice(0, length), check: bytes.slice(length) };
}

export function parsePublicText(text: string): Bytes {
  const { key, check } = bytesOf(text, PUBLIC, X_WING_KEY_BYTES);
  demand(equal(check, recipientFingerprint(key).slice(0, CHECK_BYTES)), "malformed", "The key was mistyped or cut.");
  demand(isAcceptableXWingKey(key), "weak-key", "A key that must not be used.");
  return key;
}

/** The seed. */
export function parseSecretText(text: string): Bytes {
  const { key, check } = bytesOf(text, SECRET, 32);
  const fingerprint = recipientFingerprint(xWingPublicKey(key));
  demand(equal(check, fingerprint.slice(0, CHECK_BYTES)), "malformed", "The key was mistyped or cut.");
  return key;
}
