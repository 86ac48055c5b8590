/** The little cryptography of requests: digests, nonces, the session's signature. */

import { toBase64Url, utf8Encode } from "@excalibur/core/bytes";
import { randomBytes, sha256, sha256Async, sign, signatureKeyPairFromSeed } from "@excalibur/core/primitives";

/** Signs requests of one session. A platform with non-extractable keys brings its own. */
export interface SessionSigner {
  readonly sessionId: string;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A signer from the session key's seed. */
export function seedSigner(sessionId: string, seed: Uint8Array): SessionSigner {
  return { sessionId, sign: (message) => sign(seed, message) };
}

/** A fresh Ed25519 key for a session that is about to begin. */
export function createSessionKey(): { seed: Uint8Array; publicKey: Uint8Array } {
  const { seed, publicKey } = signatureKeyPairFromSeed(randomBytes(32));
  return { seed, publicKey };
}

/** 16 random bytes as text: nonces and idempotency keys. */
export function randomToken(): string {
  return toBase64Url(randomBytes(16));
}

/** A number in [0, 1), to spread retries. */
export function randomFraction(): number {
  const [a = 0, b = 0] = randomBytes(2);
  return (a * 256 + b) / 65_536;
}

export function digestPieces(pieces: readonly Uint8Array[]): Uint8Array | Promise<Uint8Array> {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? sha256Async(only) : sha256(...pieces);
}

export function textBytes(text: string): Uint8Array {
  return utf8Encode(text);
}
