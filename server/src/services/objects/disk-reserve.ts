import { Refusal } from "../../refusal.ts";
import type { BlobStore } from "../../storage/blob-store.ts";

/** Kept free of objects: with a full database nobody could even delete something to make place. */
const diskReserveBytes = 64 * 1024 * 1024;

/** Before bytes are taken for objects. @throws Refusal `storage_full` if they would not leave the reserve free */
export async function requireDiskSpace(blobs: BlobStore, neededBytes: number): Promise<void> {
  if ((await blobs.freeBytes()) - diskReserveBytes < neededBytes) throw new Refusal("storage_full");
}
