import { toBase64Url } from "@excalibur/core/bytes";
import { deleteLeafRuns } from "../../db/stores/objects.ts";
import { giveBackQuota } from "../../db/stores/quota.ts";
import { deleteUpload, findUpload, senderOf } from "../../db/stores/uploads.ts";
import type { Transact } from "../transact.ts";
import type { UploadKey } from "./get-upload.ts";
import type { UploadsRoom } from "./uploads-room.ts";

/** Forgets an unfinished upload and gives back its quota. Cancelling what is not there succeeds. */
export function cancelUpload(room: UploadsRoom, key: UploadKey, transact: Transact): Promise<void> {
  const id = toBase64Url(key.objectId);
  return room.locks.run(id, async () => {
    const row = await findUpload(room.database.read, key.objectId);
    const isOwn = row !== undefined && toBase64Url(senderOf(row)) === toBase64Url(key.userId);
    if (isOwn) await room.active.forget(key.objectId);
    await transact(async (tx) => {
      const deleted = await deleteUpload(tx, key);
      if (deleted === undefined) return;
      await deleteLeafRuns(tx, key.objectId);
      await giveBackQuota(tx, deleted.user_id, deleted.ciphertext_length);
    });
    // Rows first: a crash here leaves bytes without a row, which a sweep finds, never a row without bytes.
    if (isOwn) await (await room.blobs.openStaged(id, row.ciphertext_length)).discard();
  });
}
