import { toBase64Url } from "@excalibur/core/bytes";
import type { WriteHandle } from "../../db/index.ts";
import { giveBackQuota } from "../../db/stores/quota.ts";
import { deleteUpload, findUpload } from "../../db/stores/uploads.ts";
import type { UploadKey } from "./get-upload.ts";
import type { UploadsRoom } from "./uploads-room.ts";

/** Uploads that nobody completed in this time are forgotten. */
export const abandonedAfterMs = 30 * 86_400_000;

/**
 * Forgets an upload that was begun before a time and never completed, and gives back its quota. False when it was
 * completed, cancelled or begun anew meanwhile. Leaves that were written ahead of its completion are left to a job.
 */
export function forgetUpload(
  room: UploadsRoom,
  key: UploadKey,
  options: {
    readonly beforeMs: number;
    readonly write: <T>(work: (tx: WriteHandle) => Promise<T>) => Promise<T>;
  },
): Promise<boolean> {
  const id = toBase64Url(key.objectId);
  return room.locks.run(id, async () => {
    await room.active.forget(key.objectId);
    const deleted = await options.write(async (tx) => {
      const row = await findUpload(tx, key.objectId);
      if (row === undefined || row.created_ms >= options.beforeMs) return undefined;
      await deleteUpload(tx, key);
      await giveBackQuota(tx, row.user_id, row.ciphertext_length);
      return row;
    });
    if (deleted === undefined) return false;
    // Whoever opened it again in between finds it closed.
    await room.active.forget(key.objectId);
    // Rows first: a crash here leaves bytes without a row, which a sweep finds.
    await (await room.blobs.openStaged(id, deleted.ciphertext_length)).discard();
    return true;
  });
}
