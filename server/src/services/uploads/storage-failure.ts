import { Refusal } from "../../refusal.ts";
import { StorageFailedError, StorageFullError, StorageReadOnlyError } from "../../storage/blob-store.ts";

/** In the words of the wire: what the disk refused. Everything else stays what it is. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof StorageFullError) return new Refusal("storage_full", {}, error);
  if (error instanceof StorageReadOnlyError || error instanceof StorageFailedError) {
    return new Refusal("unavailable", { reason: "storage" }, error);
  }
  return error;
}
