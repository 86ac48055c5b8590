import type { Bytes } from "../bytes/index.ts";
import { deriveKey } from "../labels/index.ts";
import {
  entropyToWords,
  randomBytes,
  type SignatureKeyPair,
  signatureKeyPairFromSeed,
  wordsToEntropy,
} from "../primitives/index.ts";
import { slotKeyFromRecoveryEntropy } from "./slots.ts";

const ENTROPY_LENGTH = 16;

/** What twelve recovery words give, for one account (docs/spec/keys.md §5). */
export interface RecoveryKeys {
  /** Opens the recovery slot. */
  readonly slotKey: Bytes;
  /** Proves the words to the server, which keeps the public half; the words are never sent. */
  readonly proof: SignatureKeyPair;
}

/** Twelve new words, shown once. */
export function createRecoveryWords(): string[] {
  return entropyToWords(randomBytes(ENTROPY_LENGTH));
}

/** The Ed25519 key pair that proves the recovery words. */
export function recoveryProofKey(entropy: Uint8Array, userId: Uint8Array): SignatureKeyPair {
  return signatureKeyPairFromSeed(deriveKey("recovery/sign", entropy, userId));
}

/** The keys behind words as a person typed them. Throws RecoveryWordsError before anything could be sent. */
export function recoveryKeysFromWords(words: string, userId: Uint8Array): RecoveryKeys {
  const entropy = wordsToEntropy(words);
  return { slotKey: slotKeyFromRecoveryEntropy(entropy, userId), proof: recoveryProofKey(entropy, userId) };
}
