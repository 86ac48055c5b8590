/** Manifests and their succession (spec/volumes.md §8). */

import {
  ascii,
  type Bytes,
  be,
  compare,
  concat,
  equal,
  growsStrictly,
  hex,
  isZero,
  Reader,
  zeros,
} from "../foundations/bytes.ts";
import { demandSignature, sign } from "../foundations/ed25519.ts";
import { labelledHash, sha256 } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";

export const ROLE = { viewer: 1, editor: 2, manager: 3, owner: 4, linkViewer: 16, linkEditor: 17 } as const;
const KNOWN_ROLES = new Set<number>(Object.values(ROLE));
const MAY_WRITE = new Set<number>([2, 3, 4, 17]);
const MAY_CHANGE_MEMBERS = new Set<number>([3, 4]);
const MANAGED_BY_MANAGERS = new Set<number>([1, 2, 16, 17]);
const LINK_ROLES = new Set<number>([16, 17]);

export interface MemberRow {
  readonly subjectId: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly role: number;
  readonly addedMs: number;
}

export interface ManifestFields {
  readonly volumeId: Uint8Array;
  readonly version: number;
  readonly previousManifestHash: Uint8Array;
  readonly nonce: Uint8Array;
  readonly g: number;
  readonly vkCommitment: Uint8Array;
  readonly ownerFingerprint: Uint8Array;
  readonly signerFingerprint: Uint8Array;
  readonly rows: readonly MemberRow[];
}

export interface Manifest extends ManifestFields {
  readonly bytes: Bytes;
  readonly signedLength: number;
  readonly signature: Bytes;
  readonly hash: Bytes;
}

/** Who has which Ed25519 key, by fingerprint in hex: from accepted identity records, never from the server's word. */
export type SignatureKeys = ReadonlyMap<string, Uint8Array>;

/** Person by person, an accepted identity chain leads from the first fingerprint to the second. */
export type ChainExists = (subjectId: Uint8Array, from: Uint8Array, to: Uint8Array) => boolean;

export function volumeIdOf(ownerFingerprint: Uint8Array, nonce: Uint8Array): Bytes {
  return labelledHash("volume", ownerFingerprint, nonce).slice(0, 16);
}

export function vkCommitmentOf(volumeId: Uint8Array, g: number, vk: Uint8Array): Bytes {
  return labelledHash("vk", volumeId, be(4, g), vk);
}

function encodeRow(row: MemberRow): Bytes {
  return concat(row.subjectId, row.fingerprint, be(1, row.role), be(8, row.addedMs));
}

export function encodeManifest(fields: ManifestFields, signerSeed: Uint8Array): Bytes {
  const body = concat(
    ascii("EXM3"),
    fields.volumeId,
    be(4, fields.version),
    fields.previousManifestHash,
    fields.nonce,
    be(4, fields.g),
    fields.vkCommitment,
    fields.ownerFingerprint,
    fields.signerFingerprint,
    be(4, fields.rows.length),
    ...fields.rows.map(encodeRow),
  );
  return concat(body, sign("manifest", signerSeed, body));
}

/** Form only. */
export function readManifest(bytes: Uint8Array): Manifest {
  const reader = new Reader(bytes);
  demand(equal(reader.take(4), ascii("EXM3")), "malformed", "Not a manifest.");
  const fields = {
    volumeId: reader.take(16),
    version: reader.uint(4),
    previousManifestHash: reader.take(32),
    nonce: reader.take(32),
    g: reader.uint(4),
    vkCommitment: reader.take(32),
    ownerFingerprint: reader.take(32),
    signerFingerprint: reader.take(32),
    rows: reader.list(57, (row) => ({
      subjectId: row.take(16),
      fingerprint: row.take(32),
      role: row.uint(1),
      addedMs: row.uint(8),
    })),
  };
  const signedLength = reader.offset;
  const signature = reader.take(64);
  reader.end();
  checkForm(fields);
  return { ...fields, bytes: new Uint8Array(bytes), signedLength, signature, hash: sha256(bytes) };
}

function checkForm(manifest: ManifestFields): void {
  const { rows, version } = manifest;
  demand(
    growsStrictly(rows.map((row) => row.subjectId)),
    "malformed",
    "Rows are not sorted, or one subject is there twice.",
  );
  const fingerprints = rows.map((row) => row.fingerprint).sort(compare);
  demand(growsStrictly(fingerprints), "malformed", "A fingerprint is there twice.");
  demand(
    rows.every((row) => KNOWN_ROLES.has(row.role)),
    "malformed",
    "An unknown role.",
  );
  const owners = rows.filter((row) => row.role === ROLE.owner);
  demand(owners.length === 1, "malformed", "Not exactly one owner.");
  const owner = owners[0] as MemberRow;
  demand(equal(owner.fingerprint, manifest.ownerFingerprint), "malformed", "The owner's row has another fingerprint.");
  demand(manifest.g <= version, "malformed", "A generation above the version.");
  if (version === 0) {
    demand(isZero(manifest.previousManifestHash), "malformed", "Version 0 names a manifest before it.");
    demand(equal(manifest.signerFingerprint, manifest.ownerFingerprint), "malformed", "Version 0 is not the owner's.");
    const volumeId = volumeIdOf(manifest.ownerFingerprint, manifest.nonce);
    demand(equal(manifest.volumeId, volumeId), "malformed", "The volume's id does not name owner and nonce.");
  } else demand(isZero(manifest.nonce), "malformed", "Only version 0 has a nonce.");
}

export function rowOf(manifest: ManifestFields, fingerprint: Uint8Array): MemberRow | undefined {
  return manifest.rows.find((row) => equal(row.fingerprint, fingerprint));
}

export function mayWrite(manifest: ManifestFields, fingerprint: Uint8Array): boolean {
  return MAY_WRITE.has(rowOf(manifest, fingerprint)?.role ?? 0);
}

export function mayChangeMembers(manifest: ManifestFields, fingerprint: Uint8Array): boolean {
  return MAY_CHANGE_MEMBERS.has(rowOf(manifest, fingerprint)?.role ?? 0);
}

function checkSignature(manifest: Manifest, keys: SignatureKeys): void {
  const key = keys.get(hex(manifest.signerFingerprint));
  demand(key !== undefined, "signature", "The signer's key is not known.");
  demandSignature("manifest", key, manifest.bytes.subarray(0, manifest.signedLength), manifest.signature);
}

export function verifyFirstManifest(manifest: Manifest, keys: SignatureKeys): void {
  demand(manifest.version === 0, "succession", "Not the first manifest.");
  checkSignature(manifest, keys);
}

/** §8 «Succession»: next after before. */
export function verifyNextManifest(
  before: Manifest,
  next: Manifest,
  keys: SignatureKeys,
  chainExists: ChainExists,
): void {
  demand(equal(next.volumeId, before.volumeId), "succession", "Another volume.");
  demand(next.version === before.version + 1, "succession", "The version does not grow by one.");
  demand(equal(next.previousManifestHash, before.hash), "succession", "It follows another manifest.");
  const signer = rowOf(before, next.signerFingerprint);
  demand(signer !== undefined && MAY_CHANGE_MEMBERS.has(signer.role), "succession", "The signer may not do this.");
  checkSignature(next, keys);

  demand(next.g === before.g || next.g === before.g + 1, "succession", "g must stay or grow by one.");
  const sameCommitment = equal(next.vkCommitment, before.vkCommitment);
  demand(sameCommitment === (next.g === before.g), "succession", "The commitment must change exactly with g.");

  let removed = false;
  for (const { old, now } of touchedRows(before, next)) {
    if (signer.role === ROLE.manager) checkManagersReach(old, now);
    if (old === undefined) continue;
    if (now === undefined) removed = true;
    else if (!equal(old.fingerprint, now.fingerprint)) {
      removed = true;
      demand(!LINK_ROLES.has(old.role), "succession", "A link's key never changes.");
      const chained = chainExists(old.subjectId, old.fingerprint, now.fingerprint);
      demand(chained, "succession", "No identity chain leads to the new fingerprint.");
    }
    if (now !== undefined) {
      demand(LINK_ROLES.has(old.role) === LINK_ROLES.has(now.role), "succession", "Person and link changed places.");
    }
  }
  demand(!removed || next.g === before.g + 1, "succession", "Removing anybody needs a new volume key.");
}

function checkManagersReach(old: MemberRow | undefined, now: MemberRow | undefined): void {
  for (const row of [old, now]) {
    demand(row === undefined || MANAGED_BY_MANAGERS.has(row.role), "succession", "A manager may not touch this row.");
  }
  if (old !== undefined && now !== undefined) {
    demand(equal(old.fingerprint, now.fingerprint), "succession", "A manager may not replace a key.");
  }
}

function touchedRows(before: Manifest, next: Manifest): { old: MemberRow | undefined; now: MemberRow | undefined }[] {
  const find = (manifest: Manifest, subject: string) => manifest.rows.find((row) => hex(row.subjectId) === subject);
  const subjects = new Set([...before.rows, ...next.rows].map((row) => hex(row.subjectId)));
  return [...subjects]
    .map((subject) => ({ old: find(before, subject), now: find(next, subject) }))
    .filter(({ old, now }) => !old || !now || !equal(encodeRow(old), encodeRow(now)));
}

export const NO_HASH = zeros(32);
