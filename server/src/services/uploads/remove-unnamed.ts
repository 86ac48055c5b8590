import { fromBase64Url } from "@excalibur/core/bytes";
import { placesOf } from "../../db/stores/object-garbage.ts";
import type { ListedBlob } from "../../storage/blob-store.ts";
import type { UploadsRoom } from "./uploads-room.ts";

/**
 * Runs `remove` when no row names these bytes and no unfinished upload may still need them; nobody can begin, complete or
 * cancel an upload of this object meanwhile. Answers whether it did. Who stores small objects must be asked before.
 */
export function removeUnnamed(
  { database, locks }: UploadsRoom,
  blob: ListedBlob,
  remove: (blob: ListedBlob) => Promise<void>,
): Promise<boolean> {
  return locks.run(blob.id, async () => {
    const id = fromBase64Url(blob.id);
    const places = await placesOf(database.read, [id]);
    if (isNamed(blob, { location: places.location(id), isUploading: places.isUploading(id) })) return false;
    await remove(blob);
    return true;
  });
}

/** Whether the object's row, or its upload's, means these bytes. */
export function isNamed(
  blob: Pick<ListedBlob, "state"> & { readonly location?: string },
  row: { readonly location: string | undefined; readonly isUploading: boolean },
): boolean {
  if (blob.state === "staged") return row.isUploading;
  if (row.location !== undefined) return row.location === blob.location;
  // An upload that was sealed and then cut off: its completion will be sent again.
  return row.isUploading;
}
