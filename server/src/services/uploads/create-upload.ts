import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { EXEF_PART_SIZE, isPossibleCiphertextLength } from "@excalibur/core/exef/public";
import { LIMITS } from "@excalibur/core/protocol";
import { findObject } from "../../db/stores/objects.ts";
import { takeQuota } from "../../db/stores/quota.ts";
import { countUploads, findUpload, insertUpload, outstandingUploadBytes, senderOf } from "../../db/stores/uploads.ts";
import { Refusal } from "../../refusal.ts";
import { requireDiskSpace } from "../objects/disk-reserve.ts";
import type { Transact } from "../transact.ts";
import { describeUpload, type UploadState } from "./get-upload.ts";
import type { UploadsRoom } from "./uploads-room.ts";

export interface NewUpload {
  readonly userId: Uint8Array;
  /** The account whose quota it counts for, when it comes through a link. */
  readonly payerId?: Uint8Array | undefined;
  readonly objectId: Uint8Array;
  readonly ciphertextLength: number;
}

/** Reserves quota and place before a byte is taken. Begun again with the same length it answers what is there. */
export function createUpload(room: UploadsRoom, upload: NewUpload, transact: Transact): Promise<UploadState> {
  if (!isPossibleCiphertextLength(upload.ciphertextLength)) throw new Refusal("bad_request", { reason: "length" });
  return room.locks.run(toBase64Url(upload.objectId), async () => {
    if ((await existing(room, upload)) === undefined) {
      const outstanding = await outstandingUploadBytes(room.database.read, EXEF_PART_SIZE);
      await requireDiskSpace(room.blobs, outstanding + upload.ciphertextLength);
    } else {
      const active = await room.active.openVerified(upload.objectId, upload.userId);
      return transact(async () => describeUpload(active));
    }
    return transact(async (tx) => {
      if ((await findObject(tx, upload.objectId)) !== undefined) throw new Refusal("object_exists");
      if ((await countUploads(tx, upload.userId)) >= LIMITS.uploadsPerUser) throw new Refusal("too_many");
      const { userId, payerId, objectId, ciphertextLength } = upload;
      const row = {
        object_id: objectId,
        user_id: payerId ?? userId,
        link_id: payerId === undefined ? null : userId,
        ciphertext_length: ciphertextLength,
        created_ms: room.clock(),
      };
      if (!(await insertUpload(tx, row))) throw new Refusal("object_exists");
      if (!(await takeQuota(tx, row.user_id, ciphertextLength))) throw new Refusal("quota_exceeded");
      return { objectId: toBase64Url(objectId), ciphertextLength, received: [] };
    });
  });
}

/** @throws Refusal `object_exists` for somebody else's upload, `upload_mismatch` for one's own of another length */
async function existing(room: UploadsRoom, { objectId, userId, ciphertextLength }: NewUpload) {
  const row = await findUpload(room.database.read, objectId);
  if (row === undefined) return undefined;
  if (!equalBytes(senderOf(row), userId)) throw new Refusal("object_exists");
  if (row.ciphertext_length !== ciphertextLength) throw new Refusal("upload_mismatch");
  return row;
}
