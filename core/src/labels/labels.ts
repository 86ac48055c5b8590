/**
 * [Note: One registry of labels]
 * Every key derivation, signature, labelled hash and HPKE info of Excalibur begins with a label from this file, and
 * each label has exactly one purpose (cryptography.md rule 9). The test beside it proves that no two are equal and
 * that none is the beginning of another. A label is never changed: a new purpose gets a new label.
 */

const PREFIX = "excalibur/v3/";

/** Labels of HKDF-SHA-256, each with what is derived (cryptography.md §3). The comment names input and context. */
export const KEY_LABELS = {
  /** OPAQUE export_key; userId */
  "slot/password": "the key of a password slot",
  /** recovery entropy; userId */
  "slot/recovery": "the key of a recovery slot",
  /** recovery entropy; userId */
  "recovery/sign": "the Ed25519 seed that proves the recovery words",
  /** PRF output of a passkey; SHA-256(credentialId) */
  "slot/passkey": "the key of a passkey slot",
  /** device secret; deviceId */
  "slot/device": "the key of a device slot",
  /** AK; userId ‖ a4 */
  keyring: "the key of the keyring",
  /** AK; userId ‖ a4 */
  cache: "the key of a client's own cache records",
  /** AK; userId ‖ a4 */
  "row-name": "the key that hides the names of a client's own cache rows",
  /** VK_g; volumeId ‖ g4 ‖ nodeId */
  page: "the key of the pages of one folder",
  /** VK_g; volumeId ‖ g4 */
  previous: "the key of the record of earlier volume keys",
  /** link secret; linkId */
  "link/knock": "what a visitor shows before any answer",
  /** link secret; linkId */
  "link/salt": "the Argon2id salt of a link's password",
  /** link secret ‖ password key; linkId */
  "link/sign": "the Ed25519 seed of a link",
  /** link secret ‖ password key; linkId */
  "link/kem": "the X-Wing seed of a link",
  /** link secret ‖ password key; linkId */
  "link/open": "the key of the link record",
  /** OPAQUE session_key; loginId */
  "session/bind": "the key that binds a session to a password sign-in",
  /** text key of an upload request; requestId */
  "request/knock": "what a sender shows before any answer",
  /** text key of an upload request; requestId */
  "request/text": "the key of an upload request's title and text",
  /** text key of an upload request; requestId */
  "request/device": "the key of what a sender keeps on his device",
  /** receipt key; requestId */
  "request/receipt": "the number of a receipt",
  /** receipt key; requestId ‖ objectId ‖ root */
  "request/filed": "the owner's proof that an item was filed",
  /** FK of a standalone file; objectId */
  recipients: "the key of the recipient list's MAC",
} as const;
export type KeyLabel = keyof typeof KEY_LABELS;

/** Labels of Ed25519 signatures, each with the record they end (cryptography.md §1). */
export const SIGNATURE_LABELS = {
  commit: "a commit, by its writer",
  manifest: "a manifest, by its signer",
  identity: "an identity record, by its own key",
  "identity-next": "an identity record, by the key it follows",
  envelope: "what a share envelope carries, by its sender",
  recover: "the binding of a session, by the recovery words",
  session: "the binding of a session, by a link",
  claim: "an account's claim to a link's place, by the link",
  sender: "the binding of a sender's session to an upload request, by its own key",
} as const;
export type SignatureLabel = keyof typeof SIGNATURE_LABELS;

/** Labels of hashes: what is hashed is the label, a zero byte and the fields. */
export const HASH_LABELS = {
  root: "the root of an object",
  state: "the state root of a volume",
  vk: "the commitment to a volume key",
  volume: "the id of a volume",
  identity: "the fingerprint of an identity",
  "recipient-key": "the fingerprint of a recipient key",
  "request-key": "what the address of an upload request says of its key",
} as const;
export type HashLabel = keyof typeof HASH_LABELS;

/** Labels of HPKE infos. */
export const SEAL_LABELS = {
  share: "a share envelope",
  request: "the description of an item of an upload request",
  standalone: "the file key of a standalone file",
} as const;
export type SealLabel = keyof typeof SEAL_LABELS;

/** `excalibur/v3/<label>`, for HKDF, hashes and HPKE. */
export function labelText(label: KeyLabel | HashLabel | SealLabel): string {
  return PREFIX + label;
}

/** `excalibur/v3/sig/<label>`. */
export function signatureLabelText(label: SignatureLabel): string {
  return `${PREFIX}sig/${label}`;
}
