export { AEAD_IV_LENGTH, AEAD_KEY_LENGTH, AEAD_TAG_LENGTH, aeadOpenInto, aeadSealInto, importAeadKey } from "./aead.ts";
export { AuthenticationError, PasswordRefusedError, RecoveryWordsError } from "./errors.ts";
export type { GcmStreamOpener } from "./gcm-stream.ts";
export { openGcmStream } from "./gcm-stream.ts";
export { createSha256, hkdfSha256, hmacSha256, hmacSha384, sha256, sha256Async } from "./hash.ts";
export type { HpkeOpenOptions, HpkeSealed, HpkeSealOptions, KemKeyPair } from "./kem.ts";
export {
  hpkeOpen,
  hpkeSeal,
  isStrongKemKey,
  KEM_ENCAPSULATION_LENGTH,
  KEM_PUBLIC_KEY_LENGTH,
  KEM_SEED_LENGTH,
  kemKeyPairFromSeed,
} from "./kem.ts";
export type {
  OpaqueClientFinishLoginOptions,
  OpaqueClientFinishRegistrationOptions,
  OpaqueClientLoggedIn,
  OpaqueClientLoginStarted,
  OpaqueClientRegistered,
  OpaqueClientRegistrationStarted,
  OpaqueIdentifiers,
  OpaqueRegistrationResponseOptions,
  OpaqueServerFinishLoginOptions,
  OpaqueServerLoginStarted,
  OpaqueServerStartLoginOptions,
} from "./opaque.ts";
export {
  opaqueClientFinishLogin,
  opaqueClientFinishRegistration,
  opaqueClientStartLogin,
  opaqueClientStartRegistration,
  opaqueCreateRegistrationResponse,
  opaqueCreateServerSetup,
  opaqueReady,
  opaqueServerFinishLogin,
  opaqueServerPublicKey,
  opaqueServerStartLogin,
} from "./opaque.ts";
export { ARGON2ID_SUITE_1, argon2id, encodePassword } from "./password-kdf.ts";
export type {
  AeadKey,
  AeadOpenOptions,
  AeadSealOptions,
  Argon2idOptions,
  IncrementalHash,
  MaybePromise,
} from "./platform/platform.ts";
export { randomBytes } from "./random.ts";
export { entropyToWords, wordsToEntropy } from "./recovery-words.ts";
export type { SignatureKeyPair } from "./signature.ts";
export {
  isStrongSignatureKey,
  SIGNATURE_KEY_LENGTH,
  SIGNATURE_LENGTH,
  SIGNATURE_SEED_LENGTH,
  sign,
  signatureKeyPairFromSeed,
  verifySignature,
} from "./signature.ts";
