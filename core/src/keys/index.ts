/** An account's secrets: slots, recovery words, keyring, cache records, link keys, and what share envelopes carry. */

export type { CachePlace } from "./cache-record.ts";
export { openCacheRecord, sealCacheRecord } from "./cache-record.ts";
export type { CborExtras } from "./cbor-fields.ts";
export { CborFields, cborFields } from "./cbor-fields.ts";
export type { OpenEnvelopeOptions, OpenedEnvelope, SealEnvelopeOptions } from "./envelope.ts";
export { openEnvelope, sealEnvelope } from "./envelope.ts";
export type { EnvelopeProblem, KeyringProblem } from "./errors.ts";
export { CacheRecordError, EnvelopeError, KeyringError, LinkRecordError, SlotAuthError } from "./errors.ts";
export type { Contact, HistoryNote, IdentitySeeds, Keyring, KeyringVolume } from "./keyring.ts";
export type { KeyringPlaintext } from "./keyring-codec.ts";
export { decodeKeyring, encodeKeyring } from "./keyring-codec.ts";
export type { KeyringLink } from "./keyring-links.ts";
export { readKeyringLinks, withKeyringLink, withoutKeyringLink } from "./keyring-links.ts";
export type { KeyringConflict, KeyringMerge, KeyringSides } from "./keyring-merge.ts";
export { mergeKeyrings } from "./keyring-merge.ts";
export type { LinkAddress } from "./link-address.ts";
export { formatLinkAddress, parseLinkAddress } from "./link-address.ts";
export type { LinkKeys, LinkSecret } from "./link-keys.ts";
export { linkIdentity, linkKeys, linkKnock, linkPasswordKey, linkPasswordSalt } from "./link-keys.ts";
export type { LinkRecord, SealedLink } from "./link-record.ts";
export { openLinkRecord, sealLinkRecord } from "./link-record.ts";
export type { RecoveryKeys } from "./recovery.ts";
export { createRecoveryWords, recoveryKeysFromWords, recoveryProofKey } from "./recovery.ts";
export type {
  KeyringPlace,
  KeyringPosition,
  OfferedKeyring,
  OpenKeyringOptions,
  SealKeyringOptions,
} from "./sealed-keyring.ts";
export {
  acceptKeyring,
  acceptKeyringHash,
  CHAIN_START,
  nextChain,
  openKeyring,
  sealKeyring,
} from "./sealed-keyring.ts";
export type { OpenSlotOptions, SealSlotOptions, SlotPlace, SlotType } from "./slots.ts";
export {
  ACCOUNT_KEY_LENGTH,
  openSlot,
  SLOT_TYPES,
  sealSlot,
  slotKeyFromDeviceSecret,
  slotKeyFromExportKey,
  slotKeyFromPasskey,
  slotKeyFromRecoveryEntropy,
} from "./slots.ts";
