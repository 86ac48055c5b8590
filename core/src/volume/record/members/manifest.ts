import {
  ByteReader,
  type Bytes,
  ByteWriter,
  concatBytes,
  equalBytes,
  FormatError,
  isAllZero,
  toHex,
  uint32,
  writeUint,
} from "../../../bytes/index.ts";
import { hashLabelled, signLabelled } from "../../../labels/index.ts";
import { SIGNATURE_LENGTH, sha256 } from "../../../primitives/index.ts";
import { type RecordList, type RecordShape, readRecordList, writeField, writeRecordList } from "../record-list.ts";
import { isRole, ROLES, type Role } from "./roles.ts";

const MAGIC = "EXM3";

export interface Member {
  /** A person's userId or a link's linkId, 16 bytes. */
  readonly subjectId: Uint8Array;
  /** Of the member's two public keys. */
  readonly fingerprint: Uint8Array;
  readonly role: Role;
  readonly addedMs: number;
}

/** The members of a volume (cryptography.md §5, docs/spec/volumes.md §8). */
export interface ManifestFields {
  readonly volumeId: Uint8Array;
  readonly version: number;
  /** SHA-256 of the manifest before, zero for version 0. */
  readonly previousManifestHash: Uint8Array;
  /** Random for version 0, else zero. */
  readonly nonce: Uint8Array;
  /** The generation of the volume key. */
  readonly g: number;
  readonly vkCommitment: Uint8Array;
  readonly ownerFingerprint: Uint8Array;
  readonly signerFingerprint: Uint8Array;
  readonly members: Iterable<Member>;
}

/** A manifest that follows its format. Its signature and its place are proven by `verifyGenesisManifest` and `verifyManifestSuccession`. */
export interface Manifest extends ManifestFields {
  readonly members: RecordList<Member>;
  readonly bytes: Uint8Array;
  /** SHA-256 of all bytes, the signature included. */
  readonly hash: Bytes;
  /** What the signature covers. */
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
}

const MEMBER: RecordShape<Member> = {
  sizeBytes: 16 + 32 + 1 + 8,
  sortedBytes: 16,
  read: (item) => {
    const reader = new ByteReader(item);
    const subjectId = reader.bytes(16);
    const fingerprint = reader.bytes(32);
    const role = reader.u8();
    if (!isRole(role)) throw new FormatError(`The manifest names a role ${role} that does not exist.`);
    return { subjectId, fingerprint, role, addedMs: reader.u64() };
  },
  write: ({ subjectId, fingerprint, role, addedMs }, target, offset) => {
    writeField(target, offset, subjectId, 16);
    writeField(target, offset + 16, fingerprint, 32);
    writeUint(target, offset + 48, 1, role);
    writeUint(target, offset + 49, 8, addedMs);
  },
};

/** Makes and signs a manifest; members may come in any order. Throws FormatError if it would not follow the format. */
export function signManifest(fields: ManifestFields, signatureSeed: Uint8Array): Bytes {
  const members = writeRecordList(fields.members, MEMBER);
  const body = new ByteWriter(256 + members.bytes.length)
    .text(MAGIC)
    .bytes(sized(fields.volumeId, 16))
    .u32(fields.version)
    .bytes(sized(fields.previousManifestHash, 32))
    .bytes(sized(fields.nonce, 32))
    .u32(fields.g)
    .bytes(sized(fields.vkCommitment, 32))
    .bytes(sized(fields.ownerFingerprint, 32))
    .bytes(sized(fields.signerFingerprint, 32))
    .u32(members.count)
    .bytes(members.bytes)
    .finish();
  const bytes = concatBytes(body, signLabelled("manifest", signatureSeed, body));
  decodeManifest(bytes);
  return bytes;
}

/** Reads a manifest and checks its form. Throws FormatError. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  const reader = new ByteReader(bytes, "manifest");
  reader.expectAscii(MAGIC);
  const manifest: Manifest = {
    volumeId: reader.bytes(16),
    version: reader.u32(),
    previousManifestHash: reader.bytes(32),
    nonce: reader.bytes(32),
    g: reader.u32(),
    vkCommitment: reader.bytes(32),
    ownerFingerprint: reader.bytes(32),
    signerFingerprint: reader.bytes(32),
    members: readRecordList(reader, MEMBER),
    signature: reader.bytes(SIGNATURE_LENGTH),
    signedBytes: bytes.subarray(0, bytes.length - SIGNATURE_LENGTH),
    bytes,
    hash: sha256(bytes),
  };
  reader.finish();
  requireForm(manifest);
  return manifest;
}

function requireForm(manifest: Manifest): void {
  const fingerprints = new Set<string>();
  const owners: Member[] = [];
  for (const member of manifest.members) {
    fingerprints.add(toHex(member.fingerprint));
    if (member.role === ROLES.owner) owners.push(member);
  }
  const { version, g, ownerFingerprint } = manifest;
  const [owner] = owners;
  demand(fingerprints.size === manifest.members.length, "names one fingerprint twice");
  demand(
    owners.length === 1 && owner !== undefined && equalBytes(owner.fingerprint, ownerFingerprint),
    "has not one owner",
  );
  demand(g <= version, "has more generations than versions");
  if (version > 0) {
    demand(isAllZero(manifest.nonce), "has a nonce that only the first one has");
    return;
  }
  demand(isAllZero(manifest.previousManifestHash), "is the first, but follows another");
  demand(equalBytes(manifest.signerFingerprint, ownerFingerprint), "is the first, but not signed by the owner");
  demand(equalBytes(volumeIdOf(manifest), manifest.volumeId), "belongs to another volume");
}

function demand(condition: boolean, what: string): void {
  if (!condition) throw new FormatError(`The manifest ${what}.`);
}

/** The id of a volume, from its first manifest. */
export function volumeIdOf({ ownerFingerprint, nonce }: Pick<ManifestFields, "ownerFingerprint" | "nonce">): Bytes {
  return hashLabelled("volume", sized(ownerFingerprint, 32), sized(nonce, 32)).slice(0, 16);
}

export interface VolumeKeyName {
  readonly volumeId: Uint8Array;
  readonly g: number;
}

/** What a manifest says about its volume key: SHA-256("excalibur/v3/vk" ‖ 00 ‖ volumeId ‖ g4 ‖ VK_g). */
export function commitToVolumeKey({ volumeId, g }: VolumeKeyName, volumeKey: Uint8Array): Bytes {
  return hashLabelled("vk", sized(volumeId, 16), uint32(g), sized(volumeKey, 32));
}

/** The row with this fingerprint, or null. */
export function memberByFingerprint(manifest: Manifest, fingerprint: Uint8Array): Member | null {
  for (const member of manifest.members) if (equalBytes(member.fingerprint, fingerprint)) return member;
  return null;
}

/** The row of this subject, or null. */
export function memberBySubject(manifest: Manifest, subjectId: Uint8Array): Member | null {
  return manifest.members.find(subjectId);
}

function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length)
    throw new FormatError(`A field of the manifest has ${bytes.length} bytes, not ${length}.`);
  return bytes;
}
