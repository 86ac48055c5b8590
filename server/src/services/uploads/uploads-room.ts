import type { Database } from "../../db/index.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import type { KeyedLock } from "../keyed-lock.ts";
import type { ActiveUploads } from "./active-uploads.ts";

/** What the operations on uploads share. */
export interface UploadsRoom {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly active: ActiveUploads;
  /** Begin, complete and cancel of one object wait for each other. */
  readonly locks: KeyedLock;
  readonly clock: () => number;
}
