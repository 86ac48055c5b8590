import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { decodeManifest, isRole, mayChangeMembers } from "@excalibur/core/volume/record";
import type { WriteHandle } from "../../../db/index.ts";
import { insertAudit } from "../../../db/stores/audit.ts";
import { takeOverVolume } from "../../../db/stores/quota.ts";
import { mountPending } from "../../../db/stores/sharing.ts";
import { findManifest, findVolume } from "../../../db/stores/volumes.ts";
import { Refusal } from "../../../refusal.ts";
import type { Membership } from "../volumes-room.ts";
import { projectMembers } from "./project-members.ts";

/**
 * Sharing something of a volume takes it out of reach of some of its members: it is for who may change members, and in a
 * volume that others may see. The server learns what was mounted from which volume, never where. @throws Refusal `commit_invalid`
 */
export function requireMayMount(membership: Membership, isOrdinary: boolean): void {
  const { role, pending_ms } = membership;
  const may = isRole(role) && mayChangeMembers(role) && pending_ms === null && isOrdinary;
  if (!may) throw new Refusal("commit_invalid", { reason: "mounts" });
}

/**
 * Makes the sender's pending volumes permanent, in the transaction of the commit that mounts them. What they hold and counted for the
 * owner of the volume around them counts for the sender, whose they are. @throws Refusal `commit_invalid`, `quota_exceeded`
 */
export async function mountVolumes(
  tx: WriteHandle,
  mounts: readonly Uint8Array[],
  {
    userId,
    mountedFrom,
    outerOwner,
    nowMs,
  }: {
    readonly userId: Uint8Array;
    readonly mountedFrom: Uint8Array;
    readonly outerOwner: Uint8Array;
    readonly nowMs: number;
  },
): Promise<void> {
  for (const volumeId of mounts) {
    const volume = await findVolume(tx, volumeId);
    const isMounted = await mountPending(tx, { volumeId, ownerUserId: userId, mountedFrom });
    if (volume === undefined || !isMounted) throw new Refusal("commit_invalid", { reason: "mount_unknown" });
    const isOthers = !equalBytes(outerOwner, userId);
    if (isOthers && !(await takeOverVolume(tx, volumeId, { from: outerOwner, to: userId })))
      throw new Refusal("quota_exceeded");
    const record = await findManifest(tx, volumeId, volume.manifest_version);
    if (record === undefined) throw new Refusal("commit_invalid", { reason: "mount_unknown" });
    const manifest = decodeManifest(record);
    await insertAudit(tx, { atMs: nowMs, actor: userId, action: "volume-shared", subject: toBase64Url(volumeId) });
    await projectMembers(tx, { before: manifest, after: manifest, isPending: false });
  }
}
