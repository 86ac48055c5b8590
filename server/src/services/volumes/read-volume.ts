import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { LIMITS } from "@excalibur/core/protocol";
import { decodeManifest, ROLES } from "@excalibur/core/volume/record";
import { findCommit, listCommits as listCommitRecords, listCommitSizes } from "../../db/stores/commits.ts";
import { listEveryIdentity } from "../../db/stores/identities.ts";
import { listLinksOfVolume } from "../../db/stores/links.ts";
import { listEnvelopes, listManifests, listPreviousKeys, listVolumesOf } from "../../db/stores/volumes.ts";
import { StateDamagedError } from "./volume-states.ts";
import { requireMember, type VolumeCaller, type VolumesRoom } from "./volumes-room.ts";

export interface ListedVolume {
  readonly volumeId: Uint8Array;
  readonly sequence: number;
  readonly headHash: Uint8Array;
  readonly pending: boolean;
  readonly accepted: boolean;
}

/** Volumes this account is a member of. */
export async function listVolumes({ database }: VolumesRoom, userId: Uint8Array): Promise<ListedVolume[]> {
  const rows = await listVolumesOf(database.read, userId);
  return rows.map((row) => ({
    volumeId: row.volume_id,
    sequence: row.head_sequence,
    headHash: row.head_hash,
    pending: row.pending_ms !== null,
    accepted: row.role === ROLES.owner || row.accepted_ms !== null,
  }));
}

export interface VolumeHead {
  readonly sequence: number;
  readonly commit: Uint8Array;
  readonly genesis: Uint8Array;
  /** Versions 0 … newest. */
  readonly manifests: readonly Uint8Array[];
  /** Addressed to the caller, by generation. */
  readonly envelopes: readonly Uint8Array[];
  readonly previousKeys: readonly { readonly g: number; readonly sealed: Uint8Array }[];
  /** Of everyone any of the manifests names. */
  readonly identities: readonly Uint8Array[];
  /** Public keys of every link any of the manifests names. */
  readonly links: readonly Uint8Array[];
}

/** What a fresh device checks a volume with: one consistent state. @throws Refusal `not_found` */
export function getHead({ database }: VolumesRoom, caller: VolumeCaller): Promise<VolumeHead> {
  const { volumeId, userId } = caller;
  return database.snapshot(async (read) => {
    const { head_sequence: sequence, fingerprint } = await requireMember(read, caller);
    const head = await findCommit(read, volumeId, sequence);
    const genesis = sequence === 0 ? head : await findCommit(read, volumeId, 0);
    if (head === undefined || genesis === undefined) throw new StateDamagedError(volumeId);
    const manifests = await listManifests(read, volumeId);
    const subjects = subjectsOf(manifests);
    const identities = await listEveryIdentity(read, subjects);
    const links = await listLinksOfVolume(read, volumeId);
    const own = identities.filter((identity) => equalBytes(identity.user_id, userId));
    // A link has no identity: its keys are those of its row.
    const recipients = own.length === 0 ? [fingerprint] : own.map((identity) => identity.fingerprint);
    return {
      sequence,
      commit: head.record,
      genesis: genesis.record,
      manifests,
      envelopes: await listEnvelopes(read, volumeId, recipients),
      previousKeys: await listPreviousKeys(read, volumeId),
      identities: identities.map((identity) => identity.record),
      links: links
        .filter(({ link_id }) => subjects.some((subjectId) => equalBytes(subjectId, link_id)))
        .map(({ identity }) => identity),
    };
  });
}

function subjectsOf(manifests: readonly Uint8Array[]): Uint8Array[] {
  const subjects = new Map<string, Uint8Array>();
  for (const manifest of manifests) {
    for (const { subjectId } of decodeManifest(manifest).members) subjects.set(toBase64Url(subjectId), subjectId);
  }
  return [...subjects.values()];
}

export interface CommitList {
  readonly commits: readonly Uint8Array[];
  readonly headSequence: number;
  readonly headHash: Uint8Array;
  readonly more: boolean;
}

/** Commits after a sequence, oldest first: at least one, and no more than fit one answer. @throws Refusal `not_found` */
export function listCommits(
  { database }: VolumesRoom,
  caller: VolumeCaller & { readonly after: number },
): Promise<CommitList> {
  const { volumeId, after } = caller;
  return database.snapshot(async (read) => {
    const { head_sequence: headSequence, head_hash: headHash } = await requireMember(read, caller);
    const sizes = await listCommitSizes(read, { volumeId, after, limit: LIMITS.commitsPage });
    let limit = 0;
    let total = 0;
    for (const { sizeBytes } of sizes) {
      total += sizeBytes;
      if (limit > 0 && total > LIMITS.commitsPageBytes) break;
      limit += 1;
    }
    const last = sizes[limit - 1]?.sequence ?? headSequence;
    const commits = limit === 0 ? [] : await listCommitRecords(read, { volumeId, after, limit });
    return { commits, headSequence, headHash, more: last < headSequence };
  });
}
