import { platform } from "#platform";
import { type Bytes, FormatError } from "../bytes/index.ts";
import { AEAD_IV_LENGTH, AEAD_TAG_LENGTH } from "./aead.ts";
import { AuthenticationError, requireLength } from "./errors.ts";
import type { GcmStreamOptions, MaybePromise } from "./platform/platform.ts";

const KEY_LENGTHS: readonly number[] = [16, 24, 32];

export interface GcmStreamOpener {
  /** Plaintext that nobody has verified yet: it must not be seen before `finish` has agreed. */
  update(ciphertext: Uint8Array): Bytes;
  /** The rest of the plaintext. Throws AuthenticationError; then all of it has to be thrown away. */
  finish(tag: Uint8Array): MaybePromise<Bytes>;
}

/**
 * Opens one AES-GCM message of any length in constant memory (on Node; WebCrypto keeps it all until the end). Only for
 * files of the earlier format, which have one tag for everything: what Excalibur writes itself is verified in segments.
 */
export function openGcmStream(options: GcmStreamOptions): GcmStreamOpener {
  if (!KEY_LENGTHS.includes(options.key.length)) throw new FormatError("An AES key has 16, 24 or 32 bytes.");
  requireLength(options.iv, AEAD_IV_LENGTH, "The IV");
  const stream = platform.openGcmStream(options);
  return {
    update: (ciphertext) => stream.update(ciphertext),
    finish: (tag) => {
      requireLength(tag, AEAD_TAG_LENGTH, "The tag");
      const rest = stream.finish(tag);
      return rest instanceof Promise ? rest.then(demandAuthentic) : demandAuthentic(rest);
    },
  };
}

function demandAuthentic(rest: Bytes | undefined): Bytes {
  if (rest === undefined) throw new AuthenticationError();
  return rest;
}
