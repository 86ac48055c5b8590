import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import type { Bytes } from "../bytes/index.ts";
import { RecoveryWordsError, requireLength } from "./errors.ts";

const WORDS = 12;
const ENTROPY_LENGTH = 16;
const KNOWN_WORDS = new Set(wordlist);

/** Twelve English words of BIP-39 for 16 random bytes. */
export function entropyToWords(entropy: Uint8Array): string[] {
  requireLength(entropy, ENTROPY_LENGTH, "Recovery entropy");
  return entropyToMnemonic(entropy, wordlist).split(" ");
}

/** The entropy of twelve words as a person types them: any case, any white space between. */
export function wordsToEntropy(text: string): Bytes {
  const words = text.normalize("NFKD").toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length !== WORDS) {
    throw new RecoveryWordsError(`There are ${WORDS} recovery words; these are ${words.length}.`);
  }
  const unknown = words.findIndex((word) => !KNOWN_WORDS.has(word));
  if (unknown >= 0) {
    // The word itself stays out of the message: a slip may be one letter away from the secret.
    throw new RecoveryWordsError(`Word ${unknown + 1} is not one of the words used for recovery. Check its spelling.`, {
      details: { position: unknown + 1 },
    });
  }
  try {
    return mnemonicToEntropy(words.join(" "), wordlist) as Bytes;
  } catch (cause) {
    throw new RecoveryWordsError("These words do not belong together: one is wrong, or the order is.", { cause });
  }
}
