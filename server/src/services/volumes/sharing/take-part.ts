import { toBase64Url } from "@excalibur/core/bytes";
import { isLinkRole, isRole, ROLES } from "@excalibur/core/volume/record";
import { acceptMembership, depart, listDepartures } from "../../../db/stores/sharing.ts";
import { listMembers as listMemberRows } from "../../../db/stores/volumes.ts";
import { Refusal } from "../../../refusal.ts";
import type { Transact } from "../../transact.ts";
import { requireMember, type VolumeCaller, type VolumesRoom } from "../volumes-room.ts";
import { auditMember } from "./audit-sharing.ts";

export interface ListedMember {
  readonly userId: Uint8Array;
  readonly acceptedMs: number | null;
  readonly leftMs: number | null;
}

/** Who of the signed list has answered, and who has left. @throws Refusal `not_found` */
export function listMembers({ database }: VolumesRoom, caller: VolumeCaller): Promise<ListedMember[]> {
  return database.snapshot(async (read) => {
    await requireMember(read, caller);
    const rows = await listMemberRows(read, caller.volumeId);
    const members = rows.filter(({ role }) => isRole(role) && !isLinkRole(role));
    const departed = await listDepartures(read, caller.volumeId);
    return [
      ...members.map((row) => ({ userId: row.subject_id, acceptedMs: row.accepted_ms, leftMs: null })),
      ...departed.map((row) => ({ userId: row.subject_id, acceptedMs: null, leftMs: row.left_ms })),
    ];
  });
}

/** Remembers when an invitation was first accepted. @throws Refusal `not_found` */
export async function acceptVolume(room: VolumesRoom, caller: VolumeCaller, transact: Transact): Promise<void> {
  const { volumeId, userId: subjectId } = caller;
  const nowMs = room.clock();
  await transact(async (tx) => {
    if (!(await acceptMembership(tx, { volumeId, subjectId, nowMs }))) throw new Refusal("not_found");
  });
  announceMembers(room, volumeId, []);
}

/** Takes the caller's access away at once; declining is leaving before one has accepted. @throws Refusal `not_found`, `forbidden` for the owner */
export async function leaveVolume(room: VolumesRoom, caller: VolumeCaller, transact: Transact): Promise<void> {
  const { volumeId, userId } = caller;
  const row = { volume_id: volumeId, subject_id: userId, left_ms: room.clock() };
  await transact(async (tx) => {
    const { role } = await requireMember(tx, caller);
    if (role === ROLES.owner) throw new Refusal("forbidden");
    if (!(await depart(tx, row))) throw new Refusal("not_found");
    const entry = { volumeId, subjectId: userId, action: "member-left" } as const;
    await auditMember(tx, entry, { actor: userId, nowMs: row.left_ms });
  });
  announceMembers(room, volumeId, [userId]);
}

/** To everybody in it, and to those who are not any more. */
export function announceMembers(
  { announcer }: Pick<VolumesRoom, "announcer">,
  volumeId: Uint8Array,
  gone: readonly Uint8Array[],
): void {
  announcer.announce({ type: "members", volumeId: toBase64Url(volumeId), gone: gone.map(toBase64Url) });
}
