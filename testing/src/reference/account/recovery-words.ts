/** Recovery words (spec/keys.md §5): BIP-39 by bits. */

import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Bytes } from "../foundations/bytes.ts";
import { sha256 } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";

const WORD_BITS = 11;

function bitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
}

export function wordsOf(entropy: Uint8Array): string {
  const bits = bitsOf(entropy) + bitsOf(sha256(entropy)).slice(0, 4);
  return Array.from({ length: 12 }, (_, i) => {
    const index = Number.parseInt(bits.slice(i * WORD_BITS, (i + 1) * WORD_BITS), 2);
    return wordlist[index] as string;
  }).join(" ");
}

export function entropyOf(typed: string): Bytes {
  const words = typed.toLowerCase().split(/\s+/u).filter(Boolean);
  demand(words.length === 12, "malformed", "Twelve words are needed.");
  const indexes = words.map((word) => wordlist.indexOf(word));
  demand(
    indexes.every((index) => index >= 0),
    "malformed",
    "A word is not in the list.",
  );
  const bits = indexes.map((index) => index.toString(2).padStart(WORD_BITS, "0")).join("");
  const entropy = Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2));
  demand(wordsOf(entropy) === words.join(" "), "malformed", "The checksum is wrong.");
  return entropy;
}
