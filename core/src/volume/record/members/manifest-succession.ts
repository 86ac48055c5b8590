import { equalBytes } from "../../../bytes/index.ts";
import { chainLeads, type IdentityChain, type SignatureKeys } from "../../../identity/index.ts";
import { verifyLabelled } from "../../../labels/index.ts";
import { ManifestError } from "../errors.ts";
import { type Manifest, type Member, memberByFingerprint } from "./manifest.ts";
import { isLinkRole, isManagedRole, mayChangeMembers, ROLES } from "./roles.ts";

export interface ManifestProofs {
  readonly signatureKeys: SignatureKeys;
  /** The verified identities of a person, oldest first; needed where a row changes its fingerprint. */
  readonly identityChain?: ((subjectId: Uint8Array) => IdentityChain | undefined) | undefined;
}

/** Proves a manifest of version 0: volumeId names its owner, and the owner signed it. Throws ManifestError. */
export function verifyGenesisManifest(manifest: Manifest, { signatureKeys }: ManifestProofs): void {
  if (manifest.version !== 0) throw new ManifestError("genesis");
  verifySignature(manifest, signatureKeys);
}

/**
 * Proves that `next` may follow `previous` (docs/spec/volumes.md §8). `previous` is trusted already. Throws
 * ManifestError with the rule in `reason`.
 */
export function verifyManifestSuccession(previous: Manifest, next: Manifest, proofs: ManifestProofs): void {
  const follows =
    equalBytes(next.volumeId, previous.volumeId) &&
    next.version === previous.version + 1 &&
    equalBytes(next.previousManifestHash, previous.hash);
  if (!follows) throw new ManifestError("not_next");

  const signer = memberByFingerprint(previous, next.signerFingerprint);
  if (signer === null || !mayChangeMembers(signer.role)) throw new ManifestError("signer_may_not");
  verifySignature(next, proofs.signatureKeys);

  if (next.g !== previous.g && next.g !== previous.g + 1) throw new ManifestError("generation");
  const sameKey = equalBytes(next.vkCommitment, previous.vkCommitment);
  if (sameKey !== (next.g === previous.g)) throw new ManifestError("commitment");

  for (const change of changesBetween(previous, next)) verifyChange(change, { previous, next, signer, proofs });
}

interface RowChange {
  readonly before: Member | null;
  readonly after: Member | null;
}

/** A row is touched if it was added, removed or differs in any byte. */
function* changesBetween(previous: Manifest, next: Manifest): Generator<RowChange> {
  for (const before of previous.members) {
    const after = next.members.find(before.subjectId);
    if (after === null || !equalRows(before, after)) yield { before, after };
  }
  for (const after of next.members) {
    if (previous.members.find(after.subjectId) === null) yield { before: null, after };
  }
}

function equalRows(a: Member, b: Member): boolean {
  return equalBytes(a.fingerprint, b.fingerprint) && a.role === b.role && a.addedMs === b.addedMs;
}

interface Succession {
  readonly previous: Manifest;
  readonly next: Manifest;
  readonly signer: Member;
  readonly proofs: ManifestProofs;
}

function verifyChange({ before, after }: RowChange, { previous, next, signer, proofs }: Succession): void {
  const isOwner = signer.role === ROLES.owner;
  const managed = [before, after].every((row) => row === null || isManagedRole(row.role));
  const keyChanged = before !== null && after !== null && !equalBytes(before.fingerprint, after.fingerprint);
  if (!isOwner && (!managed || keyChanged)) throw new ManifestError("manager_may_not");

  // Whoever leaves, and a key that was replaced because it leaked, must not read what is written from now on.
  if (before !== null && (after === null || keyChanged) && next.g !== previous.g + 1) {
    throw new ManifestError("removal_needs_generation");
  }
  if (before === null || after === null) return;
  if (isLinkRole(before.role) !== isLinkRole(after.role)) throw new ManifestError("subject_kind_changed");
  if (!keyChanged) return;
  if (isLinkRole(before.role)) throw new ManifestError("link_key_changed");
  const chain = proofs.identityChain?.(before.subjectId);
  const [first] = chain ?? [];
  const isTheirs = first !== undefined && equalBytes(first.userId, before.subjectId);
  if (!isTheirs || !chainLeads(chain as IdentityChain, before.fingerprint, after.fingerprint)) {
    throw new ManifestError("identity_chain");
  }
}

function verifySignature(manifest: Manifest, signatureKeys: SignatureKeys): void {
  const key = signatureKeys(manifest.signerFingerprint);
  if (key === undefined || !verifyLabelled("manifest", key, manifest.signedBytes, manifest.signature)) {
    throw new ManifestError("signature");
  }
}
