import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { decodeIdentity } from "@excalibur/core/identity";
import { LIMITS, type NewVolume, type VolumeId } from "@excalibur/core/protocol";
import { listIdentities } from "../../../db/stores/identities.ts";
import { countPendingVolumes } from "../../../db/stores/sharing.ts";
import { Refusal } from "../../../refusal.ts";
import type { Transact } from "../../transact.ts";
import { storeVolume, verifyNewVolume } from "../create-volume.ts";
import type { VolumesRoom } from "../volumes-room.ts";

export interface PendingCreation {
  readonly userId: Uint8Array;
  readonly newVolume: NewVolume;
}

/** A volume that only its owner sees until a commit mounts it. @throws Refusal `record_invalid`, `too_many` */
export async function createPending(
  room: VolumesRoom,
  { userId, newVolume }: PendingCreation,
  transact: Transact,
): Promise<{ volumeId: VolumeId }> {
  const [newest] = (await listIdentities(room.database.read, [userId])).slice(-1);
  if (newest === undefined) throw new Refusal("not_found");
  const nowMs = room.clock();
  const identity = decodeIdentity(newest.record);
  const volume = verifyNewVolume({ newVolume, ownerUserId: userId, identity, nowMs });
  return transact(async (tx) => {
    if ((await countPendingVolumes(tx, userId)) >= LIMITS.pendingVolumesPerUser) throw new Refusal("too_many");
    await storeVolume(tx, volume, { pendingMs: nowMs });
    return { volumeId: toBase64Url(fromBase64Url(newVolume.volumeId)) as VolumeId };
  });
}
