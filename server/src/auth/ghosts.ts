import { type Bytes, utf8Encode } from "@excalibur/core/bytes";
import { hmacSha256, signatureKeyPairFromSeed } from "@excalibur/core/primitives";
import type { Secrets } from "../config/secrets.ts";

/** What a sign-in works on: an account, or a name that nobody has. Both go exactly the same way. */
export interface SignInSubject {
  readonly name: string;
  /** null for a ghost. */
  readonly userId: Uint8Array | null;
  /** What the client is told, and OPAQUE's credential identifier. */
  readonly toldUserId: Uint8Array;
  readonly opaqueRecord: Uint8Array;
  readonly recoveryPublicKey: Uint8Array;
}

/**
 * The account that a name would have: always the same id for the same name, from a key that is not in the database, with
 * the record of a password nobody knows (RFC 9807 §10.9).
 */
export function ghostOf(name: string, secrets: Secrets): SignInSubject {
  const derive = (label: string): Bytes => hmacSha256(secrets.ghostKey, utf8Encode(`${label}:${name}`));
  return {
    name,
    userId: null,
    toldUserId: derive("user-id").subarray(0, 16),
    opaqueRecord: secrets.ghostRecord,
    recoveryPublicKey: signatureKeyPairFromSeed(derive("recovery")).publicKey,
  };
}
