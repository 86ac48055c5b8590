import type { Bytes } from "./bytes.ts";
import { FormatError } from "./errors.ts";

const encoder = new TextEncoder();
// ignoreBOM keeps a leading U+FEFF: dropping it would make two byte strings decode to one text.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Refuses lone surrogates, which an encoder would silently replace. */
export function utf8Encode(text: string): Bytes {
  if (!text.isWellFormed()) throw new FormatError("The text holds half a character (a lone surrogate).");
  return encoder.encode(text);
}

/** Refuses anything that is not valid UTF-8. */
export function utf8Decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new FormatError("The bytes are not valid UTF-8.", { cause });
  }
}
