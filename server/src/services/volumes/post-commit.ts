import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { COMMIT_KINDS, type Commit, decodeCommit, isLinkRole, memberBySubject } from "@excalibur/core/volume/record";
import { DatabaseError, type WriteHandle } from "../../db/index.ts";
import { findCommit, insertCommit } from "../../db/stores/commits.ts";
import { deleteClaims } from "../../db/stores/link-claims.ts";
import { revokeLinks } from "../../db/stores/links.ts";
import { changeReferences, findUnlistable, type ReferenceChange } from "../../db/stores/object-references.ts";
import { settleLinkObjects } from "../../db/stores/objects.ts";
import { replacePages } from "../../db/stores/pages.ts";
import { takeOver } from "../../db/stores/quota.ts";
import { renewPending } from "../../db/stores/sharing.ts";
import { findVolume, insertManifest, insertPreviousKeys, moveHead, saveEnvelopes } from "../../db/stores/volumes.ts";
import { Refusal } from "../../refusal.ts";
import type { Transact } from "../transact.ts";
import { refuseInvalid } from "./record-refusal.ts";
import { auditMembers } from "./sharing/audit-sharing.ts";
import { handOver } from "./sharing/hand-over.ts";
import { mountVolumes, requireMayMount } from "./sharing/mount-volumes.ts";
import { projectMembers } from "./sharing/project-members.ts";
import { announceMembers } from "./sharing/take-part.ts";
import { type Unmount, unmountVolumes } from "./sharing/unmount-volumes.ts";
import { decodeMembers, type MembersBody, type MembersRecords, verifyMembers } from "./verify-members.ts";
import { verifyNextCommit } from "./verify-next-commit.ts";
import { type PageMoves, verifyPages } from "./verify-pages.ts";
import type { VolumeState } from "./volume-states.ts";
import { type Membership, requireMember, type VolumeCaller, type VolumesRoom } from "./volumes-room.ts";

/** As many as a problem document names. */
const missingNamed = 100;

export interface IncomingCommit extends VolumeCaller, MembersBody {
  readonly commit: Uint8Array;
  /** Pending volumes of the sender that it mounts. */
  readonly mounts?: readonly Uint8Array[] | undefined;
  /** Volumes of the sender's own that end with it. */
  readonly unmounts?: readonly Unmount[] | undefined;
}

export interface CommitAccepted {
  readonly sequence: number;
}

/** Ready to be written: everything that takes time was checked outside the transaction. */
interface Verified {
  readonly commit: Commit;
  readonly writerUserId: Uint8Array;
  readonly before: VolumeState;
  readonly after: VolumeState;
  readonly moves: PageMoves;
  readonly references: readonly ReferenceChange[];
  readonly members: MembersRecords | undefined;
  readonly mounts: readonly Uint8Array[];
  readonly unmounts: readonly Unmount[];
  readonly volume: Pick<Membership, "owner_user_id" | "pending_ms">;
  readonly senderUserId: Uint8Array;
}

/**
 * Extends the head, all or nothing (docs/spec/volumes.md §5). One that is in the history already answers as if it were new.
 * @throws Refusal `not_found`, `head_moved`, `commit_invalid`, `record_invalid`, `page_missing`, `object_missing`, `quota_exceeded`
 */
export async function postCommit(
  room: VolumesRoom,
  incoming: IncomingCommit,
  transact: Transact,
): Promise<CommitAccepted> {
  const membership = await requireMember(room.database.read, incoming);
  const commit = refuseInvalid("commit_invalid", () => decodeCommit(incoming.commit));
  if (!equalBytes(commit.volumeId, incoming.volumeId)) throw new Refusal("commit_invalid", { reason: "volume" });
  if (commit.sequence <= membership.head_sequence && (await isInHistory(room, commit))) {
    return transact(async () => ({ sequence: commit.sequence }));
  }
  const verified = await verify(room, incoming, { commit, membership });
  let applied = false;
  const accepted = await transact(async (tx) => {
    await store(tx, verified, room.clock());
    applied = true;
    return { sequence: commit.sequence };
  }).catch(async (error: unknown) => {
    // Looked at a moment ago and swept since: the row of the reference finds no object to refer to.
    if (error instanceof DatabaseError && error.failure === "foreign-key")
      await requireListable(room, incoming, verified);
    throw error;
  });
  if (applied) {
    room.states.moved(incoming.volumeId, verified.after);
    room.announcer.announce({
      type: "commit",
      volumeId: toBase64Url(incoming.volumeId),
      sequence: commit.sequence,
    });
    announceMembership(room, verified);
  }
  return accepted;
}

/** Who was let in, or is out, learns it now. */
function announceMembership(room: VolumesRoom, verified: Verified): void {
  const { before, members, mounts, unmounts, volume, senderUserId } = verified;
  if (members !== undefined && volume.pending_ms === null) {
    const gone = [...before.manifest.members].filter(
      ({ subjectId }) => memberBySubject(members.manifest, subjectId) === null,
    );
    announceMembers(
      room,
      before.manifest.volumeId,
      gone.map(({ subjectId }) => subjectId),
    );
  }
  for (const volumeId of mounts) announceMembers(room, volumeId, []);
  for (const { volumeId } of unmounts) announceMembers(room, volumeId, [senderUserId]);
}

async function isInHistory({ database }: VolumesRoom, commit: Commit): Promise<boolean> {
  const known = await findCommit(database.read, commit.volumeId, commit.sequence);
  return known !== undefined && equalBytes(known.hash, commit.hash);
}

async function verify(
  room: VolumesRoom,
  incoming: IncomingCommit,
  { commit, membership }: { readonly commit: Commit; readonly membership: Membership },
): Promise<Verified> {
  const { read } = room.database;
  const before = await room.states.current(incoming.volumeId);
  if (before === undefined) throw new Refusal("not_found");
  if (!equalBytes(commit.previousCommitHash, before.head.hash)) {
    throw new Refusal("head_moved", { version: before.head.sequence });
  }
  const members = decodeMembers(incoming);
  const { mounts = [], unmounts = [] } = incoming;
  if (mounts.length + unmounts.length > 0) requireMayMount(membership, commit.kind === COMMIT_KINDS.ordinary);
  const next = { state: before, commit, nextManifest: members?.manifest, serverTimeMs: room.clock() };
  const { state: after, writerUserId } = await verifyNextCommit(read, next);
  if (members !== undefined) {
    const isWriter = equalBytes(writerUserId, incoming.userId);
    await verifyMembers(read, { before: before.manifest, commit, records: members, isWriter });
  }
  const moves = await verifyPages(read, commit, before.tree);
  const references = referenceChanges(commit);
  const sent = { mounts, unmounts, volume: membership, senderUserId: incoming.userId };
  const verified = { commit, writerUserId, before, after, moves, references, members, ...sent };
  await requireListable(room, incoming, verified);
  return verified;
}

/** @throws Refusal `object_missing` */
async function requireListable(
  { database }: VolumesRoom,
  { volumeId, userId }: VolumeCaller,
  { commit, writerUserId }: Pick<Verified, "commit" | "writerUserId">,
): Promise<void> {
  const added = Array.from(commit.added, ({ objectId }) => objectId);
  const unlistable = await findUnlistable(database.read, added, { volumeId, userId, writerUserId });
  if (unlistable.length > 0) {
    throw new Refusal("object_missing", { ids: unlistable.slice(0, missingNamed).map(toBase64Url) });
  }
}

function referenceChanges({ added, dropped }: Commit): ReferenceChange[] {
  return [
    ...Array.from(added, ({ objectId, count }) => ({ objectId, count })),
    ...Array.from(dropped, ({ objectId, count }) => ({ objectId, count: -count })),
  ];
}

/** Inside it nothing is awaited but the database; its cost is that of the change, not of the volume. */
async function store(tx: WriteHandle, verified: Verified, nowMs: number): Promise<void> {
  const { commit, before, after, moves, references, members } = verified;
  const { volumeId, sequence } = commit;
  const head = {
    head_sequence: sequence,
    head_hash: commit.hash,
    state_root: commit.stateRoot,
    manifest_version: after.manifest.version,
    g: after.manifest.g,
  };
  if (!(await moveHead(tx, { volumeId, previousHash: before.head.hash, head }))) {
    const now = await findVolume(tx, volumeId);
    throw new Refusal("head_moved", now === undefined ? {} : { version: now.head_sequence });
  }
  await insertCommit(tx, {
    volume_id: volumeId,
    sequence,
    hash: commit.hash,
    record: commit.bytes,
    received_ms: nowMs,
  });
  if (!(await replacePages(tx, { volumeId, sequence, nowMs, ...moves }))) throw new Refusal("page_missing");
  if (!(await changeReferences(tx, volumeId, { changes: references, nowMs }))) {
    throw new Refusal("commit_invalid", { reason: "dropped_count" });
  }
  await payFor(tx, verified);
  await renewPending(tx, volumeId, nowMs);
  if (commit.kind === COMMIT_KINDS.members && members !== undefined)
    await storeMembers(tx, members, { ...verified, nowMs });
  const mounting = { userId: verified.senderUserId, mountedFrom: volumeId, outerOwner: verified.volume.owner_user_id };
  await mountVolumes(tx, verified.mounts, { ...mounting, nowMs });
  await unmountVolumes(tx, verified.unmounts, { userId: verified.senderUserId, nowMs });
}

/** What is in a volume counts for its owner, whoever uploaded it. @throws Refusal `quota_exceeded` */
async function payFor(tx: WriteHandle, { commit, writerUserId, volume }: Verified): Promise<void> {
  const { owner_user_id: owner } = volume;
  if (equalBytes(owner, writerUserId)) return;
  const added = Array.from(commit.added, ({ objectId }) => objectId);
  if (!(await takeOver(tx, added, { from: writerUserId, to: owner }))) throw new Refusal("quota_exceeded");
  // What came through a link was the owner's to pay for from its first byte.
  await settleLinkObjects(tx, added, writerUserId);
}

async function storeMembers(
  tx: WriteHandle,
  { manifest, previousKeys, envelopes }: MembersRecords,
  {
    before,
    volume,
    writerUserId,
    nowMs,
  }: Pick<Verified, "before" | "volume" | "writerUserId"> & { readonly nowMs: number },
): Promise<void> {
  const { volumeId } = manifest;
  await insertManifest(tx, {
    volume_id: volumeId,
    version: manifest.version,
    record: manifest.bytes,
    hash: manifest.hash,
  });
  if (previousKeys !== undefined) {
    await insertPreviousKeys(tx, { volume_id: volumeId, g: manifest.g, sealed: previousKeys });
  }
  await saveEnvelopes(
    tx,
    envelopes.map((envelope) => ({
      volume_id: volumeId,
      g: envelope.g,
      recipient_fingerprint: envelope.recipientFingerprint,
      record: envelope.bytes,
    })),
  );
  await handOver(tx, manifest, volume);
  await auditMembers(tx, { before: before.manifest, after: manifest }, { actor: writerUserId, nowMs });
  await projectMembers(tx, { before: before.manifest, after: manifest, isPending: volume.pending_ms !== null });
  const gone = [...before.manifest.members]
    .filter(({ subjectId, role }) => isLinkRole(role) && memberBySubject(manifest, subjectId) === null)
    .map(({ subjectId }) => subjectId);
  await revokeLinks(tx, gone, nowMs);
  await deleteClaims(tx, gone);
}
