import type { JobSettings } from "../../config/config.ts";
import type { Database } from "../../db/index.ts";
import type { BlobStore } from "../../storage/blob-store.ts";

/** What jobs that remove bytes work on. */
export interface TidyPorts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly settings: JobSettings;
}
