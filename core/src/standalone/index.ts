/** Standalone files and recipient keys: encrypted files that need no server and no account (spec/standalone.md). */

export type { StandaloneKeys } from "./entries.ts";
export { StandaloneKeyError, StandaloneListError } from "./errors.ts";
export type { OpenedStandalone, OpenStandaloneOptions } from "./open-standalone.ts";
export { openStandalone } from "./open-standalone.ts";
export type { RecipientKey, RecipientKeyPair } from "./recipient-key.ts";
export {
  createRecipientKey,
  isRecipientSecretText,
  isRecipientText,
  keyLineOf,
  parseRecipientKey,
  parseRecipientSecret,
} from "./recipient-key.ts";
export type { SealStandaloneOptions, StandalonePiece } from "./seal-standalone.ts";
export { sealStandalone } from "./seal-standalone.ts";
