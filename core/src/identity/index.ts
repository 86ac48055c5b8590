/** People's public keys: identity records, fingerprints, what is public of a share envelope, and the binding of sessions. */

export type { ContactAddress } from "./contact-address.ts";
export { formatContactAddress, parseContactAddress } from "./contact-address.ts";
export type { Envelope, EnvelopeHeader } from "./envelope-header.ts";
export {
  ENVELOPE_LENGTH,
  encodeEnvelope,
  encodeEnvelopeHeader,
  envelopeInfo,
  envelopeMessage,
  parseEnvelope,
} from "./envelope-header.ts";
export type { IdentityProblem } from "./errors.ts";
export { IdentityError } from "./errors.ts";
export type { PublicKeys } from "./fingerprint.ts";
export { fingerprintDigits, fingerprintOf } from "./fingerprint.ts";
export type { IdentityFields, IdentityRecord, SignIdentityOptions } from "./identity-record.ts";
export { decodeIdentity, signIdentity } from "./identity-record.ts";
export type { LinkIdentity } from "./link-identity.ts";
export {
  decodeLinkIdentity,
  encodeLinkIdentity,
  isInvitationId,
  LINK_IDENTITY_LENGTH,
  toInvitationId,
} from "./link-identity.ts";
export type { LinkClaim, SenderBinding, SessionAction, SessionBinding, SessionBindProof } from "./session-bind.ts";
export {
  canonicalOrigin,
  claimMessage,
  originHash,
  SESSION_ACTIONS,
  senderBindMessage,
  sessionBindMac,
  sessionBindMessage,
  verifySessionBindMac,
} from "./session-bind.ts";
export type { SignatureKeys } from "./signature-keys.ts";
export { signatureKeysOf } from "./signature-keys.ts";
export type { IdentityChain, VerifiedIdentity } from "./verify-identity.ts";
export { chainLeads, verifyIdentity, verifyIdentityChain, verifyIdentitySuccession } from "./verify-identity.ts";
