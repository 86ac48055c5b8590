/** Unfinished uploads: begun, received in parts, completed or cancelled. */

import type { Database } from "../../db/index.ts";
import type { BlobStore, ListedBlob } from "../../storage/blob-store.ts";
import { KeyedLock } from "../keyed-lock.ts";
import type { Transact } from "../transact.ts";
import { ActiveUploads } from "./active-uploads.ts";
import { cancelUpload } from "./cancel-upload.ts";
import { type Completion, completeUpload } from "./complete-upload.ts";
import { createUpload, type NewUpload } from "./create-upload.ts";
import { forgetUpload } from "./forget-upload.ts";
import { getUpload, type UploadKey } from "./get-upload.ts";
import { type IncomingPart, putPart } from "./put-part.ts";
import { removeUnnamed } from "./remove-unnamed.ts";
import type { UploadsRoom } from "./uploads-room.ts";

export { abandonedAfterMs } from "./forget-upload.ts";
export type { UploadState } from "./get-upload.ts";
export { isNamed } from "./remove-unnamed.ts";

export interface UploadsPorts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly clock: () => number;
}

export type Uploads = ReturnType<typeof createUploads>;

export function createUploads(ports: UploadsPorts) {
  const active = new ActiveUploads(ports.database, ports.blobs);
  const room: UploadsRoom = { ...ports, active, locks: new KeyedLock() };
  return {
    createUpload: (upload: NewUpload, transact: Transact) => createUpload(room, upload, transact),
    getUpload: (key: UploadKey) => getUpload(room, key),
    putPart: (part: IncomingPart) => putPart(room, part),
    completeUpload: (completion: Completion, transact: Transact) => completeUpload(room, completion, transact),
    cancelUpload: (key: UploadKey, transact: Transact) => cancelUpload(room, key, transact),
    /** Of one that was begun before a time; see forget-upload.ts. */
    forgetUpload: (key: UploadKey, options: Parameters<typeof forgetUpload>[2]) => forgetUpload(room, key, options),
    /** See remove-unnamed.ts. */
    removeUnnamed: (blob: ListedBlob, remove: Parameters<typeof removeUnnamed>[2]) => removeUnnamed(room, blob, remove),
    /** What memory holds of an account that is gone. */
    forgetAccount: (userId: Uint8Array) => active.forgetAccount(userId),
    /** Cuts off whoever still writes; before the blob store is closed. */
    close: () => active.closeAll(),
  };
}
