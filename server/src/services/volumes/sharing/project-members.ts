import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { type Manifest, type Member, memberBySubject, ROLES } from "@excalibur/core/volume/record";
import type { WriteHandle } from "../../../db/index.ts";
import { forgetDepartures, listDepartures } from "../../../db/stores/sharing.ts";
import { listMembers, type MemberRow, replaceMembers } from "../../../db/stores/volumes.ts";

type Projected = Omit<MemberRow, "volume_id">;

function rowOf({ subjectId, fingerprint, role, addedMs }: Member, acceptedMs: number | null): Projected {
  const accepted_ms = role === ROLES.owner ? (acceptedMs ?? addedMs) : acceptedMs;
  return { subject_id: subjectId, fingerprint, role, accepted_ms };
}

/** What the manifest of a new volume means for access. */
export function firstMembers(manifest: Manifest): Projected[] {
  return Array.from(manifest.members, (member) => rowOf(member, null));
}

/**
 * What the newest manifest means for access: whoever is not in it is out as soon as the transaction is. Of somebody whose
 * row is the one from before, it stays remembered that they accepted or left; a row that was written anew invites anew. Of
 * a volume that is pending nobody but its owner sees anything.
 */
export async function projectMembers(
  tx: WriteHandle,
  { before, after, isPending }: { readonly before: Manifest; readonly after: Manifest; readonly isPending: boolean },
): Promise<void> {
  const { volumeId } = after;
  const accepted = new Map((await listMembers(tx, volumeId)).map((row) => [key(row.subject_id), row.accepted_ms]));
  const departed = await listDepartures(tx, volumeId);
  const isSame = (subjectId: Uint8Array) =>
    isSameRow(memberBySubject(before, subjectId), memberBySubject(after, subjectId));
  const stillGone = new Set(departed.filter((row) => isSame(row.subject_id)).map((row) => key(row.subject_id)));
  await forgetDepartures(
    tx,
    volumeId,
    departed.map((row) => row.subject_id).filter((subjectId) => !stillGone.has(key(subjectId))),
  );
  const members = [...after.members].filter(({ subjectId, role }) =>
    isPending ? role === ROLES.owner : !stillGone.has(key(subjectId)),
  );
  const rows = members.map((member) =>
    rowOf(member, isSame(member.subjectId) ? (accepted.get(key(member.subjectId)) ?? null) : null),
  );
  await replaceMembers(tx, volumeId, rows);
}

function key(subjectId: Uint8Array): string {
  return toBase64Url(subjectId);
}

/** A change of role alone keeps what the person has answered. */
function isSameRow(before: Member | null, after: Member | null): boolean {
  if (before === null || after === null) return false;
  return equalBytes(before.fingerprint, after.fingerprint) && before.addedMs === after.addedMs;
}
