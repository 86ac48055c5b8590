import { type Bytes, concatBytes, FormatError } from "../bytes/index.ts";
import { encodeLinkIdentity } from "../identity/index.ts";
import { deriveKey } from "../labels/index.ts";
import {
  ARGON2ID_SUITE_1,
  argon2id,
  encodePassword,
  kemKeyPairFromSeed,
  signatureKeyPairFromSeed,
} from "../primitives/index.ts";

const SALT_LENGTH = 16;
const SECRET_LENGTH = 32;
const PASSWORD_KEY_LENGTH = 32;

/** What the secret in a link's address is, and whose (cryptography.md §7). */
export interface LinkSecret {
  readonly linkId: Uint8Array;
  /** 32 random bytes, never sent. */
  readonly secret: Uint8Array;
}

/** What a visitor shows before any answer; the server keeps its SHA-256. */
export function linkKnock({ linkId, secret }: LinkSecret): Bytes {
  return deriveKey("link/knock", demand(secret, SECRET_LENGTH), demand(linkId, 16));
}

/** The Argon2id salt of the link's password. */
export function linkPasswordSalt({ linkId, secret }: LinkSecret): Bytes {
  return deriveKey("link/salt", demand(secret, SECRET_LENGTH), demand(linkId, 16)).slice(0, SALT_LENGTH);
}

/** Argon2id of the link's password under its own salt: 32 bytes, some tenths of a second. */
export function linkPasswordKey(link: LinkSecret, password: string): Promise<Bytes> {
  const salt = linkPasswordSalt(link);
  return argon2id({ ...ARGON2ID_SUITE_1, password: encodePassword(password), salt, length: PASSWORD_KEY_LENGTH });
}

export interface LinkKeys {
  /** Ed25519 seed. */
  readonly signatureSeed: Bytes;
  /** X-Wing seed. */
  readonly sealingSeed: Bytes;
  /** Opens the link record. */
  readonly recordKey: Bytes;
}

/** The keys of a link; `passwordKey` is Argon2id(password, salt), or left out if the link has no password. */
export function linkKeys({
  linkId,
  secret,
  passwordKey,
}: LinkSecret & { readonly passwordKey?: Uint8Array }): LinkKeys {
  const input = concatBytes(demand(secret, SECRET_LENGTH), passwordKey ?? new Uint8Array(0));
  const id = demand(linkId, 16);
  return {
    signatureSeed: deriveKey("link/sign", input, id),
    sealingSeed: deriveKey("link/kem", input, id),
    recordKey: deriveKey("link/open", input, id),
  };
}

/** linkId16 ‖ Ed25519 key32 ‖ X-Wing key1216: what everybody may know of a link. */
export async function linkIdentity(linkId: Uint8Array, { signatureSeed, sealingSeed }: LinkKeys): Promise<Bytes> {
  return encodeLinkIdentity({
    subjectId: linkId,
    signatureKey: signatureKeyPairFromSeed(signatureSeed).publicKey,
    sealingKey: (await kemKeyPairFromSeed(sealingSeed)).publicKey,
  });
}

function demand(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length)
    throw new FormatError(`A link's id has 16 bytes and its secret 32, not ${bytes.length}.`);
  return bytes;
}
