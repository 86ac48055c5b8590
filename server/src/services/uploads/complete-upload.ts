import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { objectRoot } from "@excalibur/core/exef/public";
import { findObject, insertObject, promiseAgain, saveLeafRuns, uploaderOf } from "../../db/stores/objects.ts";
import { deleteUpload, findUpload } from "../../db/stores/uploads.ts";
import { Refusal } from "../../refusal.ts";
import type { BlobLocation } from "../../storage/blob-store.ts";
import type { Transact } from "../transact.ts";
import type { ActiveUpload } from "./active-upload.ts";
import { gatherLeaves } from "./gather-leaves.ts";
import type { UploadKey } from "./get-upload.ts";
import { asRefusal } from "./storage-failure.ts";
import type { UploadsRoom } from "./uploads-room.ts";

export interface Completion extends UploadKey {
  readonly ciphertextLength: number;
  /** MTH of all leaves. */
  readonly treeHash: Uint8Array;
}

export interface Completed {
  /** base64url */
  readonly root: string;
}

/**
 * Bytes before rows: checks the tree hash, makes the bytes durable, then writes the object's row. Sent again it answers
 * the same.
 */
export function completeUpload(room: UploadsRoom, completion: Completion, transact: Transact): Promise<Completed> {
  return room.locks.run(toBase64Url(completion.objectId), async () => {
    const done = await alreadyCompleted(room, completion);
    if (done !== undefined) {
      return transact(async (tx) => {
        // A promise once more: what no commit names yet is kept from now on as if it had just been completed.
        const kept = await promiseAgain(tx, [completion.objectId], room.clock());
        if (kept.length === 0) throw new Refusal("upload_not_found");
        return done;
      });
    }
    const { upload, header } = await openWhole(room, completion);
    const { treeHash, runs } = await gatherLeaves(room.database, upload);
    if (!equalBytes(treeHash, completion.treeHash)) throw new Refusal("leaves_mismatch", { reason: "tree_hash" });
    const location = await seal(room, upload);
    const root = objectRoot({ header, ciphertextLength: upload.ciphertextLength, treeHash });
    const completed = await transact(async (tx) => {
      const row = await deleteUpload(tx, completion);
      if (row === undefined) throw new Refusal("upload_not_found");
      await saveLeafRuns(tx, completion.objectId, runs);
      const isNew = await insertObject(tx, {
        object_id: completion.objectId,
        ciphertext_length: row.ciphertext_length,
        header,
        root,
        tree_hash: treeHash,
        location,
        uploader_user_id: row.user_id,
        link_id: row.link_id,
        created_ms: room.clock(),
      });
      if (!isNew) throw new Refusal("object_exists");
      return { root: toBase64Url(root) };
    });
    await room.active.forget(completion.objectId);
    return completed;
  });
}

async function alreadyCompleted({ database }: UploadsRoom, completion: Completion): Promise<Completed | undefined> {
  const object = await findObject(database.read, completion.objectId);
  if (object === undefined) return undefined;
  if (!equalBytes(uploaderOf(object), completion.userId)) throw new Refusal("upload_not_found");
  if (object.ciphertext_length !== completion.ciphertextLength) throw new Refusal("upload_mismatch");
  if (!equalBytes(object.tree_hash, completion.treeHash)) throw new Refusal("leaves_mismatch", { reason: "tree_hash" });
  return { root: toBase64Url(object.root) };
}

async function openWhole(
  { active, database }: UploadsRoom,
  { objectId, userId, ciphertextLength }: Completion,
): Promise<{ upload: ActiveUpload; header: Uint8Array }> {
  const upload = await active.openVerified(objectId, userId);
  if (upload.ciphertextLength !== ciphertextLength) throw new Refusal("upload_mismatch");
  const header = (await findUpload(database.read, objectId))?.header ?? null;
  if (!upload.isComplete() || header === null) throw new Refusal("upload_incomplete");
  return { upload, header };
}

async function seal({ active }: UploadsRoom, upload: ActiveUpload): Promise<BlobLocation> {
  // From here on no part may change: whoever still tries finds the upload closed.
  await upload.close();
  try {
    return await upload.staged.seal();
  } catch (error) {
    // Staged bytes may be given up: what is left is looked at afresh before anything counts as received.
    await active.forget(upload.objectId);
    throw asRefusal(error);
  }
}
