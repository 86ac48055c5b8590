import { type Bytes, concatBytes, isAllZero, utf8Encode, WeakKeyError } from "../bytes/index.ts";
import { hkdfSha256, sha256, sign, verifySignature } from "../primitives/index.ts";
import {
  HASH_LABELS,
  type HashLabel,
  KEY_LABELS,
  type KeyLabel,
  labelText,
  SEAL_LABELS,
  type SealLabel,
  SIGNATURE_LABELS,
  type SignatureLabel,
  signatureLabelText,
} from "./labels.ts";

const DERIVED_KEY_LENGTH = 32;

// The zero byte ends the label: together with unique names it keeps the labels prefix-free.
function prefixOf(text: string): Bytes {
  return utf8Encode(`${text}\0`);
}

function prefixes<Label extends string>(labels: Record<Label, string>, text: (label: Label) => string) {
  return new Map(Object.keys(labels).map((label) => [label as Label, prefixOf(text(label as Label))]));
}

const KEY_PREFIXES = prefixes<KeyLabel>(KEY_LABELS, labelText);
const HASH_PREFIXES = prefixes<HashLabel>(HASH_LABELS, labelText);
const SEAL_PREFIXES = prefixes<SealLabel>(SEAL_LABELS, labelText);
const SIGNATURE_PREFIXES = prefixes<SignatureLabel>(SIGNATURE_LABELS, signatureLabelText);

function registered<Label extends string>(known: ReadonlyMap<Label, Bytes>, label: Label): Bytes {
  const prefix = known.get(label);
  if (prefix === undefined) throw new TypeError(`"${label}" is not a registered label.`);
  return prefix;
}

/**
 * 32 bytes of HKDF-SHA-256 with empty salt and info `excalibur/v3/<label>` ‖ 00 ‖ context (spec/keys.md §1). Throws
 * WeakKeyError for a key of 32 zero bytes: whoever made that never drew it.
 */
export function deriveKey(label: KeyLabel, inputKey: Uint8Array, ...context: readonly Uint8Array[]): Bytes {
  if (inputKey.length === DERIVED_KEY_LENGTH && isAllZero(inputKey)) {
    throw new WeakKeyError("A key of zero bytes was refused. Nothing was sealed or opened with it.");
  }
  return hkdfSha256(inputKey, concatBytes(registered(KEY_PREFIXES, label), ...context), DERIVED_KEY_LENGTH);
}

/** SHA-256 of `excalibur/v3/<label>` ‖ 00 ‖ fields. */
export function hashLabelled(label: HashLabel, ...fields: readonly Uint8Array[]): Bytes {
  return sha256(registered(HASH_PREFIXES, label), ...fields);
}

/** The HPKE info `excalibur/v3/<label>` ‖ 00 ‖ fields. */
export function sealInfo(label: SealLabel, ...fields: readonly Uint8Array[]): Bytes {
  return concatBytes(registered(SEAL_PREFIXES, label), ...fields);
}

/** The Ed25519 signature (64 bytes) over `excalibur/v3/sig/<label>` ‖ 00 ‖ message. */
export function signLabelled(label: SignatureLabel, seed: Uint8Array, message: Uint8Array): Bytes {
  return sign(seed, concatBytes(registered(SIGNATURE_PREFIXES, label), message));
}

/** Whether `signLabelled` with the same label made this signature over this message. Never throws on bad input. */
export function verifyLabelled(
  label: SignatureLabel,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  return verifySignature(publicKey, concatBytes(registered(SIGNATURE_PREFIXES, label), message), signature);
}
