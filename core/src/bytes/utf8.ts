import type { Bytes } from "./bytes.ts";
import { FormatError } from "./errors.ts";

const encoder = new TextEncoder();
// ignoreBOM keeps a leading U+FEFF: dropping it would make two byte strings decode to one text.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Refuses lone surrogates, which an encoder would silently replace. */
export function utf8Encode(text: string): Bytes {
  if (!text.isWellFormed()) throw halfCharacter();
  return encoder.encode(text);
}

/** How many bytes `utf8Encode` would write, without writing them: names are measured far more often than written. */
export function utf8Length(text: string): number {
  if (!text.isWellFormed()) throw halfCharacter();
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Both halves of a character outside the first plane are above U+07FF: two units make four bytes.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) length += 2;
    else if (unit >= 0x80) length += 1;
  }
  return length;
}

function halfCharacter(): FormatError {
  return new FormatError("The text holds half a character (a lone surrogate).");
}

/** Refuses anything that is not valid UTF-8. */
export function utf8Decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new FormatError("The bytes are not valid UTF-8.", { cause });
  }
}
