import { toHex } from "../bytes/index.ts";
import { fingerprintOf, type PublicKeys } from "./fingerprint.ts";
import type { VerifiedIdentity } from "./verify-identity.ts";

/** The Ed25519 key behind a fingerprint of a manifest, or undefined if it is not known here. */
export type SignatureKeys = (fingerprint: Uint8Array) => Uint8Array | undefined;

/**
 * Looks signature keys up by fingerprint. The fingerprint of link keys is computed here, never taken from the server;
 * identities bring theirs from `verifyIdentity`.
 */
export function signatureKeysOf(
  identities: Iterable<VerifiedIdentity>,
  links: Iterable<PublicKeys> = [],
): SignatureKeys {
  const keys = new Map<string, Uint8Array>();
  for (const identity of identities) keys.set(toHex(identity.fingerprint), identity.signatureKey);
  for (const link of links) keys.set(toHex(fingerprintOf(link)), link.signatureKey);
  return (fingerprint) => keys.get(toHex(fingerprint));
}
