import { toBase64Url } from "@excalibur/core/bytes";
import { findObject, type ObjectRow } from "../../db/stores/objects.ts";
import { type BlobLocation, BlobMissingError, type BlobRead } from "../../storage/blob-store.ts";
import type { ObjectsRoom } from "./objects-room.ts";

/**
 * The bytes of a stored object, as `BlobStore.read`. A small object may move to another pack while it is read, or between
 * the look at its row and the first byte: then the row is looked at again and reading goes on there.
 */
export async function* readStored(
  { database, blobs }: Pick<ObjectsRoom, "database" | "blobs">,
  object: Pick<ObjectRow, "object_id" | "location">,
  range: Omit<BlobRead, "id" | "location">,
): AsyncGenerator<Uint8Array, void, undefined> {
  const id = toBase64Url(object.object_id);
  let location = object.location as BlobLocation;
  let read = 0;
  for (;;) {
    const rest = { ...range, id, location, offset: range.offset + read, length: range.length - read };
    try {
      for await (const chunk of blobs.read(rest)) {
        read += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      if (!(error instanceof BlobMissingError)) throw error;
      const now = (await findObject(database.read, object.object_id))?.location as BlobLocation | undefined;
      if (now === undefined || now === location) throw error;
      location = now;
    }
  }
}
