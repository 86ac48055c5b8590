import { equalBytes } from "@excalibur/core/bytes";
import { type Manifest, ROLES } from "@excalibur/core/volume/record";
import type { WriteHandle } from "../../../db/index.ts";
import { isHomeVolume } from "../../../db/stores/accounts.ts";
import { takeOverVolume } from "../../../db/stores/quota.ts";
import { listMembers, setOwner, type VolumeRow } from "../../../db/stores/volumes.ts";
import { Refusal } from "../../../refusal.ts";

/**
 * Follows a member list that names another owner: what the volume holds counts for them from now on. Nobody is made to pay
 * for what they have not accepted, and nobody's drive is handed over. @throws Refusal `record_invalid`, `quota_exceeded`
 */
export async function handOver(
  tx: WriteHandle,
  after: Manifest,
  volume: Pick<VolumeRow, "owner_user_id" | "pending_ms">,
): Promise<void> {
  const { volumeId } = after;
  const { owner_user_id: from } = volume;
  const to = [...after.members].find(({ role }) => role === ROLES.owner)?.subjectId;
  if (to === undefined || equalBytes(from, to)) return;
  if (volume.pending_ms !== null || (await isHomeVolume(tx, volumeId))) {
    throw new Refusal("record_invalid", { reason: "owner" });
  }
  const row = (await listMembers(tx, volumeId)).find(({ subject_id }) => equalBytes(subject_id, to));
  if (row === undefined || row.accepted_ms === null)
    throw new Refusal("record_invalid", { reason: "owner_not_accepted" });
  if (!(await takeOverVolume(tx, volumeId, { from, to }))) throw new Refusal("quota_exceeded");
  await setOwner(tx, volumeId, to);
}
