import { fromBase64Url } from "@excalibur/core/bytes";
import type { Database } from "../db/index.ts";
import { placesOf } from "../db/stores/object-garbage.ts";
import type { Objects } from "../services/objects/index.ts";
import { isNamed } from "../services/uploads/index.ts";
import type { BlobStore, ListedBlob } from "../storage/blob-store.ts";
import type { JobWork } from "./job.ts";

const blobsAtOnce = 200;
/** Bytes that changed this recently are left alone, whatever else is known: clocks and rows may be late. */
const YOUNG_MS = 86_400_000;

export interface UnnamedPorts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly objects: Pick<Objects, "isStoring">;
}

export interface SeenBlob {
  readonly blob: ListedBlob;
  /** No row means these bytes, and they are not on their way. */
  readonly isUnnamed: boolean;
  /** Of the object's row, when it means these bytes. */
  readonly location: string | undefined;
}

/** Everything the store holds, each with what the rows say of it, in slices. */
export async function* seeBlobs(
  { database, blobs, objects }: UnnamedPorts,
  work: JobWork,
): AsyncGenerator<readonly SeenBlob[], void, undefined> {
  const youngerThanMs = work.nowMs() - YOUNG_MS;
  let slice: ListedBlob[] = [];
  const judge = async (): Promise<SeenBlob[]> => {
    // Before the rows: what was on its way now has its row, or will never have one.
    const storing = new Set(slice.filter(({ id }) => objects.isStoring(id)).map(({ id }) => id));
    const places = await placesOf(
      database.read,
      slice.map(({ id }) => fromBase64Url(id)),
    );
    return slice.map((blob): SeenBlob => {
      const id = fromBase64Url(blob.id);
      const row = { location: places.location(id), isUploading: places.isUploading(id) };
      const named = isNamed(blob, row);
      const isUnnamed = !named && !storing.has(blob.id) && blob.modifiedAtMs < youngerThanMs;
      return { blob, isUnnamed, location: named ? row.location : undefined };
    });
  };
  for await (const blob of blobs.list()) {
    slice.push(blob);
    if (slice.length < blobsAtOnce) continue;
    yield await judge();
    slice = [];
    await work.rest();
  }
  if (slice.length > 0) yield await judge();
}
