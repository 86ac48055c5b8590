import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { EXEF_PART_SIZE, isPossibleCiphertextLength } from "@excalibur/core/exef/public";
import { LIMITS } from "@excalibur/core/protocol";
import { findObject } from "../../db/stores/objects.ts";
import { giveBackQuota, takeQuota } from "../../db/stores/quota.ts";
import {
  countUploads,
  deleteUpload,
  findUpload,
  insertUpload,
  outstandingUploadBytes,
  uploadsBegunBefore,
} from "../../db/stores/uploads.ts";
import { Refusal } from "../../refusal.ts";
import { requireDiskSpace } from "../objects/disk-reserve.ts";
import type { Transact } from "../transact.ts";
import { describeUpload, type UploadState } from "./get-upload.ts";
import type { UploadsRoom } from "./uploads-room.ts";

/** Uploads nobody completed in this time are forgotten when their account begins another. */
const abandonedAfterMs = 30 * 86_400_000;

export interface NewUpload {
  readonly userId: Uint8Array;
  readonly objectId: Uint8Array;
  readonly ciphertextLength: number;
}

/** Reserves quota and place before a byte is taken. Begun again with the same length it answers what is there. */
export function createUpload(room: UploadsRoom, upload: NewUpload, transact: Transact): Promise<UploadState> {
  if (!isPossibleCiphertextLength(upload.ciphertextLength)) throw new Refusal("bad_request", { reason: "length" });
  return room.locks.run(toBase64Url(upload.objectId), async () => {
    if ((await existing(room, upload)) === undefined) {
      await forgetAbandoned(room, upload.userId);
      const outstanding = await outstandingUploadBytes(room.database.read, EXEF_PART_SIZE);
      await requireDiskSpace(room.blobs, outstanding + upload.ciphertextLength);
    } else {
      const active = await room.active.openVerified(upload.objectId, upload.userId);
      return transact(async () => describeUpload(active));
    }
    return transact(async (tx) => {
      if ((await findObject(tx, upload.objectId)) !== undefined) throw new Refusal("object_exists");
      if ((await countUploads(tx, upload.userId)) >= LIMITS.uploadsPerUser) throw new Refusal("too_many");
      const { userId, objectId, ciphertextLength } = upload;
      const row = {
        object_id: objectId,
        user_id: userId,
        ciphertext_length: ciphertextLength,
        created_ms: room.clock(),
      };
      if (!(await insertUpload(tx, row))) throw new Refusal("object_exists");
      if (!(await takeQuota(tx, userId, ciphertextLength))) throw new Refusal("quota_exceeded");
      return { objectId: toBase64Url(objectId), ciphertextLength, received: [] };
    });
  });
}

/** @throws Refusal `object_exists` for somebody else's upload, `upload_mismatch` for one's own of another length */
async function existing(room: UploadsRoom, { objectId, userId, ciphertextLength }: NewUpload) {
  const row = await findUpload(room.database.read, objectId);
  if (row === undefined) return undefined;
  if (!equalBytes(row.user_id, userId)) throw new Refusal("object_exists");
  if (row.ciphertext_length !== ciphertextLength) throw new Refusal("upload_mismatch");
  return row;
}

async function forgetAbandoned(room: UploadsRoom, userId: Uint8Array): Promise<void> {
  const { database, active, blobs, clock } = room;
  for (const objectId of await uploadsBegunBefore(database.read, userId, clock() - abandonedAfterMs)) {
    await active.forget(objectId);
    const row = await database.write(async (tx) => {
      const deleted = await deleteUpload(tx, { objectId, userId });
      if (deleted !== undefined) await giveBackQuota(tx, userId, deleted.ciphertext_length);
      return deleted;
    });
    if (row !== undefined) await (await blobs.openStaged(toBase64Url(objectId), row.ciphertext_length)).discard();
  }
}
