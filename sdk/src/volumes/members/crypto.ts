/** The keys of a volume's generations: opening what others sealed, and sealing for others. spec/volumes.md §5, §8, §9; spec/people.md §3. */

import { equalBytes, toHex } from "@excalibur/core/bytes";
import { parseEnvelope, type SignatureKeys, type VerifiedIdentity } from "@excalibur/core/identity";
import { openEnvelope, sealEnvelope } from "@excalibur/core/keys";
import { randomBytes } from "@excalibur/core/primitives";
import { openPreviousKeys, sealPreviousKeys } from "@excalibur/core/volume/content";
import {
  COMMIT_KINDS,
  commitToVolumeKey,
  decodeCommit,
  decodeManifest,
  type Manifest,
  type Member,
  memberBySubject,
  ROLES,
  signCommit,
  signManifest,
  verifyCommit,
} from "@excalibur/core/volume/record";
import type { HeadMaterial } from "../api.ts";
import { VolumeKeyError } from "../errors.ts";
import type { AcceptedState } from "../state.ts";
import type { AcceptedHead, VolumeMember } from "../types.ts";

export interface KeyQuestion {
  readonly volumeId: Uint8Array;
  readonly material: HeadMaterial;
  /** Versions 0 … newest, verified. */
  readonly manifests: readonly Manifest[];
  readonly member: VolumeMember;
  readonly signatureKeys: SignatureKeys;
}

export interface OpenedKeys {
  /** By generation. */
  readonly keys: ReadonlyMap<number, Uint8Array>;
  /** What whoever invited this person saw last: the history must contain it. */
  readonly floor: AcceptedHead | undefined;
}

/**
 * Volume keys by generation: those of the keyring, those of the envelopes, and those of generations before, each only if it
 * is the one the manifest of its generation commits to. Throws VolumeKeyError when the newest generation has none.
 */
export async function openVolumeKeys(question: KeyQuestion): Promise<OpenedKeys> {
  const { volumeId, manifests, member } = question;
  const keys = new Map<number, Uint8Array>();
  const byGeneration = new Map(manifests.map((manifest) => [manifest.g, manifest]));
  for (const [g, volumeKey] of member.volumeKeys(volumeId)) {
    const manifest = byGeneration.get(g);
    if (manifest && equalBytes(commitToVolumeKey(manifest, volumeKey), manifest.vkCommitment)) keys.set(g, volumeKey);
  }
  const newest = manifests.at(-1);
  const opened = newest && !keys.has(newest.g) ? await openEnvelopes(question, keys) : undefined;
  if (!newest || !keys.has(newest.g)) throw new VolumeKeyError({ cause: opened?.failure });
  await openEarlier(question, { keys, g: newest.g });
  return { keys, floor: opened?.floor };
}

/** Adds what the envelopes bring; gives the last refusal, for the error when nothing fitted. */
async function openEnvelopes(
  { material, manifests, member, signatureKeys }: KeyQuestion,
  keys: Map<number, Uint8Array>,
): Promise<{ readonly failure: unknown; readonly floor: AcceptedHead | undefined }> {
  let failure: unknown;
  let floor: AcceptedHead | undefined;
  for (const bytes of material.envelopes) {
    try {
      const envelope = parseEnvelope(bytes);
      const manifest = manifests.find(({ version }) => version === envelope.manifestVersion);
      if (!manifest || keys.has(envelope.g)) continue;
      const recipient = { fingerprint: member.fingerprint, sealingSeed: member.sealingSeed };
      const purpose = keys.size === 0 ? "invitation" : "generation";
      const opened = await openEnvelope({ envelope, manifest, recipient, signatureKeys, purpose });
      keys.set(envelope.g, opened.volumeKey);
      floor = opened.floor ?? floor;
    } catch (error) {
      failure = error;
    }
  }
  return { failure, floor };
}

/**
 * The keys before, which came with the newest generation. What is not to be opened is a gap: the pages of those generations
 * fail their own checks, and the rest of the volume stays readable (cryptography rule 12).
 */
async function openEarlier(
  { volumeId, material, manifests }: KeyQuestion,
  { keys, g }: { readonly keys: Map<number, Uint8Array>; readonly g: number },
): Promise<void> {
  const isWhole = Array.from({ length: g }, (_, earlier) => earlier).every((earlier) => keys.has(earlier));
  const record = material.previousKeys.find(({ generation }) => generation === g);
  const volumeKey = keys.get(g);
  if (isWhole || record === undefined || volumeKey === undefined) return;
  const place = { volumeId, g, volumeKey, commitmentOf: commitmentsOf(manifests) };
  const [opened] = await Promise.allSettled([openPreviousKeys(place, record.sealed)]);
  if (opened.status === "rejected") return;
  for (const [earlier, key] of opened.value) if (!keys.has(earlier)) keys.set(earlier, key);
}

function commitmentsOf(manifests: readonly Manifest[]): (g: number) => Uint8Array | undefined {
  return (g) => manifests.find((manifest) => manifest.g === g)?.vkCommitment;
}

export interface MembersOptions {
  readonly before: AcceptedState;
  /** Versions 0 … newest, verified. */
  readonly manifests: readonly Manifest[];
  readonly rows: readonly Member[];
  /** A new key, for those who stay: whenever somebody goes. */
  readonly rotate: boolean;
  /** Verified identities of everybody in `rows`, and keys of links, by fingerprint as hex. */
  readonly publicKeys: ReadonlyMap<string, Pick<VerifiedIdentity, "sealingKey">>;
  readonly member: VolumeMember;
  readonly nowMs: number;
}

export interface BuiltMembers {
  readonly head: AcceptedHead;
  readonly commit: Uint8Array;
  readonly manifest: Uint8Array;
  readonly envelopes: readonly Uint8Array[];
  readonly previousKeys: Uint8Array | undefined;
}

/** Signs the next member list and seals the volume's key for those who need it. Throws ManifestError, VolumeKeyError. */
export async function buildMembers(options: MembersOptions): Promise<BuiltMembers> {
  const { before, rotate, member, nowMs } = options;
  const { volumeId, head, commit: previous, tree, signatureKeys, keys } = before;
  const g = before.manifest.g + (rotate ? 1 : 0);
  const volumeKey = rotate ? randomBytes(32) : keys.get(g);
  if (volumeKey === undefined) throw new VolumeKeyError();
  const manifest = signNext(options, { g, volumeKey });
  const commit = decodeCommit(
    signCommit(
      {
        ...{ volumeId, sequence: head.sequence + 1, kind: COMMIT_KINDS.members, previousCommitHash: head.hash },
        timeMs: Math.max(previous.timeMs + 1, Math.floor(nowMs)),
        ...{ manifestVersion: manifest.version, manifestHash: manifest.hash, g },
        writerFingerprint: member.fingerprint,
        stateRoot: previous.stateRoot,
        ...{ abandoned: [], changes: [], added: [], dropped: [] },
      },
      member.signatureSeed,
    ),
  );
  // The very checks the server will make: a mistake of ours is found before anything is sent.
  verifyCommit({ previous, commit, manifest: before.manifest, nextManifest: manifest, state: tree, signatureKeys });
  const earlier = new Map([...keys].filter(([generation]) => generation < g));
  const place = { volumeId, g, volumeKey, commitmentOf: commitmentsOf([...options.manifests, manifest]) };
  return {
    head: { sequence: commit.sequence, hash: commit.hash },
    commit: commit.bytes,
    manifest: manifest.bytes,
    envelopes: await sealFor(recipientsOf(before.manifest, manifest), { ...options, manifest, volumeKey }),
    previousKeys: rotate ? await sealPreviousKeys(place, earlier) : undefined,
  };
}

function signNext(
  { before, rows, rotate, member }: MembersOptions,
  { g, volumeKey }: { readonly g: number; readonly volumeKey: Uint8Array },
): Manifest {
  const { volumeId, manifest } = before;
  return decodeManifest(
    signManifest(
      {
        ...{ volumeId, version: manifest.version + 1, previousManifestHash: manifest.hash, g },
        nonce: new Uint8Array(32),
        vkCommitment: rotate ? commitToVolumeKey({ volumeId, g }, volumeKey) : manifest.vkCommitment,
        ownerFingerprint: rows.find(({ role }) => role === ROLES.owner)?.fingerprint ?? manifest.ownerFingerprint,
        signerFingerprint: member.fingerprint,
        members: rows,
      },
      member.signatureSeed,
    ),
  );
}

/** Everybody when there is a new key, otherwise who is new or invited anew. */
function recipientsOf(before: Manifest, after: Manifest): Member[] {
  return [...after.members].filter((row) => {
    const old = memberBySubject(before, row.subjectId);
    return after.g > before.g || old === null || old.addedMs !== row.addedMs;
  });
}

async function sealFor(
  recipients: readonly Member[],
  options: MembersOptions & { readonly manifest: Manifest; readonly volumeKey: Uint8Array },
): Promise<Uint8Array[]> {
  const { before, member, manifest, volumeKey, publicKeys } = options;
  const sender = { fingerprint: member.fingerprint, signatureSeed: member.signatureSeed };
  const envelopes: Uint8Array[] = [];
  for (const { fingerprint } of recipients) {
    const keys = publicKeys.get(toHex(fingerprint));
    // The keys that a fingerprint of the signed list stands for, or nothing is sealed at all (cryptography rule 7).
    if (keys === undefined) throw new VolumeKeyError();
    const recipient = { fingerprint, sealingKey: keys.sealingKey };
    envelopes.push(await sealEnvelope({ manifest, volumeKey, head: before.head, sender, recipient }));
  }
  return envelopes;
}
