/** The one registry of labels: what keys, signatures, hashes and HPKE infos begin with. It holds no secret and no format. */

export { deriveKey, hashLabelled, sealInfo, signLabelled, verifyLabelled } from "./labelled.ts";
export type { HashLabel, KeyLabel, SealLabel, SignatureLabel } from "./labels.ts";
export { HASH_LABELS, KEY_LABELS, labelText, SEAL_LABELS, SIGNATURE_LABELS, signatureLabelText } from "./labels.ts";
