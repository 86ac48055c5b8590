/**
 * What a device checks before it trusts a head it has never seen (spec/volumes.md §10): the genesis names the volume,
 * every manifest follows the one before, and the head is written and signed by somebody the newest manifest lets write.
 */

import { equalBytes, toHex } from "@excalibur/core/bytes";
import {
  decodeLinkIdentity,
  type IdentityChain,
  type SignatureKeys,
  signatureKeysOf,
  verifyIdentityChain,
} from "@excalibur/core/identity";
import { verifyLabelled } from "@excalibur/core/labels";
import {
  COMMIT_KINDS,
  type Commit,
  CommitError,
  decodeCommit,
  decodeManifest,
  type Manifest,
  mayChangeMembers,
  mayWrite,
  memberByFingerprint,
  verifyGenesis,
  verifyManifestSuccession,
} from "@excalibur/core/volume/record";
import type { HeadMaterial } from "./api.ts";

export interface VerifiedHistory {
  readonly genesisHash: Uint8Array;
  /** Versions 0 … newest. */
  readonly manifests: readonly Manifest[];
  readonly manifest: Manifest;
  readonly head: Commit;
  readonly signatureKeys: SignatureKeys;
  readonly identityChain: (subjectId: Uint8Array) => IdentityChain | undefined;
}

/** Whether somebody whose keys are known here signed it: only then is a commit evidence of anything. */
export function isSigned(commit: Commit, signatureKeys: SignatureKeys): boolean {
  const key = signatureKeys(commit.writerFingerprint);
  return key !== undefined && verifyLabelled("commit", key, commit.signedBytes, commit.signature);
}

/** Throws CommitError, ManifestError, IdentityError, FormatError … ; nothing of the material is to be used then. */
export function verifyHistory(volumeId: Uint8Array, material: HeadMaterial): VerifiedHistory {
  const { signatureKeys, identityChain } = verifyPeople(material.identities, material.links);
  const genesis = decodeCommit(material.genesis);
  if (!equalBytes(genesis.volumeId, volumeId)) throw new CommitError("volume");
  const manifests = material.manifests.map(decodeManifest);
  const first = manifests[0];
  if (first === undefined) throw new CommitError("manifest");
  verifyGenesis({ commit: genesis, manifest: first, signatureKeys });
  for (const [index, next] of manifests.entries()) {
    const previous = manifests[index - 1];
    if (previous) verifyManifestSuccession(previous, next, { signatureKeys, identityChain });
  }
  const head = decodeCommit(material.commit);
  verifyHead(head, { volumeId, genesis, manifests, signatureKeys });
  const manifest = manifests.at(-1) ?? first;
  return { genesisHash: genesis.hash, manifests, manifest, head, signatureKeys, identityChain };
}

/** Identity records of the people a volume's manifests name, in chains by person, and the keys of its links. */
export function verifyPeople(
  records: readonly Uint8Array[],
  links: readonly Uint8Array[] = [],
): Pick<VerifiedHistory, "signatureKeys" | "identityChain"> {
  const chains = new Map<string, IdentityChain>();
  for (const group of groupByPerson(records)) {
    const chain = verifyIdentityChain(group);
    const first = chain[0];
    if (first) chains.set(toHex(first.userId), chain);
  }
  return {
    signatureKeys: signatureKeysOf([...chains.values()].flat(), links.map(decodeLinkIdentity)),
    identityChain: (subjectId) => chains.get(toHex(subjectId)),
  };
}

/** userId16 follows the magic; records of one person come oldest first. */
function groupByPerson(records: readonly Uint8Array[]): Uint8Array[][] {
  const groups = new Map<string, Uint8Array[]>();
  for (const record of records) {
    const person = toHex(record.subarray(4, 20));
    const group = groups.get(person) ?? [];
    group.push(record);
    groups.set(person, group);
  }
  return [...groups.values()];
}

interface HeadQuestion {
  readonly volumeId: Uint8Array;
  readonly genesis: Commit;
  readonly manifests: readonly Manifest[];
  readonly signatureKeys: SignatureKeys;
}

function verifyHead(head: Commit, { volumeId, genesis, manifests, signatureKeys }: HeadQuestion): void {
  if (!equalBytes(head.volumeId, volumeId)) throw new CommitError("volume");
  const newest = manifests.at(-1);
  const named = newest && head.manifestVersion === newest.version && equalBytes(head.manifestHash, newest.hash);
  if (!newest || !named || head.g !== newest.g) throw new CommitError("manifest");
  if (head.kind === COMMIT_KINDS.genesis && !equalBytes(head.hash, genesis.hash)) throw new CommitError("kind");
  if (head.sequence === 0 && head.kind !== COMMIT_KINDS.genesis) throw new CommitError("sequence");
  // A members commit is authorised by the manifest before the one it carries.
  const authorising = head.kind === COMMIT_KINDS.members ? manifests.at(-2) : newest;
  const writer = authorising && memberByFingerprint(authorising, head.writerFingerprint);
  const may = head.kind === COMMIT_KINDS.members || head.kind === COMMIT_KINDS.rejoin ? mayChangeMembers : mayWrite;
  if (!writer || !may(writer.role)) throw new CommitError("writer_may_not");
  if (!isSigned(head, signatureKeys)) throw new CommitError("signature");
}
