import { equalBytes, WeakKeyError } from "../bytes/index.ts";
import { verifyLabelled } from "../labels/index.ts";
import { isStrongKemKey, isStrongSignatureKey, SIGNATURE_LENGTH } from "../primitives/index.ts";
import { IdentityError } from "./errors.ts";
import { decodeIdentity, type IdentityRecord } from "./identity-record.ts";
import { ProvenHashes } from "./proven.ts";

declare const verified: unique symbol;

/**
 * A record whose keys are strong and which its own key signed. It says nothing about whose keys they are: that comes
 * from a fingerprint the person already trusts (pinned, from a contact link or compared by eye).
 */
export type VerifiedIdentity = IdentityRecord & { readonly [verified]: true };

/** Consecutive identities of one account, each signed by the key before it. */
export type IdentityChain = readonly VerifiedIdentity[] & { readonly [verified]: "chain" };

/** More people than anybody shares with at a time. */
const proven = new ProvenHashes(4_096);

/**
 * Reads a record and proves what it can prove alone. Throws FormatError, WeakKeyError or IdentityError
 * `signature_invalid`. A record that follows another (sequence > 0) is tied to it by `verifyIdentityChain` only.
 * The same bytes again are read, and not proven again ([Note: Proven once]).
 */
export function verifyIdentity(bytes: Uint8Array): VerifiedIdentity {
  const record = decodeIdentity(bytes);
  if (proven.has(record.hash)) return record as VerifiedIdentity;
  // cryptography.md §6: weak keys (small order, all zero, bad ML-KEM modulus) are refused.
  if (!isStrongSignatureKey(record.signatureKey) || !isStrongKemKey(record.sealingKey)) {
    throw new WeakKeyError(
      "The identity record holds a key that offers no protection. Nothing was encrypted for it and nothing was changed.",
    );
  }
  if (!verifyLabelled("identity", record.signatureKey, ownMessage(record), record.signature)) {
    throw new IdentityError("signature_invalid");
  }
  proven.add(record.hash);
  return record as VerifiedIdentity;
}

/** Proves that `next` is what the holder of `previous` moved on to. Throws IdentityError. */
export function verifyIdentitySuccession(previous: VerifiedIdentity, next: VerifiedIdentity): void {
  if (!equalBytes(previous.userId, next.userId) || previous.name !== next.name)
    throw new IdentityError("owner_changed");
  if (next.sequence !== previous.sequence + 1 || !equalBytes(next.previousHash, previous.hash)) {
    throw new IdentityError("chain_broken");
  }
  const message = next.bytes.subarray(0, next.bytes.length - SIGNATURE_LENGTH);
  const signature = next.nextSignature;
  if (signature === null || !verifyLabelled("identity-next", previous.signatureKey, message, signature)) {
    throw new IdentityError("chain_signature_invalid");
  }
}

/**
 * Verifies records oldest first, each following the one before. The chain begins with the account's first identity,
 * or with the one whose fingerprint is pinned already. Throws as `verifyIdentity`, or IdentityError.
 */
export function verifyIdentityChain(records: readonly Uint8Array[], pinnedFingerprint?: Uint8Array): IdentityChain {
  const chain = records.map(verifyIdentity);
  for (const [index, next] of chain.entries()) {
    const previous = chain[index - 1];
    if (previous !== undefined) verifyIdentitySuccession(previous, next);
    else if (next.sequence !== 0 && !isPinned(next, pinnedFingerprint)) throw new IdentityError("chain_broken");
  }
  return chain as unknown as IdentityChain;
}

function isPinned({ fingerprint }: VerifiedIdentity, pinned: Uint8Array | undefined): boolean {
  return pinned !== undefined && equalBytes(fingerprint, pinned);
}

/** Whether the chain leads from one fingerprint to a later one. */
export function chainLeads(chain: IdentityChain, from: Uint8Array, to: Uint8Array): boolean {
  const start = chain.findIndex((identity) => equalBytes(identity.fingerprint, from));
  return start >= 0 && chain.slice(start + 1).some((identity) => equalBytes(identity.fingerprint, to));
}

function ownMessage(record: IdentityRecord): Uint8Array {
  const signatures = record.nextSignature === null ? 1 : 2;
  return record.bytes.subarray(0, record.bytes.length - signatures * SIGNATURE_LENGTH);
}
