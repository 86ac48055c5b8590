/** The only file of this room that touches keys and sealed formats. */

export type { OpenedStandalone, RecipientKey, RecipientKeyPair, StandalonePiece } from "@excalibur/core/standalone";
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
} from "@excalibur/core/standalone";
