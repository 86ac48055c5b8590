import { equalBytes, fromBase64Url, toHex } from "@excalibur/core/bytes";
import { type IdentityRecord, parseEnvelope } from "@excalibur/core/identity";
import type { NewVolume } from "@excalibur/core/protocol";
import {
  type Commit,
  decodeCommit,
  decodeManifest,
  type Manifest,
  pageRecordHash,
  parsePageRecord,
  StateTree,
  verifyGenesis,
  verifyPageAgainstCommit,
} from "@excalibur/core/volume/record";
import type { WriteHandle } from "../../db/index.ts";
import { insertCommit } from "../../db/stores/commits.ts";
import { insertPages, type PageRow } from "../../db/stores/pages.ts";
import { insertManifest, insertVolume, replaceMembers, saveEnvelopes } from "../../db/stores/volumes.ts";
import { Refusal } from "../../refusal.ts";
import { refuseInvalid } from "./record-refusal.ts";
import { firstMembers } from "./sharing/project-members.ts";

export interface VolumeCreation {
  readonly newVolume: NewVolume;
  readonly ownerUserId: Uint8Array;
  /** The owner's identity, verified; its keys must be the manifest's and the commit's. */
  readonly identity: IdentityRecord;
  readonly nowMs: number;
}

/** A genesis that keeps every rule, ready to be stored. */
export interface VerifiedNewVolume {
  readonly manifest: Manifest;
  readonly commit: Commit;
  readonly pages: readonly PageRow[];
  readonly envelope: Uint8Array;
  readonly creation: VolumeCreation;
}

/**
 * Checks the genesis of a volume: manifest version 0, the first commit, its pages and the owner's envelope
 * (docs/spec/volumes.md §5, §8). Needs no database. @throws Refusal `record_invalid` with the rule in `reason`
 */
export function verifyNewVolume(creation: VolumeCreation): VerifiedNewVolume {
  const { newVolume, identity, nowMs } = creation;
  return refuseInvalid("record_invalid", () => {
    const manifest = decodeManifest(fromBase64Url(newVolume.manifest));
    const commit = decodeCommit(fromBase64Url(newVolume.commit));
    requireOwner(manifest, creation);
    const signatureKeys = (fingerprint: Uint8Array) =>
      equalBytes(fingerprint, identity.fingerprint) ? identity.signatureKey : undefined;
    verifyGenesis({ manifest, commit, signatureKeys, serverTimeMs: nowMs });
    demand(equalBytes(manifest.volumeId, fromBase64Url(newVolume.volumeId)), "volume");
    // Nothing can have been uploaded for a volume that is only being made.
    demand(commit.added.length === 0, "added");
    const pages = verifyPages(commit, newVolume);
    const envelope = fromBase64Url(newVolume.envelope);
    requireOwnEnvelope(envelope, manifest);
    return { manifest, commit, pages, envelope, creation };
  });
}

function requireOwner(manifest: Manifest, { ownerUserId, identity }: VolumeCreation): void {
  const [owner, ...others] = manifest.members;
  const isOwner =
    owner !== undefined &&
    equalBytes(owner.subjectId, ownerUserId) &&
    equalBytes(owner.fingerprint, identity.fingerprint) &&
    equalBytes(identity.userId, ownerUserId);
  demand(isOwner && others.length === 0, "owner");
}

function verifyPages(commit: Commit, newVolume: NewVolume): PageRow[] {
  const rows = newVolume.pages.map((page): PageRow => {
    const bytes = fromBase64Url(page);
    const record = parsePageRecord(bytes);
    const recordHash = pageRecordHash(bytes);
    verifyPageAgainstCommit({ record, recordHash, commit, before: StateTree.empty });
    const { nodeId, bitsLength, bits, version } = record.header;
    return {
      volume_id: commit.volumeId,
      node_id: nodeId,
      bits_length: bitsLength,
      bits,
      version,
      record_hash: recordHash,
      size_bytes: bytes.length,
      record: bytes,
      sequence: commit.sequence,
      replaced_ms: null,
    };
  });
  const distinct = new Set(rows.map((row) => toHex(row.record_hash)));
  demand(rows.length === commit.changes.length && distinct.size === rows.length, "pages");
  return rows;
}

function requireOwnEnvelope(bytes: Uint8Array, manifest: Manifest): void {
  const envelope = parseEnvelope(bytes);
  const fits =
    equalBytes(envelope.volumeId, manifest.volumeId) &&
    envelope.g === 0 &&
    envelope.manifestVersion === 0 &&
    equalBytes(envelope.senderFingerprint, manifest.ownerFingerprint) &&
    equalBytes(envelope.recipientFingerprint, manifest.ownerFingerprint);
  demand(fits, "envelope");
}

function demand(condition: boolean, reason: string): void {
  if (!condition) throw new Refusal("record_invalid", { reason });
}

/** Stores a verified genesis in the caller's transaction; the owner's account must be there already. `pendingMs`: nothing mounts it yet. */
export async function storeVolume(
  tx: WriteHandle,
  volume: VerifiedNewVolume,
  { pendingMs = null }: { readonly pendingMs?: number | null } = {},
): Promise<void> {
  const { manifest, commit, pages, envelope, creation } = volume;
  const { ownerUserId, nowMs } = creation;
  const { volumeId } = manifest;
  const isNew = await insertVolume(tx, {
    volume_id: volumeId,
    owner_user_id: ownerUserId,
    head_sequence: commit.sequence,
    head_hash: commit.hash,
    state_root: commit.stateRoot,
    manifest_version: manifest.version,
    g: manifest.g,
    created_ms: nowMs,
    genesis_hash: commit.hash,
    pending_ms: pendingMs,
    mounted_from: null,
  });
  if (!isNew) throw new Refusal("record_invalid", { reason: "volume_exists" });
  await insertManifest(tx, { volume_id: volumeId, version: 0, record: manifest.bytes, hash: manifest.hash });
  await replaceMembers(tx, volumeId, firstMembers(manifest));
  await saveEnvelopes(tx, [
    { volume_id: volumeId, g: 0, recipient_fingerprint: manifest.ownerFingerprint, record: envelope },
  ]);
  await insertCommit(tx, {
    volume_id: volumeId,
    sequence: commit.sequence,
    hash: commit.hash,
    record: commit.bytes,
    received_ms: nowMs,
  });
  await insertPages(tx, pages);
}

/** Checks and stores a new volume as part of the caller's transaction. @throws Refusal `record_invalid` */
export async function createVolume(tx: WriteHandle, creation: VolumeCreation): Promise<void> {
  await storeVolume(tx, verifyNewVolume(creation));
}
