import {
  ByteReader,
  type Bytes,
  ByteWriter,
  concatBytes,
  equalBytes,
  FormatError,
  WeakKeyError,
} from "../bytes/index.ts";
import {
  isStrongKemKey,
  isStrongSignatureKey,
  KEM_PUBLIC_KEY_LENGTH,
  SIGNATURE_KEY_LENGTH,
} from "../primitives/index.ts";
import { fingerprintOf, type PublicKeys } from "./fingerprint.ts";

const LINK_ID_LENGTH = 16;

/** linkId16 ‖ Ed25519 key32 ‖ X-Wing key1216. */
export const LINK_IDENTITY_LENGTH = LINK_ID_LENGTH + SIGNATURE_KEY_LENGTH + KEM_PUBLIC_KEY_LENGTH;

/** The public keys of a link. Nobody signs them: a fingerprint of a signed member list says whether they are the right ones. */
export interface LinkIdentity extends PublicKeys {
  readonly bytes: Uint8Array;
  readonly fingerprint: Bytes;
}

/** Throws FormatError if a length is wrong. */
export function encodeLinkIdentity({ subjectId, signatureKey, sealingKey }: PublicKeys): Bytes {
  const bytes = new ByteWriter(LINK_IDENTITY_LENGTH).bytes(subjectId).bytes(signatureKey).bytes(sealingKey).finish();
  const isWhole =
    subjectId.length === LINK_ID_LENGTH &&
    signatureKey.length === SIGNATURE_KEY_LENGTH &&
    sealingKey.length === KEM_PUBLIC_KEY_LENGTH;
  if (!isWhole) throw new FormatError("A link's id has 16 bytes, its Ed25519 key 32 and its X-Wing key 1216.");
  return bytes;
}

/** Throws FormatError, or WeakKeyError for keys that offer no protection. */
export function decodeLinkIdentity(bytes: Uint8Array): LinkIdentity {
  const reader = new ByteReader(bytes, "public keys of a link");
  const subjectId = reader.bytes(LINK_ID_LENGTH);
  const signatureKey = reader.bytes(SIGNATURE_KEY_LENGTH);
  const sealingKey = reader.bytes(KEM_PUBLIC_KEY_LENGTH);
  reader.finish();
  if (!isStrongSignatureKey(signatureKey) || !isStrongKemKey(sealingKey)) {
    throw new WeakKeyError(
      "A link has a key that offers no protection. Nothing was encrypted for it and nothing was changed.",
    );
  }
  const keys = { subjectId, signatureKey, sealingKey };
  return { ...keys, bytes, fingerprint: fingerprintOf(keys) };
}

/** "inv1": how the id of an invitation ends (docs/spec/links.md §10). The signed member list says it, so no server can. */
const INVITATION_MARK = Uint8Array.of(0x69, 0x6e, 0x76, 0x31);
const INVITATION_RANDOM_LENGTH = LINK_ID_LENGTH - INVITATION_MARK.length;

/** Whether an account may claim the place of the link with this id. */
export function isInvitationId(linkId: Uint8Array): boolean {
  return linkId.length === LINK_ID_LENGTH && equalBytes(linkId.subarray(INVITATION_RANDOM_LENGTH), INVITATION_MARK);
}

/** The id of an invitation, of 16 random bytes. */
export function toInvitationId(random: Uint8Array): Bytes {
  if (random.length !== LINK_ID_LENGTH) throw new FormatError(`A link's id has 16 bytes, not ${random.length}.`);
  return concatBytes(random.subarray(0, INVITATION_RANDOM_LENGTH), INVITATION_MARK);
}
