import { platform } from "#platform";
import { FormatError } from "../bytes/index.ts";
import { AuthenticationError, requireLength } from "./errors.ts";
import type { AeadKey, AeadOpenOptions, AeadSealOptions, MaybePromise } from "./platform/platform.ts";

export const AEAD_KEY_LENGTH = 32;
export const AEAD_IV_LENGTH = 12;
export const AEAD_TAG_LENGTH = 16;

/** Prepares an AES-256-GCM key. The bytes are copied: the caller may wipe them. */
export function importAeadKey(key: Uint8Array): MaybePromise<AeadKey> {
  requireLength(key, AEAD_KEY_LENGTH, "An AES-256 key");
  return platform.importAeadKey(key);
}

/** AES-256-GCM into a buffer of the caller: ciphertext ‖ tag16. Synchronous on Node. */
export function aeadSealInto(options: AeadSealOptions): MaybePromise<void> {
  requireLength(options.iv, AEAD_IV_LENGTH, "The IV");
  requireLength(options.out, options.plaintext.length + AEAD_TAG_LENGTH, "The output");
  return platform.aeadSealInto(options);
}

/**
 * Opens ciphertext ‖ tag16 into a buffer of the caller. Throws AuthenticationError on a wrong tag and leaves zeros:
 * unverified plaintext is never visible. Synchronous on Node.
 */
export function aeadOpenInto(options: AeadOpenOptions): MaybePromise<void> {
  requireLength(options.iv, AEAD_IV_LENGTH, "The IV");
  if (options.ciphertext.length < AEAD_TAG_LENGTH) throw new FormatError("The ciphertext is shorter than its tag.");
  requireLength(options.out, options.ciphertext.length - AEAD_TAG_LENGTH, "The output");
  const verdict = platform.aeadOpenInto(options);
  return verdict instanceof Promise ? verdict.then(demand) : demand(verdict);
}

function demand(authentic: boolean): void {
  if (!authentic) throw new AuthenticationError();
}
