import { type Bytes, concatBytes, FormatError } from "../bytes/index.ts";
import { deriveKey } from "../labels/index.ts";

const SALT_LENGTH = 16;
const SECRET_LENGTH = 32;

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

function demand(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length)
    throw new FormatError(`A link's id has 16 bytes and its secret 32, not ${bytes.length}.`);
  return bytes;
}
