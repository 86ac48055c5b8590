/** Files that are sealed for people instead of for a drive: no server and no account has a part in them. */

export { fingerprintDigits } from "@excalibur/core/identity";
export type { OpenedStandalone, RecipientKey, RecipientKeyPair, StandalonePiece } from "./crypto.ts";
export {
  createRecipientKey,
  isRecipientSecretText,
  isRecipientText,
  keyLineOf,
  openStandalone,
  parseRecipientKey,
  parseRecipientSecret,
  StandaloneKeyError,
  sealStandalone,
} from "./crypto.ts";
